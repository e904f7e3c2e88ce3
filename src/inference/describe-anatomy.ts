/** From masks of lungs and heart to outlines, the cardiothoracic ratio, and what the gate and the maps get of it. */

import { areaOf, largestParts, maskAt, unionOf, type Mask } from '../imaging/mask-parts.ts';
import { traceContours } from '../imaging/mask-contours.ts';
import { measureRatioLines, type LogitMap } from '../imaging/transverse-lines.ts';
import type { FindingMap, Reading, Reason } from '../shared/analysis.ts';
import {
  pictureSides,
  ratioOf,
  type Anatomy,
  type CardiothoracicRatio,
  type CutOffLung,
  type PictureSide,
  type RatioLines,
} from '../shared/anatomy.ts';
import type { LungsManifest } from '../shared/pack.ts';
import type { LungMasks } from './lungs-network.ts';

/** Logit of a probability of one half: where outlines are drawn. */
const outline = 0;
/** Logits of 0.3 and 0.7: outlines that the network holds for possible still. */
const generous = Math.log(0.3 / 0.7);
const strict = -generous;
/** Both lungs of a child on a large plate still cover more of the picture than this. */
const leastLungShare = 0.04;
/** A heart is no smaller a part of the thorax's width; what is found below it is something else. */
const leastRatio = 0.2;
/**
 * Lung along more than this share of an edge is cut off. Costophrenic angles end at the edge of many good films; NIH's
 * pictures are cropped closely.
 */
export const cutOffShare = 0.15;

/** The masks' parts that are taken for lungs and heart. */
export interface AnatomyParts {
  readonly anatomy: Omit<Anatomy, 'insideLungs'>;
  readonly lungs: Mask;
}

/** Outlines, ratio and edges of what the network drew. */
export function describeAnatomy({ lungs, heart }: LungMasks, manifest: LungsManifest): AnatomyParts {
  const found = mostOf(lungs, 2);
  const areFound = areaOf(found) >= leastLungShare * found.inside.length;
  const lungMask = areFound ? found : unionOf([], lungs.width, lungs.height);
  const box = boxOf(lungMask);
  const ratio = areFound ? measureRatio(lungs, heart, manifest.ratioError.percentile90) : undefined;
  return {
    lungs: lungMask,
    anatomy: {
      pack: `${manifest.id}@${manifest.version}`,
      lungs: traceContours(lungs.logits, lungMask),
      heart: areFound ? traceContours(heart.logits, mostOf(heart, 1)) : [],
      ...(box === undefined ? {} : { box }),
      cutOff: cutOffLungs(lungMask),
      ...(ratio === undefined ? {} : { ratio }),
    },
  };
}

function mostOf({ width, height, logits }: LogitMap, count: number): Mask {
  return unionOf(largestParts(maskAt(logits, width, height, outline), count), width, height);
}

/** The ratio at the outline, and between the narrowest heart in the widest thorax and the widest heart in the narrowest. */
function measureRatio(lungs: LogitMap, heart: LogitMap, error: number): CardiothoracicRatio | undefined {
  const lines = measureRatioLines(lungs, heart, { lungs: outline, heart: outline });
  if (lines === undefined || !isHeartInThorax(lines)) return undefined;
  const value = ratioOf(lines);
  if (value < leastRatio) return undefined;
  const at = (lungLevel: number, heartLevel: number): number => {
    const possible = measureRatioLines(lungs, heart, { lungs: lungLevel, heart: heartLevel });
    return possible === undefined ? value : ratioOf(possible);
  };
  return {
    ...lines,
    value,
    interval: [Math.min(at(generous, strict), value - error), Math.max(at(strict, generous), value + error)],
  };
}

/** The middle of a heart lies between the ribs, whatever else does not. */
function isHeartInThorax({ heart, thorax }: RatioLines): boolean {
  const middle = (heart.left + heart.right) / 2;
  return middle > thorax.left && middle < thorax.right;
}

