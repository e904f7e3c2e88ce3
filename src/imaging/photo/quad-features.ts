/** What a closer look at one candidate measures. Each can be told in a sentence; their weights are in quad-score.ts. */

import type { Corners, PhotoPoint } from '../../shared/analysis.ts';
import { homographyFromUnitSquare } from './homography.ts';
import { luma601 } from './luma.ts';
import { supportBetween } from './find-lines.ts';
import { meanChest } from './mean-chest.ts';
import { areaOf, seenShare, type Quad } from './quad-candidates.ts';
import type { SmallPhoto } from './reduce-photo.ts';

export const quadFeatureNames = [
  'leastSide',
  'secondSide',
  'meanSide',
  'onePolarity',
  'darkInside',
  'area',
  'areaRoot',
  'overshoot',
  'contrast',
  'leastContrast',
  'outsideBrighter',
  'outsideEven',
  'outsideTone',
  'insideSpread',
  'insideChroma',
  'insideChromaSpread',
  'chest',
  'insideWhite',
  'skew',
  'unequalSides',
  'aspect',
  'frameSides',
  'offCentre',
] as const;

/** Share of a quadrilateral's size by which strips inside and outside lie off its sides. */
const stripShare = 0.03;
const stripPoints = 12;
/** How far beyond its corners a side's line is followed, share of the side. */
const overshootShare = 0.12;
const white = 255;
const nearlyWhite = 0.94;

/** In the order of `quadFeatureNames`; all about 0..1. */
export function quadFeatures(quad: Quad, photo: SmallPhoto): readonly number[] {
  const { corners, sides } = quad;
  const { width, height } = photo;
  const seen = sides.map(seenShare).sort((a, b) => a - b);
  const real = sides.filter(({ line }) => !line.isFrame);
  const bright = real.reduce((sum, side) => sum + side.brightInside * side.length, 0);
  const dark = real.reduce((sum, side) => sum + side.darkInside * side.length, 0);
  const size = Math.sqrt(areaOf(corners));
  const area = areaOf(corners) / (width * height);
  const strips = measureStrips(corners, photo, size);
  const patch = measurePatch(corners, photo);
  return [
    seen[0]!,
    seen[1]!,
    seen.reduce((sum, value) => sum + value, 0) / seen.length,
    bright + dark > 0 ? Math.abs(bright - dark) / (bright + dark) : 0,
    bright + dark > 0 ? dark / (bright + dark) : 0,
    area,
    Math.sqrt(area),
    overshoot(quad),
    ...strips,
    ...patch,
    ...shapeOf(corners),
    sides.filter(({ line }) => line.isFrame).length / sides.length,
    offCentre(corners, width, height),
  ];
}

/** |ln| of width over height: beyond 2.1 : 1 it is a label, a menu or a strip of a pane, however it is tilted. */
const longestAspect = 0.75;
/** Standard deviation inside, 0..1: a label is flatter. */
const leastInsideSpread = 0.02;
const mostInsideWhite = 0.85;

/** Rules out what is as clearly bounded as a film and cannot be one. */
export function mayBeFilm(features: readonly number[]): boolean {
  const of = (name: (typeof quadFeatureNames)[number]): number => features[quadFeatureNames.indexOf(name)]!;
  return (
    of('aspect') <= longestAspect && of('insideSpread') >= leastInsideSpread && of('insideWhite') <= mostInsideWhite
  );
}

/** Mean edge strength on the lines just beyond the corners: the sides of a film end there, those of its surroundings do not. */
function overshoot({ sides }: Quad): number {
  let sum = 0;
  for (const { line, from, to, length } of sides) {
    const reach = overshootShare * length;
    const forward = to > from ? reach : -reach;
    for (const [a, b] of [
      [to, to + forward],
      [from - forward, from],
    ] as const) {
      const [ahead, behind] = supportBetween(line, a, b);
      sum += Math.max(ahead, behind) / Math.max(1, reach);
    }
  }
  return Math.min(1, sum / (2 * sides.length));
}

/** contrast, leastContrast, outsideBrighter, outsideEven, outsideTone */
function measureStrips(corners: Corners, photo: SmallPhoto, size: number): readonly number[] {
  const offset = Math.max(1.5, stripShare * size);
  const contrasts: number[] = [];
  let brighter = 0;
  let evenness = 0;
  let tone = 0;
  for (let index = 0; index < corners.length; index += 1) {
    const from = corners[index]!;
    const to = corners[(index + 1) % corners.length]!;
    const length = Math.max(1, Math.hypot(to.x - from.x, to.y - from.y));
    // Clockwise on the screen: the outside lies to the left of the way.
    const [outX, outY] = [(to.y - from.y) / length, -(to.x - from.x) / length];
    let difference = 0;
    let sum = 0;
    let squares = 0;
    for (let point = 0; point < stripPoints; point += 1) {
      const share = (point + 1 / 2) / stripPoints;
      const x = from.x + share * (to.x - from.x);
      const y = from.y + share * (to.y - from.y);
      const inside = pixelAt(photo, x - offset * outX, y - offset * outY);
      const outside = pixelAt(photo, x + offset * outX, y + offset * outY);
      difference += largestStep(photo, inside, outside);
      const value = luma(photo, outside) / white;
      sum += value;
      squares += value * value;
    }
    const mean = sum / stripPoints;
    contrasts.push(Math.abs(difference) / stripPoints);
    brighter += difference / stripPoints / corners.length;
    evenness += Math.sqrt(Math.max(0, squares / stripPoints - mean * mean)) / corners.length;
    tone += mean / corners.length;
  }
  return [
    contrasts.reduce((sum, value) => sum + value, 0) / contrasts.length,
    Math.min(...contrasts),
    (brighter + 1) / 2,
    evenness,
    tone,
  ];
}

