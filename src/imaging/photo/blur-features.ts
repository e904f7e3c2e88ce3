/** What is measured of a rectified film to tell how sharp it is; the weights that make a blur of it are in photo-blur.ts. */

import type { GrayPixels } from '../network-input.ts';
import { resizeArea } from '../resize.ts';

/** Short side at which it is measured, pixels: below lies only noise, and any film that can be read has it. */
const blurSide = 512;
/** Gaussians under which gradients are taken, σ in pixels: the finest calms grain and compression. */
const scales = [0.7, 1.5, 3.3] as const;
/** Margin that is left out, share of the short side: the film's own edge is not the picture's. */
const margin = 0.05;
/** Shares of the picture that count as its strongest edges, and which of their spreads are told. */
const edgeSpreads = [
  { edges: 0.003, percentile: 0.1 },
  { edges: 0.003, percentile: 0.5 },
  { edges: 0.01, percentile: 0.1 },
] as const;
const fewestEdges = 20;
/** A gradient this much steeper along one axis is an edge across that axis. */
const oneAxis = 1.7;
const steepPercentile = 0.99;
const bins = 8192;
/** Added before a logarithm is taken: far below one of 255. */
const toe = 1e-5;

/**
 * Names of `blurFeatures`, in their order. A hand's streak blurs the edges across it and no other, so the two axes are measured each
 * by itself, and told is the larger and the smaller.
 */
export const blurFeatureNames = [
  ...scales.flatMap((sigma) =>
    ['median', 'steep'].flatMap((what) => [`${what}${sigma}Larger`, `${what}${sigma}Smaller`]),
  ),
  ...edgeSpreads.flatMap(({ edges, percentile }) =>
    ['Larger', 'Smaller'].map((which) => `spread${edges}At${percentile}${which}`),
  ),
  'spreadOfAll',
  'side',
  'noise',
  'contrast',
] as const;

/** Logarithms of all: a blur multiplies. */
export function blurFeatures({ width, height, data }: GrayPixels): readonly number[] {
  const scale = Math.min(1, blurSide / Math.min(width, height));
  const [w, h] = [Math.max(1, Math.round(width * scale)), Math.max(1, Math.round(height * scale))];
  const small = resizeArea(data, width, height, w, h);
  const area = innerArea(w, h);
  const found: number[] = [];
  const gradients: Gradients[] = [];
  let [calm, before] = [small, 0];
  for (const sigma of scales) {
    calm = gaussian(calm, w, h, Math.sqrt(sigma ** 2 - before ** 2));
    before = sigma;
    const of = gradientsInside(calm, w, area);
    gradients.push(of);
    for (const share of [1 / 2, steepPercentile]) {
      const pair = [quantile(of.across, share), quantile(of.down, share)] as const;
      found.push(logarithm(Math.max(...pair)), logarithm(Math.min(...pair)));
    }
  }
  const [fine, coarse] = gradients as [Gradients, Gradients];
  const side = Math.min(w, h);
  for (const { edges, percentile } of edgeSpreads) {
    const pair = (['across', 'down'] as const).map(
      (axis) => spreadOf(fine, coarse, edges / 2, percentile, axis) / side,
    );
    found.push(logarithm(Math.max(...pair)), logarithm(Math.min(...pair)));
  }
  const [{ edges, percentile }] = edgeSpreads;
  found.push(logarithm(spreadOf(fine, coarse, edges, percentile) / side));
  found.push(Math.log(side / blurSide), logarithm(noiseOf(small, w, area)), logarithm(contrastOf(small, w, area)));
  return found;
}

function logarithm(value: number): number {
  return Math.log(value + toe);
}

interface Area {
  readonly left: number;
  readonly top: number;
  /** One beyond the last. */
  readonly right: number;
  readonly bottom: number;
}

function innerArea(width: number, height: number): Area {
  const edge = Math.floor(margin * Math.min(width, height)) + 1;
  return { left: edge, top: edge, right: Math.max(edge, width - edge), bottom: Math.max(edge, height - edge) };
}

/** Absolute derivatives along both axes at the places of an area, 0..1 a pixel. */
interface Gradients {
  readonly across: Float32Array;
  readonly down: Float32Array;
}

function gradientsInside(values: Float32Array, width: number, { left, top, right, bottom }: Area): Gradients {
  const size = (right - left) * (bottom - top);
  const [across, down] = [new Float32Array(size), new Float32Array(size)];
  for (let y = top, to = 0; y < bottom; y += 1) {
    for (let at = y * width + left; at < y * width + right; at += 1, to += 1) {
      across[to] = Math.abs(values[at + 1]! - values[at - 1]!) / 2;
      down[to] = Math.abs(values[at + width]! - values[at - width]!) / 2;
    }
  }
  return { across, down };
}

/** The value below which a share of the values lie, to a bin; 0 of none. */
function quantile(values: Float32Array, share: number): number {
  let most = 0;
  const size = values.length;
  // By index: twenty times 300,000 values, on which an iterator costs half of the time.
  for (let at = 0; at < size; at += 1) if (values[at]! > most) most = values[at]!;
  if (most === 0) return 0;
  const counts = new Uint32Array(bins);
  for (let at = 0; at < size; at += 1) {
    const bin = (((bins - 1) * values[at]!) / most) | 0;
    counts[bin] = counts[bin]! + 1;
  }
  let [bin, below] = [0, counts[0]!];
  while (below < share * size && bin + 1 < bins) below += counts[(bin += 1)]!;
  return ((bin + 1 / 2) * most) / (bins - 1);
}

