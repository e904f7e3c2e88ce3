/**
 * Depthwise 3×3 convolution, stride 1 or 2, with bias and clamp. The nine weights of four channels stay in registers while
 * a row of the output is made; two neighbouring pixels are made at once, because they share inputs.
 */

import { FLOAT, VECTOR, atLeast, atMost, multiplyAdd } from './lanes';
import { MapTask } from './map-task';

/** `input`: the first window's top left pixel, in the border of zeros where the padding says so. */
@unmanaged
class DepthwiseTask extends MapTask {
  /** A multiple of 4. */
  channels: i32;
  stride: i32;
  /** [channels / 4][10][4]: nine weights, row by row, then the bias. */
  weights: usize;
  floor: f32;
  ceiling: f32;
}

/** Pixels of an output row that are made for all channels before going on: their inputs stay in the first-level cache. */
const BLOCK: i32 = 16;
/** Vectors of weights and bias for four channels. */
const VECTORS: usize = 10;

// @ts-ignore: decorator
@inline
function store2(output: usize, next: usize, sum: v128, sumNext: v128, floor: v128, ceiling: v128): void {
  v128.store(output, atMost(atLeast(sum, floor), ceiling));
  v128.store(next, atMost(atLeast(sumNext, floor), ceiling));
}

/** `pairs` pairs of output pixels and, where `single` is 1, one more; four channels; stride 1. */
function rowOfStride1(
  input: usize, rowBytes: usize, pixelBytes: usize, output: usize, outputBytes: usize,
  pairs: i32, single: i32, weights: usize, floor: v128, ceiling: v128,
): void {
  const w0 = v128.load(weights), w1 = v128.load(weights, 16), w2 = v128.load(weights, 32);
  const w3 = v128.load(weights, 48), w4 = v128.load(weights, 64), w5 = v128.load(weights, 80);
  const w6 = v128.load(weights, 96), w7 = v128.load(weights, 112), w8 = v128.load(weights, 128);
  for (; pairs > 0; pairs--) {
    let sum = v128.load(weights, 144);
    let sumNext = sum;
    let at = input;
    sum = multiplyAdd(sum, v128.load(at), w0); at += pixelBytes;
    let x = v128.load(at); sum = multiplyAdd(sum, x, w1); sumNext = multiplyAdd(sumNext, x, w0); at += pixelBytes;
    x = v128.load(at); sum = multiplyAdd(sum, x, w2); sumNext = multiplyAdd(sumNext, x, w1); at += pixelBytes;
    sumNext = multiplyAdd(sumNext, v128.load(at), w2);
    at = input + rowBytes;
    sum = multiplyAdd(sum, v128.load(at), w3); at += pixelBytes;
    x = v128.load(at); sum = multiplyAdd(sum, x, w4); sumNext = multiplyAdd(sumNext, x, w3); at += pixelBytes;
    x = v128.load(at); sum = multiplyAdd(sum, x, w5); sumNext = multiplyAdd(sumNext, x, w4); at += pixelBytes;
    sumNext = multiplyAdd(sumNext, v128.load(at), w5);
    at = input + 2 * rowBytes;
    sum = multiplyAdd(sum, v128.load(at), w6); at += pixelBytes;
    x = v128.load(at); sum = multiplyAdd(sum, x, w7); sumNext = multiplyAdd(sumNext, x, w6); at += pixelBytes;
    x = v128.load(at); sum = multiplyAdd(sum, x, w8); sumNext = multiplyAdd(sumNext, x, w7); at += pixelBytes;
    sumNext = multiplyAdd(sumNext, v128.load(at), w8);
    store2(output, output + outputBytes, sum, sumNext, floor, ceiling);
    input += 2 * pixelBytes;
    output += 2 * outputBytes;
  }
  if (single) onePixel(input, rowBytes, pixelBytes, output, weights, floor, ceiling);
}

