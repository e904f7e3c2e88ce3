/** The parts that report and model card have in common, as Markdown made of a report. */

import type { MeanFigure } from '../../pack/lungs/measure-lungs.ts';
import type { CalibrationReport, FindingReport, Report } from '../report.ts';
import { count, figure, hits, number, range, share, table } from './words.ts';

/** AUC, interval and grade of each finding, and the mean. */
export function discriminationSection({
  findings,
  macroAuc,
  folds,
  meanOverFolds,
  measuredOn,
  bootstrap,
}: Report): string {
  const rows = findings.map(({ id, auc, positives, positivePatients, grade, sensitivity, specificity }) => [
    id,
    figure(auc),
    `${positives} (${positivePatients})`,
    figure(sensitivity, 2),
    figure(specificity, 2),
    grade,
  ]);
  return `Measured on ${measuredOn}. Mean AUC of ${macroAuc?.findings ?? 0} findings: **${figure(macroAuc)}**${
    meanOverFolds === null
      ? ''
      : `; mean over the folds' own means: **${number(meanOverFolds)}** (${folds.map(({ fold, macroAuc: value }) => `fold ${fold} ${number(value)}`).join(', ')})`
  }. In brackets 95 % intervals: ${count(bootstrap.replicates)} bootstraps by patient, seed ${bootstrap.seed}, percentiles. The grade follows the lower end
of the AUC's interval: 0.75 and above strong, 0.65 and above fair, else weak. Images that the gate refuses are counted, too.

${table(['finding', 'AUC', 'images with it (patients)', 'sensitivity', 'specificity', 'grade'], rows)}`;
}

export function thresholdWords({ crossValidated }: Report): string {
  return crossValidated
    ? 'Sensitivity and specificity are those of thresholds that the other folds chose for a sensitivity of 0.80, so nothing is measured on what it was fitted to.'
    : 'Sensitivity and specificity are those of the thresholds that the pack ships.';
}

export function calibrationSection(report: Report): string {
  const isCalibrated = report.findings.some(({ probability }) => probability !== null);
  const rows = report.findings.map((finding) => calibrationRow(finding, finding.probability ?? finding.score));
  const what = !isCalibrated
    ? 'The pack is **not calibrated**: the figures are those of its scores, taken as if they were probabilities.'
    : report.crossValidated
      ? "Probabilities at the sample's prevalence; slope and intercept of each fold were fitted on the other folds."
      : "The pack's probabilities, moved to this sample's prevalence by Bayes' rule on the odds.";
  return `${what} Slope 1 and intercept 0 are perfect (logistic recalibration; Wald intervals, covariance robust by patient). "In the large" is the
intercept with the slope held at 1. Calibration errors are over ${report.findings[0]?.score.bins.length ?? 0} bins of equal counts: ECE is the mean absolute difference, RMS* the root of the
debiased mean squared one (Kumar, Liang, Ma 2019).

${table(['finding', 'slope', 'intercept', 'in the large', 'mean stated', 'share that has it', 'ECE', 'RMS*', 'Brier'], rows)}`;
}

function calibrationRow({ id }: FindingReport, stated: CalibrationReport): readonly string[] {
  return [
    id,
    figure(stated.slope, 2),
    figure(stated.intercept, 2),
    figure(stated.inTheLarge, 2),
    number(stated.meanProbability),
    number(stated.rate),
    number(stated.expectedError),
    number(stated.debiasedError),
    number(stated.brier),
  ];
}

/** Which findings miss a stated aim of calibration. */
export function calibrationMisses(report: Report): string {
  const aim = 0.02;
  const missed = report.findings.flatMap(({ id, probability }) => {
    if (probability === null) return [];
    const [low, high] = probability.slope?.interval95 ?? [NaN, NaN];
    const slope = low <= 1 && high >= 1 ? [] : ['slope'];
    const mean = Math.abs(probability.meanProbability - probability.rate) <= aim ? [] : ['mean'];
    return slope.length + mean.length === 0 ? [] : [`${id} (${[...slope, ...mean].join(', ')})`];
  });
  return `Aims: the slope's interval contains 1 and the mean lies within ± ${aim} of the share. ${missed.length === 0 ? 'Every finding meets them.' : `Missed by ${missed.join('; ')}.`}`;
}

