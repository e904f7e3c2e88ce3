/** `MODEL_CARD.md` of the gate pack, from what training measured (`training/figures/gate.json`). */

import type { GateManifest } from '../../../src/shared/pack.ts';
import type { TrainedGate } from './gate-graph.ts';

interface Share {
  readonly count: number;
  readonly share: number;
  readonly interval95: readonly number[];
}

type Said = 'refusedAtAll' | 'refused' | 'questioned' | 'lateral' | 'turned' | 'inverted' | 'mirrored' | 'child';

/** `training/figures/gate.json`; every picture is judged by a head that has seen nothing of its patient. */
export interface GateFigures {
  readonly groups: Readonly<Record<string, { readonly kind: string } & Readonly<Record<Said, Share>>>>;
  readonly changes: Readonly<Record<string, Share>>;
  readonly leftOut: Readonly<Record<string, Readonly<Record<'refused' | 'questioned', Share>>>>;
}

export interface GateCardFacts {
  readonly manifest: Pick<GateManifest, 'id' | 'version' | 'input' | 'sources' | 'limits'>;
  readonly trained: TrainedGate;
  readonly figures: GateFigures;
  readonly packing: { readonly logit: number; readonly probability: number };
}

const percent = (value: number): string => (value * 100).toFixed(1);
const withInterval = ({ share, interval95 }: Share): string =>
  `${percent(share)} (${interval95.map(percent).join('–')})`;

export function gateCard({ manifest, trained, figures, packing }: GateCardFacts): string {
  const { id, version, input, sources, limits } = manifest;
  const pictures = Object.values(trained.pictures).reduce((sum, count) => sum + count, 0);
  const groups = Object.entries(figures.groups);
  const frontalRows = groups
    .filter(([, { kind }]) => kind === 'frontal')
    .map(([name, said]) => {
      const others = [said.turned, said.inverted, said.mirrored, said.child].map(({ share }) => percent(share));
      const refused = `${withInterval(said.refusedAtAll)} | ${percent(said.refused.share)} | ${percent(said.questioned.share)}`;
      return `| ${name} | ${said.refused.count} | ${refused} | ${others.join(' | ')} |`;
    });
  const otherRows = groups
    .filter(([, { kind }]) => kind !== 'frontal')
    .map(([name, { kind, refused, questioned, lateral }]) => {
      return `| ${name} | ${kind} | ${refused.count} | ${withInterval(refused)} | ${percent(questioned.share)} | ${percent(lateral.share)} |`;
    });
  const changeRows = Object.entries(figures.changes).map(
    ([name, share]) => `| ${name} | ${share.count} | ${withInterval(share)} |`,
  );
  const leftOutRows = Object.entries(figures.leftOut).map(
    ([name, { refused, questioned }]) =>
      `| ${name} | ${refused.count} | ${withInterval(refused)} | ${withInterval(questioned)} |`,
  );
  return `# Model card: ${id} ${version}

Says whether a picture is a frontal chest X-ray, what else it may be, and how a chest lies in it. **Not for medical use.**

## Network

The first ${trained.blocks} blocks of an ImageNet MobileNetV2 (arXiv:1801.04381), frozen, on the whole picture squashed to
${input.width} × ${input.height}; means over ${trained.grid} × ${trained.grid} cells, so that it is known where things are; one linear layer, learnt as a
penalised logistic regression with several questions at once.

## Training

${pictures} pictures, each also degraded (fewer pixels, noise, tones, geometry), so that blur and size are no cues; frontal X-rays
also turned, as negatives and mirrored. Kinds count alike, within them groups by the root of their size.

## Limits of what is said

Refused: with more than ${limits.refuseKind} some other kind; turned (${limits.turned}) or inverted (${limits.inverted}). Warned of: another kind (${limits.warnKind}),
mirrored (${limits.mirrored}), a child (${limits.child}).

## Measured

Cross-validated by patient in four folds (PyTorch, \`python3 -m chester_training gate measure\`); per cent, in brackets the 95 %
interval (Wilson). The limits were chosen with these figures in sight. "Questioned" is refused or warned of as another kind.

| frontal X-rays | pictures | refused at all | as another kind | questioned | called turned | inverted | mirrored | a child's |
|---|---|---|---|---|---|---|---|---|
${frontalRows.join('\n')}

Looked at, some of these refusals are right: one NIH adult lies upside down, one adult and one child are negatives, and one "photograph of
a film" is a coronal CT slice. "Mirrored" is half of each degraded set because half of it was mirrored.

| other pictures | kind | pictures | refused | questioned | called lateral |
|---|---|---|---|---|---|
${otherRows.join('\n')}

| frontal X-rays, changed | pictures | recognised |
|---|---|---|
${changeRows.join('\n')}

A family of kinds that training has never seen, whatever their size and source. **A lateral is not recognised by who has never
seen one**: it is the nearest thing to a frontal X-ray.

| left out | pictures | refused | questioned |
|---|---|---|---|
${leftOutRows.join('\n')}

## Packing

float16 weights. Against PyTorch's float32 network on the four known-answer inputs the largest difference is ${packing.logit.toFixed(4)} in logit
and ${packing.probability.toFixed(5)} in probability.

## What it cannot do

**Never seen:** ultrasound, dental, pelvis, shoulder, spine and abdomen radiographs, fluoroscopy, angiography, PET, pictures of
monitors. Most kinds come from one source each, so other sources fare worse; only 32 laterals taught it what a lateral is. Children
came from one hospital, squashed to a square, and from 125 NIH patients: "a child" is only ever a warning, and its silence says nothing.

## Sources

${sources.map(({ title, licence, citation, url }) => `- **${title}** (${licence}). ${citation} <${url}>`).join('\n')}

None of their images is in this pack. Several may be used for research or non-commercial purposes only; whoever uses this pack
commercially should train it without them.
`;
}
