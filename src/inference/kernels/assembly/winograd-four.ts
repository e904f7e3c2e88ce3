/**
 * Transforms of F(4×4, 3×3): patches of 6×6 pixels, 4×4 outputs, 36 multiplications where the direct way takes 144
 * (Lavin & Gray, arXiv 1509.09308, §4.3: points 0, ±1, ±2).
 */

import { VECTOR } from './lanes';
import { finish } from './winograd-output';

/** One column or row through Bᵀ: six vectors `fromStep` apart, six results `toStep` apart. */
// @ts-ignore: decorator
@inline
function transformSix(from: usize, fromStep: usize, to: usize, toStep: usize): void {
  const four = f32x4.splat(4);
  const five = f32x4.splat(5);
  const d0 = v128.load(from);
  const d1 = v128.load(from + fromStep);
  const d2 = v128.load(from + 2 * fromStep);
  const d3 = v128.load(from + 3 * fromStep);
  const d4 = v128.load(from + 4 * fromStep);
  const d5 = v128.load(from + 5 * fromStep);
  v128.store(to, f32x4.add(f32x4.sub(f32x4.mul(d0, four), f32x4.mul(d2, five)), d4));
  const even = f32x4.sub(d4, f32x4.mul(d2, four));
  const odd = f32x4.sub(d3, f32x4.mul(d1, four));
  v128.store(to + toStep, f32x4.add(even, odd));
  v128.store(to + 2 * toStep, f32x4.sub(even, odd));
  const outer = f32x4.sub(d4, d2);
  const inner = f32x4.sub(d3, d1);
  const twice = f32x4.add(inner, inner);
  v128.store(to + 3 * toStep, f32x4.add(outer, twice));
  v128.store(to + 4 * toStep, f32x4.sub(outer, twice));
  v128.store(to + 5 * toStep, f32x4.add(f32x4.sub(f32x4.mul(d1, four), f32x4.mul(d3, five)), d5));
}

/**
 * Bᵀ d B of one patch, all channels.
 *
 * @param half room for 36 vectors
 * @param to the 36 results go `placeBytes` apart
 */
export function patchOfFour(
  input: usize, rowBytes: usize, pixelBytes: usize, to: usize, placeBytes: usize, channelBytes: usize, half: usize,
): void {
  for (let at: usize = 0; at < channelBytes; at += VECTOR) {
    for (let x: usize = 0; x < 6; x++) {
      transformSix(input + at + x * pixelBytes, rowBytes, half + x * VECTOR, 6 * VECTOR);
    }
    for (let y: usize = 0; y < 6; y++) {
      transformSix(half + y * 6 * VECTOR, VECTOR, to + at + y * 6 * placeBytes, placeBytes);
    }
  }
}

/** Aᵀ m A of one tile, all channels; `rows` and `columns` of its 4×4 outputs lie in the map. */
export function outputsOfFour(
  from: usize, placeBytes: usize, output: usize, rowBytes: usize, pixelBytes: usize, channelBytes: usize,
  bias: usize, rows: i32, columns: i32, floor: v128, ceiling: v128, half: usize,
): void {
  const two = f32x4.splat(2);
  const four = f32x4.splat(4);
  const eight = f32x4.splat(8);
  for (let at: usize = 0; at < channelBytes; at += VECTOR) {
    for (let x: usize = 0; x < 6; x++) {
      let m = from + at + x * placeBytes;
      const m0 = v128.load(m); m += 6 * placeBytes;
      const m1 = v128.load(m); m += 6 * placeBytes;
      const m2 = v128.load(m); m += 6 * placeBytes;
      const m3 = v128.load(m); m += 6 * placeBytes;
      const m4 = v128.load(m); m += 6 * placeBytes;
      const m5 = v128.load(m);
      const sum = f32x4.add(m1, m2), difference = f32x4.sub(m1, m2);
      const sumOfTwo = f32x4.add(m3, m4), differenceOfTwo = f32x4.sub(m3, m4);
      const to = half + x * VECTOR;
      v128.store(to, f32x4.add(f32x4.add(m0, sum), sumOfTwo));
      v128.store(to, f32x4.add(difference, f32x4.mul(differenceOfTwo, two)), 96);
      v128.store(to, f32x4.add(sum, f32x4.mul(sumOfTwo, four)), 192);
      v128.store(to, f32x4.add(f32x4.add(difference, f32x4.mul(differenceOfTwo, eight)), m5), 288);
    }
    const shift = v128.load(bias + at);
    let row = half;
    let to = output + at;
    for (let y = 0; y < rows; y++) {
      const m1 = v128.load(row, 16), m2 = v128.load(row, 32), m3 = v128.load(row, 48), m4 = v128.load(row, 64);
      const sum = f32x4.add(m1, m2), difference = f32x4.sub(m1, m2);
      const sumOfTwo = f32x4.add(m3, m4), differenceOfTwo = f32x4.sub(m3, m4);
      finish(to, f32x4.add(f32x4.add(v128.load(row), sum), sumOfTwo), shift, floor, ceiling);
      if (columns > 1) {
        finish(to + pixelBytes, f32x4.add(difference, f32x4.mul(differenceOfTwo, two)), shift, floor, ceiling);
      }
      if (columns > 2) finish(to + 2 * pixelBytes, f32x4.add(sum, f32x4.mul(sumOfTwo, four)), shift, floor, ceiling);
      if (columns > 3) {
        const last = f32x4.add(f32x4.add(difference, f32x4.mul(differenceOfTwo, eight)), v128.load(row, 80));
        finish(to + 3 * pixelBytes, last, shift, floor, ceiling);
      }
      row += 6 * VECTOR;
      to += rowBytes;
    }
  }
}
