import type { Calibration, FindingsManifest, Golden } from '../../../src/shared/pack.ts';
import type { Report } from '../report.ts';
import {
  calibrationMisses,
  calibrationSection,
  discriminationSection,
  groupsSection,
  localisationSection,
  thresholdWords,
} from './sections.ts';
import { count, number, share, table } from './words.ts';

export interface KeptSections {
  readonly network: string | undefined;
  readonly training: string | undefined;
  readonly gate: string | undefined;
}

export interface CardFacts {
  readonly manifest: FindingsManifest;
  readonly report: Report;
  readonly golden: Golden;
  readonly difference: { readonly logit: number; readonly probability: number };
  readonly kept: KeptSections;
}

const bytesInMegabyte = 1e6;

/** `MODEL_CARD.md`. Every figure is the manifest's or the report's. */
export function modelCardMarkdown({ manifest, report, golden, difference, kept }: CardFacts): string {
  const { title, version, summary, calibrated, input } = manifest;
  const bytes = manifest.files.reduce((sum, file) => sum + file.bytes, 0);
  return `# Model card: ${title}, version ${version}

**Not for medical use.** ${summary}

## Network

${kept.network ?? `${input.width} × ${input.height} pixels, one channel, ${number(bytes / bytesInMegabyte, 1)} MB.`}

## Training

${kept.training ?? 'Not described.'}

## Measured

${discriminationSection(report)}

${thresholdWords(report)}${report.crossValidated ? ' The network in this pack was trained on all folds and is never scored on them: the figures are those of the networks of the cross-validation, trained in the same way on the other folds.' : ''}

## What the pack states

${statedSection(manifest)}

## Calibration

${calibrationSection(report)}

${calibrated ? calibrationMisses(report) : ''}

## Groups

${groupsSection(report)}

## Maps

${localisationSection(report)}

## Packing

Against its source (${golden.origin}) on the ${golden.inputs.length} known-answer inputs the largest difference is ${difference.logit.toFixed(4)} in
logit and ${difference.probability.toFixed(5)} in probability (allowed: ${golden.tolerance.source.logit} and ${golden.tolerance.source.probability}).

## Gate

${kept.gate ?? 'Not measured yet: `npm run measure-gate`.'}

## Limits

Labels of NIH ChestX-ray14 were mined from reports and are noisy. Figures are those of the images above: another hospital, machine or
group of patients can differ, so measure your own (\`npm run evaluate\`, docs/evaluate.md). It was not made for children, for
lateral views or for other parts of the body. A map shows where a score comes from, not where a disease is. No finding above its
threshold does not mean that there is none.

## Sources and their terms

${manifest.sources.map(({ title: source, licence, citation, url }) => `- **${source}** (${licence}). ${citation} <${url}>`).join('\n')}

To be cited: ${manifest.citations.join(' ')}

The weights' licence: ${manifest.licence}.
`;
}

function statedSection({ findings, calibrated }: FindingsManifest): string {
  const rows = findings.map(({ id, operatingPoints: { digital }, calibration, referencePrevalence, grade }) => [
    id,
    digital.score,
    digital.unsureRange === undefined ? '± 15 % of the odds' : `${digital.unsureRange[0]}–${digital.unsureRange[1]}`,
    calibration?.digital === undefined ? '–' : lineWords(calibration.digital),
    referencePrevalence === undefined ? '–' : share(referencePrevalence.value),
    grade,
  ]);
  const words = calibrated
    ? `A probability is stated at the prevalence of the last column but one (${[...new Set(findings.flatMap(({ referencePrevalence }) => referencePrevalence?.source.split(',')[0] ?? []))].join(', ')}), or at the one that a site states, moved there by Bayes' rule on the odds.`
    : 'Scores are **not calibrated**: a score is not a probability of disease.';
  return `${words} "Can't tell" is a score between the ends of the operating point: its 5th and 95th percentile over bootstraps by patient. ${count(findings.length)} findings.

${table(['finding', 'operating point', "can't tell", 'log-odds', 'prevalence', 'grade'], rows)}${photographsSection(findings)}`;
}

/** Thresholds and calibration for photographs, where the pack has any. */
function photographsSection(findings: FindingsManifest['findings']): string {
  const kinds = (['film', 'monitor'] as const).filter((kind) =>
    findings.every(({ operatingPoints }) => operatingPoints[kind] !== undefined),
  );
  if (kinds.length === 0) return '';
  const rows = findings.map(({ id, operatingPoints, calibration }) => [
    id,
    ...kinds.flatMap((kind) => {
      const { score, unsureRange } = operatingPoints[kind]!;
      const line = calibration?.[kind];
      return [score, unsureRange?.join('–') ?? '± 15 % of the odds', line === undefined ? '–' : lineWords(line)];
    }),
  ]);
  const header = kinds.flatMap((kind) => [`operating point, ${kind}`, "can't tell", 'log-odds']);
  return `

Photographs have thresholds and calibration of their own. They were fitted on the photographs that docs/photo-quality.md describes: **drawn ones**, so what
holds for a real camera nobody knows. AUCs and grades above are those of digital originals.

${table(['finding', ...header], rows)}`;
}

function lineWords({ slope, intercept, samplePrevalence }: Calibration): string {
  const sign = intercept < 0 ? '−' : '+';
  return `${number(slope, 2)} · logit ${sign} ${number(Math.abs(intercept), 2)} at ${share(samplePrevalence)}`;
}
