/** `MODEL_CARD.md` of a pack that was made of somebody else's network: what is known, and that the rest was not measured here. */

import type { FindingsManifest, PackOrigin, SecondOpinionManifest } from '../../../src/shared/pack.ts';

type Draft = Omit<FindingsManifest, 'files'> | Omit<SecondOpinionManifest, 'files'>;

export function importedCard(draft: Draft, origin: PackOrigin, precision: string): string {
  return `# Model card: ${draft.title}, version ${draft.version}

**Not for medical use.** ${draft.summary}

## Origin

${originWords(origin)}

| file | bytes | SHA-256 | git blob id |
|---|---|---|---|
${origin.files.map(({ path, bytes, sha256, gitBlobId }) => `| ${path} | ${bytes} | ${sha256} | ${gitBlobId ?? '–'} |`).join('\n')}

## What was changed

The weights are the same, stored as ${precision}; the graph was rewritten into one that runs faster and computes the same.
${parityWords(origin)}

## Input

${draft.input.width} × ${draft.input.height} pixels, one channel, ${geometryWords[draft.input.geometry]}; grey value v of 0..1 becomes
${draft.input.range[0]} + v · ${draft.input.range[1] - draft.input.range[0]}.

${draft.role === 'findings' ? findingsSection(draft) : secondOpinionSection(draft)}
## Limits

Nobody measured this network here: not its quality on any site's X-rays, not its calibration, not its fairness between groups.
\`npm run read -- --pack ${draft.id}\` runs it over a site's own images. ${draft.role === 'findings' ? 'It has no statistics of its training images, so the gate does not judge the distance in its feature space.' : ''}

## Licence and citation

${draft.licence}.

${draft.sources.map(({ title, licence, citation, url }) => `- **${title}** (${licence}). ${citation} <${url}>`).join('\n')}
`;
}

const geometryWords = {
  'resize-crop': 'the short side resized to it with antialiasing, then the centre square',
  'crop-resize': 'the centre square, then resized with antialiasing',
  squash: 'the whole picture squashed to it with antialiasing',
} as const;

function originWords({ status, model, url }: PackOrigin): string {
  const where = url === undefined ? '' : ` (<${url}>)`;
  return status === 'published'
    ? `Made of \`${model}\` as published${where}: size and git blob id of every file are those that its repository states.`
    : `**Origin not verified.** Taken for \`${model}\`${where} by its shape alone: whose weights these are is not known here.`;
}

function parityWords({ parity }: PackOrigin): string {
  if (parity === undefined) return '';
  const { against, inputs, logit, probability, relative } = parity;
  const found =
    relative === undefined
      ? `${logit?.toExponential(1)} in logit and ${probability?.toExponential(1)} in probability`
      : `${relative.toExponential(1)} of the standard deviation of its pixels`;
  return `Compared with ${against} on ${inputs} inputs, the largest difference is ${found}.`;
}

function findingsSection({ findings }: Omit<FindingsManifest, 'files'>): string {
  const rows = findings.map(({ id, operatingPoints: { digital }, publishedAuc }) => {
    const published =
      publishedAuc === undefined
        ? 'none known'
        : `${publishedAuc.value.toFixed(2)} on ${publishedAuc.testSet}: ${publishedAuc.source}`;
    return `| ${id} | not measured here | ${published} | ${digital.score} | ${ruleWords[digital.rule]} |`;
  });
  return `## Findings

Scores are **not calibrated**: a score is not a probability of disease. Grades are "unmeasured". "Can't tell" is a score within
± 15 % of the operating point's odds: there is no bootstrap of these operating points.

| finding | AUC | published AUC | operating point | its rule |
|---|---|---|---|---|
${rows.join('\n')}

`;
}

const ruleWords = {
  youden: 'largest sensitivity + specificity on images that the publisher held back',
  sensitivity: 'a stated sensitivity',
  half: '0.5: nobody states one',
} as const;

function secondOpinionSection({ refuseAtSimilarity }: Omit<SecondOpinionManifest, 'files'>): string {
  return `## Second opinion

The network redraws the picture; what it cannot redraw it has not seen. The picture is refused where the mean structural similarity
of picture and reconstruction (windows of 8 × 8, K1 0.01, K2 0.03, on v / 2 + 0.5 as 8 bits, as npm's image-ssim 0.2.0 computes
it) is not above ${refuseAtSimilarity}: the original's own rule.

`;
}