/** insideSpread, insideChroma, insideChromaSpread, chest, insideWhite */
function measurePatch(corners: Corners, photo: SmallPhoto): readonly number[] {
  const { side, leftHalves } = meanChest;
  const map = homographyFromUnitSquare(corners);
  const count = side * side;
  const fine = 2;
  let [sum, squares, products, chroma, chromaSquares, whites] = [0, 0, 0, 0, 0, 0];
  for (let row = 0; row < side; row += 1) {
    for (let column = 0; column < side; column += 1) {
      const expected = leftHalves[row]![column < side / 2 ? column : side - 1 - column]! / 100;
      let value = 0;
      let tint = 0;
      for (let part = 0; part < fine * fine; part += 1) {
        const u = (column + ((part % fine) + 1 / 2) / fine) / side;
        const v = (row + (Math.floor(part / fine) + 1 / 2) / fine) / side;
        // As applyHomography, with nothing allocated: a hundred thousand places a photograph.
        const scale = map[6]! * u + map[7]! * v + map[8]!;
        const x = (map[0]! * u + map[1]! * v + map[2]!) / scale;
        const at = pixelAt(photo, x, (map[3]! * u + map[4]! * v + map[5]!) / scale);
        value += luma(photo, at) / white;
        const r = photo.red[at]!;
        const g = photo.green[at]!;
        const b = photo.blue[at]!;
        tint += (Math.max(r, g, b) - Math.min(r, g, b)) / white;
      }
      value /= fine * fine;
      tint /= fine * fine;
      sum += value;
      squares += value * value;
      products += value * expected;
      chroma += tint;
      chromaSquares += tint * tint;
      if (value > nearlyWhite) whites += 1;
    }
  }
  const mean = sum / count;
  const spread = Math.sqrt(Math.max(0, squares / count - mean * mean));
  const meanTint = chroma / count;
  const leastSpread = 0.01;
  return [
    spread,
    meanTint,
    Math.sqrt(Math.max(0, chromaSquares / count - meanTint * meanTint)),
    products / count / Math.max(leastSpread, spread),
    whites / count,
  ];
}

/** skew (largest cosine at a corner), unequalSides, aspect (|ln|) */
function shapeOf(corners: Corners): readonly number[] {
  const vectors = corners.map((from, index) => {
    const to = corners[(index + 1) % corners.length]!;
    return { x: to.x - from.x, y: to.y - from.y, length: Math.hypot(to.x - from.x, to.y - from.y) };
  });
  let skew = 0;
  for (let index = 0; index < vectors.length; index += 1) {
    const a = vectors[index]!;
    const b = vectors[(index + 1) % vectors.length]!;
    skew = Math.max(skew, Math.abs(a.x * b.x + a.y * b.y) / (a.length * b.length));
  }
  const [top, right, bottom, left] = vectors.map(({ length }) => length) as [number, number, number, number];
  const unequal = Math.abs(Math.log(top / bottom)) + Math.abs(Math.log(left / right));
  return [skew, unequal, Math.abs(Math.log((top + bottom) / (left + right)))];
}

function offCentre(corners: Corners, width: number, height: number): number {
  const mean = (of: (point: PhotoPoint) => number): number => corners.reduce((sum, point) => sum + of(point), 0) / 4;
  return (
    Math.hypot(mean(({ x }) => x) - (width - 1) / 2, mean(({ y }) => y) - (height - 1) / 2) / Math.hypot(width, height)
  );
}

function pixelAt({ width, height }: SmallPhoto, x: number, y: number): number {
  const column = Math.min(width - 1, Math.max(0, Math.round(x)));
  const row = Math.min(height - 1, Math.max(0, Math.round(y)));
  return row * width + column;
}

/** From one pixel to another, of the channel where it is largest, −1..1. */
function largestStep({ red, green, blue }: SmallPhoto, from: number, to: number): number {
  const [r, g, b] = [red[to]! - red[from]!, green[to]! - green[from]!, blue[to]! - blue[from]!];
  const most = Math.abs(g) > Math.abs(r) ? g : r;
  return (Math.abs(b) > Math.abs(most) ? b : most) / white;
}

/** ITU-R BT.601. */
function luma({ red, green, blue }: SmallPhoto, at: number): number {
  return luma601(red[at]!, green[at]!, blue[at]!);
}
