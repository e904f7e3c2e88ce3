/**
 * 3×3 convolution of stride 1 by Winograd's minimal filtering (Lavin & Gray, arXiv 1509.09308, §4). A tile is a patch of
 * the input d, two pixels larger than the square of outputs that it makes:
 *
 *   Y = Aᵀ [ (G g Gᵀ) ⊙ (Bᵀ d B) ] A
 *
 * summed over input channels inside the brackets, which makes it one matrix product for each place of the patch. The
 * filters G g Gᵀ are made on the host (../pack-filter.ts). Tiles go in groups, so that a group's patches stay in the
 * second-level cache.
 */

import {
  ADDRESS_BYTES, ROWS, fullTilesFor, multiplyRows, setInput, setOutput, tilesFor,
} from './gemm-tile';
import { FLOAT } from './lanes';
import { outputsOfFour, patchOfFour } from './winograd-four';
import { outputsOfTwo, patchOfTwo } from './winograd-two';
import { MapTask } from './map-task';

/** `input`: the first patch's top left pixel: in the border, one up and one to the left of the map. */
@unmanaged
class WinogradTask extends MapTask {
  /** Side of the square of outputs that a tile makes: 2 or 4. */
  tileSide: i32;
  /** Input channels, a multiple of 4. */
  depth: i32;
  /** Output channels, a multiple of 8. */
  columns: i32;
  /** [places][columns / 8][depth][8]; places = (tileSide + 2)² */
  weights: usize;
  /** [columns] */
  bias: usize;
  /** [columns] zeros: the products of single places have no bias, and begin where their row does. */
  zeros: usize;
  floor: f32;
  ceiling: f32;
  /** Tiles in a group. */
  groupTiles: i32;
  /** 704 bytes, then patches [places][groupTiles][depth], then products [places][groupTiles][columns]; 64 bytes after each place. */
  scratch: usize;
  /** From one thread's scratch to the next one's. */
  scratchBytes: i32;
}

/** In the scratch, behind the addresses of the product's rows: room for 36 vectors, then the patches. */
const HALF: usize = ADDRESS_BYTES;
const PATCHES: usize = 704;
/** Between places, which would else lie a multiple of 1 KB apart: in few sets of the first-level cache, evicting one another. */
const GAP: usize = 64;

/** products[patch][columns] = patches[patch][depth] · weights, for one place of the patches. */
function multiplyPlace(
  task: WinogradTask, addresses: usize, patches: usize, products: usize, weights: usize, count: i32,
): void {
  const floor = f32x4.splat(-Infinity);
  const ceiling = f32x4.splat(Infinity);
  const tiles = tilesFor(count);
  const fullTiles = fullTilesFor(count, tiles);
  let patch = 0;
  for (let tile = 0; tile < tiles; tile++) {
    const isFull = tile < fullTiles;
    const rows = isFull ? ROWS : ROWS - 1;
    for (let row = 0; row < rows; row++) {
      const index = min(patch + row, count - 1);
      setInput(addresses, row, patches + <usize>(index * task.depth) * FLOAT);
      setOutput(addresses, row, products + <usize>(index * task.columns) * FLOAT);
    }
    multiplyRows(
      addresses, isFull, <usize>task.columns * FLOAT, weights, task.zeros,
      1, task.zeros, task.depth, 0, floor, ceiling,
    );
    patch += rows;
  }
}

// @ts-ignore: decorator
@inline
function tilesAlong(length: i32, side: i32): i32 {
  return (length + side - 1) / side;
}

// @ts-ignore: decorator
@inline
function tilesOf(task: WinogradTask): i32 {
  return tilesAlong(task.width, task.tileSide) * tilesAlong(task.height, task.tileSide);
}

export function convolveWinograd(address: usize): void {
  winogradGroups(address, 0, winogradUnits(address), 0);
}

/** Groups of tiles: pieces of the work that threads may do in any order. */
export function winogradUnits(address: usize): i32 {
  const task = changetype<WinogradTask>(address);
  return tilesAlong(tilesOf(task), task.groupTiles);
}

export function winogradGroups(address: usize, firstGroup: i32, endGroup: i32, thread: i32): void {
  const task = changetype<WinogradTask>(address);
  const side = task.tileSide;
  const places = (side + 2) * (side + 2);
  const tilesAcross = tilesAlong(task.width, side);
  const tiles = min(tilesOf(task), endGroup * task.groupTiles);
  const scratch = task.scratch + <usize>(thread * task.scratchBytes);
  const depthBytes = <usize>task.depth * FLOAT;
  const columnBytes = <usize>task.columns * FLOAT;
  const patchPlaceBytes = <usize>task.groupTiles * depthBytes + GAP;
  const productPlaceBytes = <usize>task.groupTiles * columnBytes + GAP;
  const half = scratch + HALF;
  const patches = scratch + PATCHES;
  const products = patches + <usize>places * patchPlaceBytes;
  const placeWeightBytes = depthBytes * <usize>task.columns;
  const floor = f32x4.splat(task.floor);
  const ceiling = f32x4.splat(task.ceiling);
  for (let first = firstGroup * task.groupTiles; first < tiles; first += task.groupTiles) {
    const count = min(task.groupTiles, tiles - first);
    for (let index = 0; index < count; index++) {
      const y = ((first + index) / tilesAcross) * side;
      const x = ((first + index) % tilesAcross) * side;
      const input = task.input + <usize>(y * task.inputRowBytes + x * task.inputPixelBytes);
      const to = patches + <usize>index * depthBytes;
      if (side == 4) patchOfFour(input, task.inputRowBytes, task.inputPixelBytes, to, patchPlaceBytes, depthBytes, half);
      else patchOfTwo(input, task.inputRowBytes, task.inputPixelBytes, to, patchPlaceBytes, depthBytes, half);
    }
    for (let place = 0; place < places; place++) {
      multiplyPlace(
        task,
        scratch,
        patches + <usize>place * patchPlaceBytes,
        products + <usize>place * productPlaceBytes,
        task.weights + <usize>place * placeWeightBytes,
        count,
      );
    }
    for (let index = 0; index < count; index++) {
      const y = ((first + index) / tilesAcross) * side;
      const x = ((first + index) % tilesAcross) * side;
      const output = task.output + <usize>(y * task.outputRowBytes + x * task.outputPixelBytes);
      const from = products + <usize>index * columnBytes;
      // A map whose size is no multiple of the tile's ends within its last tiles.
      const rows = min(side, task.height - y);
      const columns = min(side, task.width - x);
      if (side == 4) {
        outputsOfFour(
          from, productPlaceBytes, output, task.outputRowBytes, task.outputPixelBytes, columnBytes,
          task.bias, rows, columns, floor, ceiling, half,
        );
      } else {
        outputsOfTwo(
          from, productPlaceBytes, output, task.outputRowBytes, task.outputPixelBytes, columnBytes,
          task.bias, rows, columns, floor, ceiling, half,
        );
      }
    }
  }
}
