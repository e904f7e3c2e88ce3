/** A transposed convolution as an ordinary one: tfjs's own kernel for it is a scalar loop. */

import type { SourceTensor } from '../safetensors.ts';

export interface SubPixelConvolution {
  /** [taps, taps, in, block · block · out]; the place within a block first, then the channel. */
  readonly weight: SourceTensor;
  /** Zeros around the input. */
  readonly padding: number;
  /** Side of the square of pixels that each place of the result holds. */
  readonly block: number;
  /** Side of the map once the blocks are laid out as pixels, and what of it counts: the first `side` rows and columns. */
  readonly spread: number;
  readonly side: number;
}

/**
 * Pixel o of a transposed convolution is Σᵢ x[i] · w[o − i·stride] (Dumoulin & Visin, arXiv 1603.07285, 4.6). With
 * o = block · q + p the taps that meet place p of a block are w[p + block · j], j = 0, 1, …: an ordinary convolution over
 * x, with block² · out channels, of which none reads an inserted zero (Shi et al., arXiv 1609.05158, "sub-pixel").
 *
 * @param kernel [k, k, out, in]
 * @param into side of the input, pixels
 */
export function asSubPixelConvolution(kernel: SourceTensor, stride: number, into: number): SubPixelConvolution {
  const [size = 0, , out = 0, channels = 0] = kernel.shape;
  // One pixel meets no neighbour, whatever the stride: the largest block then leaves a single tap.
  const block = into === 1 ? size : stride;
  const taps = Math.ceil(size / block);
  const outputs = block * block * out;
  const data = new Float32Array(taps * taps * channels * outputs);
  for (let y = 0; y < size; y += 1) {
    for (let x = 0; x < size; x += 1) {
      // Convolutions run forwards through their kernel, the sum above backwards.
      const tap = (taps - 1 - Math.floor(y / block)) * taps + (taps - 1 - Math.floor(x / block));
      const place = (y % block) * block + (x % block);
      for (let channel = 0; channel < channels; channel += 1) {
        const target = (tap * channels + channel) * outputs + place * out;
        for (let output = 0; output < out; output += 1) {
          data[target + output] = kernel.data[((y * size + x) * out + output) * channels + channel]!;
        }
      }
    }
  }
  return {
    weight: { shape: [taps, taps, channels, outputs], data },
    padding: taps - 1,
    block,
    spread: (into + taps - 1) * block,
    side: (into - 1) * stride + size,
  };
}