function boxOf({ width, height, inside }: Mask): Anatomy['box'] {
  let [left, top, right, bottom] = [width, height, -1, -1];
  inside.forEach((isLung, place) => {
    if (isLung === 0) return;
    const x = place % width;
    const y = Math.floor(place / width);
    [left, right, top, bottom] = [Math.min(left, x), Math.max(right, x), Math.min(top, y), Math.max(bottom, y)];
  });
  if (right < 0) return undefined;
  return {
    x: left / width,
    y: top / height,
    width: (right + 1 - left) / width,
    height: (bottom + 1 - top) / height,
  };
}

/** Sides of the picture that lung touches at all, with the share of the edge that it covers. */
function cutOffLungs({ width, height, inside }: Mask): readonly CutOffLung[] {
  const edges: Readonly<Record<PictureSide, { readonly size: number; readonly place: (at: number) => number }>> = {
    top: { size: width, place: (x) => x },
    right: { size: height, place: (y) => y * width + width - 1 },
    bottom: { size: width, place: (x) => (height - 1) * width + x },
    left: { size: height, place: (y) => y * width },
  };
  return pictureSides.flatMap((side) => {
    const { size, place } = edges[side];
    const touching = Array.from({ length: size }, (_, at) => inside[place(at)]!).reduce((sum, on) => sum + on, 0);
    return touching === 0 ? [] : [{ side, share: touching / size }];
  });
}

/** A warning where a lung goes on beyond the picture for longer than a costophrenic angle does. */
export function anatomyReasons(anatomy: Pick<Anatomy, 'cutOff' | 'pack'> | undefined): readonly Reason[] {
  const worst = Math.max(0, ...(anatomy?.cutOff ?? []).map(({ share }) => share));
  if (anatomy === undefined || worst <= cutOffShare) return [];
  return [{ code: 'cut-off', severity: 'warn', value: worst, threshold: cutOffShare, source: anatomy.pack }];
}

/** A picture and the part of it that a finding's map covers, in its pixels. */
export interface MapPlacement {
  readonly width: number;
  readonly height: number;
  readonly field: Reading['field'];
}

/**
 * Share of each map's positive evidence that lies inside the lungs. Maps are read at the middle of each of the mask's pixels,
 * without interpolation: they are coarser than it by far.
 */
export function evidenceInside(
  lungs: Mask,
  maps: Readonly<Record<string, FindingMap>>,
  placement: MapPlacement,
): Readonly<Record<string, number>> {
  let cells: MapCells | undefined;
  return Object.fromEntries(
    Object.entries(maps).flatMap(([id, map]) => {
      // All maps of a network have one size.
      if (cells?.width !== map.width || cells.height !== map.height) cells = countCells(lungs, map, placement);
      const share = shareInside(cells, map);
      return share === undefined ? [] : [[id, share]];
    }),
  );
}

/** How many of a mask's pixels have their middle in each cell of a map, and how many of those lie inside it. */
interface MapCells {
  readonly width: number;
  readonly height: number;
  readonly all: Uint32Array;
  readonly inside: Uint32Array;
}

function countCells(mask: Mask, map: FindingMap, { width, height, field }: MapPlacement): MapCells {
  const all = new Uint32Array(map.width * map.height);
  const inside = new Uint32Array(all.length);
  /** The map's column (or row) of each of the mask's. */
  const cellsAlong = (pixels: number, size: number, from: number, extent: number, cells: number): number[] =>
    Array.from({ length: pixels }, (_, at) => {
      return Math.floor(((((at + 1 / 2) / pixels) * size - from) / extent) * cells);
    });
  const columns = cellsAlong(mask.width, width, field.x, field.width, map.width);
  const rows = cellsAlong(mask.height, height, field.y, field.height, map.height);
  rows.forEach((row, y) => {
    if (row < 0 || row >= map.height) return;
    columns.forEach((column, x) => {
      if (column < 0 || column >= map.width) return;
      const cell = row * map.width + column;
      all[cell] = all[cell]! + 1;
      inside[cell] = inside[cell]! + mask.inside[y * mask.width + x]!;
    });
  });
  return { width: map.width, height: map.height, all, inside };
}

function shareInside(cells: MapCells, map: FindingMap): number | undefined {
  let all = 0;
  let inside = 0;
  map.values.forEach((value, cell) => {
    const evidence = Math.max(0, value);
    all += evidence * cells.all[cell]!;
    inside += evidence * cells.inside[cell]!;
  });
  return all > 0 ? inside / all : undefined;
}
