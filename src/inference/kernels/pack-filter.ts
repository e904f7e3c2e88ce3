/** Filters as the kernels read them. All sizes are counts of numbers. */

/** Channels in a panel: what a tile of the product makes at once (./assembly/gemm-tile.ts). */
export const panelColumns = 8;

export function roundUp(count: number, multiple: number): number {
  return Math.ceil(count / multiple) * multiple;
}

/**
 * [depth][columns] → [columns / 8][depth][8], the last panel filled up with zeros.
 * @param to where to write, of length roundUp(columns, 8) · depth
 */
export function packPanels(filter: Float32Array, depth: number, columns: number, to: Float32Array): void {
  let at = 0;
  for (let first = 0; first < columns; first += panelColumns) {
    const count = Math.min(panelColumns, columns - first);
    for (let row = 0; row < depth; row += 1, at += panelColumns) {
      const from = row * columns + first;
      for (let column = 0; column < count; column += 1) to[at + column] = filter[from + column]!;
      for (let column = count; column < panelColumns; column += 1) to[at + column] = 0;
    }
  }
}

/** Side of the square of outputs that a tile of Winograd's makes. */
export type WinogradSide = 2 | 4;

/** G of F(2×2, 3×3) and F(4×4, 3×3) (Lavin & Gray, arXiv 1509.09308, eq. 5 and §4.3). */
const filterTransforms: Readonly<Record<WinogradSide, readonly (readonly [number, number, number])[]>> = {
  2: [
    [1, 0, 0],
    [1 / 2, 1 / 2, 1 / 2],
    [1 / 2, -1 / 2, 1 / 2],
    [0, 0, 1],
  ],
  4: [
    [1 / 4, 0, 0],
    [-1 / 6, -1 / 6, -1 / 6],
    [-1 / 6, 1 / 6, -1 / 6],
    [1 / 24, 1 / 12, 1 / 6],
    [1 / 24, -1 / 12, 1 / 6],
    [0, 0, 1],
  ],
};
const filterSide = 3;

/** Places of the patch that a tile reads: two pixels larger than what it makes. */
export function winogradPlaces(side: WinogradSide): number {
  return (side + filterSide - 1) ** 2;
}

/** to = Σ factors · parts, number by number. */
function combine(
  [first, second, third]: readonly [number, number, number],
  [one, two, three]: readonly [Float32Array, Float32Array, Float32Array],
  to: Float32Array,
): void {
  for (let index = 0; index < to.length; index += 1) {
    to[index] = first * one[index]! + second * two[index]! + third * three[index]!;
  }
}

/**
 * G g Gᵀ of a 3×3 filter [3][3][depth][columns], as packed matrices [places][columns / 8][depth][8].
 * @param to of length places · roundUp(columns, 8) · depth
 */
export function packWinograd(
  filter: Float32Array,
  depth: number,
  columns: number,
  side: WinogradSide,
  to: Float32Array,
): void {
  const count = depth * columns;
  const placeLength = roundUp(columns, panelColumns) * depth;
  const tap = (row: number, column: number): Float32Array => {
    const start = (row * filterSide + column) * count;
    return filter.subarray(start, start + count);
  };
  const left = [0, 1, 2].map(() => new Float32Array(count)) as [Float32Array, Float32Array, Float32Array];
  const both = new Float32Array(count);
  let place = 0;
  for (const rowFactors of filterTransforms[side]) {
    // One row of G g, then all of its products with Gᵀ.
    left.forEach((column, index) => combine(rowFactors, [tap(0, index), tap(1, index), tap(2, index)], column));
    for (const columnFactors of filterTransforms[side]) {
      combine(columnFactors, left, both);
      packPanels(both, depth, columns, to.subarray(place * placeLength, (place + 1) * placeLength));
      place += 1;
    }
  }
}

const depthwiseTaps = 9;
const laneCount = 4;
/** Nine weights and the bias, four channels together. */
export const depthwiseVectors = depthwiseTaps + 1;

/**
 * [3][3][channels] and [channels] → [channels / 4][10][4], channels filled up with zeros.
 * @param to of length 10 · roundUp(channels, 4)
 */
export function packDepthwise(
  filter: Float32Array,
  bias: Float32Array | undefined,
  channels: number,
  to: Float32Array,
): void {
  to.fill(0);
  for (let channel = 0; channel < channels; channel += 1) {
    const lane = channel % laneCount;
    const at = (channel - lane) * depthwiseVectors + lane;
    for (let tap = 0; tap < depthwiseTaps; tap += 1) to[at + tap * laneCount] = filter[tap * channels + channel]!;
    to[at + depthwiseTaps * laneCount] = bias?.[channel] ?? 0;
  }
}
