/** What `npm run evaluate` makes of labels and answers, where the right figures are known by construction. */

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { logOdds, sigmoid } from '../../src/inference/calibrated-probability.ts';
import type { PackFinding } from '../../src/shared/pack.ts';
import { calibrationOf } from '../../tools/evaluate/calibrate.ts';
import { gradeOf } from '../../tools/evaluate/grade.ts';
import { crossFittedDecisions, shippedDecisions } from '../../tools/evaluate/measure/decision-rules.ts';
import { measureFindings } from '../../tools/evaluate/measure/measure-findings.ts';
import { measureGate } from '../../tools/evaluate/measure/measure-gate.ts';
import { ageGroup, measureGroups } from '../../tools/evaluate/measure/measure-groups.ts';
import { measureLocalisation, type PointedFinding } from '../../tools/evaluate/measure/measure-localisation.ts';
import { createSample, type Sample } from '../../tools/evaluate/measure/sample.ts';
import { highestPlace } from '../../tools/evaluate/score-images.ts';
import { parseScoresCsv, scoresCsv } from '../../tools/evaluate/write/scores-csv.ts';
import { seededNumbers } from '../../tools/pack/seeded-numbers.ts';

const bootstrap = { replicates: 300, seed: 3 };
const folds = ['0', '1', '2', '3'];
const trueSlope = 0.6;
const trueIntercept = -1.2;

/** Pictures whose log-odds of the finding are `trueSlope · logit + trueIntercept`, two of each patient. */
function knownSample(count: number): Sample {
  const next = seededNumbers(17);
  const rows = Array.from({ length: count }, (_, index) => {
    const patient = Math.floor(index / 2);
    return {
      file: `${index}.png`,
      patient: String(patient),
      fold: folds[patient % folds.length]!,
      inputKind: 'digital' as const,
      groups: { sex: patient % 3 === 0 ? 'F' : 'M' },
    };
  });
  const logits = Float64Array.from(rows, () => 6 * next() - 3);
  const labels = Uint8Array.from(logits, (logit) => (next() < sigmoid(trueSlope * logit + trueIntercept) ? 1 : 0));
  return createSample(rows, [{ id: 'Mass', labels, logits }]);
}

function packFinding(change: Partial<PackFinding> = {}): PackFinding {
  return { id: 'Mass', operatingPoints: { digital: { score: 0.5, rule: 'half' } }, grade: 'fair', bias: 0, ...change };
}

describe('decisions', () => {
  const sample = knownSample(4000);
  const rate = sample.columns[0]!.labels.reduce((sum, label) => sum + label, 0) / 4000;

  it('as shipped: the pack’s threshold, and its probability moved to the sample’s prevalence', () => {
    const calibration = { digital: { slope: trueSlope, intercept: trueIntercept, samplePrevalence: rate } };
    const [plain] = shippedDecisions(sample, { findings: [packFinding()] });
    assert.equal(plain?.logOdds, undefined);
    assert.deepEqual(plain?.margins, sample.columns[0]!.logits, 'the logit of ½ is 0');
    // Stated at another prevalence than it was fitted at: the moved one is the fitted one again.
    const moved = {
      digital: {
        ...calibration.digital,
        intercept: trueIntercept + logOdds(0.5) - logOdds(rate),
        samplePrevalence: 0.5,
      },
    };
    const [shipped] = shippedDecisions(sample, { findings: [packFinding({ calibration: moved })] });
    sample.columns[0]!.logits.forEach((logit, row) => {
      assert.ok(Math.abs(shipped!.logOdds![row]! - (trueSlope * logit + trueIntercept)) < 1e-9);
    });
  });

  it('cross-fitted: what a fold gets does not depend on its own labels', () => {
    const [before] = crossFittedDecisions(sample);
    const { labels, logits } = sample.columns[0]!;
    const turned = labels.map((label, row) => (sample.rows[row]!.fold === '2' ? 1 - label : label));
    const [after] = crossFittedDecisions({ ...sample, columns: [{ id: 'Mass', labels: turned, logits }] });
    const differs = { own: 0, others: 0 };
    sample.rows.forEach(({ fold }, row) => {
      const same = before!.margins[row] === after!.margins[row] && before!.logOdds![row] === after!.logOdds![row];
      if (!same) differs[fold === '2' ? 'own' : 'others'] += 1;
    });
    assert.equal(differs.own, 0);
    assert.ok(differs.others > 2900, 'the other folds learned from it');
  });

  it('cross-fitted probabilities are calibrated and find four of five, out of fold', () => {
    const [finding] = measureFindings(sample, crossFittedDecisions(sample), bootstrap).findings;
    const { slope, inTheLarge, meanProbability } = finding!.probability!;
    assert.ok(slope!.interval95![0] < 1 && slope!.interval95![1] > 1, String(slope?.value));
    assert.ok(Math.abs(inTheLarge!.value) < 0.1);
    assert.ok(Math.abs(meanProbability - rate) < 0.01);
    assert.ok(Math.abs(finding!.sensitivity!.value - 0.8) < 0.03, String(finding?.sensitivity?.value));
    // The score itself is not: its slope is the one that the labels were drawn with.
    assert.ok(Math.abs(finding!.score.slope!.value - trueSlope) < 0.1);
    assert.ok(finding!.score.debiasedError > 5 * finding!.probability!.debiasedError);
  });

  it('cross-fitted: films have their own rule, whatever the digital originals say', () => {
    const shift = 2;
    const kinds = createSample(
      sample.rows.map((row, index) => ({ ...row, inputKind: index % 4 < 2 ? 'film' : 'digital' })),
      sample.columns.map(({ logits, ...column }) => ({
        ...column,
        logits: logits.map((logit, index) => (index % 4 < 2 ? logit + shift : logit)),
      })),
    );
    const [{ margins, logOdds: stated } = { margins: new Float64Array() }] = crossFittedDecisions(kinds);
    const meanOf = (kind: number, values: ArrayLike<number>): number => {
      const own = Array.from(values).filter((_, index) => index % 4 < 2 === (kind === 1));
      return own.reduce((sum, value) => sum + value, 0) / own.length;
    };
    // Scores that are shifted for all films alike mean the same.
    assert.ok(Math.abs(meanOf(0, margins) - meanOf(1, margins)) < 0.3);
    assert.ok(Math.abs(meanOf(0, stated!) - meanOf(1, stated!)) < 0.2);
  });

  it('a network that turns patients around gets the prevalence for everybody', () => {
    const { labels, logits } = sample.columns[0]!;
    const turned = createSample(sample.rows, [{ id: 'Mass', labels, logits: logits.map((logit) => -logit) }]);
    const { calibration, grade } = calibrationOf(turned, 'here', bootstrap).findings[0]!;
    assert.equal(calibration.digital.slope, 0);
    assert.ok(Math.abs(sigmoid(calibration.digital.intercept) - rate) < 1e-5);
    assert.equal(grade, 'weak');
  });
});