/**
 * An edge spread by σ, blurred by σ₁ more, loses steepness by r = σ / √(σ² + σ₁²) (Zhuo & Sim 2011, Pattern Recognition
 * 44, eq. 6): so σ = σ₁ · r / √(1 − r²). Told is a percentile over the strongest edges.
 *
 * @param axis of edges that are counted; all where it is left out
 * @returns pixels
 */
function spreadOf(
  fine: Gradients,
  coarse: Gradients,
  edges: number,
  percentile: number,
  axis?: keyof Gradients,
): number {
  const size = fine.across.length;
  const steep = new Float32Array(size);
  let counted = 0;
  for (let at = 0; at < size; at += 1) {
    const [across, down] = [fine.across[at]!, fine.down[at]!];
    const isCounted = axis === undefined || (axis === 'across' ? across > oneAxis * down : down > oneAxis * across);
    if (!isCounted) continue;
    steep[at] = length(across, down);
    counted += 1;
  }
  const wanted = Math.min(counted, Math.max(fewestEdges, Math.floor(size * edges)));
  if (wanted === 0) return 0;
  const least = quantile(steep, 1 - wanted / size);
  const added = Math.sqrt(scales[1] ** 2 - scales[0] ** 2);
  const spreads: number[] = [];
  for (let at = 0; at < size; at += 1) {
    if (steep[at]! < least || steep[at] === 0) continue;
    const ratio = Math.min(0.999, length(coarse.across[at]!, coarse.down[at]!) / steep[at]!);
    spreads.push((added * ratio) / Math.sqrt(1 - ratio * ratio));
  }
  spreads.sort((a, b) => a - b);
  return spreads[Math.floor(spreads.length * percentile)] ?? 0;
}

/** `Math.hypot` takes ten times as long, for ranges that no gradient has. */
function length(across: number, down: number): number {
  return Math.sqrt(across * across + down * down);
}

/** Grain and sensor noise from what a plane and an edge leave nothing of (Immerkær 1996, CVIU 64), by its median. */
function noiseOf(values: Float32Array, width: number, { left, top, right, bottom }: Area): number {
  const found = new Float32Array((right - left) * (bottom - top));
  for (let y = top, to = 0; y < bottom; y += 1) {
    for (let at = y * width + left; at < y * width + right; at += 1, to += 1) {
      const [up, down] = [at - width, at + width];
      const sides = values[at - 1]! + values[at + 1]! + values[up]! + values[down]!;
      const corners = values[up - 1]! + values[up + 1]! + values[down - 1]! + values[down + 1]!;
      found[to] = Math.abs(4 * values[at]! - 2 * sides + corners);
    }
  }
  // The mask's own weights multiply a noise's deviation by 6; a median is 0.6745 of that.
  return quantile(found, 1 / 2) / 6 / 0.6745;
}

function contrastOf(values: Float32Array, width: number, { left, top, right, bottom }: Area): number {
  let [sum, squares, count] = [0, 0, 0];
  for (let y = top; y < bottom; y += 1) {
    for (let at = y * width + left; at < y * width + right; at += 1) {
      sum += values[at]!;
      squares += values[at]! ** 2;
      count += 1;
    }
  }
  return count === 0 ? 0 : Math.sqrt(Math.max(0, squares / count - (sum / count) ** 2));
}

/** The edge of the picture is repeated. */
function gaussian(values: Float32Array, width: number, height: number, sigma: number): Float32Array<ArrayBuffer> {
  const reach = Math.ceil(3 * sigma);
  const kernel = Float64Array.from({ length: 2 * reach + 1 }, (_, k) =>
    Math.exp(-((k - reach) ** 2) / (2 * sigma ** 2)),
  );
  const total = kernel.reduce((sum, weight) => sum + weight, 0);
  const along = new Float32Array(values.length);
  const result = new Float32Array(values.length);
  const row = new Float32Array(width + 2 * reach);
  for (let y = 0; y < height; y += 1) {
    const line = values.subarray(y * width, (y + 1) * width);
    row.fill(line[0]!, 0, reach);
    row.set(line, reach);
    row.fill(line[width - 1]!, width + reach);
    const into = along.subarray(y * width, (y + 1) * width);
    for (let k = 0; k <= 2 * reach; k += 1) {
      const weight = kernel[k]! / total;
      for (let x = 0; x < width; x += 1) into[x] = into[x]! + weight * row[x + k]!;
    }
  }
  for (let y = 0; y < height; y += 1) {
    const into = result.subarray(y * width, (y + 1) * width);
    for (let k = -reach; k <= reach; k += 1) {
      const from = Math.min(height - 1, Math.max(0, y + k)) * width;
      const weight = kernel[k + reach]! / total;
      for (let x = 0; x < width; x += 1) into[x] = into[x]! + weight * along[from + x]!;
    }
  }
  return result;
}
