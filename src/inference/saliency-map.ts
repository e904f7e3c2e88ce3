import type { FindingMap } from '../shared/analysis.ts';

/** Pixels of the network's input, along one side, that become one cell of the map. */
const cellPixels = 4;
/** Of the blur, in pixels: single pixels say nothing to people, and neighbours often have opposite signs. */
const blurDeviation = 4;
/** A blur's weights are looked at up to here, in deviations. */
const blurReach = 3;
/** This share of the cells is not stronger than what is drawn as the strongest: a few pixels must not dim all others. */
const strongestQuantile = 0.99;

/**
 * An input gradient as people can look at it: its magnitude (Simonyan et al., arXiv 1312.6034, §3.1), blurred, in cells, as a
 * share of the strongest.
 *
 * @param gradient row-major, height × width
 * @returns values 0..1; all 0 where the gradient is
 */
export function saliencyMap(gradient: Float32Array, width: number, height: number): FindingMap {
  const magnitude = gradient.map(Math.abs);
  const blurred = blurRows(transpose(blurRows(transpose(magnitude, width, height), height), height, width), width);
  const cells = inCells(blurred, width, height);
  const sorted = Float64Array.from(cells.values).sort();
  const strongest = sorted[Math.floor(strongestQuantile * (sorted.length - 1))] ?? 0;
  const values = cells.values.map((value) => (strongest > 0 ? Math.min(1, value / strongest) : 0));
  return { ...cells, values };
}

/** A Gaussian along the rows; edges repeat. */
function blurRows(values: Float32Array, width: number): Float32Array {
  const reach = Math.ceil(blurReach * blurDeviation);
  const weights = Array.from({ length: 2 * reach + 1 }, (_, at) =>
    Math.exp(-(((at - reach) / blurDeviation) ** 2) / 2),
  );
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return values.map((_, index) => {
    const start = index - (index % width);
    const x = index - start;
    let sum = 0;
    weights.forEach((weight, at) => {
      sum += weight * values[start + Math.min(width - 1, Math.max(0, x + at - reach))]!;
    });
    return sum / total;
  });
}

/** [height][width] → [width][height] */
function transpose(values: Float32Array, width: number, height: number): Float32Array {
  return values.map((_, index) => values[(index % height) * width + Math.floor(index / height)]!);
}

/** Means over squares; the last ones are smaller where the size is no multiple of theirs. */
function inCells(values: Float32Array, width: number, height: number): FindingMap {
  const across = Math.ceil(width / cellPixels);
  const down = Math.ceil(height / cellPixels);
  const sums = new Float64Array(across * down);
  const counts = new Float64Array(across * down);
  values.forEach((value, index) => {
    const row = Math.floor(Math.floor(index / width) / cellPixels);
    const cell = row * across + Math.floor((index % width) / cellPixels);
    sums[cell]! += value;
    counts[cell]! += 1;
  });
  return { width: across, height: down, values: Array.from(sums, (sum, cell) => sum / counts[cell]!) };
}