describe('calibration of a pack', () => {
  it('recovers the line that the labels were drawn with, and states what DESIGN asks for', () => {
    const sample = knownSample(4000);
    const { findings, images, patients, measuredOn } = calibrationOf(sample, 'a known sample', bootstrap);
    assert.deepEqual([images, patients, measuredOn], [4000, 2000, 'a known sample']);
    const { calibration, operatingPoints, auc, grade, referencePrevalence } = findings[0]!;
    const { slope, intercept, covariance } = calibration.digital;
    assert.ok(Math.abs(slope - trueSlope) < 3 * Math.sqrt(covariance[0]));
    assert.ok(Math.abs(intercept - trueIntercept) < 3 * Math.sqrt(covariance[2]));
    const { score, rule, sensitivity, unsureRange } = operatingPoints.digital;
    assert.equal(rule, 'sensitivity');
    assert.ok(sensitivity! >= 0.8 && sensitivity! < 0.81);
    assert.ok(unsureRange![0] < score && score < unsureRange![1]);
    assert.ok(auc.interval95[0] < auc.value && auc.value < auc.interval95[1]);
    assert.equal(auc.testSet, 'a known sample');
    assert.equal(grade, gradeOf(auc.interval95[0]));
    assert.deepEqual(referencePrevalence, {
      value: 5782 / 112120,
      source: 'NIH ChestX-ray14, 5,782 of 112,120 images',
    });
  });

  it('has thresholds of their own for photographs; a kind of few patients takes those of all photographs', () => {
    const sample = knownSample(4000);
    const { labels, logits } = sample.columns[0]!;
    const shift = 1.5;
    const shot = createSample(
      sample.rows.map((row, index) => ({ ...row, inputKind: index < 3990 ? 'film' : 'monitor' })),
      [{ id: 'Mass', labels, logits: logits.map((logit) => logit + shift) }],
    );
    const { findings, photographs } = calibrationOf(sample, 'a known sample', bootstrap, shot);
    const { calibration, operatingPoints, auc } = findings[0]!;
    assert.deepEqual(photographs, { film: 3990, monitor: 4000 }, 'ten pictures of a monitor say nothing');
    assert.ok(Math.abs(operatingPoints.monitor!.score - operatingPoints.film!.score) < 0.01);
    assert.ok(Math.abs(calibration.monitor!.slope - calibration.film!.slope) < 0.01);
    assert.ok(Math.abs(logOdds(operatingPoints.film!.score) - logOdds(operatingPoints.digital.score) - shift) < 0.05);
    assert.ok(Math.abs(calibration.film!.slope - calibration.digital.slope) < 0.02);
    assert.ok(auc.positives > 1000, 'the AUC is that of the digital originals alone');
    assert.equal(auc.value, calibrationOf(sample, 'a known sample', bootstrap).findings[0]!.auc.value);
  });

  it('grades by the lower end, and says nothing of a handful', () => {
    assert.deepEqual(
      [0.75, 0.749, 0.65, 0.649].map((end) => gradeOf(end)),
      ['strong', 'fair', 'fair', 'weak'],
    );
    assert.equal(gradeOf(0.9, 9), 'unmeasured');
  });

  it('goes through scores.csv without loss, names of any kind included', () => {
    const { rows, patients, columns } = knownSample(40);
    const odd = rows.map((row, index) => (index === 1 ? { ...row, file: '=a,"b"\n.png', patient: '-1' } : row));
    const sample = createSample(odd, columns);
    const back = parseScoresCsv(scoresCsv(sample), 'scores.csv');
    assert.deepEqual(back.columns, columns);
    assert.deepEqual(
      back.rows.map(({ file, patient, fold }) => [file, patient, fold]),
      odd.map(({ file, patient, fold }) => [file, patient, fold]),
    );
    assert.equal(patients.length, back.patients.length);
    assert.throws(() => parseScoresCsv('file,patient\na,1\n', 'scores.csv'), /holds no scores/);
    assert.throws(() => parseScoresCsv('file,Mass_label,Mass_logit\na,1,\n', 'scores.csv'), /line 2: Mass_logit/);
  });
});

