/** `--calibrate`: what a pack states of each finding, computed from scores of pictures that its network has not seen. */

import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sigmoid } from '../../src/inference/calibrated-probability.ts';
import type { InputKind } from '../../src/shared/analysis.ts';
import type { OperatingPoint } from '../../src/shared/pack.ts';
import { toJson } from '../pack/write-pack.ts';
import { gradeOf } from './grade.ts';
import { calibrationLine, screeningSensitivity } from './measure/decision-rules.ts';
import { countPositives } from './measure/measure-findings.ts';
import { filterSample, patientCount, type Sample } from './measure/sample.ts';
import { referencePrevalenceOf } from './reference-prevalence.ts';
import type { CalibratedFinding, CalibrationFile, FittedCalibration, Report } from './report.ts';
import { prepareAuc } from './statistics/auc.ts';
import { bootstrapByPatient, percentileInterval, type BootstrapOptions } from './statistics/bootstrap.ts';
import { prepareThreshold, ratesAt } from './statistics/operating-point.ts';
import { parseScoresCsv } from './write/scores-csv.ts';

const share95 = 0.95;
/** The 5th and the 95th percentile. */
const share90 = 0.9;
/** Patients of a finding below which a threshold is more chance than kind of input. */
const fewestOfKind = 50;
const scoreDigits = 5;
const figureDigits = 3;
const fitDigits = 6;

/**
 * Writes `calibration.json` beside the scores.
 *
 * @param photographs folder of another evaluation by the same networks, of photographs of the same pictures: thresholds and
 *   calibration for films and monitors
 * @returns its path
 * @throws Error where the scores are missing, or a finding has too few patients for an interval
 */
export async function calibrate(folder: string, bootstrap: BootstrapOptions, photographs?: string): Promise<string> {
  const own = await readScores(folder);
  const shot = photographs === undefined ? undefined : await readScores(photographs);
  if (shot !== undefined && !sameNetworks(own.report, shot.report)) {
    throw new Error(`${folder} and ${photographs} were measured with different networks: evaluate both again.`);
  }
  const file = calibrationOf(own.sample, own.report.measuredOn, bootstrap, shot?.sample);
  const path = join(folder, 'calibration.json');
  const origin = shot === undefined ? {} : { photographsMeasuredOn: shot.report.measuredOn };
  await writeFile(path, toJson({ ...file, ...origin }));
  return path;
}

async function readScores(folder: string): Promise<{ readonly sample: Sample; readonly report: Report }> {
  const [scores, report] = await Promise.all(
    ['scores.csv', 'report.json'].map((name) =>
      readFile(join(folder, name), 'utf8').catch((thrown: unknown) => {
        throw new Error(`${folder} has no ${name}: run the evaluation first, with --out ${folder}.`, { cause: thrown });
      }),
    ),
  );
  return { sample: parseScoresCsv(scores!, 'scores.csv'), report: JSON.parse(report!) as Report };
}

function sameNetworks(a: Report, b: Report): boolean {
  const networks = ({ packs }: Report): string => packs.map(({ network }) => network).join();
  return networks(a) === networks(b);
}

/**
 * Thresholds at a sensitivity of 0.80 with the ends of "can't tell", AUCs, grades, and the logistic recalibration of each
 * finding. Only for scores out of fold: on pictures that the network was trained with all of this would flatter.
 *
 * @param sample digital originals; AUC and grade are theirs
 * @param photographs of films and monitors: thresholds and calibration of their own
 */
export function calibrationOf(
  sample: Sample,
  measuredOn: string,
  bootstrap: BootstrapOptions,
  photographs?: Sample,
): CalibrationFile {
  const digital = fitKind(sample, bootstrap);
  const ofPhotographs = photographs === undefined ? [] : fitPhotographs(photographs, bootstrap);
  const findings = sample.columns.map(({ id }, column): CalibratedFinding => {
    const own = digital[column];
    const referencePrevalence = referencePrevalenceOf(id);
    if (own === undefined || referencePrevalence === undefined) {
      throw new Error(`${id} cannot be calibrated: too few patients have it, or nobody states how common it is.`);
    }
    const ofKind = <Value>(pick: (fit: FittedKind) => Value): Partial<Record<InputKind, Value>> =>
      Object.fromEntries(
        ofPhotographs.flatMap(({ kind, fitted }) => {
          const fit = fitted.find((each) => each?.id === id);
          return fit === undefined ? [] : [[kind, pick(fit)]];
        }),
      );
    return {
      id,
      operatingPoints: { digital: own.operatingPoint, ...ofKind(({ operatingPoint }) => operatingPoint) },
      auc: { ...own.auc, testSet: measuredOn },
      grade: own.grade,
      calibration: { digital: own.calibration, ...ofKind(({ calibration }) => calibration) },
      referencePrevalence,
    };
  });
  return {
    formatVersion: 1,
    measuredOn,
    images: sample.rows.length,
    patients: patientCount(sample),
    bootstrap,
    ...(ofPhotographs.length === 0
      ? {}
      : { photographs: Object.fromEntries(ofPhotographs.map(({ kind, images }) => [kind, images])) }),
    findings,
  };
}

