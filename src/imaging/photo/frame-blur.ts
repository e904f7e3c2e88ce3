import type { Corners } from '../../shared/analysis.ts';
import type { GrayPixels } from '../network-input.ts';

/** Standard deviation of the blur that is added, pixels. */
const addedBlur = 1.5;
const reach = Math.ceil(3 * addedBlur);
/** The strongest edges tell; the sharpest tenth of them is what focus and hand allowed. */
const strongEdges = 0.01;
const sharpestPart = 0.1;
/** Fewer edges than this tell nothing. */
const leastEdges = 20;
/** Margin that is left out on each side, share of the film: its own edge is not the picture's. */
const margin = 0.06;
const bins = 1024;

/**
 * Blur inside the corners by re-blurring (Zhuo & Sim 2011, Pattern Recognition 44, eq. 6), as `measurePhotoSigns` has it, made
 * for every frame of a camera: not rectified, and blurred anew only where the strongest edges are.
 *
 * @param grey a frame of some hundred pixels, 0..1
 * @param corners in its pixels
 * @returns standard deviation, pixels of `grey`; `undefined` where the film shows too few edges
 */
export function measureFrameBlur(grey: GrayPixels, corners: Corners): number | undefined {
  const { width, height } = grey;
  const calm = calmed(grey);
  const steep = new Float32Array(width * height);
  const histogram = new Uint32Array(bins);
  const spans = spansInside(corners, width, height);
  let steepest = 0;
  let count = 0;
  for (const { y, from, to } of spans) {
    for (let at = y * width + from; at < y * width + to; at += 1) {
      const value = Math.hypot(calm[at + 1]! - calm[at - 1]!, calm[at + width]! - calm[at - width]!);
      steep[at] = value;
      if (value > steepest) steepest = value;
    }
    count += to - from;
  }
  if (count * strongEdges < leastEdges || steepest === 0) return undefined;
  const toBin = (bins - 1) / steepest;
  for (const { y, from, to } of spans) {
    for (let at = y * width + from; at < y * width + to; at += 1) histogram[Math.floor(steep[at]! * toBin)]! += 1;
  }
  const least = strongest(histogram, count * strongEdges) / toBin;
  const spreads: number[] = [];
  for (const { y, from, to } of spans) {
    for (let at = y * width + from; at < y * width + to; at += 1) {
      if (steep[at]! < least) continue;
      const ratio = Math.min(0.999, blurredSteepness(calm, at, width) / steep[at]!);
      spreads.push((addedBlur * ratio) / Math.sqrt(1 - ratio * ratio));
    }
  }
  spreads.sort((a, b) => a - b);
  return spreads[Math.floor(spreads.length * sharpestPart)];
}

/** The lowest bin of those that hold the `wanted` greatest values. */
function strongest(histogram: Uint32Array, wanted: number): number {
  let seen = 0;
  let bin = histogram.length;
  while (bin > 0 && seen < wanted) seen += histogram[(bin -= 1)]!;
  return bin;
}

/** Grain and compression would be taken for sharp edges: a binomial of three, σ 0.7 pixels. */
function calmed({ width, height, data }: GrayPixels): Float32Array {
  const along = new Float32Array(data.length);
  const calm = new Float32Array(data.length);
  for (let at = 1; at + 1 < data.length; at += 1) along[at] = (data[at - 1]! + 2 * data[at]! + data[at + 1]!) / 4;
  for (let at = width; at < width * (height - 1); at += 1) {
    calm[at] = (along[at - width]! + 2 * along[at]! + along[at + width]!) / 4;
  }
  return calm;
}

const gauss = Float64Array.from({ length: 2 * reach + 1 }, (_, k) =>
  Math.exp(-((k - reach) ** 2) / (2 * addedBlur ** 2)),
);
const gaussSum = gauss.reduce((sum, weight) => sum + weight, 0);

/** Steepness at one place of what `calm` is after a Gauss of `addedBlur`. */
function blurredSteepness(calm: Float32Array, at: number, width: number): number {
  let [across, down] = [0, 0];
  for (let row = -reach; row <= reach; row += 1) {
    const start = at + row * width;
    let [rowAcross, rowDown] = [0, 0];
    for (let column = -reach; column <= reach; column += 1) {
      const weight = gauss[column + reach]!;
      const place = start + column;
      rowAcross += weight * (calm[place + 1]! - calm[place - 1]!);
      rowDown += weight * (calm[place + width]! - calm[place - width]!);
    }
    across += gauss[row + reach]! * rowAcross;
    down += gauss[row + reach]! * rowDown;
  }
  return Math.hypot(across, down) / gaussSum ** 2;
}

interface Span {
  readonly y: number;
  readonly from: number;
  /** One beyond the last. */
  readonly to: number;
}

/** The pixels inside the film's margin row by row, so far from the frame's edge that every place around them exists. */
function spansInside(corners: Corners, width: number, height: number): readonly Span[] {
  const centre = {
    x: corners.reduce((sum, { x }) => sum + x, 0) / corners.length,
    y: corners.reduce((sum, { y }) => sum + y, 0) / corners.length,
  };
  const shrunk = corners.map(({ x, y }) => ({
    x: x + 2 * margin * (centre.x - x),
    y: y + 2 * margin * (centre.y - y),
  }));
  const edge = reach + 2;
  const spans: Span[] = [];
  for (let y = edge; y < height - edge; y += 1) {
    let [left, right] = [Infinity, -Infinity];
    for (const [index, a] of shrunk.entries()) {
      const b = shrunk[(index + 1) % shrunk.length]!;
      if (a.y <= y === b.y <= y) continue;
      const x = a.x + ((y - a.y) / (b.y - a.y)) * (b.x - a.x);
      left = Math.min(left, x);
      right = Math.max(right, x);
    }
    const from = Math.max(edge, Math.ceil(left));
    const to = Math.min(width - edge, Math.floor(right) + 1);
    if (to > from) spans.push({ y, from, to });
  }
  return spans;
}
