/** Transforms of F(2×2, 3×3): patches of 4×4 pixels, 2×2 outputs (Lavin & Gray, arXiv 1509.09308, eq. 6 and 9). */

import { VECTOR } from './lanes';
import { finish } from './winograd-output';

/** One column or row through Bᵀ: four vectors `fromStep` apart, four results `toStep` apart. */
// @ts-ignore: decorator
@inline
function transformFour(from: usize, fromStep: usize, to: usize, toStep: usize): void {
  const d0 = v128.load(from);
  const d1 = v128.load(from + fromStep);
  const d2 = v128.load(from + 2 * fromStep);
  const d3 = v128.load(from + 3 * fromStep);
  v128.store(to, f32x4.sub(d0, d2));
  v128.store(to + toStep, f32x4.add(d1, d2));
  v128.store(to + 2 * toStep, f32x4.sub(d2, d1));
  v128.store(to + 3 * toStep, f32x4.sub(d1, d3));
}

/**
 * Bᵀ d B of one patch, all channels.
 *
 * @param half room for 16 vectors
 * @param to the 16 results go `placeBytes` apart
 */
export function patchOfTwo(
  input: usize, rowBytes: usize, pixelBytes: usize, to: usize, placeBytes: usize, channelBytes: usize, half: usize,
): void {
  for (let at: usize = 0; at < channelBytes; at += VECTOR) {
    for (let x: usize = 0; x < 4; x++) {
      transformFour(input + at + x * pixelBytes, rowBytes, half + x * VECTOR, 4 * VECTOR);
    }
    for (let y: usize = 0; y < 4; y++) {
      transformFour(half + y * 4 * VECTOR, VECTOR, to + at + y * 4 * placeBytes, placeBytes);
    }
  }
}

/** Aᵀ m A of one tile, all channels; `rows` and `columns` of its 2×2 outputs lie in the map. */
export function outputsOfTwo(
  from: usize, placeBytes: usize, output: usize, rowBytes: usize, pixelBytes: usize, channelBytes: usize,
  bias: usize, rows: i32, columns: i32, floor: v128, ceiling: v128, half: usize,
): void {
  for (let at: usize = 0; at < channelBytes; at += VECTOR) {
    for (let x: usize = 0; x < 4; x++) {
      const column = from + at + x * placeBytes;
      const m1 = v128.load(column + 4 * placeBytes);
      const m2 = v128.load(column + 8 * placeBytes);
      v128.store(half + x * VECTOR, f32x4.add(f32x4.add(v128.load(column), m1), m2));
      v128.store(half + (4 + x) * VECTOR, f32x4.sub(f32x4.sub(m1, m2), v128.load(column + 12 * placeBytes)));
    }
    const shift = v128.load(bias + at);
    let row = half;
    let to = output + at;
    for (let y = 0; y < rows; y++) {
      const m1 = v128.load(row, 16);
      const m2 = v128.load(row, 32);
      finish(to, f32x4.add(f32x4.add(v128.load(row), m1), m2), shift, floor, ceiling);
      if (columns > 1) finish(to + pixelBytes, f32x4.sub(f32x4.sub(m1, m2), v128.load(row, 48)), shift, floor, ceiling);
      row += 4 * VECTOR;
      to += rowBytes;
    }
  }
}
