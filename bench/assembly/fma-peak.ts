/** What the processor can do at most through WebAssembly: multiply-adds on registers alone, no memory. */

/**
 * Twelve independent sums hide the latency, as they do in the tile of the product. Each step multiplies what the last one
 * made, so that nothing can be taken out of the loop.
 *
 * @param factor small: the sums must stay finite
 * @returns the sums added, so that none of them is idle
 */
export function multiplyAdds(rounds: i32, factor: f32): f32 {
  const y = f32x4.splat(factor);
  let s0 = f32x4.splat(0.01), s1 = f32x4.splat(0.02), s2 = f32x4.splat(0.03), s3 = f32x4.splat(0.04);
  let s4 = f32x4.splat(0.05), s5 = f32x4.splat(0.06), s6 = f32x4.splat(0.07), s7 = f32x4.splat(0.08);
  let s8 = f32x4.splat(0.09), s9 = f32x4.splat(0.1), s10 = f32x4.splat(0.11), s11 = f32x4.splat(0.12);
  do {
    s0 = step(s0, y); s1 = step(s1, y); s2 = step(s2, y); s3 = step(s3, y); s4 = step(s4, y); s5 = step(s5, y);
    s6 = step(s6, y); s7 = step(s7, y); s8 = step(s8, y); s9 = step(s9, y); s10 = step(s10, y); s11 = step(s11, y);
  } while (--rounds);
  const low = f32x4.add(f32x4.add(f32x4.add(s0, s1), f32x4.add(s2, s3)), f32x4.add(s4, s5));
  const high = f32x4.add(f32x4.add(f32x4.add(s6, s7), f32x4.add(s8, s9)), f32x4.add(s10, s11));
  return f32x4.extract_lane(f32x4.add(low, high), 0);
}

// @ts-ignore: decorator
@inline
function step(sum: v128, y: v128): v128 {
  return ASC_FEATURE_RELAXED_SIMD ? f32x4.relaxed_madd(sum, y, sum) : f32x4.add(sum, f32x4.mul(sum, y));
}
