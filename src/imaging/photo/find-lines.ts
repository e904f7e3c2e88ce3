/** The straight lines of a picture: Hough's transform with the gradient's direction (Ballard 1981), then refined. */

import type { EdgeMap } from './edge-map.ts';

export interface Line {
  /** Unit normal and distance from the origin: points with normalX · x + normalY · y = distance. Pixels of the small copy, centres at whole numbers. */
  readonly normalX: number;
  readonly normalY: number;
  readonly distance: number;
  /**
   * Sums of edge strength from the line's beginning, one a pixel: `ahead` where it brightens along the normal, `behind`
   * where it darkens. Place 0 lies at `start` from the line's point nearest to the origin.
   */
  readonly ahead: Float32Array;
  readonly behind: Float32Array;
  readonly start: number;
  /** An edge of the frame itself: a film that leaves the picture ends there, without an edge to be seen. */
  readonly isFrame: boolean;
}

export interface Lines {
  /** Within 45° of horizontal, and of vertical. */
  readonly across: readonly Line[];
  readonly upright: readonly Line[];
}

const linesAGroup = 22;
const degreesOfTurn = 180;
/** Directions around an edge pixel's own that it votes for, degrees. */
const spreadDegrees = 3;
const spreadStep = 1;
/** Pixels a bin of distance. */
const distanceBin = 1.5;
/** Peaks this near to a stronger one are the same line. */
const samePeak = { degrees: 3, bins: 3 };
/** Pixels and cosine within which an edge pixel belongs to a line. */
const fit = { distance: 2.2, cosine: 0.98 };
const support = { reach: 1.5, cosine: 0.94 };
/** What is looked at beside a line lies no farther from it than this, pixels. */
const beside = 2;

export function findLines(edges: EdgeMap): Lines {
  const { accumulator, bins, offset } = vote(edges);
  const across: Line[] = [];
  const upright: Line[] = [];
  const taken: { readonly degrees: number; readonly bin: number }[] = [];
  for (const peak of peaksOf(accumulator, bins)) {
    if (across.length >= linesAGroup && upright.length >= linesAGroup) break;
    const degrees = Math.floor(peak / bins);
    const bin = peak % bins;
    const isUpright = degrees < degreesOfTurn / 4 || degrees >= (3 * degreesOfTurn) / 4;
    const group = isUpright ? upright : across;
    if (group.length >= linesAGroup || taken.some((other) => isSamePeak(other, degrees, bin, offset))) continue;
    taken.push({ degrees, bin });
    const angle = (degrees * Math.PI) / degreesOfTurn;
    group.push(refine(edges, Math.cos(angle), Math.sin(angle), (bin - offset) * distanceBin));
  }
  const { width, height } = edges;
  across.push(frameLine(0, 1, -1 / 2, width), frameLine(0, 1, height - 1 / 2, width));
  upright.push(frameLine(1, 0, -1 / 2, height), frameLine(1, 0, width - 1 / 2, height));
  return { across, upright };
}

interface Votes {
  readonly accumulator: Float32Array;
  readonly bins: number;
  /** Bin of distance 0. */
  readonly offset: number;
}

function vote({ width, height, directionX, directionY, strength, ridge }: EdgeMap): Votes {
  const offset = Math.ceil(Math.hypot(width, height) / distanceBin) + 1;
  const bins = 2 * offset + 1;
  const accumulator = new Float32Array(degreesOfTurn * bins);
  const cosines = Float64Array.from({ length: degreesOfTurn }, (_, d) => Math.cos((d * Math.PI) / degreesOfTurn));
  const sines = Float64Array.from({ length: degreesOfTurn }, (_, d) => Math.sin((d * Math.PI) / degreesOfTurn));
  for (const at of ridge) {
    const x = at % width;
    const y = (at - x) / width;
    const own = Math.round((Math.atan2(directionY[at]!, directionX[at]!) * degreesOfTurn) / Math.PI);
    for (let aside = -spreadDegrees; aside <= spreadDegrees; aside += spreadStep) {
      const degrees = (own + aside + 2 * degreesOfTurn) % degreesOfTurn;
      const place = (cosines[degrees]! * x + sines[degrees]! * y) / distanceBin + offset;
      const bin = Math.floor(place);
      const share = place - bin;
      const cell = degrees * bins + bin;
      const weight = strength[at]!;
      accumulator[cell] = accumulator[cell]! + weight * (1 - share);
      accumulator[cell + 1] = accumulator[cell + 1]! + weight * share;
    }
  }
  return { accumulator, bins, offset };
}

