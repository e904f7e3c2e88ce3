/**
 * Plane projective maps: how one flat quadrilateral looks as another. Direct linear transformation with four points
 * (Hartley & Zisserman, Multiple View Geometry, 2nd ed. 2004, §4.1), both sides normalised first (§4.4.4).
 */

import type { Corners, PhotoPoint } from '../../shared/analysis.ts';

/** 3 × 3, row-major, up to a factor. */
export type Homography = Float64Array<ArrayBuffer>;

const unknowns = 8;

const unitSquare: Corners = [
  { x: 0, y: 0 },
  { x: 1, y: 0 },
  { x: 1, y: 1 },
  { x: 0, y: 1 },
];

/**
 * The map that takes the square from (0, 0) to (1, 1) to a quadrilateral: shares of a film's sides to places on it.
 *
 * @throws RangeError where three corners lie on a line
 */
export function homographyFromUnitSquare(corners: Corners): Homography {
  return homographyBetween(unitSquare, corners);
}

/**
 * The map that takes each of `from` to the same one of `to`.
 *
 * @throws RangeError where three points of one side lie on a line
 */
export function homographyBetween(from: Corners, to: Corners): Homography {
  if (!spansAnArea(from) || !spansAnArea(to)) throw new RangeError('three corners on one line');
  const source = normalisation(from);
  const target = normalisation(to);
  const rows: Float64Array[] = [];
  for (let index = 0; index < from.length; index += 1) {
    const [x, y] = applyHomography(source.forward, from[index]!.x, from[index]!.y);
    const [toX, toY] = applyHomography(target.forward, to[index]!.x, to[index]!.y);
    rows.push(Float64Array.of(x, y, 1, 0, 0, 0, -toX * x, -toX * y, toX));
    rows.push(Float64Array.of(0, 0, 0, x, y, 1, -toY * x, -toY * y, toY));
  }
  const solution = solve(rows);
  return multiply(target.backward, multiply(Float64Array.of(...solution, 1), source.forward));
}

/** Where `(x, y)` comes to lie. Infinite on the map's horizon. */
export function applyHomography(map: Homography, x: number, y: number): readonly [number, number] {
  const scale = map[6]! * x + map[7]! * y + map[8]!;
  return [(map[0]! * x + map[1]! * y + map[2]!) / scale, (map[3]! * x + map[4]! * y + map[5]!) / scale];
}

/** Of a film seen so flatly nothing could be read: twice a triangle's area over the square of the longest side. */
const leastTriangle = 1e-4;

/** Whether no three of the points lie on a line, within what is worth a map. Not so either where one is not a number. */
export function spansAnArea(points: Corners): boolean {
  const size = Math.max(...points.map(({ x, y }) => Math.hypot(x - points[0].x, y - points[0].y)));
  return points.every((a, index) => {
    const b = points[(index + 1) % points.length]!;
    const c = points[(index + 2) % points.length]!;
    const twice = Math.abs((b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x));
    return twice > leastTriangle * size * size;
  });
}

/** Centre at 0, mean distance from it √2. */
function normalisation(points: Corners): { readonly forward: Homography; readonly backward: Homography } {
  const x = mean(points.map((point) => point.x));
  const y = mean(points.map((point) => point.y));
  const distance = mean(points.map((point: PhotoPoint) => Math.hypot(point.x - x, point.y - y)));
  const scale = Math.SQRT2 / distance;
  return {
    forward: Float64Array.of(scale, 0, -scale * x, 0, scale, -scale * y, 0, 0, 1),
    backward: Float64Array.of(1 / scale, 0, x, 0, 1 / scale, y, 0, 0, 1),
  };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Gauss with row pivots on eight rows of eight coefficients and a right side. */
function solve(rows: Float64Array[]): number[] {
  for (let column = 0; column < unknowns; column += 1) {
    let pivot = column;
    for (let row = column + 1; row < unknowns; row += 1) {
      if (Math.abs(rows[row]![column]!) > Math.abs(rows[pivot]![column]!)) pivot = row;
    }
    const found = rows[pivot]!;
    rows[pivot] = rows[column]!;
    rows[column] = found;
    for (let row = column + 1; row < unknowns; row += 1) {
      const factor = rows[row]![column]! / found[column]!;
      for (let k = column; k <= unknowns; k += 1) rows[row]![k] = rows[row]![k]! - factor * found[k]!;
    }
  }
  const solution = new Array<number>(unknowns).fill(0);
  for (let row = unknowns - 1; row >= 0; row -= 1) {
    let value = rows[row]![unknowns]!;
    for (let k = row + 1; k < unknowns; k += 1) value -= rows[row]![k]! * solution[k]!;
    solution[row] = value / rows[row]![row]!;
  }
  return solution;
}

function multiply(a: Homography, b: Homography): Homography {
  const product = new Float64Array(9);
  for (let row = 0; row < 3; row += 1) {
    for (let column = 0; column < 3; column += 1) {
      let sum = 0;
      for (let k = 0; k < 3; k += 1) sum += a[3 * row + k]! * b[3 * k + column]!;
      product[3 * row + column] = sum;
    }
  }
  return product;
}
