/** Maximum and average over windows; the average with an optional batch norm and ReLU of its inputs. */

import { FLOAT, VECTOR, atLeast, zeros } from './lanes';
import { MapTask } from './map-task';

/** `input`: the first window's top left pixel. */
@unmanaged
class PoolTask extends MapTask {
  /** A multiple of 4. */
  channels: i32;
  windowHeight: i32;
  windowWidth: i32;
  strideY: i32;
  strideX: i32;
  /** 0, or [channels]: the average reads max(0, input · scale + shift). */
  normScale: usize;
  normShift: usize;
}

/**
 * A NaN anywhere in the window comes out. `max` would see to that by itself, but takes eight instructions where `pmax`,
 * which forgets NaNs, and a note of them take three.
 */
function maxOfWindow(input: usize, rowBytes: usize, pixelBytes: usize, height: i32, width: i32): v128 {
  let found = v128.load(input);
  let isNan = zeros();
  for (let y = 0; y < height; y++) {
    let at = input;
    for (let x = 0; x < width; x++) {
      const value = v128.load(at);
      found = f32x4.pmax(found, value);
      isNan = v128.or(isNan, f32x4.ne(value, value));
      at += pixelBytes;
    }
    input += rowBytes;
  }
  // All bits set are a NaN.
  return v128.or(found, isNan);
}

/** Rows: pieces of the work that threads may do in any order. */
export function poolUnits(address: usize): i32 {
  return changetype<PoolTask>(address).height;
}

export function maxPool(address: usize): void {
  maxPoolRows(address, 0, poolUnits(address));
}

export function maxPoolRows(address: usize, first: i32, end: i32): void {
  const task = changetype<PoolTask>(address);
  const channelBytes = <usize>task.channels * FLOAT;
  for (let y = first; y < end; y++) {
    let input = task.input + <usize>(y * task.strideY * task.inputRowBytes);
    let output = task.output + <usize>(y * task.outputRowBytes);
    for (let x = 0; x < task.width; x++) {
      for (let at: usize = 0; at < channelBytes; at += VECTOR) {
        const found = maxOfWindow(
          input + at, task.inputRowBytes, task.inputPixelBytes, task.windowHeight, task.windowWidth,
        );
        v128.store(output + at, found);
      }
      input += <usize>(task.strideX * task.inputPixelBytes);
      output += task.outputPixelBytes;
    }
  }
}

function sumOfWindow(input: usize, rowBytes: usize, pixelBytes: usize, height: i32, width: i32): v128 {
  let sum = zeros();
  for (let y = 0; y < height; y++) {
    let at = input;
    for (let x = 0; x < width; x++) {
      sum = f32x4.add(sum, v128.load(at));
      at += pixelBytes;
    }
    input += rowBytes;
  }
  return sum;
}

function normalizedSumOfWindow(
  input: usize, rowBytes: usize, pixelBytes: usize, height: i32, width: i32, scale: v128, shift: v128,
): v128 {
  let sum = zeros();
  for (let y = 0; y < height; y++) {
    let at = input;
    for (let x = 0; x < width; x++) {
      sum = f32x4.add(sum, atLeast(f32x4.add(f32x4.mul(v128.load(at), scale), shift), zeros()));
      at += pixelBytes;
    }
    input += rowBytes;
  }
  return sum;
}

export function averagePool(address: usize): void {
  averagePoolRows(address, 0, poolUnits(address));
}

export function averagePoolRows(address: usize, first: i32, end: i32): void {
  const task = changetype<PoolTask>(address);
  const channelBytes = <usize>task.channels * FLOAT;
  const count = f32x4.splat(<f32>(task.windowHeight * task.windowWidth));
  for (let y = first; y < end; y++) {
    let input = task.input + <usize>(y * task.strideY * task.inputRowBytes);
    let output = task.output + <usize>(y * task.outputRowBytes);
    for (let x = 0; x < task.width; x++) {
      for (let at: usize = 0; at < channelBytes; at += VECTOR) {
        const sum = task.normScale
          ? normalizedSumOfWindow(
              input + at, task.inputRowBytes, task.inputPixelBytes, task.windowHeight, task.windowWidth,
              v128.load(task.normScale + at), v128.load(task.normShift + at),
            )
          : sumOfWindow(input + at, task.inputRowBytes, task.inputPixelBytes, task.windowHeight, task.windowWidth);
        v128.store(output + at, f32x4.div(sum, count));
      }
      input += <usize>(task.strideX * task.inputPixelBytes);
      output += task.outputPixelBytes;
    }
  }
}
