/** Pixel by pixel: affine (a batch norm, a bias, an activation), the sum of two maps, and a border of zeros. */

import { FLOAT, VECTOR, atLeast, atMost } from './lanes';
import { MapTask } from './map-task';

@unmanaged
class AffineTask extends MapTask {
  /** A multiple of 4. */
  channels: i32;
  /** [channels] */
  scale: usize;
  shift: usize;
  floor: f32;
  ceiling: f32;
}

/** Rows: pieces of the work that threads may do in any order. */
export function affineUnits(address: usize): i32 {
  return changetype<AffineTask>(address).height;
}

/** output = clamp(input · scale[channel] + shift[channel]) */
export function affine(address: usize): void {
  affineRows(address, 0, affineUnits(address));
}

export function affineRows(address: usize, first: i32, end: i32): void {
  const task = changetype<AffineTask>(address);
  const floor = f32x4.splat(task.floor);
  const ceiling = f32x4.splat(task.ceiling);
  const channelBytes = <usize>task.channels * FLOAT;
  for (let y = first; y < end; y++) {
    let input = task.input + <usize>(y * task.inputRowBytes);
    let output = task.output + <usize>(y * task.outputRowBytes);
    for (let x = 0; x < task.width; x++) {
      for (let at: usize = 0; at < channelBytes; at += VECTOR) {
        const scaled = f32x4.mul(v128.load(input + at), v128.load(task.scale + at));
        const moved = f32x4.add(scaled, v128.load(task.shift + at));
        v128.store(output + at, atMost(atLeast(moved, floor), ceiling));
      }
      input += task.inputPixelBytes;
      output += task.outputPixelBytes;
    }
  }
}

@unmanaged
class AddTask {
  input: usize;
  inputRowBytes: i32;
  inputPixelBytes: i32;
  other: usize;
  otherRowBytes: i32;
  otherPixelBytes: i32;
  output: usize;
  outputRowBytes: i32;
  outputPixelBytes: i32;
  height: i32;
  width: i32;
  /** A multiple of 4. */
  channels: i32;
}

export function addUnits(address: usize): i32 {
  return changetype<AddTask>(address).height;
}

/** output = input + other */
export function add(address: usize): void {
  addRows(address, 0, addUnits(address));
}

export function addRows(address: usize, first: i32, end: i32): void {
  const task = changetype<AddTask>(address);
  const channelBytes = <usize>task.channels * FLOAT;
  for (let y = first; y < end; y++) {
    let input = task.input + <usize>(y * task.inputRowBytes);
    let other = task.other + <usize>(y * task.otherRowBytes);
    let output = task.output + <usize>(y * task.outputRowBytes);
    for (let x = 0; x < task.width; x++) {
      for (let at: usize = 0; at < channelBytes; at += VECTOR) {
        v128.store(output + at, f32x4.add(v128.load(input + at), v128.load(other + at)));
      }
      input += task.inputPixelBytes;
      other += task.otherPixelBytes;
      output += task.outputPixelBytes;
    }
  }
}

@unmanaged
class ClearBorderTask {
  /** Address of the buffer, border included. */
  buffer: usize;
  /** Bytes of a whole row, border included. */
  rowBytes: i32;
  /** Rows between top and bottom. */
  height: i32;
  topBytes: i32;
  bottomBytes: i32;
  leftBytes: i32;
  rightBytes: i32;
}

/** Zeros around a map: the padding of the convolutions that read it. */
export function clearBorder(address: usize): void {
  const task = changetype<ClearBorderTask>(address);
  memory.fill(task.buffer, 0, task.topBytes);
  let row = task.buffer + task.topBytes;
  const middleBytes = task.rowBytes - task.rightBytes;
  for (let y = 0; y < task.height; y++) {
    memory.fill(row, 0, task.leftBytes);
    memory.fill(row + middleBytes, 0, task.rightBytes);
    row += task.rowBytes;
  }
  memory.fill(row, 0, task.bottomBytes);
}
