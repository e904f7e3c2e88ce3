/** `MODEL_CARD.md` of a pack that was trained here: what it is, what it was made of, what was measured. */

import { readFile } from 'node:fs/promises';
import type { PackFinding } from '../../src/shared/pack.ts';
import type { WeightPrecision } from './encode-weights.ts';
import type { TrainedNetwork } from './trained-network.ts';
import { trainedSources } from './trained-sources.ts';

export interface CardFacts {
  readonly id: string;
  readonly version: string;
  readonly trained: TrainedNetwork;
  readonly findings: readonly PackFinding[];
  readonly packing: { readonly logit: number; readonly probability: number };
  readonly precision: WeightPrecision;
  /** Markdown of what the gate measured (tools/measure-gate.ts). */
  readonly gate: string;
}

/** Strides multiply to this, so the last map has so many pixels of the input a side; earlier ones half as many. */
const totalStride = 32;

/** The gate's section as it stands in a card, so that making the pack again does not lose what was measured. */
export async function gateSectionOf(cardPath: string): Promise<string | undefined> {
  const card = await readFile(cardPath, 'utf8').catch(() => undefined);
  return card?.match(/\n## Gate\n([\s\S]*?)(?=\n## |$)/)?.[1]?.trim();
}

export function modelCard({ id, version, trained, findings, packing, precision, gate }: CardFacts): string {
  return `# Model card: ${id} ${version}

Fourteen findings on a frontal chest X-ray, small enough for any phone. **Not for medical use.**

## Network

${networkOf(trained)} Centre square of the short side, then resized with antialiasing; grey value v of 0..1 becomes 2v − 1.

## Training

${trainingOf(trained)}

## Measured

${measuredOf(findings)}

## Packing

${packingOf(trained, packing, precision)}

## Gate

${gate}

## Limits

It cannot tell a lateral view, a shoulder or another body part from a chest in every case; it was not trained on children; findings
that are rare in the data (Hernia: 33 of 1,852) have wide intervals. Labels were mined from reports. A map shows where a score comes
from, not where a disease is. No finding above its threshold does not mean that there is none.

## Sources

${trainedSources.map(({ title, licence, citation, url }) => `- **${title}** (${licence}). ${citation} <${url}>`).join('\n')}

NIH ChestX-ray14 was provided by the NIH Clinical Center. Some of the other collections allow research use only; none of their
images is in this pack.
`;
}

function networkOf({ input: { size }, earlier = [] }: TrainedNetwork): string {
  const last = size / totalStride;
  const finer = last * 2;
  const means = `mean over the ${last} × ${last} map of 1,280
channels`;
  const begin = `MobileNetV2 1.0 (arXiv:1801.04381), one input channel, ${size} × ${size}, batch norm folded, ReLU6;`;
  if (earlier.length === 0) {
    return `${begin} ${means}, then linear. A finding's map is the last feature map times its 1,280 weights: its mean plus the finding's bias is the
logit.`;
  }
  const blocks = earlier.join(' and ');
  return `${begin} ${means}, and over the ${finer} × ${finer} maps of the expansions of blocks ${blocks}, then linear. A finding's map is the sum of these feature
maps times its weights, the last one enlarged to ${finer} × ${finer}: its mean plus the finding's bias is the logit.`;
}

function trainingOf({ training }: TrainedNetwork): string {
  const { pictures, patients, leftOutFold, stages } = training;
  const folds = leftOutFold === null ? 'all four folds' : `three folds, fold ${leftOutFold} left out`;
  const steps = stages.map(stageWords).join(', ');
  return `Started from ImageNet weights (Coral's MobileNetV2, Apache-2.0). ${pictures.toLocaleString('en')} images of ${patients.toLocaleString('en')} patients of NIH ChestX-ray14
(${folds}; split by patient), 14 labels mined from reports and therefore noisy: ${steps}. Auxiliary heads on
paediatric pneumonia, tuberculosis, view, sex and age, never as labels of the findings. The linear head was then refitted with a
penalty chosen on left-out patients. The recipe is in \`training/\`, its figures and failures in \`training/RESULTS.md\`.`;
}

function stageWords([side, steps, photographs = 0]: TrainedNetwork['training']['stages'][number]): string {
  const drawn =
    photographs === 0
      ? ''
      : `, where ${Math.round(photographs * 100)} % of the pictures were synthetic photographs of themselves, rectified as the app does`;
  return `${steps} steps at ${side} px${drawn}`;
}

function measuredOf(findings: readonly PackFinding[]): string {
  const measured = findings.filter(({ auc }) => auc !== undefined);
  if (measured.length === 0) return 'Nothing: this pack has not been measured.';
  const macro = measured.reduce((sum, { auc }) => sum + (auc?.value ?? 0), 0) / measured.length;
  const rows = measured.map(({ id, auc, grade, operatingPoints: { digital } }) => {
    const [low = 0, high = 0] = auc?.interval95 ?? [];
    return `| ${id} | ${auc?.value.toFixed(3)} | ${low.toFixed(3)}–${high.toFixed(3)} | ${auc?.positives} | ${digital.score.toFixed(4)} | ${grade} |`;
  });
  return `${measured[0]?.auc?.testSet}: macro AUC **${macro.toFixed(3)}**. Intervals are 95 % bootstraps by patient. The grade follows the
lower end of the interval: 0.75 and above strong, 0.65 and above fair, else weak.

| finding | AUC | 95 % interval | positives | operating point | grade |
|---|---|---|---|---|---|
${rows.join('\n')}

For comparison, TorchXRayVision's DenseNet-121 states 0.774 on NIH, trained on a hundred times as many images. Not measured
here: other hospitals, photographs of films, children.`;
}

function packingOf({ shortening }: TrainedNetwork, packing: CardFacts['packing'], precision: WeightPrecision): string {
  const how =
    precision === 'int8'
      ? 'int8 filters with a scale a channel, rounded with compensation on training images; the stem, the depthwise filters and the head are float16.'
      : `${precision} weights.`;
  const cost =
    shortening === null
      ? ''
      : ` On the left-out images the macro AUC is ${shortening.macro_auc.toFixed(4)} before and ${shortening.macro_auc_int8.toFixed(4)} after.`;
  return `${how} Against the original float32 network on the four known-answer inputs the largest difference is
${packing.logit.toFixed(4)} in logit and ${packing.probability.toFixed(5)} in probability.${cost}`;
}
