/** A DenseNet-121, from wherever its weights came, as a findings pack in a folder. */

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { loadFindingsNetwork } from '../../../src/inference/findings-network.ts';
import {
  packFormatVersion,
  type FindingsManifest,
  type PackFinding,
  type PackInput,
  type PackManifest,
  type PackOrigin,
  type PackSource,
  type Parity,
} from '../../../src/shared/pack.ts';
import type { DenseNet121Weights } from '../densenet/densenet-121.ts';
import { buildDenseNetGraph } from '../densenet/densenet-graph.ts';
import { syntheticPicture, writeGolden, writeSyntheticXray, type Shortening, type SourceNetwork } from '../golden.ts';
import { publishedAucOf } from '../published-auc.ts';
import { contentsOf, encodeNetwork, writeManifest, writeNetwork } from '../write-pack.ts';
import { importedCard } from './imported-card.ts';

export interface DenseNetPackFacts {
  readonly id: string;
  readonly version: string;
  readonly title: string;
  readonly summary: string;
  readonly licence: string;
  readonly sources: readonly PackSource[];
  readonly input: PackInput;
  /** What each output means, in order; '' where it was not trained: such outputs are left out. */
  readonly labels: readonly string[];
  /** One threshold on the score an output; absent where nobody states any. */
  readonly thresholds?: readonly (number | null)[];
  readonly origin: Omit<PackOrigin, 'parity'>;
  readonly shortening: Shortening;
}

/** The network that the pack is compared with. */
export interface Original extends SourceNetwork {
  /** Largest differences over many inputs. @param ours one logit a finding */
  compare(ours: (input: Float32Array) => Float32Array): Promise<Parity>;
}

/**
 * Writes the pack into `folder`, which is emptied first. An engine must be running.
 *
 * @param openOriginal told which outputs are kept
 * @throws Error where the pack answers otherwise than its original
 */
export async function writeDenseNetPack(
  folder: string,
  weights: DenseNet121Weights,
  facts: DenseNetPackFacts,
  openOriginal: (kept: readonly number[]) => Promise<Original>,
): Promise<PackManifest> {
  const kept = facts.labels.flatMap((label, output) => (label === '' ? [] : [output]));
  const { writer, outputs, biases } = buildDenseNetGraph(keepOutputs(weights, kept), facts.input.width);
  const encoded = encodeNetwork(writer, facts.shortening.precision);
  const draft: Omit<FindingsManifest, 'files' | 'origin'> = {
    formatVersion: packFormatVersion,
    id: facts.id,
    version: facts.version,
    role: 'findings',
    title: facts.title,
    summary: facts.summary,
    licence: facts.licence,
    sources: facts.sources,
    citations: facts.sources.map(({ citation }) => citation),
    input: facts.input,
    outputs,
    findings: kept.map((output, finding) => describeFinding(facts, output, biases[finding] ?? 0)),
    calibrated: false,
    weights: encoded.weights,
  };
  await writeNetwork(folder, encoded);
  await writeSyntheticXray(folder, syntheticPicture, facts.input);

  const network = loadFindingsNetwork(contentsOf(draft, encoded));
  try {
    const original = await openOriginal(kept);
    const parity = await original.compare((input) => network.answer(input));
    await writeGolden(folder, network, facts.input, original, facts.shortening);
    const origin: PackOrigin = { ...facts.origin, parity };
    await writeFile(
      join(folder, 'MODEL_CARD.md'),
      importedCard({ ...draft, origin }, origin, facts.shortening.precision),
    );
    return await writeManifest(folder, { ...draft, origin });
  } finally {
    network.dispose();
  }
}

function describeFinding({ labels, thresholds, origin }: DenseNetPackFacts, output: number, bias: number): PackFinding {
  const id = labels[output] ?? '';
  const threshold = thresholds?.[output] ?? undefined;
  const publishedAuc = origin.status === 'published' ? publishedAucOf(origin.model, id) : undefined;
  return {
    id,
    operatingPoints: {
      digital: threshold === undefined ? { score: 0.5, rule: 'half' } : { score: threshold, rule: 'youden' },
    },
    ...(publishedAuc === undefined ? {} : { publishedAuc }),
    grade: 'unmeasured',
    bias,
  };
}

/** The same network with only some of its outputs: columns of the classifier. */
export function keepOutputs(weights: DenseNet121Weights, kept: readonly number[]): DenseNet121Weights {
  const { weight, bias } = weights.classifier;
  const [features = 0, outputs = 0] = weight.shape;
  if (kept.length === outputs) return weights;
  const data = new Float32Array(features * kept.length);
  kept.forEach((output, column) => {
    for (let row = 0; row < features; row += 1) {
      data[row * kept.length + column] = weight.data[row * outputs + output]!;
    }
  });
  const classifier = {
    weight: { shape: [features, kept.length], data },
    bias: Float32Array.from(kept, (output) => bias[output]!),
  };
  return { ...weights, classifier };
}
