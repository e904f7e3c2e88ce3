/** The statistics of `npm run evaluate` against scikit-learn, SciPy and NumPy, and against what can be counted by hand. */

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { prepareAuc, rocCurve } from '../../tools/evaluate/statistics/auc.ts';
import { bootstrapByPatient, percentileInterval, quantile } from '../../tools/evaluate/statistics/bootstrap.ts';
import {
  brierScore,
  debiasedCalibrationError,
  equalMassBins,
  expectedCalibrationError,
} from '../../tools/evaluate/statistics/calibration-error.ts';
import { fitIntercept, fitLogistic } from '../../tools/evaluate/statistics/logistic.ts';
import { prepareThreshold, ratesAt } from '../../tools/evaluate/statistics/operating-point.ts';
import { wilsonInterval } from '../../tools/evaluate/statistics/wilson.ts';

interface Expected {
  readonly [numbers: string]: number | readonly number[] | readonly (readonly number[])[];
}

const expected = JSON.parse(await readFile(new URL('evaluate/statistics.json', import.meta.url), 'utf8')) as Expected &
  Record<'logits' | 'labels' | 'patients' | 'weights' | 'probabilities', readonly number[]>;
const logits = Float64Array.from(expected.logits);
const labels = Uint8Array.from(expected.labels);
const patients = Int32Array.from(expected.patients);
const weights = Uint16Array.from(expected.weights);
const probabilities = Float64Array.from(expected.probabilities);
const rounding = 1e-12;

function close(actual: number | undefined, wanted: unknown, tolerance = rounding): void {
  assert.ok(Math.abs(Number(actual) - Number(wanted)) <= tolerance, `${actual} for ${String(wanted)}`);
}

test('the AUC is scikit-learn’s, with ties and with weights', () => {
  const auc = prepareAuc(logits, labels);
  close(auc(), expected['auc']);
  close(auc(weights), expected['weightedAuc']);
});

test('an AUC by hand: ties count half, and nobody without a counterpart', () => {
  // Pairs: 3>1, 3>2, 2>1 won, 2=2 tied: 3.5 of 4.
  close(prepareAuc(Float64Array.of(1, 2, 2, 3), Uint8Array.of(0, 0, 1, 1))(), 3.5 / 4);
  assert.ok(Number.isNaN(prepareAuc(Float64Array.of(1, 2), Uint8Array.of(1, 1))()));
});

test('the ROC curve has scikit-learn’s points', () => {
  const points = rocCurve(logits, labels).map((point) => [point.falsePositiveRate, point.truePositiveRate]);
  const wanted = expected['roc'] as readonly (readonly number[])[];
  assert.equal(points.length, wanted.length);
  points.forEach(([x, y], index) => {
    close(x, wanted[index]![0]);
    close(y, wanted[index]![1]);
  });
});

test('the operating point is the highest threshold that keeps the sensitivity', () => {
  const threshold = prepareThreshold(logits, labels, 0.8)();
  close(threshold, expected['threshold']);
  assert.ok(ratesAt(logits, labels, threshold).sensitivity >= 0.8);
  assert.ok(ratesAt(logits, labels, threshold + 1e-9).sensitivity < 0.8);
  // 4 of 5 are 80 %: the fifth from above is not needed. Without the image of weight 0 it is 3 of 4, and all 4 are.
  const scores = Float64Array.of(5, 4, 3, 2, 1, 9);
  const found = Uint8Array.of(1, 1, 1, 1, 1, 0);
  const of = prepareThreshold(scores, found, 0.8);
  assert.equal(of(), 2);
  assert.equal(of(Uint16Array.of(0, 1, 1, 1, 1, 1)), 1);
  assert.deepEqual(ratesAt(scores, found, 2), { sensitivity: 0.8, specificity: 0 });
});

test('logistic recalibration is scikit-learn’s, its covariance the sandwich by patient', () => {
  const fit = fitLogistic(logits, labels, patients)!;
  close(fit.slope, expected['slope'], 1e-5);
  close(fit.intercept, expected['intercept'], 1e-5);
  const wanted = expected['covariance'] as readonly number[];
  fit.covariance.forEach((value, index) => close(value, wanted[index], 1e-6));
});

test('a fit that does not exist is none', () => {
  const alone = Int32Array.of(0, 1, 2, 3);
  assert.equal(fitLogistic(Float64Array.of(1, 2, 3, 4), Uint8Array.of(0, 0, 1, 1), alone), undefined);
  assert.equal(fitLogistic(Float64Array.of(1, 2, 3, 4), Uint8Array.of(1, 1, 1, 1), alone), undefined);
  assert.equal(fitLogistic(Float64Array.of(2, 2, 2, 2), Uint8Array.of(0, 1, 0, 1), alone), undefined);
});