/** As `rowOfStride1`, with windows two pixels apart. */
function rowOfStride2(
  input: usize, rowBytes: usize, pixelBytes: usize, output: usize, outputBytes: usize,
  pairs: i32, single: i32, weights: usize, floor: v128, ceiling: v128,
): void {
  const w0 = v128.load(weights), w1 = v128.load(weights, 16), w2 = v128.load(weights, 32);
  const w3 = v128.load(weights, 48), w4 = v128.load(weights, 64), w5 = v128.load(weights, 80);
  const w6 = v128.load(weights, 96), w7 = v128.load(weights, 112), w8 = v128.load(weights, 128);
  for (; pairs > 0; pairs--) {
    let sum = v128.load(weights, 144);
    let sumNext = sum;
    let at = input;
    sum = multiplyAdd(sum, v128.load(at), w0); at += pixelBytes;
    sum = multiplyAdd(sum, v128.load(at), w1); at += pixelBytes;
    let x = v128.load(at); sum = multiplyAdd(sum, x, w2); sumNext = multiplyAdd(sumNext, x, w0); at += pixelBytes;
    sumNext = multiplyAdd(sumNext, v128.load(at), w1); at += pixelBytes;
    sumNext = multiplyAdd(sumNext, v128.load(at), w2);
    at = input + rowBytes;
    sum = multiplyAdd(sum, v128.load(at), w3); at += pixelBytes;
    sum = multiplyAdd(sum, v128.load(at), w4); at += pixelBytes;
    x = v128.load(at); sum = multiplyAdd(sum, x, w5); sumNext = multiplyAdd(sumNext, x, w3); at += pixelBytes;
    sumNext = multiplyAdd(sumNext, v128.load(at), w4); at += pixelBytes;
    sumNext = multiplyAdd(sumNext, v128.load(at), w5);
    at = input + 2 * rowBytes;
    sum = multiplyAdd(sum, v128.load(at), w6); at += pixelBytes;
    sum = multiplyAdd(sum, v128.load(at), w7); at += pixelBytes;
    x = v128.load(at); sum = multiplyAdd(sum, x, w8); sumNext = multiplyAdd(sumNext, x, w6); at += pixelBytes;
    sumNext = multiplyAdd(sumNext, v128.load(at), w7); at += pixelBytes;
    sumNext = multiplyAdd(sumNext, v128.load(at), w8);
    store2(output, output + outputBytes, sum, sumNext, floor, ceiling);
    input += 4 * pixelBytes;
    output += 2 * outputBytes;
  }
  if (single) onePixel(input, rowBytes, pixelBytes, output, weights, floor, ceiling);
}

function onePixel(
  input: usize, rowBytes: usize, pixelBytes: usize, output: usize, weights: usize, floor: v128, ceiling: v128,
): void {
  let sum = v128.load(weights, 144);
  for (let row = 0; row < 3; row++) {
    sum = multiplyAdd(sum, v128.load(input), v128.load(weights));
    sum = multiplyAdd(sum, v128.load(input + pixelBytes), v128.load(weights, 16));
    sum = multiplyAdd(sum, v128.load(input + 2 * pixelBytes), v128.load(weights, 32));
    input += rowBytes;
    weights += 3 * VECTOR;
  }
  v128.store(output, atMost(atLeast(sum, floor), ceiling));
}

/** Rows: pieces of the work that threads may do in any order. */
export function depthwiseUnits(address: usize): i32 {
  return changetype<DepthwiseTask>(address).height;
}

export function depthwise(address: usize): void {
  depthwiseRows(address, 0, depthwiseUnits(address));
}

export function depthwiseRows(address: usize, first: i32, end: i32): void {
  const task = changetype<DepthwiseTask>(address);
  const floor = f32x4.splat(task.floor);
  const ceiling = f32x4.splat(task.ceiling);
  const channelBytes = <usize>task.channels * FLOAT;
  const stride = task.stride;
  for (let y = first; y < end; y++) {
    const inputRow = task.input + <usize>(y * stride * task.inputRowBytes);
    const outputRow = task.output + <usize>(y * task.outputRowBytes);
    for (let x = 0; x < task.width; x += BLOCK) {
      const count = min(BLOCK, task.width - x);
      const input = inputRow + <usize>(x * stride * task.inputPixelBytes);
      const output = outputRow + <usize>(x * task.outputPixelBytes);
      let weights = task.weights;
      for (let channel: usize = 0; channel < channelBytes; channel += VECTOR) {
        if (stride == 1) {
          rowOfStride1(
            input + channel, task.inputRowBytes, task.inputPixelBytes, output + channel, task.outputPixelBytes,
            count >> 1, count & 1, weights, floor, ceiling,
          );
        } else {
          rowOfStride2(
            input + channel, task.inputRowBytes, task.inputPixelBytes, output + channel, task.outputPixelBytes,
            count >> 1, count & 1, weights, floor, ceiling,
          );
        }
        weights += VECTORS * VECTOR;
      }
    }
  }
}
