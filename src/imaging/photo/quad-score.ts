import { quadWeights } from './quad-weights.ts';

/**
 * How likely a candidate is the film, from what was measured of it: a small network that looks at each side with the same
 * weights (and a bias for top, right, bottom and left), keeps the mean and the least of what the four say, and joins it with what
 * is known of the whole. Scores of candidates of one photograph compare by their difference (softmax); those of different
 * photographs do not compare.
 *
 * @param features of `quadFeatures`
 * @param sides of `sideFeatures`
 */
export function scoreQuad(features: readonly number[], sides: readonly Float32Array[]): number {
  const { side, places, hidden, output } = quadWeights;
  const joined = [...features];
  const least: number[] = [];
  for (let unit = 0; unit < side.length; unit += 1) {
    const weights: readonly number[] = side[unit]!;
    let [sum, smallest] = [0, Infinity];
    for (let place = 0; place < sides.length; place += 1) {
      const value = Math.tanh(weighted(weights, sides[place]!) + places[place]![unit]!);
      sum += value;
      smallest = Math.min(smallest, value);
    }
    joined.push(sum / sides.length);
    least.push(smallest);
  }
  joined.push(...least);
  let score = 0;
  for (let unit = 0; unit < hidden.length; unit += 1) {
    const weights: readonly number[] = hidden[unit]!;
    score += output[unit]! * Math.tanh(weighted(weights, joined) + weights[joined.length]!);
  }
  return score;
}

function weighted(weights: readonly number[], values: ArrayLike<number>): number {
  let sum = 0;
  for (let index = 0; index < values.length; index += 1) sum += weights[index]! * values[index]!;
  return sum;
}