export function groupsSection({ groups }: Report): string {
  if (groups.length === 0) return 'The table tells no groups apart.';
  return groups
    .map(({ attribute, levels, macroOver }) => {
      const rows = levels.map(({ level, images, patients, macroAuc, findings }) => {
        const gaps = findings.flatMap(({ probability }) =>
          probability === null ? [] : [Math.abs(probability.meanProbability - probability.rate)],
        );
        return [
          level,
          count(images),
          count(patients),
          figure(macroAuc),
          gaps.length === 0 ? '–' : number(Math.max(...gaps)),
        ];
      });
      const over =
        macroOver.length === 0
          ? 'No finding has ten images with it and ten without in every group.'
          : `Mean AUC over ${macroOver.join(', ')}.`;
      return `### By ${attribute}\n\n${over}\n\n${table(['group', 'images', 'patients', 'mean AUC', 'largest gap of mean probability and share'], rows)}`;
    })
    .join('\n\n');
}

export function gateSection({ gate }: Report): string {
  const rows = gate.kinds.map(({ kind, images, pass, warn, refuse, refused, reasons }) => [
    kind,
    count(images),
    count(pass),
    count(warn),
    `${count(refuse)}${refused === null ? '' : ` (${range(refused, 3)})`}`,
    Object.entries(reasons)
      .map(([code, each]) => `${code} ${each}`)
      .join(', '),
  ]);
  return table(['kind', 'images', 'passed', 'warned of', 'refused (share, 95 %)', 'reasons'], rows);
}

function notFound({ withLungs, images }: NonNullable<Report['localisation']>): string {
  const without = images - withLungs;
  if (withLungs === 0 || without === 0) return '';
  return ` Where no lungs were found (${without} of ${images}) the middle of what the network sees stands in.`;
}

/** Dice coefficients and the error of the cardiothoracic ratio. */
export function lungsSection({ lungs }: Report): string {
  if (lungs === null) return 'Neither lungs nor hearts are drawn, so nothing is said of their outlines.';
  const { heart, ratio } = lungs;
  const row = (what: string, { count: images, mean, interval95 }: MeanFigure): readonly (string | number)[] => [
    what,
    images,
    `${number(mean)} (${range(interval95)})`,
  ];
  const ratioWords =
    ratio === undefined
      ? ''
      : ` Measured ratios are ${number(Math.abs(ratio.bias))} too ${ratio.bias < 0 ? 'small' : 'large'} on average; nine of ten errors are
within ${number(ratio.percentile90)}; the drawn ratio lies inside the shown interval in ${share(ratio.insideInterval)}; none was found in ${ratio.notMeasured}.`;
  return `Pack ${lungs.pack}, Dice coefficients with drawn lungs and hearts; in brackets bootstraps, one picture each.${ratioWords}

${table(
  ['what', 'images', 'mean'],
  [
    ...Object.entries(lungs.lungs).map(([source, figures]) => row(`lungs, ${source}`, figures)),
    ...(heart === undefined ? [] : [row('heart', heart)]),
    ...(ratio === undefined ? [] : [row('cardiothoracic ratio, absolute error', ratio)]),
  ],
)}`;
}

export function localisationSection({ localisation }: Report): string {
  if (localisation === null) return 'No boxes, so nothing is said of the maps.';
  const rows = Object.entries(localisation.byFinding).map(([id, { boxes, images, hits: own, centreHits }]) => [
    id,
    boxes,
    `${own} of ${images}`,
    `${centreHits} of ${images}`,
  ]);
  const [commonest, own] = Object.entries(localisation.byFinding).sort(([, x], [, y]) => y.boxes - x.boxes)[0]!;
  const centre = {
    hits: localisation.centreHits,
    images: localisation.images,
    interval95: localisation.centreInterval95,
  };
  return `Pointing game: a map hits where its highest place lies in a radiologist's box of that finding. Maps hit in ${hits(localisation)};
${localisation.withLungs === 0 ? 'the middle of what the network sees' : 'the middle of the lungs, as the lungs pack finds them,'} in ${hits(centre)}; a random point would hit ${share(localisation.meanBoxShare)}. Intervals are Wilson's.${notFound(localisation)}
There are ${localisation.boxes} boxes, ${own.boxes} of them of ${commonest}.

${table(['finding', 'boxes', 'map hits', 'centre hits'], rows)}`;
}
