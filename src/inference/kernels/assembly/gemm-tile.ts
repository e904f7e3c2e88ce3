/**
 * The one inner loop: ROWS output pixels × 8 output channels, kept in registers while it walks the depth.
 *
 * V8 has 16 vector registers and keeps one for itself. A fused multiply-add takes its three operands from registers, so
 * 6 × 8 needs 12 accumulators + 2 of weights + 1 of input = 15. Without fusion the product needs one more: 5 × 8 fits.
 * The tile is a function of its own, with accumulators in named locals and a loop unrolled by two by hand: anything else
 * makes V8 spill (docs/decisions/0017-own-kernels.md).
 */

import { FLOAT, atLeast, atMost, multiplyAdd } from './lanes';

/** Rows of the output that one tile makes; a short one makes one less. */
export const ROWS: i32 = ASC_FEATURE_RELAXED_SIMD ? 6 : 5;

/** Kinds of tiles, for the compiler: one function is compiled for each. */
@unmanaged
class FullTile { _: u16; }
@unmanaged
class ShortTile { _: u8; }

/** Rows of a kind of tile, known to the compiler: what is not in a tile costs nothing. */
// @ts-ignore: decorator
@inline
function rowsOf<Tile>(): i32 {
  return offsetof<Tile>() == offsetof<FullTile>() ? ROWS : ROWS - 1;
}

/** Channels of the output that one tile makes; weights are packed in panels of as many. */
export const COLUMNS: i32 = 8;

/** Where a tile's rows begin: three lists of absolute addresses, one behind the other. */
const LIST: usize = 8 * sizeof<usize>();
const INPUTS: usize = 0;
const OUTPUTS: usize = LIST;
const RESIDUALS: usize = 2 * LIST;
/** Bytes that a caller provides for the three lists. */
export const ADDRESS_BYTES: usize = 3 * LIST;

// @ts-ignore: decorator
@inline
export function setInput(addresses: usize, row: i32, address: usize): void {
  store<usize>(addresses + ((<usize>row) << 2), address, INPUTS);
}

// @ts-ignore: decorator
@inline
export function setOutput(addresses: usize, row: i32, address: usize): void {
  store<usize>(addresses + ((<usize>row) << 2), address, OUTPUTS);
}

// @ts-ignore: decorator
@inline
export function setResidual(addresses: usize, row: i32, address: usize): void {
  store<usize>(addresses + ((<usize>row) << 2), address, RESIDUALS);
}

// @ts-ignore: decorator
@inline
function inputOf(addresses: usize, row: usize, offset: usize): usize {
  return load<usize>(addresses + row * sizeof<usize>(), INPUTS) + offset;
}

// @ts-ignore: decorator
@inline
function residualOf(addresses: usize, row: usize, column: usize): usize {
  return load<usize>(addresses + row * sizeof<usize>(), RESIDUALS) + column;
}

// @ts-ignore: decorator
@inline
function storeRow(addresses: usize, row: usize, column: usize, low: v128, high: v128, floor: v128, ceiling: v128): void {
  const output = load<usize>(addresses + row * sizeof<usize>(), OUTPUTS) + column;
  v128.store(output, atMost(atLeast(low, floor), ceiling));
  v128.store(output, atMost(atLeast(high, floor), ceiling), 16);
}

/**
 * output[row][0..8] = clamp(bias + residual[row] + Σ over segments, Σ over depth: input[row][segment + k] · weights[segment][k])
 *
 * @param addresses where the rows begin, see `setInput`; residuals are read where `hasResidual` is not 0
 * @param column bytes to add to each output and residual address
 * @param weights one panel, [segments][depth][8]
 * @param bias 8 numbers
 * @param segments runs of contiguous inputs: 1 for a 1×1 convolution, 3 for the rows of a 3×3 one
 * @param segmentOffsets int32 bytes to add to each input address, one a segment
 * @param depth inputs in one segment
 */
