/** Widths of lungs and heart across the picture, measured between the pixels. */

import type { RatioLines, TransverseLine } from '../shared/anatomy.ts';
import { largestParts, maskAt, type Mask } from './mask-parts.ts';

/** Logits of one output of a segmenting network, row-major; 0 is a probability of one half. */
export interface LogitMap {
  readonly width: number;
  readonly height: number;
  readonly logits: Float32Array;
}

const pixelCentre = 0.5;
/** A single part as wide as this is both lungs in one, as where nothing is drawn between them. */
const widthOfBoth = 0.4;

/**
 * The lines of the cardiothoracic ratio: the whole transverse extent of the heart, and the widest row of the thorax, from the
 * outer border of one lung to that of the other.
 *
 * @param levels logits at which heart and lungs end
 * @returns `undefined` where there is no heart, or fewer than two lungs
 */
export function measureRatioLines(
  lungs: LogitMap,
  heart: LogitMap,
  levels: { readonly lungs: number; readonly heart: number },
): RatioLines | undefined {
  const heartLine = widestExtent(heart, levels.heart);
  const thoraxLine = widestThorax(lungs, levels.lungs);
  return heartLine && thoraxLine && { heart: heartLine, thorax: thoraxLine };
}

function widestExtent(map: LogitMap, level: number): TransverseLine | undefined {
  const [part] = largestParts(maskAt(map.logits, map.width, map.height, level), 1);
  if (part === undefined) return undefined;
  const rows = rowsOf(map, part, level);
  const left = rows.reduce((most, row) => (row.left < most.left ? row : most));
  const right = rows.reduce((most, row) => (row.right > most.right ? row : most));
  return { y: (left.y + right.y) / 2, left: left.left, right: right.right };
}

function widestThorax(map: LogitMap, level: number): TransverseLine | undefined {
  const parts = largestParts(maskAt(map.logits, map.width, map.height, level), 2);
  const lungs = parts.map((part) => rowsOf(map, part, level));
  const [one, other] = lungs;
  if (one === undefined) return undefined;
  if (other === undefined) {
    const whole = widest(one);
    return whole.right - whole.left >= widthOfBoth ? whole : undefined;
  }
  const isFirst = middleOf(one) < middleOf(other);
  const [leftRows, rightRows] = isFirst ? [one, other] : [other, one];
  const facing = leftRows.flatMap((row) => {
    const across = rightRows.find(({ y }) => y === row.y);
    return across === undefined || across.right <= row.left ? [] : [{ y: row.y, left: row.left, right: across.right }];
  });
  return facing.length === 0 ? undefined : widest(facing);
}

function widest(rows: readonly TransverseLine[]): TransverseLine {
  return rows.reduce((most, row) => (row.right - row.left > most.right - most.left ? row : most));
}

function middleOf(rows: readonly TransverseLine[]): number {
  return rows.reduce((sum, { left, right }) => sum + (left + right) / 2, 0) / rows.length;
}

/** Both ends of a part in each of its rows, in shares; never empty, for a part has a pixel. */
function rowsOf({ width, height, logits }: LogitMap, { inside }: Mask, level: number): readonly TransverseLine[] {
  return Array.from({ length: height }, (_, row) => row).flatMap((row) => {
    const from = row * width;
    const own = inside.subarray(from, from + width);
    const first = own.indexOf(1);
    if (first < 0) return [];
    const last = own.lastIndexOf(1);
    const end = (column: number, step: -1 | 1): number =>
      (column + pixelCentre + step * reach(logits, from, column, step, width, level)) / width;
    return [{ y: (row + pixelCentre) / height, left: end(first, -1), right: end(last, 1) }];
  });
}

/** How far beyond its last pixel's centre a row goes on: to where the values cross the level, to the edge of the picture at most. */
function reach(logits: Float32Array, from: number, column: number, step: -1 | 1, width: number, level: number): number {
  const beyond = column + step;
  if (beyond < 0 || beyond >= width) return pixelCentre;
  const inner = logits[from + column]! - level;
  const outer = logits[from + beyond]! - level;
  // A filled hole at the border has no crossing of its own.
  return inner <= outer || inner < 0 ? pixelCentre : Math.min(1, inner / (inner - outer));
}
