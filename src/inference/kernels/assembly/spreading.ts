/** Backwards through what gathers: averages, maxima, strided convolutions, affine steps and activations. */

import { FLOAT, VECTOR, multiplyAdd, zeros } from './lanes';
import { normPasses } from './gates';
import { MapTask } from './map-task';

/** `input`: the gradient of the result; `output`: that of what went in, whose `height` and `width` these are. */
@unmanaged
class SpreadTask extends MapTask {
  /** A multiple of 4. */
  channels: i32;
  /** Of the result. */
  inputHeight: i32;
  inputWidth: i32;
  windowHeight: i32;
  windowWidth: i32;
  strideY: i32;
  strideX: i32;
  /** [channels] */
  factor: usize;
  /** 0, or a map of the size of what went in, whose values, · scale + shift, say what passes. */
  gate: usize;
  gateRowBytes: i32;
  gatePixelBytes: i32;
  gateScale: usize;
  gateShift: usize;
  floor: f32;
  ceiling: f32;
  /** Whether it is added to what is there. */
  accumulates: i32;
}

/** The first of the windows, `stride` apart, that hold `at`. */
// @ts-ignore: decorator
@inline
function firstWindow(at: i32, window: i32, stride: i32): i32 {
  return at < window ? 0 : (at - window) / stride + 1;
}

/** Backwards through an average, or a step that is done pixel by pixel: output (+)= gate · factor · Σ over windows: input. */
export function spread(address: usize): void {
  const task = changetype<SpreadTask>(address);
  const floor = f32x4.splat(task.floor);
  const ceiling = f32x4.splat(task.ceiling);
  const channelBytes = <usize>task.channels * FLOAT;
  for (let y = 0; y < task.height; y++) {
    const firstY = firstWindow(y, task.windowHeight, task.strideY);
    const lastY = min(y / task.strideY, task.inputHeight - 1);
    let output = task.output + <usize>(y * task.outputRowBytes);
    let gate = task.gate + <usize>(y * task.gateRowBytes);
    for (let x = 0; x < task.width; x++) {
      const firstX = firstWindow(x, task.windowWidth, task.strideX);
      const lastX = min(x / task.strideX, task.inputWidth - 1);
      for (let at: usize = 0; at < channelBytes; at += VECTOR) {
        let sum = zeros();
        for (let row = firstY; row <= lastY; row++) {
          const from = task.input + <usize>(row * task.inputRowBytes) + at;
          for (let column = firstX; column <= lastX; column++) {
            sum = f32x4.add(sum, v128.load(from + <usize>(column * task.inputPixelBytes)));
          }
        }
        sum = f32x4.mul(sum, v128.load(task.factor + at));
        if (task.gate) {
          const scale = v128.load(task.gateScale + at);
          const shift = v128.load(task.gateShift + at);
          sum = v128.and(sum, normPasses(v128.load(gate + at), scale, shift, floor, ceiling));
        }
        if (task.accumulates) sum = f32x4.add(sum, v128.load(output + at));
        v128.store(output + at, sum);
      }
      output += task.outputPixelBytes;
      gate += task.gatePixelBytes;
    }
  }
}

/** `input`: the gradient of the maxima, whose `height` and `width` these are; `output`: that of what went in, to which is added. */
@unmanaged
class SpreadMaxTask extends MapTask {
  /** A multiple of 4. */
  channels: i32;
  /** What went in. */
  values: usize;
  valuesRowBytes: i32;
  valuesPixelBytes: i32;
  windowHeight: i32;
  windowWidth: i32;
  strideY: i32;
  strideX: i32;
}

/** Gives the gradient of one maximum to the first pixel that is as large, channel by channel. */
function spreadMaxOfWindow(task: SpreadMaxTask, gradient: v128, output: usize, values: usize): void {
  let largest = v128.load(values);
  for (let y = 0; y < task.windowHeight; y++) {
    const row = values + <usize>(y * task.valuesRowBytes);
    for (let x = 0; x < task.windowWidth; x++) {
      largest = f32x4.pmax(largest, v128.load(row + <usize>(x * task.valuesPixelBytes)));
    }
  }
  let left = gradient;
  for (let y = 0; y < task.windowHeight; y++) {
    const row = values + <usize>(y * task.valuesRowBytes);
    const to = output + <usize>(y * task.outputRowBytes);
    for (let x = 0; x < task.windowWidth; x++) {
      const isLargest = f32x4.eq(v128.load(row + <usize>(x * task.valuesPixelBytes)), largest);
      const place = to + <usize>(x * task.outputPixelBytes);
      v128.store(place, f32x4.add(v128.load(place), v128.and(left, isLargest)));
      left = v128.andnot(left, isLargest);
    }
  }
}

