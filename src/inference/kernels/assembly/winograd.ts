/**
 * 3×3 convolution of stride 1 by Winograd's F(2×2, 3×3): 16 multiplications where the direct way takes 36
 * (Lavin & Gray, arXiv 1509.09308, §4.1). A tile is a 4×4 patch of the input d and makes 2×2 outputs:
 *
 *   Y = Aᵀ [ (G g Gᵀ) ⊙ (Bᵀ d B) ] A
 *
 * summed over input channels inside the brackets, which makes it 16 matrix products, one a place of the patch. The filters
 * G g Gᵀ are made on the host (../winograd-weights.ts). Tiles go in groups, so that a group's patches stay in the
 * second-level cache.
 */

import { COLUMNS, ROWS, multiplyTile, setInput, setOutput } from './gemm-tile';
import { FLOAT, VECTOR, atLeast, atMost } from './lanes';

@unmanaged
class WinogradTask {
  /** Address of the first patch's top left pixel: in the border, one up and one to the left of the map. */
  input: usize;
  inputRowBytes: i32;
  inputPixelBytes: i32;
  output: usize;
  outputRowBytes: i32;
  outputPixelBytes: i32;
  height: i32;
  width: i32;
  /** Input channels, a multiple of 4. */
  depth: i32;
  /** Output channels, a multiple of 8. */
  columns: i32;
  /** [16][columns / 8][depth][8] */
  weights: usize;
  /** [columns] */
  bias: usize;
  floor: f32;
  ceiling: f32;
  /** Tiles in a group. */
  groupTiles: i32;
  /** 96 bytes of addresses, an int32 0, 12 bytes, 8 float32 zeros; then patches [16][groupTiles][depth]; then products [16][groupTiles][columns]. */
  scratch: usize;
}

/** Places of a 4×4 patch. */
const PLACES: i32 = 16;
const ZERO_OFFSET: usize = 96;
const ZERO_BIAS: usize = 112;
const PATCHES: usize = 144;

/** Bᵀ d B for one tile, all channels; the 16 results go `placeBytes` apart. */
function transformPatch(input: usize, rowBytes: usize, pixelBytes: usize, to: usize, placeBytes: usize, bytes: usize): void {
  for (let at: usize = 0; at < bytes; at += VECTOR) {
    // Column by column: Bᵀ d. Kept in the 16 places of the output, so that no more than a column is in registers.
    let from = input + at;
    let place = to + at;
    for (let x = 0; x < 4; x++) {
      const d0 = v128.load(from);
      const d1 = v128.load(from + rowBytes);
      const d2 = v128.load(from + 2 * rowBytes);
      const d3 = v128.load(from + 3 * rowBytes);
      v128.store(place, f32x4.sub(d0, d2));
      v128.store(place + 4 * placeBytes, f32x4.add(d1, d2));
      v128.store(place + 8 * placeBytes, f32x4.sub(d2, d1));
      v128.store(place + 12 * placeBytes, f32x4.sub(d1, d3));
      from += pixelBytes;
      place += placeBytes;
    }
    // Row by row: (Bᵀ d) B.
    place = to + at;
    for (let y = 0; y < 4; y++) {
      const t0 = v128.load(place);
      const t1 = v128.load(place + placeBytes);
      const t2 = v128.load(place + 2 * placeBytes);
      const t3 = v128.load(place + 3 * placeBytes);
      v128.store(place, f32x4.sub(t0, t2));
      v128.store(place + placeBytes, f32x4.add(t1, t2));
      v128.store(place + 2 * placeBytes, f32x4.sub(t2, t1));
      v128.store(place + 3 * placeBytes, f32x4.sub(t1, t3));
      place += 4 * placeBytes;
    }
  }
}

// @ts-ignore: decorator
@inline
function finish(output: usize, sum: v128, bias: v128, floor: v128, ceiling: v128): void {
  v128.store(output, atMost(atLeast(f32x4.add(sum, bias), floor), ceiling));
}