/** Local maxima, strongest first. */
function peaksOf(accumulator: Float32Array, bins: number): readonly number[] {
  const found: number[] = [];
  // A line of a tenth of the small copy's long side is the shortest that matters.
  const least = 12;
  for (let cell = bins + 1; cell + bins + 1 < accumulator.length; cell += 1) {
    const value = accumulator[cell]!;
    if (value < least || value < accumulator[cell - 1]! || value <= accumulator[cell + 1]!) continue;
    if (value < accumulator[cell - bins]! || value <= accumulator[cell + bins]!) continue;
    found.push(cell);
  }
  return found.sort((a, b) => accumulator[b]! - accumulator[a]!);
}

function isSamePeak(
  other: { readonly degrees: number; readonly bin: number },
  degrees: number,
  bin: number,
  offset: number,
): boolean {
  const direct = Math.abs(other.degrees - degrees);
  if (direct <= samePeak.degrees) return Math.abs(other.bin - bin) <= samePeak.bins;
  // 179° and 0° are neighbours, with the sign of the distance turned.
  if (degreesOfTurn - direct <= samePeak.degrees) return Math.abs(other.bin + bin - 2 * offset) <= samePeak.bins;
  return false;
}

/** Total least squares over the line's edge pixels, twice. */
function refine(edges: EdgeMap, cosine: number, sine: number, distance: number): Line {
  const { ridge, ridgeX, ridgeY } = edges;
  let [normalX, normalY, away] = [cosine, sine, distance];
  for (let round = 0; round < 2; round += 1) {
    let [sum, sumX, sumY, sumXX, sumXY, sumYY] = [0, 0, 0, 0, 0, 0];
    for (let index = 0; index < ridge.length; index += 1) {
      const x = ridgeX[index]!;
      const y = ridgeY[index]!;
      if (Math.abs(normalX * x + normalY * y - away) > fit.distance) continue;
      const at = ridge[index]!;
      if (Math.abs(normalX * edges.directionX[at]! + normalY * edges.directionY[at]!) < fit.cosine) continue;
      const weight = edges.strength[at]!;
      sum += weight;
      sumX += weight * x;
      sumY += weight * y;
      sumXX += weight * x * x;
      sumXY += weight * x * y;
      sumYY += weight * y * y;
    }
    if (sum === 0) break;
    const [meanX, meanY] = [sumX / sum, sumY / sum];
    const [xx, xy, yy] = [sumXX / sum - meanX * meanX, sumXY / sum - meanX * meanY, sumYY / sum - meanY * meanY];
    // Direction of the smaller eigenvalue of the covariance.
    const angle = Math.atan2(2 * xy, xx - yy) / 2 + Math.PI / 2;
    const [foundX, foundY] = [Math.cos(angle), Math.sin(angle)];
    const turned = foundX * cosine + foundY * sine < 0 ? -1 : 1;
    [normalX, normalY] = [turned * foundX, turned * foundY];
    away = normalX * meanX + normalY * meanY;
  }
  return withSupport(edges, normalX, normalY, away);
}

/** A line that was found in another way. Its unit normal and distance from the origin are in pixels of the small copy. */
export function lineAt(edges: EdgeMap, normalX: number, normalY: number, distance: number): Line {
  return withSupport(edges, normalX, normalY, distance);
}

