/** `npm run pack -- add FILE.pt --as densenet121-res224-all`: a network that PyTorch saved becomes a pack. */

import { stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { startEngine } from '../../../src/inference/engine.ts';
import { loadGraphNetwork } from '../../../src/inference/graph-network.ts';
import { findingIds } from '../../../src/shared/finding-ids.ts';
import type { PackManifest } from '../../../src/shared/pack.ts';
import { nodeEnginePaths } from '../../read/reader.ts';
import { buildDenseNetGraph } from '../densenet/densenet-graph.ts';
import type { DenseNet121Weights } from '../densenet/densenet-121.ts';
import { encodeNetwork, graphContents, inStaging } from '../write-pack.ts';
import type { Shortening } from '../golden.ts';
import { comparisonInputs } from '../published/comparison-inputs.ts';
import { densenetFromState } from '../torch/densenet-state.ts';
import { readTorchFile } from '../torch/read-torch-file.ts';
import { releases, type Release } from '../torch/releases.ts';
import { keepOutputs, writeDenseNetPack, type DenseNetPackFacts, type Original } from './densenet-pack.ts';

export interface AddTorchOptions {
  /** A release's name, or what the outputs mean. */
  readonly as: Release | { readonly labels: readonly string[] };
  readonly id: string;
  readonly version: string;
  /** Pixels; a multiple of 32. */
  readonly size: number;
  readonly shortening: Shortening;
  /** The folder that packs lie in. */
  readonly out: string;
}

/** TorchXRayVision, arXiv 2111.00595, §2: pixels are scaled to this range. */
const torchRange = [-1024, 1024] as const;

const torchXRayVision = {
  title: 'TorchXRayVision',
  licence: 'Apache-2.0',
  citation:
    'Cohen JP, Viviano JD, Bertin P, et al. TorchXRayVision: A library of chest X-ray datasets and models. arXiv:2111.00595.',
  url: 'https://github.com/mlmed/torchxrayvision',
};

/**
 * No digest of such a file is published: the pack says so, and keeps the SHA-256 of what it was made of.
 *
 * @throws Error or RefusedFileError with the reason and what to do
 */
export async function addTorchFile(path: string, options: AddTorchOptions): Promise<PackManifest> {
  const file = await readTorchFile(path);
  const weights = densenetFromState(file.tensors);
  const { as, id, version, shortening, size } = options;
  const outputs = weights.classifier.bias.length;
  if (as.labels.length !== outputs) {
    throw new Error(`The network has ${outputs} outputs, but ${as.labels.length} labels were given.`);
  }
  const isRelease = 'id' in as;
  const facts: DenseNetPackFacts = {
    id,
    version,
    title: isRelease ? `TorchXRayVision ${as.id} (origin not verified)` : `${basename(path)} (origin not verified)`,
    summary: isRelease
      ? `A DenseNet-121 taken for TorchXRayVision's release, trained on ${as.trainedOn}. Its quality was not measured here.`
      : 'A DenseNet-121 that this site brought. Its quality was not measured here.',
    licence: isRelease ? torchXRayVision.licence : 'LicenseRef-unknown',
    sources: isRelease ? [torchXRayVision] : [],
    input: { width: size, height: size, channels: 1, geometry: 'crop-resize', range: torchRange },
    labels: as.labels,
    ...(isRelease ? { thresholds: as.thresholds } : {}),
    origin: {
      status: 'unverified',
      model: isRelease ? as.id : file.kind,
      ...(isRelease ? { url: as.url } : {}),
      files: [{ path: basename(path), bytes: (await stat(path)).size, sha256: file.sha256 }],
    },
    shortening,
  };
  await startEngine('simd', nodeEnginePaths());
  return inStaging(join(options.out, id), (folder) =>
    writeDenseNetPack(folder, weights, facts, (kept) => Promise.resolve(inFloat32(weights, kept, size))),
  );
}

/** PyTorch does not run here: the pack is compared with the same weights before they were shortened. */
function inFloat32(weights: DenseNet121Weights, kept: readonly number[], size: number): Original {
  const { writer, outputs } = buildDenseNetGraph(keepOutputs(weights, kept), size);
  const network = loadGraphNetwork(graphContents(encodeNetwork(writer, 'float32')));
  const answer = (input: Float32Array): Float32Array => network.run(input, [outputs.logits])[outputs.logits]!.values;
  const against = 'the same weights in float32 (PyTorch itself was not run)';
  return {
    origin: against,
    answer: (_, input) => answer(input),
    compare: (ours) => {
      let logit = 0;
      let probability = 0;
      const inputs = comparisonInputs(size, size, torchRange);
      for (const { values } of inputs) {
        const expected = answer(values);
        ours(values).forEach((value, output) => {
          logit = Math.max(logit, Math.abs(value - expected[output]!));
          probability = Math.max(probability, Math.abs(sigmoid(value) - sigmoid(expected[output]!)));
        });
      }
      return Promise.resolve({ against, inputs: inputs.length, logit, probability });
    },
  };
}

/** @throws Error naming the releases that there are */
export function releaseNamed(id: string): Release {
  const found = releases.find((release) => release.id === id);
  if (found !== undefined) return found;
  throw new Error(`No release is called ${id}. There are: ${releases.map((release) => release.id).join(', ')}.`);
}

/** `a,b,,c` as labels; an empty one leaves its output out. @throws Error naming a label that the app does not know */
export function parseLabels(text: string): readonly string[] {
  const labels = text.split(',').map((label) => label.trim());
  const known: readonly string[] = findingIds;
  const strange = labels.find((label) => label !== '' && !known.includes(label));
  if (strange !== undefined) {
    throw new Error(`“${strange}” is no finding that the app has words for. There are: ${known.join(', ')}.`);
  }
  return labels;
}

function sigmoid(logit: number): number {
  return 1 / (1 + Math.exp(-logit));
}