test('calibration in the large is the root of the same equation', () => {
  const fit = fitIntercept(logits, labels, patients)!;
  close(fit.intercept, expected['interceptAlone'], 1e-9);
  close(fit.variance, expected['interceptAloneVariance'], 1e-9);
  // All probabilities ½, three of four positive: log 3 is missing.
  close(
    fitIntercept(new Float64Array(4), Uint8Array.of(1, 1, 1, 0), Int32Array.of(0, 1, 2, 3))!.intercept,
    Math.log(3),
    1e-9,
  );
});

test('bins, calibration errors and Brier score are NumPy’s and scikit-learn’s', () => {
  const bins = equalMassBins(probabilities, labels, 8);
  const wanted = expected['bins'] as readonly (readonly number[])[];
  assert.deepEqual(
    bins.map(({ count }) => count),
    wanted.map(([count]) => count),
  );
  bins.forEach(({ meanProbability, rate }, index) => {
    close(meanProbability, wanted[index]![1]);
    close(rate, wanted[index]![2]);
  });
  close(expectedCalibrationError(bins), expected['ece']);
  close(debiasedCalibrationError(bins), expected['debiased']);
  close(brierScore(probabilities, labels), expected['brier']);
});

test('equal probabilities stay in one bin, whatever the order of the images', () => {
  const tied = Float64Array.of(0.2, 0.2, 0.2, 0.2, 0.9);
  assert.deepEqual(equalMassBins(tied, Uint8Array.of(1, 0, 0, 0, 1), 5), [
    { count: 4, meanProbability: 0.2, rate: 0.25 },
    { count: 1, meanProbability: 0.9, rate: 1 },
  ]);
});

test('the debiased error of a calibrated model is near 0 where the plain one is not', () => {
  // Rates scatter by chance alone: 3 of 10 and 7 of 10 stand for a probability of ½.
  const bins = [3, 7].map((positives) => ({ count: 10, meanProbability: 0.5, rate: positives / 10 }));
  close(expectedCalibrationError(bins), 0.2);
  // 0.04 − 0.21 / 9
  close(debiasedCalibrationError(bins), Math.sqrt(0.04 - 0.21 / 9));
});

test('Wilson’s interval is SciPy’s', () => {
  for (const [hits, of, low, high] of expected['wilson'] as readonly (readonly number[])[]) {
    const interval = wilsonInterval(hits!, of!)!;
    close(interval[0], low, 1e-6);
    close(interval[1], high, 1e-6);
  }
  assert.equal(wilsonInterval(0, 0), undefined);
});

test('quantiles are NumPy’s', () => {
  const sorted = logits.slice().sort();
  [0.025, 0.5, 0.975].forEach((share, index) =>
    close(quantile(sorted, share), (expected['quantiles'] as number[])[index]),
  );
});

test('the bootstrap draws patients whole, and is the same for the same seed', () => {
  const owners = Int32Array.of(0, 0, 1, 2, 2, 2);
  const seen: number[][] = [];
  const options = { replicates: 200, seed: 5 };
  const [totals] = bootstrapByPatient(
    owners,
    (drawn) => {
      seen.push([...drawn]);
      return [drawn[0]! + drawn[2]! + drawn[3]!];
    },
    options,
  );
  for (const drawn of seen) {
    assert.equal(drawn[0], drawn[1]);
    assert.deepEqual([drawn[3], drawn[3]], [drawn[4], drawn[5]]);
  }
  assert.deepEqual([...totals!], new Array(200).fill(3), 'as many patients as there are');
  assert.ok(new Set(seen.map(String)).size > 5, 'other draws each time');
  const again = bootstrapByPatient(owners, (drawn) => [...drawn], options);
  assert.deepEqual(
    seen.map((drawn) => drawn[3]),
    [...again[3]!],
  );
});

test('an interval leaves out what is not defined, and says nothing of too little', () => {
  const values = Float64Array.of(NaN, 1, 2, 3, 4, 5);
  assert.deepEqual(percentileInterval(values, 1), [1, 5]);
  assert.equal(percentileInterval(Float64Array.of(NaN, NaN, 3), 0.95), undefined);
});

test('a bootstrap interval of a mean is near the one of theory', () => {
  const { length } = logits;
  const mean = logits.reduce((sum, x) => sum + x, 0) / length;
  const deviation = Math.sqrt(logits.reduce((sum, x) => sum + (x - mean) ** 2, 0) / length);
  const alone = Int32Array.from(logits, (_, index) => index);
  const [means] = bootstrapByPatient(
    alone,
    (drawn) => [drawn.reduce((sum, weight, image) => sum + weight * logits[image]!, 0) / length],
    { replicates: 2000, seed: 11 },
  );
  const [low, high] = percentileInterval(means!, 0.95)!;
  const half = (1.96 * deviation) / Math.sqrt(length);
  close(low, mean - half, half / 10);
  close(high, mean + half, half / 10);
});
