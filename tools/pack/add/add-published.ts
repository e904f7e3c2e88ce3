/** `npm run pack -- add chester-v3`, `add chester-ae`: a published network becomes a pack, proven against the published graph. */

import { join } from 'node:path';
import { readFile } from 'node:fs/promises';
import type { OriginFile, PackManifest, PackOrigin } from '../../../src/shared/pack.ts';
import { sha256Hex } from '../../../src/shared/sha256.ts';
import { compareWithPublished } from '../published/compare-with-published.ts';
import { readGraphModel } from '../published/graph-model.ts';
import { obtainModel, type Obtained, type ObtainOptions } from '../published/obtain-published.ts';
import type { PublishedAutoencoder, PublishedDenseNet, PublishedModel } from '../published/published-models.ts';
import { recogniseDenseNet } from '../published/recognise-densenet.ts';
import { loadAsPublished, startPublishedEngine } from '../published/run-as-published.ts';
import type { Shortening } from '../golden.ts';
import { inStaging } from '../write-pack.ts';
import { writeDenseNetPack } from './densenet-pack.ts';
import { writeSecondOpinionPack } from './second-opinion-pack.ts';

export interface AddOptions extends ObtainOptions {
  readonly id: string;
  readonly version: string;
  readonly shortening: Shortening;
  /** The folder that packs lie in. */
  readonly out: string;
}

const runAs = 'the published graph, run as it is by tfjs on WASM,';

/** @throws Error or DownloadError with the reason and what to do */
export async function addPublished(model: PublishedModel, options: AddOptions): Promise<PackManifest> {
  const obtained = await obtainModel(model, options);
  const origin = await describeOrigin(model, obtained, options.unverified === true);
  await startPublishedEngine();
  return inStaging(join(options.out, options.id), (folder) =>
    model.kind === 'densenet-121'
      ? addDenseNet(model, obtained, origin, folder, options)
      : addAutoencoder(model, obtained, origin, folder, options),
  );
}

async function addDenseNet(
  model: PublishedDenseNet,
  { folder: source }: Obtained,
  origin: PackOrigin,
  folder: string,
  { id, version, shortening }: AddOptions,
): Promise<PackManifest> {
  const graph = await readGraphModel(source);
  const recognised = recogniseDenseNet(graph);
  const { nodes } = recognised;
  const isPublished = origin.status === 'published';
  const facts = {
    id,
    version,
    title: isPublished ? model.title : `${model.title} (not the published one)`,
    summary: `The DenseNet-121 of the Chester web tool: ${model.findings.length} findings at ${model.input.width} pixels. Its quality was not measured here.`,
    licence: model.licence,
    sources: model.sources,
    input: { ...model.input, channels: 1 },
    labels: model.findings.map((finding) => finding.id),
    // Thresholds belong to the weights that they were chosen for.
    ...(isPublished ? { thresholds: model.findings.map(({ operatingPoint }) => operatingPoint) } : {}),
    origin,
    shortening,
  } as const;
  const published = await loadAsPublished(graph);
  try {
    return await writeDenseNetPack(folder, recognised, facts, () =>
      Promise.resolve({
        origin: `${runAs} float32`,
        answer: (_, input) => published.run(input, [nodes.logits])[nodes.logits]!,
        compare: async (ours) => {
          const found = await compareWithPublished({ graph, nodes, range: model.input.range, ours });
          return { against: runAs, inputs: found.inputs, logit: found.logit, probability: found.probability };
        },
      }),
    );
  } finally {
    published.dispose();
  }
}

async function addAutoencoder(
  model: PublishedAutoencoder,
  { folder: source }: Obtained,
  origin: PackOrigin,
  folder: string,
  { id, version, shortening }: AddOptions,
): Promise<PackManifest> {
  const graph = await readGraphModel(source);
  return writeSecondOpinionPack(folder, graph, { model, id, version, origin, shortening, against: runAs });
}

async function describeOrigin(
  model: PublishedModel,
  { folder, files }: Obtained,
  unverified: boolean,
): Promise<PackOrigin> {
  const described = await Promise.all(
    files.map(async ({ path, bytes, gitBlobId }): Promise<OriginFile> => {
      return { path, bytes, gitBlobId, sha256: await sha256Hex(Uint8Array.from(await readFile(join(folder, path)))) };
    }),
  );
  const isPublished = !unverified && files.every(({ verified }) => verified);
  return { status: isPublished ? 'published' : 'unverified', model: model.id, url: model.baseUrl, files: described };
}