describe('groups', () => {
  it('compares levels over the findings that all of them have', () => {
    const sample = knownSample(600);
    const rare = Uint8Array.from(sample.rows, (_, row) => (row < 4 ? 1 : 0));
    const both = createSample(sample.rows, [
      ...sample.columns,
      { id: 'Hernia', labels: rare, logits: sample.columns[0]!.logits },
    ]);
    const [bySex] = measureGroups(both, [...crossFittedDecisions(sample), ...crossFittedDecisions(sample)], {
      replicates: 100,
      seed: 1,
    });
    assert.equal(bySex?.attribute, 'sex');
    assert.deepEqual(bySex.macroOver, ['Mass']);
    assert.deepEqual(
      bySex.levels.map(({ level, images, patients }) => [level, images, patients]),
      [
        ['F', 200, 100],
        ['M', 400, 200],
      ],
    );
    const [female] = bySex.levels;
    assert.equal(female!.macroAuc!.value, female!.findings[0]!.auc!.value);
  });

  it('knows ages', () => {
    assert.deepEqual([0, 17, 18, 39, 40, 64, 65, 120].map(ageGroup), [
      '0 to 17',
      '0 to 17',
      '18 to 39',
      '18 to 39',
      '40 to 64',
      '40 to 64',
      '65 and above',
      '65 and above',
    ]);
  });
});

describe('gate', () => {
  it('counts verdicts and reasons of each kind', () => {
    const { kinds } = measureGate([
      { kind: 'hand', verdict: 'refuse', reasons: ['not-an-xray', 'lateral'] },
      { kind: 'hand', verdict: 'warn', reasons: ['lateral'] },
      { kind: 'frontal', verdict: 'pass', reasons: [] },
    ]);
    assert.deepEqual(
      kinds.map(({ kind, images, pass, warn, refuse, reasons }) => [kind, images, pass, warn, refuse, reasons]),
      [
        ['hand', 2, 0, 1, 1, { lateral: 2, 'not-an-xray': 1 }],
        ['frontal', 1, 1, 0, 0, {}],
      ],
    );
  });
});

describe('the pointing game', () => {
  const box = { finding: 'Mass', x: 100, y: 200, width: 50, height: 40, of: { width: 1000, height: 1000 } };
  const pointed: PointedFinding = {
    finding: 'Mass',
    boxes: [box],
    width: 512,
    height: 512,
    peak: [0.12, 0.21],
    centre: [0.5, 0.5],
  };

  it('hits inside the box, in the pixels that the box is in', () => {
    const outside: PointedFinding = { ...pointed, peak: [0.16, 0.21] };
    const atCentre: PointedFinding = {
      ...pointed,
      finding: 'Nodule',
      boxes: [{ ...box, x: 450, y: 450, width: 100, height: 100 }],
      peak: [0.1, 0.1],
    };
    const report = measureLocalisation([pointed, outside, atCentre])!;
    assert.deepEqual([report.boxes, report.images, report.hits, report.centreHits], [3, 3, 1, 1]);
    assert.deepEqual(
      Object.entries(report.byFinding).map(([id, { hits, images }]) => [id, hits, images]),
      [
        ['Mass', 1, 2],
        ['Nodule', 0, 1],
      ],
    );
    assert.ok(Math.abs(report.meanBoxShare - (0.002 + 0.002 + 0.01) / 3) < 1e-12);
    assert.equal(measureLocalisation([]), null);
  });

  it('has the middle of the lungs as its opponent, where lungs were found', () => {
    const low: PointedFinding = { ...pointed, centre: [0.12, 0.21], lungsCentre: [0.5, 0.9] };
    const report = measureLocalisation([low, { ...low, lungsCentre: [0.12, 0.21] }, pointed])!;
    assert.deepEqual([report.centreHits, report.withLungs], [1, 2]);
  });

  it('takes any of several boxes', () => {
    const two = { ...pointed, boxes: [{ ...box, x: 800 }, box] };
    assert.equal(measureLocalisation([two])?.hits, 1);
    assert.equal(measureLocalisation([two])?.boxes, 2);
  });

  it('points at the middle of the highest cell', () => {
    assert.deepEqual(highestPlace({ width: 4, height: 2, values: [0, 0, 0, 0, 0, 0, 5, 0] }), [2.5 / 4, 1.5 / 2]);
  });
});
