import { orderByScore } from './auc.ts';
import type { Weights } from './bootstrap.ts';

/** What a threshold does: `score >= threshold` is called positive. Shares 0..1, NaN where nobody is there to count. */
export interface Rates {
  readonly sensitivity: number;
  readonly specificity: number;
}

export function ratesAt(scores: Float64Array, labels: Uint8Array, threshold: number, weights?: Weights): Rates {
  let [positives, hits, negatives, rejected] = [0, 0, 0, 0];
  for (let image = 0; image < scores.length; image += 1) {
    const weight = weights === undefined ? 1 : weights[image]!;
    const called = scores[image]! >= threshold;
    if (labels[image] === 1) {
      positives += weight;
      if (called) hits += weight;
    } else {
      negatives += weight;
      if (!called) rejected += weight;
    }
  }
  return { sensitivity: hits / positives, specificity: rejected / negatives };
}

/**
 * The highest threshold at which at least this share of the positives is found.
 *
 * @param sensitivity 0..1, above 0
 * @returns a function of the weights; NaN where there are no positives
 */
export function prepareThreshold(
  scores: Float64Array,
  labels: Uint8Array,
  sensitivity: number,
): (weights?: Weights) => number {
  const falling = orderByScore(scores)
    .reverse()
    .filter((image) => labels[image] === 1);
  return (weights) => {
    const total = falling.reduce((sum, image) => sum + (weights?.[image] ?? 1), 0);
    if (total === 0) return NaN;
    // Rounded, for 0.8 of 5 must be 4 of 5, whatever 0.8 is in binary.
    const needed = Math.ceil(Number((sensitivity * total).toFixed(9)));
    let found = 0;
    for (const image of falling) {
      found += weights?.[image] ?? 1;
      if (found >= needed) return scores[image]!;
    }
    return NaN;
  };
}
