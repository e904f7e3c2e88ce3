/** Turns what `training/` exported into a pack: graph, shards, known answers, card, manifest. */

import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { loadFindingsNetwork, type FindingsNetwork } from '../../src/inference/findings-network.ts';
import { createDistance } from '../../src/inference/gate/feature-gate.ts';
import { packSchema } from '../../src/storage/pack-schema.ts';
import {
  packFormatVersion,
  type FindingsManifest,
  type PackFinding,
  type PackInput,
  type PackManifest,
} from '../../src/shared/pack.ts';
import type { WeightPrecision } from './encode-weights.ts';
import { syntheticPicture, worstDifference, writeGolden, writeSyntheticXray, type SourceNetwork } from './golden.ts';
import { gateSectionOf, modelCard } from './model-card.ts';
import { buildMobileNetGraph } from './mobilenet-v2.ts';
import { readSafetensors } from './safetensors.ts';
import { trainedCitations, trainedSources } from './trained-sources.ts';
import type { MeasuredFinding, TrainedNetwork } from './trained-network.ts';
import { contentsOf, encodeNetwork, inStaging, toJson, writeManifest, writeNetwork } from './write-pack.ts';

const statisticsFile = 'feature-space.bin';

export interface ImportTrainedOptions {
  /** What `python3 -m chester_training export` wrote. */
  readonly from: string;
  /** The pack's folder; what is in it is replaced when the new pack is whole. */
  readonly folder: string;
  readonly id: string;
  readonly version: string;
  /** What was measured of the findings (`npm run evaluate -- --calibrate`); without it the pack says "unmeasured". */
  readonly measured?: readonly MeasuredFinding[];
}

/**
 * An engine must be running.
 *
 * @throws Error where the pack answers otherwise than the network that was trained
 */
export async function importTrained(options: ImportTrainedOptions): Promise<PackManifest> {
  const { from, folder, id, version } = options;
  const trained = JSON.parse(await readFile(join(from, 'network.json'), 'utf8')) as TrainedNetwork;
  const input: PackInput = {
    width: trained.input.size,
    height: trained.input.size,
    channels: 1,
    geometry: 'crop-resize',
    range: trained.input.range,
  };
  const precision: WeightPrecision = trained.dtype === 'int8' ? 'int8' : 'float16';
  const gate = (await gateSectionOf(join(folder, 'MODEL_CARD.md'))) ?? 'Not measured yet: `npm run measure-gate`.';
  const weights = await readSafetensors(join(from, 'weights.safetensors'));
  const { writer, outputs, biases } = buildMobileNetGraph(trained, weights);
  const encoded = encodeNetwork(writer, precision);
  const findings = describeFindings(trained, options.measured ?? [], biases);
  const megabytes = (encoded.files.size === 0 ? 0 : bytesOf(encoded.files)) / 1e6;
  const draft = {
    formatVersion: packFormatVersion,
    id,
    version,
    role: 'findings',
    title: `Pocket: ${findings.length} findings, ${megabytes.toFixed(1)} MB`,
    summary: `A MobileNetV2 fine-tuned on ${trained.training.pictures.toLocaleString('en')} public chest X-rays. Small, and honest about it.`,
    licence: 'Apache-2.0',
    sources: trainedSources,
    citations: trainedCitations,
    input,
    outputs,
    findings,
    calibrated: findings.every((finding) => 'calibration' in finding),
    weights: encoded.weights,
  } as const satisfies Omit<FindingsManifest, 'files'>;

  return inStaging(folder, async (staging) => {
    await writeNetwork(staging, encoded);
    // The known answers are made by the very network that was just written.
    const network: FindingsNetwork = loadFindingsNetwork(contentsOf(draft, encoded));
    const featureStatistics = await copyStatistics(from, staging, trained);
    await writeSyntheticXray(staging, syntheticPicture, input);
    const golden = await writeGolden(staging, network, input, await sourceNetwork(from), { precision });
    network.dispose();
    const card = modelCard({ id, version, trained, findings, packing: worstDifference(golden), precision, gate });
    await writeFile(join(staging, 'MODEL_CARD.md'), card);
    return writeManifest(staging, featureStatistics === undefined ? draft : { ...draft, featureStatistics });
  });
}

/** The schema beside the packs, for people and editors. */
export async function writePackSchema(models: string): Promise<void> {
  await writeFile(join(models, 'pack.schema.json'), toJson(packSchema));
}

function bytesOf(files: ReadonlyMap<string, Uint8Array>): number {
  return [...files.values()].reduce((sum, { byteLength }) => sum + byteLength, 0);
}

/** Where the training images lie in feature space, as training/ measured it; none for networks that are only measured. */
async function copyStatistics(
  from: string,
  folder: string,
  { featureDistance }: TrainedNetwork,
): Promise<FindingsManifest['featureStatistics']> {
  if (featureDistance === undefined) return undefined;
  await copyFile(join(from, statisticsFile), join(folder, statisticsFile));
  const statistics = { file: statisticsFile, ...featureDistance };
  // Wrong sizes are found here and not on a device.
  createDistance(statistics, Uint8Array.from(await readFile(join(from, statisticsFile))).buffer);
  return statistics;
}

/** What was measured by id, or that nothing was: half of the score is a threshold that nobody chose. */
function describeFindings(
  trained: TrainedNetwork,
  measured: readonly MeasuredFinding[],
  biases: Float32Array,
): PackFinding[] {
  const byId = new Map(measured.map((finding) => [finding.id, finding]));
  return trained.findings.map((id, index) => {
    const bias = biases[index] ?? NaN;
    const own = byId.get(id);
    if (own !== undefined) return { ...own, bias };
    if (measured.length > 0) throw new Error(`${id} is not among the measured findings.`);
    return { id, operatingPoints: { digital: { score: 0.5, rule: 'half' } }, grade: 'unmeasured', bias };
  });
}

async function sourceNetwork(from: string): Promise<SourceNetwork> {
  const { origin, answers } = JSON.parse(await readFile(join(from, 'golden.json'), 'utf8')) as {
    readonly origin: string;
    readonly answers: readonly { readonly image: string; readonly logits: readonly number[] }[];
  };
  return {
    origin,
    answer: (name) => {
      const answer = answers.find(({ image }) => image === name);
      if (answer === undefined) throw new Error(`${from}/golden.json has no answer for ${name}.`);
      return answer.logits;
    },
  };
}
