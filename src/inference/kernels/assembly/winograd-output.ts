import { atLeast, atMost } from './lanes';

/** One output pixel, four channels: clamp(sum + bias). */
// @ts-ignore: decorator
@inline
export function finish(output: usize, sum: v128, bias: v128, floor: v128, ceiling: v128): void {
  v128.store(output, atMost(atLeast(f32x4.add(sum, bias), floor), ceiling));
}
