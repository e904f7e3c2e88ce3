/** Discrimination, thresholds and calibration of every finding of a sample, with intervals by patient. */

import { gradeOf } from '../grade.ts';
import type { CalibrationReport, FindingReport, MacroReport, Measured } from '../report.ts';
import { prepareAuc, rocCurve } from '../statistics/auc.ts';
import { bootstrapByPatient, percentileInterval, type BootstrapOptions } from '../statistics/bootstrap.ts';
import {
  brierScore,
  debiasedCalibrationError,
  equalMassBins,
  expectedCalibrationError,
} from '../statistics/calibration-error.ts';
import { fitIntercept, fitLogistic } from '../statistics/logistic.ts';
import { ratesAt } from '../statistics/operating-point.ts';
import { probabilitiesOf, type Decisions } from './decision-rules.ts';
import type { FindingColumn, Sample } from './sample.ts';

const share95 = 0.95;
const normal95 = 1.959964;
const calibrationBins = 10;
/** Points of a curve that is drawn some 150 pixels wide. */
const rocPoints = 120;

export interface MeasuredFindings {
  readonly findings: readonly FindingReport[];
  readonly macroAuc: MacroReport | null;
}

/**
 * @param decisions one a column of the sample
 * @param macroOver findings that the mean AUC is over; without it all that have positives and negatives
 */
export function measureFindings(
  sample: Sample,
  decisions: readonly Decisions[],
  bootstrap: BootstrapOptions,
  macroOver?: ReadonlySet<string>,
): MeasuredFindings {
  const { columns, patients } = sample;
  const aucs = columns.map(({ logits, labels }) => prepareAuc(logits, labels));
  const values = aucs.map((auc) => auc());
  const inMean = columns.map(({ id }, column) => !Number.isNaN(values[column]) && (macroOver?.has(id) ?? true));
  const macroOf = (each: readonly number[]): number => mean(each.filter((_, column) => inMean[column]));

  const resampled = bootstrapByPatient(
    patients,
    (weights) => {
      const drawn = aucs.map((auc) => auc(weights));
      const rates = columns.flatMap(({ labels }, column) => {
        const { sensitivity, specificity } = ratesAt(decisions[column]!.margins, labels, 0, weights);
        return [sensitivity, specificity];
      });
      // A resample without a patient of some rare finding has no mean over the same findings.
      return [...drawn, ...rates, macroOf(drawn)];
    },
    bootstrap,
  );
  const measured = (value: number, statistic: number): Measured | null =>
    Number.isNaN(value) ? null : { value, interval95: percentileInterval(resampled[statistic]!, share95) ?? null };

  const findings = columns.map((column, index): FindingReport => {
    const { margins, logOdds: calibrated } = decisions[index]!;
    const rates = ratesAt(margins, column.labels, 0);
    const auc = measured(values[index]!, index);
    const counts = countPositives(column, patients);
    return {
      id: column.id,
      images: column.labels.length,
      ...counts,
      auc,
      grade: auc?.interval95 ? gradeOf(auc.interval95[0], counts.positivePatients) : 'unmeasured',
      sensitivity: measured(rates.sensitivity, columns.length + 2 * index),
      specificity: measured(rates.specificity, columns.length + 2 * index + 1),
      score: measureCalibration(column.logits, column.labels, patients),
      probability: calibrated === undefined ? null : measureCalibration(calibrated, column.labels, patients),
      roc: auc === null ? [] : thinned(rocCurve(column.logits, column.labels)),
    };
  });
  const macro = measured(macroOf(values), 3 * columns.length);
  return { findings, macroAuc: macro === null ? null : { ...macro, findings: inMean.filter(Boolean).length } };
}

/** @param logOdds stated log-odds, one a picture */
export function measureCalibration(logOdds: Float64Array, labels: Uint8Array, patients: Int32Array): CalibrationReport {
  const probabilities = probabilitiesOf(logOdds);
  const fit = fitLogistic(logOdds, labels, patients);
  const alone = fitIntercept(logOdds, labels, patients);
  const bins = equalMassBins(probabilities, labels, calibrationBins);
  return {
    slope: fit === undefined ? null : wald(fit.slope, fit.covariance[0]),
    intercept: fit === undefined ? null : wald(fit.intercept, fit.covariance[2]),
    inTheLarge: alone === undefined ? null : wald(alone.intercept, alone.variance),
    meanProbability: mean([...probabilities]),
    rate: labels.reduce((sum, label) => sum + label, 0) / labels.length,
    brier: brierScore(probabilities, labels),
    expectedError: expectedCalibrationError(bins),
    debiasedError: debiasedCalibrationError(bins),
    bins,
  };
}

/** Value ± 1.96 standard errors (Wald). */
function wald(value: number, variance: number): Measured {
  const half = normal95 * Math.sqrt(variance);
  return { value, interval95: [value - half, value + half] };
}

export function countPositives(
  { labels }: Pick<FindingColumn, 'labels'>,
  patients: Int32Array,
): Pick<FindingReport, 'positives' | 'positivePatients'> {
  const having = new Set<number>();
  labels.forEach((label, row) => {
    if (label === 1) having.add(patients[row]!);
  });
  return { positives: labels.reduce((sum, label) => sum + label, 0), positivePatients: having.size };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function thinned(points: ReturnType<typeof rocCurve>): FindingReport['roc'] {
  const every = Math.max(1, Math.ceil(points.length / rocPoints));
  const digits = 4;
  return points
    .filter((_, index) => index % every === 0 || index === points.length - 1)
    .map(({ falsePositiveRate, truePositiveRate }) => [
      Number(falsePositiveRate.toFixed(digits)),
      Number(truePositiveRate.toFixed(digits)),
    ]);
}
