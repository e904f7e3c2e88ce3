import type { Corners, PhotoPoint } from '../../shared/analysis.ts';
import { meetingPoint, placeOnLine, supportBetween, type Line, type Lines } from './find-lines.ts';

/** Two lines across and two upright that may be the four sides of a film. Pixels of the small copy. */
export interface Quad {
  readonly corners: Corners;
  readonly sides: readonly [QuadSide, QuadSide, QuadSide, QuadSide];
}

/** One side: top, right, bottom or left, in this order in `Quad.sides`. */
export interface QuadSide {
  readonly line: Line;
  /** Places of its ends along the line, in the order of the corners. */
  readonly from: number;
  readonly to: number;
  readonly length: number;
  /** Shares of the side, 0..1, along which there is an edge that brightens, or darkens, towards the inside. */
  readonly brightInside: number;
  readonly darkInside: number;
}

/** Candidates that are looked at closely. */
const keptQuads = 60;
/** Share of the frame's smaller side by which a corner may lie outside. */
const outsideShare = 0.04;
/** A film fills at least a third of the frame's width; tilted, and in a long frame, this share of its area. */
const leastArea = 0.04;
/** The frame's own edge counts as much as a side that is a quarter seen. */
const frameSupport = 0.25;
/** Corners of two candidates this near (share of the frame's diagonal) are one. */
const sameCorner = 0.012;
/** Weights of the first, cheap order. */
const first = { least: 0.8, area: 0.35 };
const shelfCount = 64;
/** Below this no side worth the name is seen. */
const leastRank = 0.5;

interface Crossing extends PhotoPoint {
  readonly onAcross: number;
  readonly onUpright: number;
}

/** The most promising quadrilaterals, best first by how much of their sides is seen. */
export function quadCandidates(lines: Lines, width: number, height: number): readonly Quad[] {
  const { across, upright } = lines;
  const grid = crossLines(lines, width, height);
  const kept: Quad[] = [];
  const near = sameCorner * Math.hypot(width, height);
  for (const { top, right, bottom, left } of bestFirst(rankQuads(lines, grid, width * height))) {
    if (kept.length === keptQuads) break;
    const corners = [grid[top]![left], grid[top]![right], grid[bottom]![right], grid[bottom]![left]] as Crossings;
    if (kept.some((other) => areNear(other.corners, corners, near))) continue;
    kept.push(quadOf(corners, across[top]!, upright[right]!, across[bottom]!, upright[left]!));
  }
  return kept;
}

/** In order of their ranks. Few of some 20,000 are asked for, so only those are sorted: shelf by shelf. */
function* bestFirst(found: readonly RankedQuad[]): Generator<RankedQuad> {
  const best = found.reduce((most, { rank }) => Math.max(most, rank), 0);
  const shelves: RankedQuad[][] = Array.from({ length: shelfCount }, () => []);
  // Above 0 where all have one rank.
  const widthOfShelf = Math.max(Number.EPSILON, (best - leastRank) / shelfCount);
  for (const quad of found) {
    shelves[Math.min(shelfCount - 1, Math.floor((best - quad.rank) / widthOfShelf))]!.push(quad);
  }
  for (const shelf of shelves) yield* shelf.sort((a, b) => b.rank - a.rank);
}

/** A side's ends may move by this share of the candidate's extent. */
const neighbourReach = 0.15;

/**
 * The candidates that differ from one by one side: another straight line near it. What is a screen's edge and what the
 * image's own often lie a few hundredths apart, and the first, cheap order knows no difference.
 */
export function neighboursOf(quad: Quad, { across, upright }: Lines, width: number, height: number): readonly Quad[] {
  const reach = neighbourReach * Math.sqrt(areaOf(quad.corners));
  const lines = quad.sides.map(({ line }) => line) as unknown as FourLines;
  const found: Quad[] = [];
  for (let index = 0; index < lines.length; index += 1) {
    const from = quad.corners[index]!;
    const to = quad.corners[(index + 1) % lines.length]!;
    const group = index % 2 === 0 ? across : upright;
    for (const line of group) {
      if (line === lines[index]) continue;
      if (Math.abs(distanceTo(line, from)) > reach || Math.abs(distanceTo(line, to)) > reach) continue;
      const exchanged = lines.map((own, at) => (at === index ? line : own)) as unknown as FourLines;
      const neighbour = quadOfLines(exchanged, width, height);
      if (neighbour !== undefined) found.push(neighbour);
    }
  }
  return found;
}

