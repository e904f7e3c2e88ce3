/** `--calibrate`: what a pack states of each finding, computed from scores of pictures that its network has not seen. */

import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sigmoid } from '../../src/inference/calibrated-probability.ts';
import { toJson } from '../pack/write-pack.ts';
import { gradeOf } from './grade.ts';
import { calibrationLine, screeningSensitivity } from './measure/decision-rules.ts';
import { countPositives } from './measure/measure-findings.ts';
import { patientCount, type Sample } from './measure/sample.ts';
import { referencePrevalenceOf } from './reference-prevalence.ts';
import type { CalibratedFinding, CalibrationFile, Report } from './report.ts';
import { prepareAuc } from './statistics/auc.ts';
import { bootstrapByPatient, percentileInterval, type BootstrapOptions } from './statistics/bootstrap.ts';
import { prepareThreshold, ratesAt } from './statistics/operating-point.ts';
import { parseScoresCsv } from './write/scores-csv.ts';

const share95 = 0.95;
/** The 5th and the 95th percentile. */
const share90 = 0.9;
const scoreDigits = 5;
const figureDigits = 3;
const fitDigits = 6;

/**
 * Writes `calibration.json` beside the scores.
 *
 * @returns its path
 * @throws Error where the scores are missing, or a finding has too few patients for an interval
 */
export async function calibrate(folder: string, bootstrap: BootstrapOptions): Promise<string> {
  const [scores, report] = await Promise.all(
    ['scores.csv', 'report.json'].map((name) =>
      readFile(join(folder, name), 'utf8').catch((thrown: unknown) => {
        throw new Error(`${folder} has no ${name}: run the evaluation first, with --out ${folder}.`, { cause: thrown });
      }),
    ),
  );
  const { measuredOn } = JSON.parse(report!) as Report;
  const path = join(folder, 'calibration.json');
  await writeFile(path, toJson(calibrationOf(parseScoresCsv(scores!, 'scores.csv'), measuredOn, bootstrap)));
  return path;
}

/**
 * Thresholds at a sensitivity of 0.80 with the ends of "can't tell", AUCs, grades, and the logistic recalibration of each
 * finding. Only for scores out of fold: on pictures that the network was trained with all of this would flatter.
 */
export function calibrationOf(sample: Sample, measuredOn: string, bootstrap: BootstrapOptions): CalibrationFile {
  const { columns, patients, rows } = sample;
  const prepared = columns.map(({ labels, logits }) => ({
    auc: prepareAuc(logits, labels),
    threshold: prepareThreshold(logits, labels, screeningSensitivity),
  }));
  const resampled = bootstrapByPatient(
    patients,
    (weights) => prepared.flatMap(({ auc, threshold }) => [auc(weights), threshold(weights)]),
    bootstrap,
  );
  const findings = columns.map(({ id, labels, logits }, column): CalibratedFinding => {
    const { auc, threshold } = prepared[column]!;
    const ends = percentileInterval(resampled[2 * column]!, share95);
    const unsure = percentileInterval(resampled[2 * column + 1]!, share90);
    const line = calibrationLine({ labels, logits }, patients);
    const referencePrevalence = referencePrevalenceOf(id);
    if (ends === undefined || unsure === undefined || line === undefined || referencePrevalence === undefined) {
      throw new Error(`${id} cannot be calibrated: too few patients have it, or nobody states how common it is.`);
    }
    const { positives, positivePatients } = countPositives({ labels }, patients);
    const rates = ratesAt(logits, labels, threshold());
    const [low, high] = [rounded(sigmoid(unsure[0]), scoreDigits), rounded(sigmoid(unsure[1]), scoreDigits)];
    return {
      id,
      operatingPoints: {
        digital: {
          score: rounded(sigmoid(threshold()), scoreDigits),
          rule: 'sensitivity',
          sensitivity: rounded(rates.sensitivity, figureDigits),
          specificity: rounded(rates.specificity, figureDigits),
          ...(low < high ? { unsureRange: [low, high] } : {}),
        },
      },
      auc: {
        value: rounded(auc(), figureDigits),
        interval95: [rounded(ends[0], figureDigits), rounded(ends[1], figureDigits)],
        positives,
        testSet: measuredOn,
      },
      grade: gradeOf(ends[0], positivePatients),
      calibration: {
        digital: {
          slope: rounded(line.slope, fitDigits),
          intercept: rounded(line.intercept, fitDigits),
          samplePrevalence: rounded(positives / labels.length, fitDigits),
          covariance: [
            rounded(line.covariance[0], fitDigits),
            rounded(line.covariance[1], fitDigits),
            rounded(line.covariance[2], fitDigits),
          ],
        },
      },
      referencePrevalence,
    };
  });
  return { formatVersion: 1, measuredOn, images: rows.length, patients: patientCount(sample), bootstrap, findings };
}

function rounded(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
