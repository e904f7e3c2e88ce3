import type { GrayPixels } from '../network-input.ts';
import { blurFeatures } from './blur-features.ts';
import { blurWeights } from './blur-weights.ts';

/**
 * How blurred a rectified film is: one weighted sum of what is measured of its edges and its texture at three scales. The weights
 * were fitted to synthetic photographs whose blur is known; what an X-ray has of its own softness is in them as a mean.
 *
 * @param rectified grey before its tones are stretched, 0..1
 * @returns standard deviation of a Gauss that blurs as much, share of the film's short side
 */
export function measureBlur(rectified: GrayPixels): number {
  const { weights, bias } = blurWeights;
  return Math.exp(blurFeatures(rectified).reduce((sum, value, index) => sum + value * weights[index]!, bias));
}
