import type { Calibration } from '../shared/pack.ts';

/** Half width of a 95 % interval of a normal distribution, in standard deviations. */
const normal95 = 1.959964;

/** The network's sigmoid of a logit, 0..1. */
export function sigmoid(logit: number): number {
  return 1 / (1 + Math.exp(-logit));
}

/** Log-odds of a share strictly between 0 and 1. */
export function logOdds(share: number): number {
  return Math.log(share / (1 - share));
}

export interface CalibratedProbability {
  /** 0..1, at the stated prevalence. */
  readonly probability: number;
  /** 95 % interval from the uncertainty of the calibration alone; absent where the pack does not state it. */
  readonly interval?: readonly [number, number];
}

/**
 * The probability of a finding, stated at a prevalence. Pure.
 *
 * Calibration gives the log-odds at the sample's prevalence π: `a = slope · logit + intercept`. A sample is enriched, so
 * they are moved to the patients' prevalence π′ by Bayes' rule on the odds, of which only the prior changes:
 *
 *     odds′ = odds · (π′ / (1 − π′)) / (π / (1 − π))
 *
 * (Elkan 2001, The foundations of cost-sensitive learning, theorem 2; Saerens, Latinne, Decaestecker 2002, eq. 2.4). It holds
 * where patients with the finding look the same in both populations, and so do those without.
 *
 * The interval: variance of the log-odds by the delta method, `x² var(slope) + 2 x cov + var(intercept)`, ± 1.96 deviations.
 *
 * @param logit the network's raw output
 * @param prevalence π′, strictly between 0 and 1
 */
export function calibratedProbability(
  logit: number,
  { slope, intercept, samplePrevalence, covariance }: Calibration,
  prevalence: number,
): CalibratedProbability {
  const moved = slope * logit + intercept + logOdds(prevalence) - logOdds(samplePrevalence);
  const probability = sigmoid(moved);
  if (covariance === undefined) return { probability };
  const [ofSlope, ofBoth, ofIntercept] = covariance;
  const variance = logit * logit * ofSlope + 2 * logit * ofBoth + ofIntercept;
  const half = normal95 * Math.sqrt(Math.max(0, variance));
  return { probability, interval: [sigmoid(moved - half), sigmoid(moved + half)] };
}
