/** `MODEL_CARD.md` of the lungs pack: what was measured when it was packed, and what training wrote down. */

import type { LungsManifest } from '../../../src/shared/pack.ts';
import type { TrainedLungs } from './lungs-graph.ts';
import type { LungsFigures, MeanFigure, RatioFigures } from './measure-lungs.ts';

/** `training/figures/lungs.json`: networks trained without one source, on that source. PyTorch, not the pack. */
export type LeftOutFigures = Readonly<Record<string, Readonly<Record<string, SourceFigures>>>>;

interface SourceFigures {
  readonly lungs?: { readonly images: number; readonly mean: number; readonly interval95: readonly number[] };
}

export interface LungsCardFacts {
  readonly manifest: Pick<LungsManifest, 'id' | 'version' | 'input' | 'sources'>;
  readonly trained: TrainedLungs;
  readonly figures: LungsFigures & { readonly ratio: RatioFigures };
  readonly leftOut: LeftOutFigures;
  readonly packing: { readonly logit: number; readonly probability: number };
}

const digits = 3;
const fixed = (value: number): string => value.toFixed(digits);
const withoutPrefix = 'without-';

export function lungsCard({ manifest, trained, figures, leftOut, packing }: LungsCardFacts): string {
  const { id, version, input, sources } = manifest;
  const { ratio } = figures;
  const cells = ({ count, mean, interval95 }: MeanFigure): string =>
    `${count} | ${fixed(mean)} | ${interval95.map(fixed).join('–')}`;
  const lungRows = Object.entries(figures.lungs).map(([source, figure]) => `| lungs, ${source} | ${cells(figure)} |`);
  const heartRow = figures.heart === undefined ? [] : [`| heart, JSRT | ${cells(figures.heart)} |`];
  const leftOutRows = Object.entries(leftOut)
    .filter(([name]) => name.startsWith(withoutPrefix))
    .flatMap(([name, bySource]) => {
      const source = name.slice(withoutPrefix.length);
      const lungs = bySource[source]?.lungs;
      return lungs === undefined
        ? []
        : [`| ${source} | ${lungs.images} | ${fixed(lungs.mean)} | ${lungs.interval95.map(fixed).join('–')} |`];
    });
  const trainingRows = Object.entries(trained.pictures).map(([source, count]) => `${source} ${count}`);
  return `# Model card: ${id} ${version}

Outlines of both lungs and of the heart on a frontal chest X-ray, and from them the cardiothoracic ratio. **Not for medical use.**

## Network

A U-Net (arXiv:1505.04597) of 3 × 3 convolutions with ${trained.channels.join(', ')} channels, additions instead of concatenations,
bilinear enlargement; batch norm folded in. The whole picture, squashed to ${input.width} × ${input.height}; logits at half of that,
between whose pixels the outlines are drawn.

## Training

${trainingRows.join(', ')} pictures; ${trained.steps} steps of 16 on a CPU. The heart is drawn in JSRT only, so nothing else
taught it. The v7labs masks include the lung behind the heart: only what both conventions agree on was used of them. Changed at
random: rotation to ± 12°, scale, aspect, position (lungs may be cut off), mirror images, gamma, contrast, light, sharpness, noise.

## Measured

The pack as it ships, by the app's own code, on the patients of the test fold (one of five, by the picture's name), which
training has not seen; masks at their own 256 × 256 pixels. Intervals are 95 % bootstraps over patients. The interval that the app
shows was widened by the errors on these same patients.

| Dice coefficient | pictures | mean | 95 % interval |
|---|---|---|---|
${[...lungRows, ...heartRow].join('\n')}

| cardiothoracic ratio, JSRT | |
|---|---|
| pictures measured (not measured) | ${ratio.count} (${ratio.notMeasured}) |
| mean absolute error | ${fixed(ratio.mean)} (${ratio.interval95.map(fixed).join('–')}) |
| nine of ten errors are at most | ${fixed(ratio.percentile90)} |
| mean error | ${fixed(ratio.bias)} |
| drawn ratio inside the interval that the app shows | ${Math.round(ratio.insideInterval * 100)} % |

Networks trained without one source, on all of that source (PyTorch, \`python3 -m chester_training lungs measure\`):

| left out | pictures | Dice, lungs | 95 % interval |
|---|---|---|---|
${leftOutRows.join('\n')}

## Packing

float16 weights. Against PyTorch's float32 network, at 64 places of each mask on the four known-answer inputs, the largest difference is
${packing.logit.toFixed(4)} in logit and ${packing.probability.toFixed(5)} in probability.

## Limits

Hearts were learnt from ${trained.pictures['JSRT']} pictures of one country's adults, upright, without implants, all of one collection; how well the heart
is outlined on other hospitals' pictures, on supine ones or in children **was not measured**, for nobody has drawn it there. A white
lung, a large effusion or a mass moves the outlines. A ratio of a supine or poorly inspired picture is larger than it is upright. The
widths are those of the outlines, not of a radiologist's midline construction. Whoever knows better moves the lines.

## Sources

${sources.map(({ title, licence, citation, url }) => `- **${title}** (${licence}). ${citation} <${url}>`).join('\n')}

None of their images is in this pack. The Shenzhen masks are for non-commercial use with sharing alike; whoever uses this pack
commercially should train it without them.
`;
}
