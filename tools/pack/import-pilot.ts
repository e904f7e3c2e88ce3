/** Turns the pilot's weights into the embedded pack `pocket`: graph, shards, statistics, known answers, card, manifest. */

import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { loadFindingsNetwork, type FindingsNetwork } from '../../src/inference/findings-network.ts';
import { packSchema } from '../../src/storage/pack-schema.ts';
import { packFormatVersion, type FindingsManifest, type PackInput, type PackManifest } from '../../src/shared/pack.ts';
import { writeFeatureStatistics } from './feature-statistics.ts';
import { worstDifference, writeGolden, writeSyntheticXray, type SourceNetwork } from './golden.ts';
import { gateSectionOf, modelCard } from './model-card.ts';
import { buildPilotGraph, type PilotConfig } from './mobilenet-v2.ts';
import { describeFindings, pocketCitations, pocketSources } from './pilot-facts.ts';
import { readSafetensors } from './safetensors.ts';
import { contentsOf, encodeNetwork, toJson, updateCatalog, writeManifest, writeNetwork } from './write-pack.ts';

const id = 'pocket';
const version = '1.0.0';
const statisticsFile = 'feature-space.bin';

export interface ImportOptions {
  /** Folder with weights.safetensors, config.json and golden.json. */
  readonly from: string;
  /** The repository's `models/`. */
  readonly models: string;
  /** The data folder: the statistics of the training images are measured on it. */
  readonly data: string;
  readonly syntheticPicture: string;
  /** Logits of the original network on the synthetic X-ray (reference_logits.py). */
  readonly syntheticLogits: readonly number[];
}

interface PilotGolden {
  readonly answers: readonly { readonly image: 'ramp' | 'rings' | 'ellipses'; readonly logits: readonly number[] }[];
}

export async function importPilot(options: ImportOptions): Promise<PackManifest> {
  const folder = join(options.models, id);
  const config = JSON.parse(await readFile(join(options.from, 'config.json'), 'utf8')) as PilotConfig;
  const input: PackInput = {
    width: config.input.size,
    height: config.input.size,
    channels: 1,
    geometry: 'crop-resize',
    range: config.input.range,
  };
  const gate = (await gateSectionOf(join(folder, 'MODEL_CARD.md'))) ?? 'Not measured yet: `npm run measure-gate`.';

  const { writer, outputs, biases } = buildPilotGraph(
    config,
    await readSafetensors(join(options.from, 'weights.safetensors')),
  );
  const encoded = encodeNetwork(writer, 'float16');
  await writeNetwork(folder, encoded);
  const findings = describeFindings(config, biases);
  const draft = {
    formatVersion: packFormatVersion,
    id,
    version,
    role: 'findings',
    title: 'Pocket: 14 findings, 4.5 MB',
    summary:
      'A MobileNetV2 fine-tuned on 1,402 public chest X-rays. Small and honest about it; scores are not calibrated.',
    licence: 'Apache-2.0',
    sources: pocketSources,
    citations: pocketCitations,
    input,
    outputs,
    findings,
    calibrated: false,
    weights: encoded.weights,
  } as const satisfies Omit<FindingsManifest, 'files'>;

  // The statistics and the known answers are made by the very network that was just written.
  const network: FindingsNetwork = loadFindingsNetwork(contentsOf(draft, encoded));
  const featureStatistics = await writeFeatureStatistics(folder, statisticsFile, options.data, network, input);
  await writeSyntheticXray(folder, options.syntheticPicture, input);
  const golden = await writeGolden(folder, network, input, await sourceNetwork(options), {
    precision: 'float16',
  });
  network.dispose();

  const packing = worstDifference(golden);
  await writeFile(join(folder, 'MODEL_CARD.md'), modelCard({ version, config, findings, packing, gate }));
  await writeFile(join(options.models, 'pack.schema.json'), toJson(packSchema));
  const manifest = await writeManifest(folder, { ...draft, featureStatistics });
  await updateCatalog(options.models, manifest, true);
  return manifest;
}

async function sourceNetwork({ from, syntheticLogits }: ImportOptions): Promise<SourceNetwork> {
  const { answers } = JSON.parse(await readFile(join(from, 'golden.json'), 'utf8')) as PilotGolden;
  const byName = Object.fromEntries(answers.map(({ image, logits }) => [image, logits])) as Record<
    'ramp' | 'rings' | 'ellipses',
    readonly number[]
  >;
  return {
    origin:
      'PyTorch float32: ramp, rings and ellipses as published with the weights; synthetic-xray by tools/pack/reference_logits.py on PyTorch 1.13.',
    answer: (name) => (name === 'synthetic-xray' ? syntheticLogits : byName[name]),
  };
}
