/** Weights of convolutions rewritten so that a graph needs fewer passes. Products are rounded to float32 once. */

import type { SourceTensor } from '../safetensors.ts';

/**
 * Folds the scale of a norm that follows the convolution into it; the norm's shift becomes the bias.
 *
 * @param weight [height, width, in, out]
 * @param scale [out]
 */
export function scaleOutputs({ shape, data }: SourceTensor, scale: Float32Array): SourceTensor {
  const out = scale.length;
  return { shape, data: data.map((value, index) => value * (scale[index % out] ?? NaN)) };
}

/**
 * A k×k convolution of one channel with stride 2 as a convolution with stride 1 over 2×2 squares of pixels: tap (y, x)
 * becomes tap (⌊y/2⌋, ⌊x/2⌋) of channel 2·(y mod 2) + x mod 2; an odd k leaves zeros in the last row and column.
 *
 * @param weight [k, k, 1, out]
 * @returns [⌈k/2⌉, ⌈k/2⌉, 4, out]
 */
export function foldStem({ shape, data }: SourceTensor): SourceTensor {
  const [kernel = 0, , , out = 0] = shape;
  const half = Math.ceil(kernel / 2);
  const folded = new Float32Array(half * half * 4 * out);
  for (let y = 0; y < kernel; y += 1) {
    for (let x = 0; x < kernel; x += 1) {
      const square = Math.floor(y / 2) * half + Math.floor(x / 2);
      const channel = (y % 2) * 2 + (x % 2);
      const from = (y * kernel + x) * out;
      folded.set(data.subarray(from, from + out), (square * 4 + channel) * out);
    }
  }
  return { shape: [half, half, 4, out], data: folded };
}
