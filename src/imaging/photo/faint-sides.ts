/** Where an image ends black on black: a step too faint for any one pixel to be an edge, and seen all along the side. */

import type { EdgeMap } from './edge-map.ts';
import { lineAt } from './find-lines.ts';
import { applyHomography, homographyFromUnitSquare, type Homography } from './homography.ts';
import type { PhotoTones } from './photo-tones.ts';
import { quadOfLines, type FourLines, type Quad } from './quad-candidates.ts';
import { pixelAt, placesOfSide } from './side-features.ts';

/** How far beside a side it is looked, and in what steps: shares of the candidate's extent. */
const reach = 0.16;
const stride = 0.005;
const middle = Math.round(reach / stride);
const rows = 2 * middle + 1;
/** Rows on either side of a step that are compared. */
const apart = 2;
/** Steps nearer to the side than this many rows are the side itself. */
const ownRows = 2;
const pointsAlong = 48;
/** Steps of the logarithm (0..1) that vary by less from place to place count as steady. */
const spreadFloor = 0.004;
/** Mean over spread of the step along the side; of 48 places, four standard errors. */
const leastSteadiness = 0.6;
/** Steadiest steps that are followed, a side. */
const keptSteps = 3;

/**
 * The candidates that differ from one by one side, moved parallel (in the film's plane) to where the tones step by nearly
 * as much from one end of the side to the other. `findLines` sees no line there where the step is smaller than a pixel's
 * noise; the mean of a whole side has a seventh of it.
 */
export function faintNeighbours(quad: Quad, tones: PhotoTones, edges: EdgeMap): readonly Quad[] {
  const map = homographyFromUnitSquare(quad.corners);
  const lines = quad.sides.map(({ line }) => line) as unknown as FourLines;
  const found: Quad[] = [];
  for (let index = 0; index < lines.length; index += 1) {
    const places = placesOfSide(map, index);
    for (const across of steadySteps(places, tones)) {
      const [x, y] = applyHomography(places, 0, across);
      const [toX, toY] = applyHomography(places, 1, across);
      const length = Math.hypot(toX - x, toY - y);
      const [normalX, normalY] = [(y - toY) / length, (toX - x) / length];
      const line = lineAt(edges, normalX, normalY, normalX * x + normalY * y);
      const moved = lines.map((own, at) => (at === index ? line : own)) as unknown as FourLines;
      const neighbour = quadOfLines(moved, tones.width, tones.height);
      if (neighbour !== undefined) found.push(neighbour);
    }
  }
  return found;
}

/** Where beside a side the tones step steadily, as shares across it (inwards); steadiest first. */
function steadySteps(places: Homography, tones: PhotoTones): readonly number[] {
  const steadiness = steadinessBeside(places, tones);
  const peaks: number[] = [];
  for (let row = apart; row < rows - apart; row += 1) {
    const value = steadiness[row]!;
    if (value < leastSteadiness || Math.abs(row - middle) < ownRows) continue;
    if (steadiness.subarray(row - apart, row + apart + 1).every((other) => other <= value)) peaks.push(row);
  }
  peaks.sort((a, b) => steadiness[b]! - steadiness[a]!);
  return peaks.slice(0, keptSteps).map((row) => (row - middle) * stride);
}

/** Of each row beside the side, from outside to inside: |mean| over spread of the steps of the logarithm along it. */
function steadinessBeside(places: Homography, tones: PhotoTones): Float32Array {
  const values = new Float32Array(rows * pointsAlong);
  for (let row = 0; row < rows; row += 1) {
    for (let point = 0; point < pointsAlong; point += 1) {
      const pixel = pixelAt(places, (point + 1 / 2) / pointsAlong, (row - middle) * stride, tones);
      values[row * pointsAlong + point] = tones.logarithm[pixel < 0 ? ~pixel : pixel]!;
    }
  }
  const steadiness = new Float32Array(rows);
  for (let row = apart; row < rows - apart; row += 1) {
    let [sum, squares] = [0, 0];
    for (let at = row * pointsAlong; at < (row + 1) * pointsAlong; at += 1) {
      const inside = values[at + pointsAlong]! + values[at + apart * pointsAlong]!;
      const outside = values[at - pointsAlong]! + values[at - apart * pointsAlong]!;
      const step = (inside - outside) / 2;
      sum += step;
      squares += step * step;
    }
    const mean = sum / pointsAlong;
    const spread = Math.sqrt(Math.max(0, squares / pointsAlong - mean * mean));
    steadiness[row] = Math.abs(mean) / (spread + spreadFloor);
  }
  return steadiness;
}