export function spreadMax(address: usize): void {
  const task = changetype<SpreadMaxTask>(address);
  const channelBytes = <usize>task.channels * FLOAT;
  for (let y = 0; y < task.height; y++) {
    for (let x = 0; x < task.width; x++) {
      const input = task.input + <usize>(y * task.inputRowBytes + x * task.inputPixelBytes);
      const top = y * task.strideY, left = x * task.strideX;
      const output = task.output + <usize>(top * task.outputRowBytes + left * task.outputPixelBytes);
      const values = task.values + <usize>(top * task.valuesRowBytes + left * task.valuesPixelBytes);
      for (let at: usize = 0; at < channelBytes; at += VECTOR) {
        spreadMaxOfWindow(task, v128.load(input + at), output + at, values + at);
      }
    }
  }
}

/** `input`: the gradient's top left pixel, around it there are zeros; `output`: what went in. */
@unmanaged
class SpreadDepthwiseTask extends MapTask {
  /** A multiple of 4. */
  channels: i32;
  /** Zeros above and to the left of what went in: 0, 1 or 2. */
  top: i32;
  left: i32;
  /** [channels / 4][10][4], as the forward pass has them. */
  weights: usize;
}

/** Bytes of nine weights and a bias for four channels. */
const WEIGHT_BYTES: usize = 10 * VECTOR;

/** Backwards through a depthwise 3×3 convolution of stride 2: each pixel was in one, two or four windows. */
export function spreadDepthwise(address: usize): void {
  const task = changetype<SpreadDepthwiseTask>(address);
  const channelBytes = <usize>task.channels * FLOAT;
  for (let y = 0; y < task.height; y++) {
    const rowOfTop = (y + task.top) & 1;
    let output = task.output + <usize>(y * task.outputRowBytes);
    for (let x = 0; x < task.width; x++) {
      const columnOfLeft = (x + task.left) & 1;
      let weights = task.weights;
      for (let at: usize = 0; at < channelBytes; at += VECTOR) {
        let sum = zeros();
        for (let row = rowOfTop; row < 3; row += 2) {
          const from = task.input + <usize>(((y + task.top - row) >> 1) * task.inputRowBytes) + at;
          for (let column = columnOfLeft; column < 3; column += 2) {
            const gradient = v128.load(from + <usize>(((x + task.left - column) >> 1) * task.inputPixelBytes));
            sum = multiplyAdd(sum, gradient, v128.load(weights + <usize>(row * 3 + column) * VECTOR));
          }
        }
        v128.store(output + at, sum);
        weights += WEIGHT_BYTES;
      }
      output += task.outputPixelBytes;
    }
  }
}

/** `input`: [rows][columns][strideY][strideX][channels]. */
@unmanaged
class UnfoldTask extends MapTask {
  /** Any number. */
  channels: i32;
  strideY: i32;
  strideX: i32;
  /** Where in the unfolded map the output begins. */
  top: i32;
  left: i32;
  accumulates: i32;
}

/** Depth to space: the phases of a strided convolution's gradient to their pixels. */
export function unfold(address: usize): void {
  const task = changetype<UnfoldTask>(address);
  const channelBytes = <usize>task.channels * FLOAT;
  for (let y = 0; y < task.height; y++) {
    const row = y + task.top;
    const rowOfPhase = row % task.strideY;
    const fromRow = task.input + <usize>((row / task.strideY) * task.inputRowBytes);
    let output = task.output + <usize>(y * task.outputRowBytes);
    for (let x = 0; x < task.width; x++) {
      const column = x + task.left;
      const phase = rowOfPhase * task.strideX + (column % task.strideX);
      const from = fromRow + <usize>((column / task.strideX) * task.inputPixelBytes) + <usize>phase * channelBytes;
      for (let at: usize = 0; at < channelBytes; at += FLOAT) {
        const before: f32 = task.accumulates ? load<f32>(output + at) : 0;
        store<f32>(output + at, before + load<f32>(from + at));
      }
      output += task.outputPixelBytes;
    }
  }
}