/** Top, right, bottom, left. */
export type FourLines = readonly [Line, Line, Line, Line];

function distanceTo(line: Line, { x, y }: PhotoPoint): number {
  return line.normalX * x + line.normalY * y - line.distance;
}

export function quadOfLines([top, right, bottom, left]: FourLines, width: number, height: number): Quad | undefined {
  const corners = [
    crossing(top, left, width, height),
    crossing(top, right, width, height),
    crossing(bottom, right, width, height),
    crossing(bottom, left, width, height),
  ];
  if (corners.includes(undefined)) return undefined;
  const [topLeft, topRight, bottomRight, bottomLeft] = corners as unknown as Crossings;
  const isInOrder =
    topRight.x > topLeft.x && bottomRight.x > bottomLeft.x && bottomLeft.y > topLeft.y && bottomRight.y > topRight.y;
  if (!isInOrder || areaOf(corners as unknown as Crossings) < leastArea * width * height) return undefined;
  return quadOf(corners as unknown as Crossings, top, right, bottom, left);
}

/** The whole picture, as a candidate: its lines are the last two of each group. */
export function quadOfFrame({ across, upright }: Lines, width: number, height: number): Quad {
  const [top, bottom] = across.slice(-2) as [Line, Line];
  const [left, right] = upright.slice(-2) as [Line, Line];
  const corner = (x: number, y: number, a: Line, u: Line): Crossing => ({
    x,
    y,
    onAcross: placeOnLine(a, x, y),
    onUpright: placeOnLine(u, x, y),
  });
  const [low, wide, tall] = [-1 / 2, width - 1 / 2, height - 1 / 2];
  const corners: Crossings = [
    corner(low, low, top, left),
    corner(wide, low, top, right),
    corner(wide, tall, bottom, right),
    corner(low, tall, bottom, left),
  ];
  return quadOf(corners, top, right, bottom, left);
}

function quadOf(corners: Crossings, top: Line, right: Line, bottom: Line, left: Line): Quad {
  const [topLeft, topRight, bottomRight, bottomLeft] = corners;
  return {
    corners,
    sides: [
      side(top, topLeft.onAcross, topRight.onAcross, top.normalY > 0),
      side(right, topRight.onUpright, bottomRight.onUpright, right.normalX < 0),
      side(bottom, bottomRight.onAcross, bottomLeft.onAcross, bottom.normalY < 0),
      side(left, bottomLeft.onUpright, topLeft.onUpright, left.normalX > 0),
    ],
  };
}

type Crossings = readonly [Crossing, Crossing, Crossing, Crossing];

interface RankedQuad {
  /** Indices of lines across, and of upright ones. */
  readonly top: number;
  readonly bottom: number;
  readonly left: number;
  readonly right: number;
  readonly rank: number;
}

/** Where each line across meets each upright one; undefined where that is outside the frame. */
function crossLines({ across, upright }: Lines, width: number, height: number): (Crossing | undefined)[][] {
  return across.map((a) => upright.map((u) => crossing(a, u, width, height)));
}

function crossing(across: Line, upright: Line, width: number, height: number): Crossing | undefined {
  const margin = outsideShare * Math.min(width, height);
  const point = meetingPoint(across, upright);
  if (point === undefined || point.x < -margin || point.y < -margin) return undefined;
  if (point.x > width - 1 + margin || point.y > height - 1 + margin) return undefined;
  const { x, y } = point;
  return { x, y, onAcross: placeOnLine(across, x, y), onUpright: placeOnLine(upright, x, y) };
}

/**
 * All that are large enough and in order. What is seen of a side is looked up: some 60,000 quadrilaterals share 12,000
 * sides. Plain arrays and numbers: this runs for every frame of a camera.
 */
