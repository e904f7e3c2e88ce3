import { quadWeights } from './quad-weights.ts';

/**
 * How likely a candidate is the film, from what was measured of it: a network of one hidden layer. Scores of candidates of
 * one photograph compare by their difference (softmax); those of different photographs do not compare.
 *
 * @param features of `quadFeatures`
 */
export function scoreQuad(features: readonly number[]): number {
  const { hidden, output } = quadWeights;
  let score = 0;
  for (let unit = 0; unit < hidden.length; unit += 1) {
    const weights: readonly number[] = hidden[unit]!;
    let sum = weights[features.length]!;
    for (let index = 0; index < features.length; index += 1) sum += weights[index]! * features[index]!;
    score += output[unit]! * Math.tanh(sum);
  }
  return score;
}
