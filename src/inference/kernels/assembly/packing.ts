/** Filters as the product reads them, made once when a network is loaded. Here, because it is millions of numbers. */

import { FLOAT, VECTOR } from './lanes';

/** Columns of a panel, in bytes. */
const PANEL: usize = 8 * FLOAT;

/** [depth][columns] → [columns / 8][depth][8]; `columns` is a multiple of 8. */
export function packPanels(from: usize, depth: i32, columns: i32, to: usize): void {
  const rowBytes = <usize>columns * FLOAT;
  for (let panel: usize = 0; panel < rowBytes; panel += PANEL) {
    let row = from + panel;
    for (let k = 0; k < depth; k++) {
      v128.store(to, v128.load(row));
      v128.store(to, v128.load(row, 16), 16);
      row += rowBytes;
      to += PANEL;
    }
  }
}

/** Three vectors through G of F(2×2, 3×3): four results `toStep` apart (Lavin & Gray, arXiv 1509.09308, eq. 5). */
// @ts-ignore: decorator
@inline
function throughTwo(g0: v128, g1: v128, g2: v128, to: usize, toStep: usize): void {
  const half = f32x4.splat(0.5);
  const outer = f32x4.mul(f32x4.add(g0, g2), half);
  const middle = f32x4.mul(g1, half);
  v128.store(to, g0);
  v128.store(to + toStep, f32x4.add(outer, middle));
  v128.store(to + 2 * toStep, f32x4.sub(outer, middle));
  v128.store(to + 3 * toStep, g2);
}

/** Three vectors through G of F(4×4, 3×3): six results `toStep` apart (the same, §4.3). */
// @ts-ignore: decorator
@inline
function throughFour(g0: v128, g1: v128, g2: v128, to: usize, toStep: usize): void {
  const sixth = f32x4.splat(1.0 / 6.0);
  const outer = f32x4.mul(f32x4.add(g0, g2), sixth);
  const middle = f32x4.mul(g1, sixth);
  const far = f32x4.add(f32x4.mul(g0, f32x4.splat(1.0 / 24.0)), f32x4.mul(g2, sixth));
  const near = f32x4.mul(g1, f32x4.splat(1.0 / 12.0));
  v128.store(to, f32x4.mul(g0, f32x4.splat(0.25)));
  v128.store(to + toStep, f32x4.neg(f32x4.add(outer, middle)));
  v128.store(to + 2 * toStep, f32x4.sub(middle, outer));
  v128.store(to + 3 * toStep, f32x4.add(far, near));
  v128.store(to + 4 * toStep, f32x4.sub(far, near));
  v128.store(to + 5 * toStep, g2);
}

/**
 * G g Gᵀ of a filter [3][3][depth][columns], as packed matrices [(side + 2)²][columns / 8][depth][8].
 *
 * @param side 2 or 4: outputs of a tile along one side
 * @param columns a multiple of 8
 * @param half room for 18 vectors
 */
export function packWinograd(from: usize, depth: i32, columns: i32, side: i32, half: usize, to: usize): void {
  const rowBytes = <usize>columns * FLOAT;
  const tapBytes = <usize>depth * rowBytes;
  const places = side + 2;
  for (let k = 0; k < depth; k++) {
    for (let column: usize = 0; column < rowBytes; column += VECTOR) {
      const taps = from + <usize>k * rowBytes + column;
      for (let x: usize = 0; x < 3; x++) {
        const tap = taps + x * tapBytes;
        const g0 = v128.load(tap), g1 = v128.load(tap + 3 * tapBytes), g2 = v128.load(tap + 6 * tapBytes);
        if (side == 4) throughFour(g0, g1, g2, half + x * VECTOR, 3 * VECTOR);
        else throughTwo(g0, g1, g2, half + x * VECTOR, 3 * VECTOR);
      }
      // Within a matrix: panel, row of the panel, half of the row.
      const panel = column / PANEL;
      let at = to + (panel * <usize>depth + <usize>k) * PANEL + (column & (PANEL - 1));
      let row = half;
      for (let y = 0; y < places; y++) {
        const g0 = v128.load(row), g1 = v128.load(row, 16), g2 = v128.load(row, 32);
        if (side == 4) throughFour(g0, g1, g2, at, tapBytes);
        else throughTwo(g0, g1, g2, at, tapBytes);
        at += <usize>places * tapBytes;
        row += 3 * VECTOR;
      }
    }
  }
}

/** Bits of the fraction that single has more than half, and how far the sign moves. */
const FRACTION_SHIFT: i32 = 13;
const SIGN_SHIFT: i32 = 16;

/**
 * Four halves, each in the lower 16 bits of a lane, as singles: their bits, moved to their places in a single, are their
 * value times 2⁻¹¹², also where they are subnormal; infinities and NaNs keep their exponent of ones.
 */
// @ts-ignore: decorator
@inline
function fromHalves(halves: v128): v128 {
  const magnitude = i32x4.shl(v128.and(halves, i32x4.splat(0x7fff)), FRACTION_SHIFT);
  const sign = i32x4.shl(v128.and(halves, i32x4.splat(0x8000)), SIGN_SHIFT);
  const finite = f32x4.mul(magnitude, f32x4.splat(<f32>(2.0 ** 112.0)));
  const infinite = v128.or(magnitude, i32x4.splat(0x7f800000));
  const isInfinite = i32x4.ge_s(magnitude, i32x4.splat(0x7c00 << FRACTION_SHIFT));
  return v128.or(v128.bitselect(infinite, finite, isInfinite), sign);
}

/** IEEE 754 half precision to single; `count` is a multiple of 8. */
export function decodeFloat16(from: usize, count: i32, to: usize): void {
  for (; count > 0; count -= 8) {
    const halves = v128.load(from);
    v128.store(to, fromHalves(i32x4.extend_low_i16x8_u(halves)));
    v128.store(to, fromHalves(i32x4.extend_high_i16x8_u(halves)), 16);
    from += VECTOR;
    to += 2 * VECTOR;
  }
}