function rankQuads({ across, upright }: Lines, grid: (Crossing | undefined)[][], frameArea: number): RankedQuad[] {
  const rows = across.length;
  const columns = upright.length;
  const [xs, ys] = [new Float64Array(rows * columns).fill(NaN), new Float64Array(rows * columns).fill(NaN)];
  const seenAcross = new Float32Array(rows * columns * columns);
  const seenUpright = new Float32Array(columns * rows * rows);
  for (let row = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1) {
      const here = grid[row]![column];
      if (here === undefined) continue;
      xs[row * columns + column] = here.x;
      ys[row * columns + column] = here.y;
      for (let other = 0; other < column; other += 1) {
        const there = grid[row]![other];
        if (there === undefined) continue;
        const seen = seenAlong(across[row]!, here.onAcross, there.onAcross);
        seenAcross[(row * columns + column) * columns + other] = seen;
        seenAcross[(row * columns + other) * columns + column] = seen;
      }
      for (let other = 0; other < row; other += 1) {
        const there = grid[other]![column];
        if (there === undefined) continue;
        const seen = seenAlong(upright[column]!, here.onUpright, there.onUpright);
        seenUpright[(column * rows + row) * rows + other] = seen;
        seenUpright[(column * rows + other) * rows + row] = seen;
      }
    }
  }
  const found: RankedQuad[] = [];
  for (let top = 0; top < rows; top += 1) {
    for (let bottom = 0; bottom < rows; bottom += 1) {
      if (top === bottom) continue;
      for (let left = 0; left < columns; left += 1) {
        const topLeft = top * columns + left;
        const bottomLeft = bottom * columns + left;
        // Comparisons with what is outside the frame, NaN, do not hold.
        if (!(ys[bottomLeft]! > ys[topLeft]!)) continue;
        const seenLeft = seenUpright[(left * rows + top) * rows + bottom]!;
        for (let right = 0; right < columns; right += 1) {
          const topRight = top * columns + right;
          const bottomRight = bottom * columns + right;
          if (!(xs[topRight]! > xs[topLeft]!) || !(xs[bottomRight]! > xs[bottomLeft]!)) continue;
          if (!(ys[bottomRight]! > ys[topRight]!)) continue;
          const seenTop = seenAcross[topLeft * columns + right]!;
          const seenBottom = seenAcross[bottomLeft * columns + right]!;
          const seenRight = seenUpright[(right * rows + top) * rows + bottom]!;
          const least = Math.min(seenTop, seenBottom, seenLeft, seenRight);
          const seen = (seenTop + seenBottom + seenLeft + seenRight) / 4 + first.least * least;
          if (seen + first.area < leastRank) continue;
          // Half the cross product of the diagonals.
          const area =
            ((xs[bottomRight]! - xs[topLeft]!) * (ys[bottomLeft]! - ys[topRight]!) -
              (ys[bottomRight]! - ys[topLeft]!) * (xs[bottomLeft]! - xs[topRight]!)) /
            2;
          if (area < leastArea * frameArea) continue;
          const rank = seen + first.area * Math.sqrt(area / frameArea);
          if (rank > leastRank) found.push({ top, bottom, left, right, rank });
        }
      }
    }
  }
  return found;
}

/** What is seen of a side, with nothing allocated; the same as `seenShare` of it. */
function seenAlong(line: Line, from: number, to: number): number {
  if (line.isFrame) return frameSupport;
  const [ahead, behind] = supportBetween(line, from, to);
  return Math.max(ahead, behind) / Math.max(1, Math.abs(to - from));
}

/** Whether no corner is farther than `near` from its own in the other. */
export function areNear(a: Corners, b: Corners, near: number): boolean {
  for (let index = 0; index < a.length; index += 1) {
    const [x, y] = [a[index]!.x - b[index]!.x, a[index]!.y - b[index]!.y];
    if (x * x + y * y >= near * near) return false;
  }
  return true;
}

/** The largest distance between corresponding corners. */
export function cornerDistance(a: Corners, b: Corners): number {
  return Math.max(...a.map((point, index) => Math.hypot(point.x - b[index]!.x, point.y - b[index]!.y)));
}

/** Shoelace formula; positive for corners that go clockwise on the screen. */
export function areaOf(corners: Corners): number {
  let twice = 0;
  for (let index = 0; index < corners.length; index += 1) {
    const point = corners[index]!;
    const next = corners[(index + 1) % corners.length]!;
    twice += point.x * next.y - next.x * point.y;
  }
  return twice / 2;
}

/** Share of a side along which an edge of one polarity is seen. */
export function seenShare({ line, brightInside, darkInside }: QuadSide): number {
  return line.isFrame ? frameSupport : Math.max(brightInside, darkInside);
}

/** @param normalPointsIn whether the line's normal points to the inside of the quadrilateral */
function side(line: Line, from: number, to: number, normalPointsIn: boolean): QuadSide {
  // Places along a line are a pixel apart.
  const length = Math.max(1, Math.abs(to - from));
  const [ahead, behind] = supportBetween(line, from, to);
  const [bright, dark] = normalPointsIn ? [ahead, behind] : [behind, ahead];
  return { line, from, to, length, brightInside: bright / length, darkInside: dark / length };
}
