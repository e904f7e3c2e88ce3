/**
 * Backwards through a 1×1 convolution: the product with its transposed filter. Gradients go through the activation behind it
 * before, and through batch norm and ReLU before it afterwards, tile by tile in the first-level cache; sums are added to
 * what other readers of the same map gave.
 */

import {
  ADDRESS_BYTES, ROWS, fullTilesFor, multiplyRows, setInput, setOutput, tilesFor,
} from './gemm-tile';
import { normPasses, passes } from './gates';
import { FLOAT, VECTOR } from './lanes';

@unmanaged
class GatedProductTask {
  input: usize;
  /** int32 bytes, one a pixel. */
  inputOffsets: usize;
  output: usize;
  outputOffsets: usize;
  pixels: i32;
  /** Channels that come out, a multiple of 8. */
  columns: i32;
  /** [columns / 8][depth][8] */
  weights: usize;
  /** Channels that go in. */
  depth: i32;
  /** [columns] zeros: a bias, and the offset of the one segment. */
  zeros: usize;
  /** 0, or the map whose values say what of the input passes. */
  inputGate: usize;
  inputGateOffsets: usize;
  inputFloor: f32;
  inputCeiling: f32;
  /** 0, or the map whose values, · scale + shift, say what of the product passes. */
  outputGate: usize;
  outputGateOffsets: usize;
  gateScale: usize;
  gateShift: usize;
  outputFloor: f32;
  outputCeiling: f32;
  /** Whether the product is added to what is there. */
  accumulates: i32;
  /** Addresses of a tile, then its rows before and after the product. */
  scratch: usize;
}

/** One pixel of the input through its gate; `channelBytes` a multiple of 16. */
function gateRow(from: usize, gate: usize, to: usize, channelBytes: usize, floor: v128, ceiling: v128): void {
  for (let at: usize = 0; at < channelBytes; at += VECTOR) {
    const passed = passes(v128.load(gate + at), floor, ceiling);
    v128.store(to + at, v128.and(v128.load(from + at), passed));
  }
}

/** One pixel of the product to where it belongs. */
function finishRow(task: GatedProductTask, from: usize, to: usize, gate: usize, floor: v128, ceiling: v128): void {
  const columnBytes = <usize>task.columns * FLOAT;
  const scale = task.gateScale;
  const shift = task.gateShift;
  const accumulates = task.accumulates;
  for (let at: usize = 0; at < columnBytes; at += VECTOR) {
    let value = v128.load(from + at);
    if (gate) {
      const passed = normPasses(v128.load(gate + at), v128.load(scale + at), v128.load(shift + at), floor, ceiling);
      value = v128.and(value, passed);
    }
    if (accumulates) value = f32x4.add(value, v128.load(to + at));
    v128.store(to + at, value);
  }
}

// @ts-ignore: decorator
@inline
function offsetAt(offsets: usize, pixel: i32): usize {
  return <usize>load<i32>(offsets + ((<usize>pixel) << 2));
}

export function gatedProduct(address: usize): void {
  const task = changetype<GatedProductTask>(address);
  const addresses = task.scratch;
  const columnBytes = <usize>task.columns * FLOAT;
  const depthBytes = ((<usize>task.depth * FLOAT) + VECTOR - 1) & ~(VECTOR - 1);
  const gated = addresses + ADDRESS_BYTES;
  const products = gated + <usize>ROWS * depthBytes;
  const isDirect = !task.outputGate && !task.accumulates;
  const inputFloor = f32x4.splat(task.inputFloor);
  const inputCeiling = f32x4.splat(task.inputCeiling);
  const outputFloor = f32x4.splat(task.outputFloor);
  const outputCeiling = f32x4.splat(task.outputCeiling);
  const lastPixel = task.pixels - 1;
  const tiles = tilesFor(task.pixels);
  const fullTiles = fullTilesFor(task.pixels, tiles);
  let pixel = 0;
  for (let tile = 0; tile < tiles; tile++) {
    const isFull = tile < fullTiles;
    const rows = isFull ? ROWS : ROWS - 1;
    for (let row = 0; row < rows; row++) {
      const index = min(pixel + row, lastPixel);
      const from = task.input + offsetAt(task.inputOffsets, index);
      if (task.inputGate) {
        const to = gated + <usize>row * depthBytes;
        const gate = task.inputGate + offsetAt(task.inputGateOffsets, index);
        gateRow(from, gate, to, depthBytes, inputFloor, inputCeiling);
        setInput(addresses, row, to);
      } else setInput(addresses, row, from);
      if (isDirect) setOutput(addresses, row, task.output + offsetAt(task.outputOffsets, index));
      else setOutput(addresses, row, products + <usize>row * columnBytes);
    }
    multiplyRows(
      addresses, isFull, columnBytes, task.weights, task.zeros,
      1, task.zeros, task.depth, 0, f32x4.splat(-Infinity), f32x4.splat(Infinity),
    );
    // In a map of a few pixels the last tile makes the last one several times: it counts once.
    const made = isDirect ? 0 : min(rows, task.pixels - pixel);
    for (let row = 0; row < made; row++) {
      const gate = task.outputGate ? task.outputGate + offsetAt(task.outputGateOffsets, pixel + row) : 0;
      const to = task.output + offsetAt(task.outputOffsets, pixel + row);
      finishRow(task, products + <usize>row * columnBytes, to, gate, outputFloor, outputCeiling);
    }
    pixel += rows;
  }
}