interface FittedPhotographs {
  readonly kind: InputKind;
  /** That it was fitted on. */
  readonly images: number;
  readonly fitted: readonly (FittedKind | undefined)[];
}

/** Films and monitors by themselves where each finding has enough patients there, else what was fitted on both. */
function fitPhotographs(photographs: Sample, bootstrap: BootstrapOptions): FittedPhotographs[] {
  return (['film', 'monitor'] as const).flatMap((kind) => {
    const part = filterSample(photographs, ({ inputKind }) => inputKind === kind);
    if (part.rows.length === 0) return [];
    const isEnough = part.columns.every(
      (column) => countPositives(column, part.patients).positivePatients >= fewestOfKind,
    );
    const sample = isEnough ? part : photographs;
    const fitted = fitKind(sample, bootstrap);
    // A kind counts for all findings or for none: the app says which thresholds it used.
    return fitted.every((each) => each !== undefined) ? [{ kind, images: sample.rows.length, fitted }] : [];
  });
}

/** One finding on pictures of one kind. */
interface FittedKind extends Pick<CalibratedFinding, 'id' | 'grade'> {
  readonly operatingPoint: OperatingPoint;
  readonly calibration: FittedCalibration;
  readonly auc: Omit<CalibratedFinding['auc'], 'testSet'>;
}

/** One entry a column; `undefined` where too few patients have the finding. */
function fitKind({ columns, patients }: Sample, bootstrap: BootstrapOptions): (FittedKind | undefined)[] {
  const prepared = columns.map(({ labels, logits }) => ({
    auc: prepareAuc(logits, labels),
    threshold: prepareThreshold(logits, labels, screeningSensitivity),
  }));
  const resampled = bootstrapByPatient(
    patients,
    (weights) => prepared.flatMap(({ auc, threshold }) => [auc(weights), threshold(weights)]),
    bootstrap,
  );
  return columns.map(({ id, labels, logits }, column) => {
    const { auc, threshold } = prepared[column]!;
    const [drawnAucs, drawnThresholds] = [resampled[2 * column], resampled[2 * column + 1]];
    const ends = drawnAucs && percentileInterval(drawnAucs, share95);
    const unsure = drawnThresholds && percentileInterval(drawnThresholds, share90);
    const line = calibrationLine({ labels, logits }, patients);
    if (ends === undefined || unsure === undefined || line === undefined) return undefined;
    const { positives, positivePatients } = countPositives({ labels }, patients);
    const rates = ratesAt(logits, labels, threshold());
    const [low, high] = [rounded(sigmoid(unsure[0]), scoreDigits), rounded(sigmoid(unsure[1]), scoreDigits)];
    return {
      id,
      operatingPoint: {
        score: rounded(sigmoid(threshold()), scoreDigits),
        rule: 'sensitivity',
        sensitivity: rounded(rates.sensitivity, figureDigits),
        specificity: rounded(rates.specificity, figureDigits),
        ...(low < high ? { unsureRange: [low, high] as const } : {}),
      },
      auc: {
        value: rounded(auc(), figureDigits),
        interval95: [rounded(ends[0], figureDigits), rounded(ends[1], figureDigits)],
        positives,
      },
      grade: gradeOf(ends[0], positivePatients),
      calibration: {
        slope: rounded(line.slope, fitDigits),
        intercept: rounded(line.intercept, fitDigits),
        samplePrevalence: rounded(positives / labels.length, fitDigits),
        covariance: [
          rounded(line.covariance[0], fitDigits),
          rounded(line.covariance[1], fitDigits),
          rounded(line.covariance[2], fitDigits),
        ],
      },
    };
  });
}

function rounded(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
