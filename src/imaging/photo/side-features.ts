/** What is seen along and across one side of a candidate: does the film itself end there, or something beside it? */

import { homographyFromUnitSquare, type Homography } from './homography.ts';
import type { PhotoTones } from './photo-tones.ts';
import type { Quad, QuadSide } from './quad-candidates.ts';

/** Lines beside a side on which it is looked at, shares of the candidate's extent; negative ones lie outside. */
const offsets = [-0.13, -0.09, -0.06, -0.04, -0.025, -0.0125, 0, 0.0125, 0.025, 0.04, 0.06, 0.09, 0.13] as const;
const pointsAlong = 20;
/** The lines between which the side itself lies, and one where a monitor's bezel or a pane may be. */
const [farOutside, justOutside, justInside] = [-0.06, -0.0125, 0.0125].map((share) => offsets.indexOf(share as 0)) as [
  number,
  number,
  number,
];
/** How far beyond the corners it is looked whether the edge goes on, shares of the side. */
const beyondCorners = [0.03, 0.06, 0.09] as const;

/** How many numbers `sideFeatures` tells of each side. */
export const sideFeatureCount = 5 * offsets.length + 5;

/**
 * Of each side (top, right, bottom, left), from outside to inside: mean luma, spread of its logarithm and mean chroma on
 * each line; signed and absolute step of the logarithm from line to line; how strongly the edge goes on beyond the corners
 * (the stronger end, the weaker); shares of two outer lines that lie beyond the frame; whether the side is the frame's; how much
 * of an edge of either polarity is seen. All about −1..1.
 */
export function sideFeatures({ corners, sides }: Quad, tones: PhotoTones): readonly Float32Array[] {
  const map = homographyFromUnitSquare(corners);
  return sides.map((side, index) => measureSide(side, placesOfSide(map, index), tones));
}

/** As a homography, but of places along the side (clockwise) and across it (inwards), both as shares. */
export function placesOfSide(map: Homography, side: number): Homography {
  // u, v of the unit square as constant, coefficient of `along` and of `across`.
  const [u, v] = (
    [
      [
        [0, 1, 0],
        [0, 0, 1],
      ],
      [
        [1, 0, -1],
        [0, 1, 0],
      ],
      [
        [1, -1, 0],
        [1, 0, -1],
      ],
      [
        [0, 0, 1],
        [1, -1, 0],
      ],
    ] as const
  )[side as 0];
  const turned = new Float64Array(9);
  for (let row = 0; row < 3; row += 1) {
    const [a, b, c] = [map[3 * row]!, map[3 * row + 1]!, map[3 * row + 2]!];
    turned[3 * row] = a * u[1] + b * v[1];
    turned[3 * row + 1] = a * u[2] + b * v[2];
    turned[3 * row + 2] = a * u[0] + b * v[0] + c;
  }
  return turned;
}

function measureSide({ line, brightInside, darkInside }: QuadSide, map: Homography, tones: PhotoTones): Float32Array {
  const { luma, logarithm, chroma } = tones;
  const count = offsets.length;
  const found = new Float32Array(sideFeatureCount);
  const beyond = new Float32Array(count);
  const before = new Float32Array(pointsAlong);
  for (let row = 0; row < count; row += 1) {
    let [sum, logs, squares, tint, step, size, outside] = [0, 0, 0, 0, 0, 0, 0];
    for (let point = 0; point < pointsAlong; point += 1) {
      const pixel = pixelAt(map, (point + 1 / 2) / pointsAlong, offsets[row]!, tones);
      const at = pixel < 0 ? ~pixel : pixel;
      if (pixel < 0) outside += 1;
      const value = logarithm[at]!;
      const change = value - before[point]!;
      before[point] = value;
      sum += luma[at]!;
      logs += value;
      squares += value * value;
      tint += chroma[at]!;
      step += change;
      size += change < 0 ? -change : change;
    }
    const mean = logs / pointsAlong;
    found[row] = sum / pointsAlong;
    found[count + row] = Math.sqrt(Math.max(0, squares / pointsAlong - mean * mean));
    found[2 * count + row] = tint / pointsAlong;
    beyond[row] = outside / pointsAlong;
    if (row === 0) continue;
    found[3 * count + row - 1] = step / pointsAlong;
    found[4 * count + row - 2] = size / pointsAlong;
  }
  const ends = [stepBeyond(map, tones, -1), stepBeyond(map, tones, 1)];
  const rest = [
    Math.max(...ends),
    Math.min(...ends),
    beyond[justOutside]!,
    beyond[farOutside]!,
    line.isFrame ? 1 : 0,
    brightInside,
    darkInside,
  ];
  found.set(rest, found.length - rest.length);
  return found;
}

/** Mean step of the logarithm across the side's line beyond its beginning (`end` < 0) or its end. */
function stepBeyond(map: Homography, tones: PhotoTones, end: number): number {
  let step = 0;
  for (const share of beyondCorners) {
    const along = end < 0 ? -share : 1 + share;
    const inside = pixelAt(map, along, offsets[justInside]!, tones);
    const outside = pixelAt(map, along, offsets[justOutside]!, tones);
    step += tones.logarithm[inside < 0 ? ~inside : inside]! - tones.logarithm[outside < 0 ? ~outside : outside]!;
  }
  return Math.abs(step) / beyondCorners.length;
}

/** Index of the pixel at a place; of the nearest one, as its complement, where the place lies outside the frame. */
export function pixelAt(map: Homography, along: number, across: number, { width, height }: PhotoTones): number {
  const scale = map[6]! * along + map[7]! * across + map[8]!;
  const column = Math.round((map[0]! * along + map[1]! * across + map[2]!) / scale);
  const row = Math.round((map[3]! * along + map[4]! * across + map[5]!) / scale);
  if (column >= 0 && row >= 0 && column < width && row < height) return row * width + column;
  const inColumn = Math.min(width - 1, Math.max(0, column));
  const inRow = Math.min(height - 1, Math.max(0, row));
  return ~(inRow * width + inColumn);
}