function multiplyTile<Tile>(
  addresses: usize,
  column: usize,
  weights: usize,
  bias: usize,
  segments: i32,
  segmentOffsets: usize,
  depth: i32,
  hasResidual: usize,
  floor: v128,
  ceiling: v128,
): void {
  let low = v128.load(bias);
  let high = v128.load(bias, 16);
  let low0 = low, low1 = low, low2 = low, low3 = low, low4 = low, low5 = low;
  let high0 = high, high1 = high, high2 = high, high3 = high, high4 = high, high5 = high;
  if (hasResidual) {
    let from = residualOf(addresses, 0, column);
    low0 = f32x4.add(low, v128.load(from)); high0 = f32x4.add(high, v128.load(from, 16));
    from = residualOf(addresses, 1, column);
    low1 = f32x4.add(low, v128.load(from)); high1 = f32x4.add(high, v128.load(from, 16));
    from = residualOf(addresses, 2, column);
    low2 = f32x4.add(low, v128.load(from)); high2 = f32x4.add(high, v128.load(from, 16));
    from = residualOf(addresses, 3, column);
    low3 = f32x4.add(low, v128.load(from)); high3 = f32x4.add(high, v128.load(from, 16));
    if (rowsOf<Tile>() > 4) {
      from = residualOf(addresses, 4, column);
      low4 = f32x4.add(low, v128.load(from)); high4 = f32x4.add(high, v128.load(from, 16));
    }
    if (rowsOf<Tile>() > 5) {
      from = residualOf(addresses, 5, column);
      low5 = f32x4.add(low, v128.load(from)); high5 = f32x4.add(high, v128.load(from, 16));
    }
  }
  do {
    const offset = <usize>load<i32>(segmentOffsets);
    let row0 = inputOf(addresses, 0, offset), row1 = inputOf(addresses, 1, offset), row2 = inputOf(addresses, 2, offset);
    let row3 = inputOf(addresses, 3, offset);
    let row4: usize = 0, row5: usize = 0;
    if (rowsOf<Tile>() > 4) row4 = inputOf(addresses, 4, offset);
    if (rowsOf<Tile>() > 5) row5 = inputOf(addresses, 5, offset);
    let pairs = depth >> 1;
    if (pairs) {
      do {
        low = v128.load(weights); high = v128.load(weights, 16);
        let x = v128.load32_splat(row0); low0 = multiplyAdd(low0, x, low); high0 = multiplyAdd(high0, x, high);
        x = v128.load32_splat(row1); low1 = multiplyAdd(low1, x, low); high1 = multiplyAdd(high1, x, high);
        x = v128.load32_splat(row2); low2 = multiplyAdd(low2, x, low); high2 = multiplyAdd(high2, x, high);
        x = v128.load32_splat(row3); low3 = multiplyAdd(low3, x, low); high3 = multiplyAdd(high3, x, high);
        if (rowsOf<Tile>() > 4) {
          x = v128.load32_splat(row4); low4 = multiplyAdd(low4, x, low); high4 = multiplyAdd(high4, x, high);
        }
        if (rowsOf<Tile>() > 5) {
          x = v128.load32_splat(row5); low5 = multiplyAdd(low5, x, low); high5 = multiplyAdd(high5, x, high);
        }
        low = v128.load(weights, 32); high = v128.load(weights, 48);
        x = v128.load32_splat(row0, 4); low0 = multiplyAdd(low0, x, low); high0 = multiplyAdd(high0, x, high);
        x = v128.load32_splat(row1, 4); low1 = multiplyAdd(low1, x, low); high1 = multiplyAdd(high1, x, high);
        x = v128.load32_splat(row2, 4); low2 = multiplyAdd(low2, x, low); high2 = multiplyAdd(high2, x, high);
        x = v128.load32_splat(row3, 4); low3 = multiplyAdd(low3, x, low); high3 = multiplyAdd(high3, x, high);
        if (rowsOf<Tile>() > 4) {
          x = v128.load32_splat(row4, 4); low4 = multiplyAdd(low4, x, low); high4 = multiplyAdd(high4, x, high);
        }
        if (rowsOf<Tile>() > 5) {
          x = v128.load32_splat(row5, 4); low5 = multiplyAdd(low5, x, low); high5 = multiplyAdd(high5, x, high);
        }
        row0 += 2 * FLOAT; row1 += 2 * FLOAT; row2 += 2 * FLOAT; row3 += 2 * FLOAT;
        if (rowsOf<Tile>() > 4) row4 += 2 * FLOAT;
        if (rowsOf<Tile>() > 5) row5 += 2 * FLOAT;
        weights += 2 * COLUMNS * FLOAT;
      } while (--pairs);
    }
    if (depth & 1) {
      low = v128.load(weights); high = v128.load(weights, 16);
      let x = v128.load32_splat(row0); low0 = multiplyAdd(low0, x, low); high0 = multiplyAdd(high0, x, high);
      x = v128.load32_splat(row1); low1 = multiplyAdd(low1, x, low); high1 = multiplyAdd(high1, x, high);
      x = v128.load32_splat(row2); low2 = multiplyAdd(low2, x, low); high2 = multiplyAdd(high2, x, high);
      x = v128.load32_splat(row3); low3 = multiplyAdd(low3, x, low); high3 = multiplyAdd(high3, x, high);
      if (rowsOf<Tile>() > 4) {
        x = v128.load32_splat(row4); low4 = multiplyAdd(low4, x, low); high4 = multiplyAdd(high4, x, high);
      }
      if (rowsOf<Tile>() > 5) {
        x = v128.load32_splat(row5); low5 = multiplyAdd(low5, x, low); high5 = multiplyAdd(high5, x, high);
      }
      weights += COLUMNS * FLOAT;
    }
    segmentOffsets += sizeof<i32>();
  } while (--segments);
  storeRow(addresses, 0, column, low0, high0, floor, ceiling);
  storeRow(addresses, 1, column, low1, high1, floor, ceiling);
  storeRow(addresses, 2, column, low2, high2, floor, ceiling);
  storeRow(addresses, 3, column, low3, high3, floor, ceiling);
  if (rowsOf<Tile>() > 4) storeRow(addresses, 4, column, low4, high4, floor, ceiling);
  if (rowsOf<Tile>() > 5) storeRow(addresses, 5, column, low5, high5, floor, ceiling);
}

