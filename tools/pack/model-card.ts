/** `MODEL_CARD.md` of the embedded pack: what its source's files state, and what was measured here. */

import { readFile } from 'node:fs/promises';
import type { PackFinding } from '../../src/shared/pack.ts';
import type { PilotConfig } from './mobilenet-v2.ts';
import { pocketSources } from './pilot-facts.ts';

export interface CardFacts {
  readonly version: string;
  readonly config: PilotConfig;
  readonly findings: readonly PackFinding[];
  readonly packing: { readonly logit: number; readonly probability: number };
  /** Markdown of what the gate measured (tools/measure-gate.ts). */
  readonly gate: string;
}

/** The gate's section as it stands in a card, so that making the pack again does not lose what was measured. */
export async function gateSectionOf(cardPath: string): Promise<string | undefined> {
  const card = await readFile(cardPath, 'utf8').catch(() => undefined);
  return card?.match(/\n## Gate\n([\s\S]*?)(?=\n## |$)/)?.[1]?.trim();
}

export function modelCard({ version, config, findings, packing, gate }: CardFacts): string {
  const rows = findings.map(({ id, auc, grade, operatingPoints }) => {
    const [low = 0, high = 0] = auc?.interval95 ?? [];
    return `| ${id} | ${auc?.value.toFixed(3)} | ${low.toFixed(3)}–${high.toFixed(3)} | ${auc?.positives} | ${operatingPoints.digital.score} | ${grade} |`;
  });
  return `# Model card: pocket ${version}

Fourteen findings on a frontal chest X-ray, small enough for any phone. **Not for medical use.** The scores are **not
calibrated**: a score is not a probability of disease.

## Network

MobileNetV2 1.0 (arXiv:1801.04381), one input channel, 224 × 224, batch norm folded, ReLU6; mean over the 7 × 7 map of 1,280
channels, then linear. A finding's map is the last feature map times its 1,280 weights: its mean plus the finding's bias is the
logit. Centre square of the short side, then resized with antialiasing; grey value v of 0..1 becomes 2v − 1.

## Training

Started from ImageNet weights (Coral's MobileNetV2, Apache-2.0). 1,402 images of NIH ChestX-ray14 (three of four folds, split
by patient), 14 labels mined from reports and therefore noisy; auxiliary heads on other public chest X-rays (COVID,
tuberculosis, viral and paediatric pneumonia, normal) at weight 0.3, never as labels of the findings. Half an hour on a CPU.

## Measured

On ${config.validation.images} images of ${config.validation.set}: macro AUC **${config.validation.macroAuc.toFixed(3)}**. Operating points are Youden points on
the same images (sensitivity not stated), so they flatter a little. Intervals are 95 % bootstraps. The grade follows the lower end of
the interval: 0.75 and above strong, 0.65 and above fair, else weak.

| finding | AUC | 95 % interval | positives | operating point | grade |
|---|---|---|---|---|---|
${rows.join('\n')}

For comparison, TorchXRayVision's DenseNet-121 states 0.774 on NIH, trained on a hundred times as many images. Not measured
here: other hospitals, photographs of films, children, calibration, fairness between groups.

"Can't tell" is a score within ± 15 % of the operating point's odds: this pack has no bootstrap of its operating points.

## Packing

float16 weights. Against the original float32 network on the four known-answer inputs the largest difference is
${packing.logit.toFixed(4)} in logit and ${packing.probability.toFixed(5)} in probability (allowed: 0.03 and 0.005). Plain int8 per channel moved
scores by 0.02 to 0.05 and was not used.

## Gate

${gate}

## Limits

It cannot tell a lateral view, a shoulder or another body part from a chest in every case; it was not trained on children; findings
that were rare in training (Hernia: 3 positives in validation) have wide intervals. A map shows where a score comes from, not where a
disease is. No finding above its threshold does not mean that there is none.

## Sources

${pocketSources.map(({ title, licence, citation, url }) => `- **${title}** (${licence}). ${citation} <${url}>`).join('\n')}

NIH ChestX-ray14 was provided by the NIH Clinical Center. Some of the other collections allow research or non-commercial use only;
none of their images is in this pack.
`;
}