/** Aᵀ m A for one tile, all output channels; a map of odd size ends within its last tiles. */
function transformProducts(
  from: usize, placeBytes: usize, output: usize, rowBytes: usize, pixelBytes: usize, bytes: usize,
  bias: usize, hasRight: bool, hasBelow: bool, floor: v128, ceiling: v128,
): void {
  for (let at: usize = 0; at < bytes; at += VECTOR) {
    const row0 = from + at, row1 = row0 + 4 * placeBytes, row2 = row1 + 4 * placeBytes, row3 = row2 + 4 * placeBytes;
    // Aᵀ m, column by column: upper = m0 + m1 + m2, lower = m1 − m2 − m3; their columns are summed in the same way.
    let m1 = v128.load(row1), m2 = v128.load(row2);
    const upper0 = f32x4.add(f32x4.add(v128.load(row0), m1), m2);
    const lower0 = f32x4.sub(f32x4.sub(m1, m2), v128.load(row3));
    m1 = v128.load(row1 + placeBytes); m2 = v128.load(row2 + placeBytes);
    const upper1 = f32x4.add(f32x4.add(v128.load(row0 + placeBytes), m1), m2);
    const lower1 = f32x4.sub(f32x4.sub(m1, m2), v128.load(row3 + placeBytes));
    m1 = v128.load(row1 + 2 * placeBytes); m2 = v128.load(row2 + 2 * placeBytes);
    const upper2 = f32x4.add(f32x4.add(v128.load(row0 + 2 * placeBytes), m1), m2);
    const lower2 = f32x4.sub(f32x4.sub(m1, m2), v128.load(row3 + 2 * placeBytes));
    m1 = v128.load(row1 + 3 * placeBytes); m2 = v128.load(row2 + 3 * placeBytes);
    const upper3 = f32x4.add(f32x4.add(v128.load(row0 + 3 * placeBytes), m1), m2);
    const lower3 = f32x4.sub(f32x4.sub(m1, m2), v128.load(row3 + 3 * placeBytes));
    const shift = v128.load(bias + at);
    const to = output + at;
    finish(to, f32x4.add(f32x4.add(upper0, upper1), upper2), shift, floor, ceiling);
    if (hasRight) finish(to + pixelBytes, f32x4.sub(f32x4.sub(upper1, upper2), upper3), shift, floor, ceiling);
    if (!hasBelow) continue;
    finish(to + rowBytes, f32x4.add(f32x4.add(lower0, lower1), lower2), shift, floor, ceiling);
    if (hasRight) finish(to + rowBytes + pixelBytes, f32x4.sub(f32x4.sub(lower1, lower2), lower3), shift, floor, ceiling);
  }
}

/** products[tile][columns] = patches[tile][depth] · weights, for one place of the patch. */
function multiplyPlace(task: WinogradTask, patches: usize, products: usize, weights: usize, tiles: i32): void {
  const addresses = task.scratch;
  const floor = f32x4.splat(-Infinity);
  const ceiling = f32x4.splat(Infinity);
  const panelBytes = <usize>(task.depth * COLUMNS) * FLOAT;
  const columnBytes = <usize>task.columns * FLOAT;
  const lastTile = tiles - 1;
  for (let tile = 0; tile <= lastTile; tile += ROWS) {
    for (let row = 0; row < ROWS; row++) {
      const index = min(tile + row, lastTile);
      setInput(addresses, row, patches + <usize>(index * task.depth) * FLOAT);
      setOutput(addresses, row, products + <usize>(index * task.columns) * FLOAT);
    }
    let panel = weights;
    for (let column: usize = 0; column < columnBytes; column += COLUMNS * FLOAT) {
      multiplyTile(
        addresses, column, panel, task.scratch + ZERO_BIAS, 1, task.scratch + ZERO_OFFSET, task.depth, 0, floor, ceiling,
      );
      panel += panelBytes;
    }
  }
}

export function convolveWinograd(address: usize): void {
  const task = changetype<WinogradTask>(address);
  const tilesAcross = (task.width + 1) >> 1;
  const tiles = tilesAcross * ((task.height + 1) >> 1);
  const depthBytes = <usize>task.depth * FLOAT;
  const columnBytes = <usize>task.columns * FLOAT;
  const patchPlaceBytes = <usize>task.groupTiles * depthBytes;
  const productPlaceBytes = <usize>task.groupTiles * columnBytes;
  const patches = task.scratch + PATCHES;
  const products = patches + <usize>PLACES * patchPlaceBytes;
  const placeWeightBytes = depthBytes * <usize>task.columns;
  const floor = f32x4.splat(task.floor);
  const ceiling = f32x4.splat(task.ceiling);
  // Other tasks share the scratch.
  store<i32>(task.scratch, 0, ZERO_OFFSET);
  memory.fill(task.scratch + ZERO_BIAS, 0, <usize>COLUMNS * FLOAT);
  for (let first = 0; first < tiles; first += task.groupTiles) {
    const count = min(task.groupTiles, tiles - first);
    for (let index = 0; index < count; index++) {
      const y = ((first + index) / tilesAcross) << 1;
      const x = ((first + index) % tilesAcross) << 1;
      const input = task.input + <usize>(y * task.inputRowBytes + x * task.inputPixelBytes);
      const to = patches + <usize>index * depthBytes;
      transformPatch(input, task.inputRowBytes, task.inputPixelBytes, to, patchPlaceBytes, depthBytes);
    }
    for (let place = 0; place < PLACES; place++) {
      multiplyPlace(
        task,
        patches + <usize>place * patchPlaceBytes,
        products + <usize>place * productPlaceBytes,
        task.weights + <usize>place * placeWeightBytes,
        count,
      );
    }
    for (let index = 0; index < count; index++) {
      const y = ((first + index) / tilesAcross) << 1;
      const x = ((first + index) % tilesAcross) << 1;
      const output = task.output + <usize>(y * task.outputRowBytes + x * task.outputPixelBytes);
      transformProducts(
        products + <usize>index * columnBytes, productPlaceBytes, output, task.outputRowBytes, task.outputPixelBytes,
        columnBytes, task.bias, x + 1 < task.width, y + 1 < task.height, floor, ceiling,
      );
    }
  }
}
