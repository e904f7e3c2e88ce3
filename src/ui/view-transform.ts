/**
 * Which part of a picture is seen. Pure. Lengths are CSS pixels; points of the screen are counted from the middle of the
 * stage, points of the picture in shares of its width and height, so that a view stays what it is when the window is
 * resized.
 */

export interface Size {
  readonly width: number;
  readonly height: number;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface ViewTransform {
  /** 1 = the whole picture fits its place. */
  readonly scale: number;
  /** The point of the picture that lies in the middle of the stage, 0..1 of its width and height. */
  readonly centreX: number;
  readonly centreY: number;
}

/** The window through which the picture is seen, and the picture's own size at scale 1; both have the same middle. */
export interface ViewFrame {
  readonly stage: Size;
  readonly sheet: Size;
}

const middle = 0.5;
/** The whole picture. */
export const fittedView: ViewTransform = { scale: 1, centreX: middle, centreY: middle };

/** However small the picture, it can be seen this much larger than it fits. */
const leastLargestScale = 8;
/** Device pixels a side of one pixel of the picture: larger shows nothing more. */
const largestPixel = 4;
const percent = 100;

export function isFitted(view: ViewTransform): boolean {
  return view.scale === 1;
}

/** The scale at which one pixel of a picture `pictureWidth` pixels wide is one pixel of the screen. */
export function actualScale(pictureWidth: number, frame: ViewFrame, devicePixelRatio: number): number {
  return pictureWidth / (frame.sheet.width * devicePixelRatio);
}

export function largestScale(actual: number): number {
  return Math.max(leastLargestScale, largestPixel * actual);
}

/** The nearest view that shows no more empty ground than it must: along an axis that fits, the picture is centred. */
export function clampView({ scale, centreX, centreY }: ViewTransform, { stage, sheet }: ViewFrame): ViewTransform {
  const clamp = (centre: number, seen: number, whole: number): number => {
    const half = seen / (2 * scale * whole);
    return half >= middle ? middle : Math.min(1 - half, Math.max(half, centre));
  };
  return {
    scale,
    centreX: clamp(centreX, stage.width, sheet.width),
    centreY: clamp(centreY, stage.height, sheet.height),
  };
}

/** The point of the picture under `at`; outside 0..1 beside the picture. */
export function pictureAt(view: ViewTransform, at: Point, { sheet }: ViewFrame): Point {
  return {
    x: view.centreX + at.x / (view.scale * sheet.width),
    y: view.centreY + at.y / (view.scale * sheet.height),
  };
}

/**
 * The view at `scale`, in which the point of the picture under `at` stays where it is as far as the edges allow.
 * Never larger than `largest`.
 */
export function zoomTo(
  view: ViewTransform,
  scale: number,
  at: Point,
  frame: ViewFrame,
  largest: number,
): ViewTransform {
  const fixed = pictureAt(view, at, frame);
  const next = Math.min(scale, largest);
  return clampView(
    {
      scale: next,
      centreX: fixed.x - at.x / (next * frame.sheet.width),
      centreY: fixed.y - at.y / (next * frame.sheet.height),
    },
    frame,
  );
}

/** `zoomTo` by a factor, never smaller than the whole picture (or than it already is: 1 : 1 of a small picture). */
export function zoomBy(
  view: ViewTransform,
  factor: number,
  at: Point,
  frame: ViewFrame,
  largest: number,
): ViewTransform {
  return zoomTo(view, Math.max(Math.min(1, view.scale), view.scale * factor), at, frame, largest);
}

/** Moves the picture by that much to the right and down, as a finger would. */
export function panBy(view: ViewTransform, by: Point, frame: ViewFrame): ViewTransform {
  return clampView(
    {
      scale: view.scale,
      centreX: view.centreX - by.x / (view.scale * frame.sheet.width),
      centreY: view.centreY - by.y / (view.scale * frame.sheet.height),
    },
    frame,
  );
}

/** As CSS `transform` of the sheet about its middle; percentages are of its own size, so no pixel appears in it. */
export function cssTransform({ scale, centreX, centreY }: ViewTransform): string {
  const shift = (centre: number): string => `${((middle - centre) * scale * percent).toFixed(3)}%`;
  return `translate(${shift(centreX)}, ${shift(centreY)}) scale(${scale.toFixed(4)})`;
}
