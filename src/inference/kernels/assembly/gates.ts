/** What an activation lets through on the way back: the gradient, where its input was between the limits. */

/** All bits set where floor < value < ceiling. At a limit and for a NaN nothing passes, as in TensorFlow. */
// @ts-ignore: decorator
@inline
export function passes(value: v128, floor: v128, ceiling: v128): v128 {
  return v128.and(f32x4.gt(value, floor), f32x4.lt(value, ceiling));
}

/** The same of value · scale + shift, rounded as in the forward pass, so that both take the same side. */
// @ts-ignore: decorator
@inline
export function normPasses(value: v128, scale: v128, shift: v128, floor: v128, ceiling: v128): v128 {
  return passes(f32x4.add(f32x4.mul(value, scale), shift), floor, ceiling);
}
