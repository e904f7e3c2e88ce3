/**
 * Any convolution that is not dilated, as one matrix product without im2col: output pixel m reads runs of contiguous inputs
 * that begin at input + rowOffsets[m] + segmentOffsets[s]. A 1×1 convolution has one run a pixel, a 3×3 one three (the
 * rows of its window, each 3 pixels × channels long, in a map with a border of zeros).
 */

import {
  ADDRESS_BYTES, ROWS, fullTilesFor, multiplyRows, setInput, setOutput, setResidual, tilesFor,
} from './gemm-tile';
import { FLOAT, VECTOR, atLeast, zeros } from './lanes';

/** What to do; written once by the host (../kernel-tasks.ts names the same fields in the same order). */
@unmanaged
class ConvolveTask {
  /** Address that the offsets of the rows are added to. */
  input: usize;
  /** int32 bytes, one an output pixel. */
  inputOffsets: usize;
  output: usize;
  outputOffsets: usize;
  /** 0: nothing is added. Read at `outputOffsets` of its own. */
  residual: usize;
  residualOffsets: usize;
  /** Output pixels. */
  pixels: i32;
  /** Output channels, a multiple of 8. */
  columns: i32;
  /** [columns / 8][segments][depth][8] */
  weights: usize;
  /** [columns] */
  bias: usize;
  segments: i32;
  /** int32 bytes, one a segment. */
  segmentOffsets: usize;
  /** Contiguous inputs in one segment. */
  depth: i32;
  /** 0, or [depth]: inputs are first made max(0, input · scale + shift); for one segment whose depth is a multiple of 4. */
  normScale: usize;
  normShift: usize;
  floor: f32;
  ceiling: f32;
  /** Room for the addresses of a tile and, with a norm, for its rows: 96 + 6 · depth · 4 bytes. */
  scratch: usize;
  /** From one thread's scratch to the next one's. */
  scratchBytes: i32;
}

/** A row tile through batch norm and ReLU, once for all its output channels, into the first-level cache. */
function normalizeRows(addresses: usize, rows: i32, scale: usize, shift: usize, to: usize, depth: i32): void {
  const rowBytes = <usize>depth * FLOAT;
  for (let row = 0; row < rows; row++) {
    const from = load<usize>(addresses + ((<usize>row) << 2));
    for (let at: usize = 0; at < rowBytes; at += VECTOR) {
      // Not fused: the tile's own sums are what fusing is for, and so this step rounds alike in both builds.
      const moved = f32x4.add(f32x4.mul(v128.load(from + at), v128.load(scale + at)), v128.load(shift + at));
      v128.store(to + at, atLeast(moved, zeros()));
    }
    setInput(addresses, row, to);
    to += rowBytes;
  }
}

export function convolve(address: usize): void {
  convolveTiles(address, 0, convolveUnits(address), 0);
}

/** Tiles: pieces of the work that threads may do in any order. */
export function convolveUnits(address: usize): i32 {
  return tilesFor(changetype<ConvolveTask>(address).pixels);
}

export function convolveTiles(address: usize, first: i32, end: i32, thread: i32): void {
  const task = changetype<ConvolveTask>(address);
  const addresses = task.scratch + <usize>(thread * task.scratchBytes);
  const lastPixel = task.pixels - 1;
  const floor = f32x4.splat(task.floor);
  const ceiling = f32x4.splat(task.ceiling);
  const tiles = tilesFor(task.pixels);
  const fullTiles = fullTilesFor(task.pixels, tiles);
  // Full tiles come first.
  let pixel = first * ROWS - max(0, first - fullTiles);
  for (let tile = first; tile < end; tile++) {
    const isFull = tile < fullTiles;
    const rows = isFull ? ROWS : ROWS - 1;
    for (let row = 0; row < rows; row++) {
      // In a map of a few pixels the last tile makes the last pixel several times, always the same.
      const index = (<usize>min(pixel + row, lastPixel)) << 2;
      setInput(addresses, row, task.input + <usize>load<i32>(task.inputOffsets + index));
      setOutput(addresses, row, task.output + <usize>load<i32>(task.outputOffsets + index));
      if (task.residual) setResidual(addresses, row, task.residual + <usize>load<i32>(task.residualOffsets + index));
    }
    if (task.normScale) {
      normalizeRows(addresses, rows, task.normScale, task.normShift, addresses + ADDRESS_BYTES, task.depth);
    }
    multiplyRows(
      addresses, isFull, <usize>task.columns * FLOAT, task.weights, task.bias,
      task.segments, task.segmentOffsets, task.depth, task.residual, floor, ceiling,
    );
    pixel += rows;
  }
}
