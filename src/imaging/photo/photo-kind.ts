import type { PhotoChoice } from '../../shared/analysis.ts';
import { kindWeights } from './kind-weights.ts';

/**
 * What was likelier photographed, a film or a monitor, from what was measured of a candidate: a logistic score (a film is
 * bluish and lit from behind, what is around a monitor's image is dark). A guess that a person confirms; how often it is right
 * stands in docs/photo-quality.md.
 *
 * @param features of `quadFeatures`
 */
export function guessKind(features: readonly number[]): PhotoChoice['inputKind'] {
  const { weights, bias } = kindWeights;
  const score = features.reduce((sum, value, index) => sum + value * weights[index]!, bias);
  return score > 0 ? 'monitor' : 'film';
}
