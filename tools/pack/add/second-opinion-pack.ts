/** Chester's autoencoder as a pack of the role `second-opinion`. */

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { loadGraphNetwork } from '../../../src/inference/graph-network.ts';
import { answersOf, loadSecondOpinion } from '../../../src/inference/second-opinion.ts';
import {
  packFormatVersion,
  type PackManifest,
  type PackOrigin,
  type SecondOpinionManifest,
} from '../../../src/shared/pack.ts';
import { syntheticPicture, writeGolden, writeSyntheticXray, type Shortening } from '../golden.ts';
import { buildAutoencoderGraph } from '../published/autoencoder-graph.ts';
import { compareReconstructions } from '../published/compare-with-published.ts';
import type { PublishedGraph } from '../published/graph-model.ts';
import type { PublishedAutoencoder } from '../published/published-models.ts';
import { recogniseAutoencoder } from '../published/recognise-autoencoder.ts';
import { loadAsPublished } from '../published/run-as-published.ts';
import { contentsOf, encodeNetwork, writeManifest, writeNetwork } from '../write-pack.ts';
import { importedCard } from './imported-card.ts';

export interface SecondOpinionFacts {
  readonly model: PublishedAutoencoder;
  readonly id: string;
  readonly version: string;
  readonly origin: Omit<PackOrigin, 'parity'>;
  readonly shortening: Shortening;
  /** How the original was run. */
  readonly against: string;
}

/** Writes the pack into `folder`, which is emptied first. The engine for published graphs must be running. */
export async function writeSecondOpinionPack(
  folder: string,
  graph: PublishedGraph,
  { model, id, version, origin: source, shortening, against }: SecondOpinionFacts,
): Promise<PackManifest> {
  const recognised = recogniseAutoencoder(graph);
  const { writer, outputs } = buildAutoencoderGraph(recognised);
  const encoded = encodeNetwork(writer, shortening.precision);
  const input = { ...model.input, channels: 1 } as const;
  const draft: Omit<SecondOpinionManifest, 'files' | 'origin'> = {
    formatVersion: packFormatVersion,
    id,
    version,
    role: 'second-opinion',
    title: source.status === 'published' ? model.title : `${model.title} (not the published one)`,
    summary: 'Says whether a picture looks like the chest X-rays that it learned to redraw.',
    licence: model.licence,
    sources: model.sources,
    citations: model.sources.map(({ citation }) => citation),
    input,
    weights: encoded.weights,
    outputs: { reconstruction: outputs.reconstruction },
    refuseAtSimilarity: model.gate.refuseSsimAtOrBelow,
  };
  await writeNetwork(folder, encoded);
  await writeSyntheticXray(folder, syntheticPicture, input);

  const contents = contentsOf(draft, encoded);
  const published = await loadAsPublished(graph);
  const network = loadSecondOpinion(contents);
  const redrawing = loadGraphNetwork(contents);
  try {
    const { inputs, relative } = await compareReconstructions({
      graph,
      nodes: recognised.nodes,
      range: input.range,
      ours: (values) => redrawing.run(values, [outputs.reconstruction])[outputs.reconstruction]!.values,
    });
    const { reconstruction } = recognised.nodes;
    const original = {
      origin: `${against} float32: similarity and reconstruction error`,
      answer: (_: string, values: Float32Array) =>
        answersOf(values, published.run(values, [reconstruction])[reconstruction]!, input),
    };
    await writeGolden(folder, network, input, original, shortening);
    const origin: PackOrigin = { ...source, parity: { against, inputs, relative } };
    await writeFile(join(folder, 'MODEL_CARD.md'), importedCard({ ...draft, origin }, origin, shortening.precision));
    return await writeManifest(folder, { ...draft, origin });
  } finally {
    redrawing.dispose();
    network.dispose();
    published.dispose();
  }
}
