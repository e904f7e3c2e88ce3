import type { Report } from '../report.ts';
import {
  calibrationMisses,
  calibrationSection,
  discriminationSection,
  gateSection,
  groupsSection,
  localisationSection,
  lungsSection,
  thresholdWords,
} from './sections.ts';
import { count } from './words.ts';

/** `report.md`, beside which `roc.svg` and `reliability.svg` lie. */
export function reportMarkdown(report: Report): string {
  const { packs, data, findings } = report;
  const names = packs.map(({ id, version }) => `${id} ${version}`).join(', ');
  const measured =
    findings.length === 0
      ? 'No finding is labelled: only the gate was measured.'
      : `## Telling apart

${discriminationSection(report)}

${thresholdWords(report)}

![ROC curves](roc.svg)

## Calibration

${calibrationSection(report)}

${findings.some(({ probability }) => probability !== null) ? calibrationMisses(report) : ''}

![Reliability](reliability.svg)

## Groups

${groupsSection(report)}

## Maps

${localisationSection(report)}`;
  return `# ${names}: ${report.measuredOn}

**Not for medical use.** Made by \`npm run evaluate\` on ${report.createdAt.slice(0, 'yyyy-mm-dd'.length)}, app version ${report.appVersion}, on plain SIMD in Node.

${dataWords(data)}

${measured}

## Lungs and heart

${lungsSection(report)}

## Gate

${gateSection(report)}
`;
}

function dataWords({ images, labelled, patients, missing, unreadable, unlabelledFindings }: Report['data']): string {
  const errors = Object.entries(unreadable).map(([code, each]) => `${code} ${each}`);
  return [
    `${count(images)} images were read, ${count(labelled)} of them with labels of findings, of ${count(patients)} patients.`,
    ...(missing === 0 ? [] : [`${count(missing)} lines of the table name a picture that is not there.`]),
    ...(errors.length === 0 ? [] : [`Not readable: ${errors.join(', ')}.`]),
    ...(unlabelledFindings.length === 0
      ? []
      : [`Not labelled here, so not measured: ${unlabelledFindings.join(', ')}.`]),
  ].join(' ');
}
