/**
 * Brightness and contrast of the picture that is looked at, as window level and width (DICOM PS3.3, C.11.2). Pure, and
 * for eyes alone: the network's picture is another one.
 */

export interface GreyWindow {
  /** Grey value that is shown half bright, in the steps of the 8-bit display. */
  readonly level: number;
  /** How many grey values lie between black and white. */
  readonly width: number;
}

export const greySteps = 256;
const greyMax = greySteps - 1;
/** Narrower would be black and white only; wider than twice all greys only a grey mist. */
export const narrowestWindow = 2;
export const widestWindow = 2 * greySteps;
/** Every grey as it is: the formula below is then the identity. */
export const wholeWindow: GreyWindow = { level: greySteps / 2, width: greySteps };

export function isWholeWindow({ level, width }: GreyWindow): boolean {
  return level === wholeWindow.level && width === wholeWindow.width;
}

/** The nearest window that can be chosen, in whole steps. */
export function limitWindow({ level, width }: GreyWindow): GreyWindow {
  const limit = (value: number, least: number, most: number): number =>
    Math.min(most, Math.max(least, Math.round(value)));
  return { level: limit(level, 0, greySteps), width: limit(width, narrowestWindow, widestWindow) };
}

/** Brightness grows as the level falls, contrast as the width does. Steps of grey; the result is within the limits. */
export function adjustWindow({ level, width }: GreyWindow, brighter: number, harder: number): GreyWindow {
  return limitWindow({ level: level - brighter, width: width - harder });
}

/** What each of the 256 greys becomes: the LINEAR function of PS3.3 C.11.2.1.2.1, black and white swapped last. */
export function greyTable({ level, width }: GreyWindow, inverted: boolean): Uint8Array {
  return Uint8Array.from({ length: greySteps }, (_, grey) => {
    const share = (grey - (level - 0.5)) / (width - 1) + 0.5;
    const shown = Math.round(Math.min(1, Math.max(0, share)) * greyMax);
    return inverted ? greyMax - shown : shown;
  });
}
