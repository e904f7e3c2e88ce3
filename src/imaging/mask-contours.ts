/** Outlines of a mask, drawn between the pixels where the values that it was made of cross zero. */

import type { Contour } from '../shared/anatomy.ts';
import type { Mask } from './mask-parts.ts';

/** A line may leave out points that lie this near to it, in pixels of the mask: half a millimetre on a chest. */
const tolerance = 0.1;
/** A contour of fewer points encloses nothing. */
const leastPoints = 3;
/** Shares are told with so many digits: a tenth of a pixel of a picture of 1,000. */
const shareDigits = 4;

interface Place {
  readonly x: number;
  readonly y: number;
}

/**
 * Marching squares (Lorensen and Cline 1987, in the plane) with linear interpolation: the level 0 of `logits` around what `mask`
 * keeps, closed along the edges of the picture.
 *
 * @param logits row-major, of the mask's size; positive inside
 * @returns closed lines in shares of width and height, outer ones and those of holes alike
 */
export function traceContours(logits: Float32Array, mask: Mask): readonly Contour[] {
  const { width, height } = mask;
  const field = signedField(logits, mask);
  const next = new Map<string, { readonly to: string; readonly at: Place }>();
  for (let y = -1; y < height; y += 1) {
    for (let x = -1; x < width; x += 1) joinCell(x, y, field, next);
  }
  const contours: Contour[] = [];
  while (next.size > 0) {
    const line: Place[] = [];
    let key = next.keys().next().value;
    for (let step = key === undefined ? undefined : next.get(key); step !== undefined; step = next.get(key)) {
      next.delete(key!);
      line.push(step.at);
      key = step.to;
    }
    const simple = simplify(line);
    if (simple.length >= leastPoints) contours.push(simple.flatMap(({ x, y }) => [share(x, width), share(y, height)]));
  }
  return contours;
}

function share(pixels: number, size: number): number {
  return Number(Math.min(1, Math.max(0, pixels / size)).toFixed(shareDigits));
}

type Field = (x: number, y: number) => number;

/** Positive exactly where the mask is; beyond the picture the mirror image's negative, so that the line runs along its edge. */
function signedField(logits: Float32Array, { width, height, inside }: Mask): Field {
  const least = 1e-3;
  return (x, y) => {
    const column = Math.min(width - 1, Math.max(0, x));
    const row = Math.min(height - 1, Math.max(0, y));
    const place = row * width + column;
    const size = Math.max(least, Math.abs(logits[place]!));
    const isBeyond = column !== x || row !== y;
    return inside[place] === 1 && !isBeyond ? size : -size;
  };
}

/**
 * The lines through the cell between four pixel centres, the inside at their left. A crossing is named after the pixel
 * that its edge begins at; pixel centres lie at + 0.5.
 */
function joinCell(x: number, y: number, field: Field, next: Map<string, { to: string; at: Place }>): void {
  const [a, b, c, d] = [field(x, y), field(x + 1, y), field(x + 1, y + 1), field(x, y + 1)];
  // Most cells: all of it is inside, or all outside.
  if (a > 0 === b > 0 && b > 0 === c > 0 && c > 0 === d > 0) return;
  const between = (from: number, to: number): number => from / (from - to);
  const centre = 0.5;
  const edges = {
    top: { key: `h${x},${y}`, at: () => ({ x: x + centre + between(a, b), y: y + centre }) },
    right: { key: `v${x + 1},${y}`, at: () => ({ x: x + 1 + centre, y: y + centre + between(b, c) }) },
    bottom: { key: `h${x},${y + 1}`, at: () => ({ x: x + centre + between(d, c), y: y + 1 + centre }) },
    left: { key: `v${x},${y}`, at: () => ({ x: x + centre, y: y + centre + between(a, d) }) },
  };
  const sides = ['top', 'right', 'bottom', 'left'] as const;
  const corners = [a, b, c, d].map((value) => value > 0);
  // Along the cell's border, clockwise: where the inside begins a line ends, where it ends one begins.
  const begins = sides.filter((_, side) => !corners[side] && corners[(side + 1) % sides.length]);
  const ends = sides.filter((_, side) => corners[side] && !corners[(side + 1) % sides.length]);
  for (const begin of begins) {
    // Two corners inside that face each other are joined where the middle is inside.
    const isJoined = begins.length > 1 && a + b + c + d > 0;
    const after = [1, 2, 3].map((turn) => sides[(sides.indexOf(begin) + turn) % sides.length]!);
    const end = (isJoined ? after.reverse() : after).find((side) => ends.includes(side));
    if (end === undefined) continue;
    next.set(edges[begin].key, { to: edges[end].key, at: edges[begin].at() });
  }
}

/** A closed line without the points that change nothing (Douglas and Peucker 1973), halved at the point farthest from its first. */
function simplify(line: readonly Place[]): readonly Place[] {
  const [first] = line;
  if (first === undefined) return [];
  const distances = line.map(({ x, y }) => Math.hypot(x - first.x, y - first.y));
  const farthest = distances.indexOf(Math.max(...distances));
  const [there, back] = [line.slice(0, farthest + 1), [...line.slice(farthest), first]];
  return [...keepCorners(there).slice(0, -1), ...keepCorners(back).slice(0, -1)];
}

function keepCorners(line: readonly Place[]): readonly Place[] {
  const [from, to] = [line[0], line.at(-1)];
  if (from === undefined || to === undefined || line.length <= 2) return line;
  const length = Math.hypot(to.x - from.x, to.y - from.y);
  const distanceOf = ({ x, y }: Place): number =>
    length === 0
      ? Math.hypot(x - from.x, y - from.y)
      : Math.abs((to.x - from.x) * (from.y - y) - (from.x - x) * (to.y - from.y)) / length;
  const distances = line.map(distanceOf);
  const largest = Math.max(...distances);
  if (largest <= tolerance) return [from, to];
  const corner = distances.indexOf(largest);
  return [...keepCorners(line.slice(0, corner + 1)).slice(0, -1), ...keepCorners(line.slice(corner))];
}
