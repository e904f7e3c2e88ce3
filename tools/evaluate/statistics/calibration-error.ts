import { orderByScore } from './auc.ts';

/** Images of about one probability, together. */
export interface CalibrationBin {
  readonly count: number;
  /** Mean probability that was stated, 0..1. */
  readonly meanProbability: number;
  /** Share that has the finding, 0..1. */
  readonly rate: number;
}

/**
 * Bins of as nearly equal counts as equal probabilities allow (those stay together, so that a bin never depends on the order of
 * the images), from the lowest probability to the highest.
 */
export function equalMassBins(probabilities: Float64Array, labels: Uint8Array, bins: number): CalibrationBin[] {
  const order = orderByScore(probabilities);
  const result: CalibrationBin[] = [];
  let start = 0;
  for (let bin = 1; bin <= bins && start < order.length; bin += 1) {
    let end = Math.max(start + 1, Math.round((bin * order.length) / bins));
    while (end < order.length && probabilities[order[end]!] === probabilities[order[end - 1]!]) end += 1;
    if (end <= start) continue;
    let [sum, positives] = [0, 0];
    for (const image of order.subarray(start, end)) {
      sum += probabilities[image]!;
      positives += labels[image]!;
    }
    const count = end - start;
    result.push({ count, meanProbability: sum / count, rate: positives / count });
    start = end;
  }
  return result;
}

/** Expected calibration error: the bins' mean absolute difference of probability and rate, weighted by count. */
export function expectedCalibrationError(bins: readonly CalibrationBin[]): number {
  return weightedMean(bins, ({ meanProbability, rate }) => Math.abs(meanProbability - rate));
}

/**
 * Root of the debiased squared calibration error (the estimator of Kumar, Liang, Ma 2019, Verified uncertainty calibration):
 * each bin's squared difference less the variance r (1 − r) / (n − 1) that its rate has by chance, which is what makes the plain
 * error of a perfect model positive. Sums below 0 are 0. Bins of one image cannot be debiased and are left out.
 */
export function debiasedCalibrationError(bins: readonly CalibrationBin[]): number {
  const usable = bins.filter(({ count }) => count > 1);
  const squared = weightedMean(
    usable,
    ({ meanProbability, rate, count }) => (meanProbability - rate) ** 2 - (rate * (1 - rate)) / (count - 1),
  );
  return Math.sqrt(Math.max(0, squared));
}

function weightedMean(bins: readonly CalibrationBin[], of: (bin: CalibrationBin) => number): number {
  const total = bins.reduce((sum, { count }) => sum + count, 0);
  return bins.reduce((sum, bin) => sum + bin.count * of(bin), 0) / total;
}

/** Brier score: mean squared difference of probability and label (Brier 1950). 0 is perfect. */
export function brierScore(probabilities: Float64Array, labels: Uint8Array): number {
  return probabilities.reduce((sum, p, image) => sum + (p - labels[image]!) ** 2, 0) / probabilities.length;
}