/** Walks along the line and sums what edges lie on it. */
function withSupport(edges: EdgeMap, normalX: number, normalY: number, distance: number): Line {
  const { width, height, directionX, directionY, strength } = edges;
  const [alongX, alongY] = [-normalY, normalX];
  const start = -Math.ceil(Math.hypot(width, height));
  const length = -2 * start + 1;
  const ahead = new Float32Array(length + 1);
  const behind = new Float32Array(length + 1);
  const [first, last] = placesInside(edges, normalX, normalY, distance);
  for (let place = Math.max(0, first - start); place < Math.min(length, last - start); place += 1) {
    const t = start + place;
    let best = 0;
    for (let aside = -support.reach; aside <= support.reach; aside += support.reach / 2) {
      const x = Math.round(normalX * (distance + aside) + alongX * t);
      const y = Math.round(normalY * (distance + aside) + alongY * t);
      if (x < 1 || y < 1 || x + 1 >= width || y + 1 >= height) continue;
      const at = y * width + x;
      const cosine = normalX * directionX[at]! + normalY * directionY[at]!;
      if (Math.abs(cosine) < support.cosine) continue;
      const found = cosine > 0 ? strength[at]! : -strength[at]!;
      if (Math.abs(found) > Math.abs(best)) best = found;
    }
    ahead[place + 1] = ahead[place]! + Math.max(0, best);
    behind[place + 1] = behind[place]! + Math.max(0, -best);
  }
  const end = Math.max(0, Math.min(length, last - start));
  ahead.fill(ahead[end]!, end);
  behind.fill(behind[end]!, end);
  return { normalX, normalY, distance, ahead, behind, start, isFrame: false };
}

/** Between which places, whole numbers, a line or what is looked at beside it may lie in the picture. */
function placesInside({ width, height }: EdgeMap, normalX: number, normalY: number, distance: number) {
  let [first, last] = [-Infinity, Infinity];
  for (const [foot, along, size] of [
    [normalX * distance, -normalY, width],
    [normalY * distance, normalX, height],
  ] as const) {
    const [a, b] = [(-beside - foot) / along, (size + beside - foot) / along];
    // Of a line along the picture's edge both are infinite, or not numbers.
    if (Number.isNaN(a) || Number.isNaN(b)) continue;
    first = Math.max(first, Math.min(a, b));
    last = Math.min(last, Math.max(a, b));
  }
  return [Math.floor(first), Math.ceil(last)] as const;
}

function frameLine(normalX: number, normalY: number, distance: number, length: number): Line {
  const nothing = new Float32Array(2 * length + 4);
  return { normalX, normalY, distance, ahead: nothing, behind: nothing, start: -length - 1, isFrame: true };
}

/** Where two lines meet; undefined where they are parallel to within rounding. */
export function meetingPoint(a: Line, b: Line): { readonly x: number; readonly y: number } | undefined {
  const cross = a.normalX * b.normalY - a.normalY * b.normalX;
  const leastCross = 1e-3;
  if (Math.abs(cross) < leastCross) return undefined;
  return {
    x: (a.distance * b.normalY - b.distance * a.normalY) / cross,
    y: (b.distance * a.normalX - a.distance * b.normalX) / cross,
  };
}

/** Place of a point along a line, to be used with `supportBetween`. */
export function placeOnLine(line: Line, x: number, y: number): number {
  return -line.normalY * x + line.normalX * y - line.start;
}

/** Edge strength between two places, brightening and darkening along the normal. */
export function supportBetween(line: Line, from: number, to: number): readonly [number, number] {
  const last = line.ahead.length - 1;
  const a = Math.min(last, Math.max(0, Math.round(Math.min(from, to))));
  const b = Math.min(last, Math.max(0, Math.round(Math.max(from, to))));
  return [line.ahead[b]! - line.ahead[a]!, line.behind[b]! - line.behind[a]!];
}
