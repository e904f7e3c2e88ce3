/** The magnifier: a round window onto the picture under it, larger. Pure but for the canvases handed in. */

import type { Point, Size } from './view-transform.ts';

/** CSS pixels; wide enough for a rib and its neighbours, and a phone's picture is still seen around it. */
export const loupeDiameter = 144;
const radius = loupeDiameter / 2;
/** How much larger than the picture around it. */
export const loupeFactor = 2.5;
/** CSS pixels from a finger to the middle of the loupe, so that the hand does not cover it. */
const lift = radius + 40;
const ground = '#07090b';

/** A mouse shows what is under it; a finger hides it. */
export type Pointing = 'pointer' | 'finger';

function within(value: number, room: number): number {
  return Math.min(room, Math.max(-room, value));
}

/**
 * Where the middle of the loupe lies when it shows what is at `at`; all counted from the middle of the stage, CSS pixels.
 * Above a finger, or beside it where there is no room above; never beyond the stage.
 */
export function placeLoupe(at: Point, stage: Size, pointing: Pointing): Point {
  const roomX = Math.max(0, stage.width / 2 - radius);
  const roomY = Math.max(0, stage.height / 2 - radius);
  if (pointing === 'pointer') return { x: within(at.x, roomX), y: within(at.y, roomY) };
  const y = within(at.y - lift, roomY);
  const isCovered = at.y - y < radius;
  const aside = at.x > 0 ? at.x - lift : at.x + lift;
  return { x: within(isCovered ? aside : at.x, roomX), y };
}

/** A layer of what is magnified: its canvas covers the whole picture, however many pixels it has. */
export interface LoupeLayer {
  readonly canvas: HTMLCanvasElement;
  /** 0..1. */
  readonly opacity: number;
}

/**
 * Draws the layers around `centre` (shares 0..1 of the picture) into the loupe.
 *
 * @param shownWidth of the whole picture where it is as large as in the loupe, CSS pixels
 */
export function drawLoupe(
  loupe: HTMLCanvasElement,
  layers: readonly LoupeLayer[],
  centre: Point,
  shownWidth: number,
  devicePixelRatio: number,
): void {
  const side = Math.round(loupeDiameter * devicePixelRatio);
  if (loupe.width !== side) loupe.width = side;
  if (loupe.height !== side) loupe.height = side;
  const context = loupe.getContext('2d');
  if (context === null) return;
  context.globalAlpha = 1;
  context.fillStyle = ground;
  context.fillRect(0, 0, side, side);
  context.imageSmoothingQuality = 'high';
  for (const { canvas, opacity } of layers) {
    const seen = (loupeDiameter / shownWidth) * canvas.width;
    context.globalAlpha = opacity;
    // Beyond the edges of the picture nothing is drawn (HTML, drawImage: the source rectangle is clipped).
    context.drawImage(
      canvas,
      centre.x * canvas.width - seen / 2,
      centre.y * canvas.height - seen / 2,
      seen,
      seen,
      0,
      0,
      side,
      side,
    );
  }
}
