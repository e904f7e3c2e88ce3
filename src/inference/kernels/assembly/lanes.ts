/** Small pieces that every kernel is made of. All numbers are float32, four to a vector. */

/** Bytes of one float32. */
export const FLOAT: usize = 4;
/** Bytes of one vector of four lanes. */
export const VECTOR: usize = 16;

/**
 * sum + x · y. Fused (one rounding) in the relaxed build, where the processor can; two roundings in the plain build,
 * which is therefore the same to the last bit on every device: the reference.
 */
// @ts-ignore: decorator
@inline
export function multiplyAdd(sum: v128, x: v128, y: v128): v128 {
  return ASC_FEATURE_RELAXED_SIMD ? f32x4.relaxed_madd(x, y, sum) : f32x4.add(sum, f32x4.mul(x, y));
}

/** x, but at least `floor`. The order matters: pmax(a, b) is a < b ? b : a, so a NaN in `x` stays one. */
// @ts-ignore: decorator
@inline
export function atLeast(x: v128, floor: v128): v128 {
  return f32x4.pmax(x, floor);
}

/** x, but at most `ceiling`; a NaN stays one. */
// @ts-ignore: decorator
@inline
export function atMost(x: v128, ceiling: v128): v128 {
  return f32x4.pmin(x, ceiling);
}

// @ts-ignore: decorator
@inline
export function zeros(): v128 {
  return f32x4.splat(0);
}