/** Into how many tiles `rows` go. */
// @ts-ignore: decorator
@inline
export function tilesFor(rows: i32): i32 {
  return (rows + ROWS - 1) / ROWS;
}

/**
 * How many of them are full, so that no row is made twice where that can be: 49 rows are four tiles of six and five of
 * five, not nine of six.
 */
// @ts-ignore: decorator
@inline
export function fullTilesFor(rows: i32, tiles: i32): i32 {
  return max(0, rows - tiles * (ROWS - 1));
}

/**
 * All output channels of one tile's rows.
 *
 * @param isFull whether the tile has `ROWS` rows or one less
 * @param columnBytes bytes of all output channels, a multiple of 32
 * @param weights panels, [columns / 8][segments][depth][8]
 */
export function multiplyRows(
  addresses: usize, isFull: bool, columnBytes: usize, weights: usize, bias: usize,
  segments: i32, segmentOffsets: usize, depth: i32, hasResidual: usize, floor: v128, ceiling: v128,
): void {
  const panelBytes = <usize>(segments * depth * COLUMNS) * FLOAT;
  for (let column: usize = 0; column < columnBytes; column += COLUMNS * FLOAT) {
    if (isFull) {
      multiplyTile<FullTile>(
        addresses, column, weights, bias + column, segments, segmentOffsets, depth, hasResidual, floor, ceiling,
      );
    } else {
      multiplyTile<ShortTile>(
        addresses, column, weights, bias + column, segments, segmentOffsets, depth, hasResidual, floor, ceiling,
      );
    }
    weights += panelBytes;
  }
}
