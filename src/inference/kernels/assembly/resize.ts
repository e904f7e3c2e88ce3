/** A map at another size, bilinear, alone or with another map added: the way up of a U-Net. */

import { FLOAT, VECTOR, multiplyAdd } from './lanes';
import { MapTask } from './map-task';

@unmanaged
class ResizeTask extends MapTask {
  /** A multiple of 4. */
  channels: i32;
  /** Of each row that is made: between which rows of the input it lies. 12 bytes a row, see `Place`. */
  rows: usize;
  /** Of each pixel of a row, the same. */
  columns: usize;
  /** A map of the output's size that is added; 0: none. */
  other: usize;
  otherRowBytes: i32;
  otherPixelBytes: i32;
}

/** Where a row or a column of the output lies among those of the input. */
@unmanaged
class Place {
  /** Bytes from the first to the one before it and to the one after it: the same where it lies on one. */
  before: i32;
  after: i32;
  /** How far it is from the one before: 0 up to 1. */
  share: f32;
}

const PLACE_BYTES: usize = 12;

// @ts-ignore: decorator
@inline
function placeAt(table: usize, index: i32): Place {
  return changetype<Place>(table + <usize>index * PLACE_BYTES);
}

// @ts-ignore: decorator
@inline
function between(before: v128, after: v128, share: v128): v128 {
  return multiplyAdd(before, f32x4.sub(after, before), share);
}

/** Rows: pieces of the work that threads may do in any order. */
export function resizeUnits(address: usize): i32 {
  return changetype<ResizeTask>(address).height;
}

export function resize(address: usize): void {
  resizeRows(address, 0, resizeUnits(address));
}

export function resizeRows(address: usize, first: i32, end: i32): void {
  const task = changetype<ResizeTask>(address);
  const channelBytes = <usize>task.channels * FLOAT;
  for (let y = first; y < end; y++) {
    const row = placeAt(task.rows, y);
    const above = task.input + <usize>row.before;
    const below = task.input + <usize>row.after;
    const down = f32x4.splat(row.share);
    let output = task.output + <usize>(y * task.outputRowBytes);
    let other = task.other + <usize>(y * task.otherRowBytes);
    for (let x = 0; x < task.width; x++) {
      const column = placeAt(task.columns, x);
      const left = <usize>column.before;
      const right = <usize>column.after;
      const across = f32x4.splat(column.share);
      for (let at: usize = 0; at < channelBytes; at += VECTOR) {
        const top = between(v128.load(above + left + at), v128.load(above + right + at), across);
        const bottom = between(v128.load(below + left + at), v128.load(below + right + at), across);
        const value = between(top, bottom, down);
        v128.store(output + at, task.other ? f32x4.add(value, v128.load(other + at)) : value);
      }
      output += task.outputPixelBytes;
      other += task.otherPixelBytes;
    }
  }
}
