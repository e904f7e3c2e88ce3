/** From a logit to "above its threshold" and to a probability: as the pack ships it, or as the other folds would have chosen it. */

import { calibratedProbability, logOdds, sigmoid } from '../../../src/inference/calibrated-probability.ts';
import type { FindingsManifest } from '../../../src/shared/pack.ts';
import { fitLogistic } from '../statistics/logistic.ts';
import { prepareThreshold } from '../statistics/operating-point.ts';
import { filterSample, type FindingColumn, type Sample, type SampleRow } from './sample.ts';

/** Of DESIGN's screening points: four of five patients with the finding lie above. */
export const screeningSensitivity = 0.8;

/** What was decided of one finding; one entry a row of the sample. */
export interface Decisions {
  /** logit − threshold's logit: not negative is "above". */
  readonly margins: Float64Array;
  /** Calibrated log-odds at the prevalence of this sample; absent where nothing is calibrated. */
  readonly logOdds?: Float64Array;
}

/** Thresholds and calibration of the pack itself, probabilities moved to the share that this sample has. */
export function shippedDecisions(sample: Sample, { findings }: Pick<FindingsManifest, 'findings'>): Decisions[] {
  return sample.columns.map(({ id, labels, logits }) => {
    const finding = findings.find((each) => each.id === id)!;
    const { operatingPoints, calibration } = finding;
    const margins = logits.map(
      (logit, row) => logit - logOdds((operatingPoints[sample.rows[row]!.inputKind] ?? operatingPoints.digital).score),
    );
    const rate = labels.reduce((sum, label) => sum + label, 0) / labels.length;
    const isCalibrated = sample.rows.every(({ inputKind }) => calibration?.[inputKind] !== undefined);
    if (!isCalibrated || rate === 0 || rate === 1) return { margins };
    const moved = logits.map((logit, row) =>
      logOdds(calibratedProbability(logit, calibration![sample.rows[row]!.inputKind]!, rate).probability),
    );
    return { margins, logOdds: moved };
  });
}

/**
 * Thresholds and calibration that the other folds' pictures of the same kind of input would have chosen, so that nothing is
 * measured on what it was fitted to. Where the others allow none (no patient with the finding) a row has the threshold NaN: it is never above.
 */
export function crossFittedDecisions(sample: Sample): Decisions[] {
  const partOf = ({ fold = '', inputKind }: SampleRow): string => `${inputKind} ${fold}`;
  const parts = new Map(sample.rows.map((row) => [partOf(row), row]));
  const others = [...parts].map(([part, { fold, inputKind }]) => {
    return [part, filterSample(sample, (row) => row.fold !== fold && row.inputKind === inputKind)] as const;
  });
  return sample.columns.map(({ logits }, column) => {
    const rules = new Map(others.map(([part, other]) => [part, fitRule(other, column)]));
    const ruleOf = (row: number): Rule => rules.get(partOf(sample.rows[row]!))!;
    const margins = logits.map((logit, row) => logit - ruleOf(row).threshold);
    if ([...rules.values()].some(({ line }) => line === undefined)) return { margins };
    return {
      margins,
      logOdds: logits.map((logit, row) => {
        const { slope, intercept } = ruleOf(row).line!;
        return slope * logit + intercept;
      }),
    };
  });
}

interface Rule {
  readonly threshold: number;
  readonly line?: Line;
}

interface Line {
  readonly slope: number;
  readonly intercept: number;
}

function fitRule({ columns, patients }: Sample, column: number): Rule {
  const { logits, labels } = columns[column]!;
  const line = calibrationLine(columns[column]!, patients);
  const threshold = prepareThreshold(logits, labels, screeningSensitivity)();
  return { threshold, ...(line === undefined ? {} : { line }) };
}

/** The fitted line; where it would turn patients around, the share of the sample for everybody. */
export function calibrationLine(
  { logits, labels }: Pick<FindingColumn, 'logits' | 'labels'>,
  patients: Int32Array,
): (Line & { readonly covariance: readonly [number, number, number] }) | undefined {
  const fit = fitLogistic(logits, labels, patients);
  if (fit === undefined || fit.slope > 0) return fit;
  const constant = fitLogisticOfNothing(labels);
  return { slope: 0, intercept: constant.intercept, covariance: [0, 0, constant.variance] };
}

function fitLogisticOfNothing(labels: Uint8Array): { readonly intercept: number; readonly variance: number } {
  const positives = labels.reduce((sum, label) => sum + label, 0);
  const rate = positives / labels.length;
  return { intercept: logOdds(rate), variance: 1 / (labels.length * rate * (1 - rate)) };
}

/** Log-odds as probabilities. */
export function probabilitiesOf(values: Float64Array): Float64Array {
  return values.map(sigmoid);
}
