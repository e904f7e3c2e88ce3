/** Turns what `python3 -m chester_training lungs export` wrote into the pack `lungs`: graph, shards, known answers, figures, card. */

import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { loadLungsNetwork } from '../../../src/inference/lungs-network.ts';
import { packFormatVersion, type LungsManifest, type PackInput, type PackManifest } from '../../../src/shared/pack.ts';
import { syntheticPicture, worstDifference, writeGolden, writeSyntheticXray } from '../golden.ts';
import { knownLogits } from '../known-logits.ts';
import { readSafetensors } from '../safetensors.ts';
import { contentsOf, encodeNetwork, inStaging, writeManifest, writeNetwork } from '../write-pack.ts';
import { leftOutCases } from './left-out-cases.ts';
import { lungsCard, type LeftOutFigures } from './lungs-card.ts';
import { buildLungsGraph, type TrainedLungs } from './lungs-graph.ts';
import { lungsSources } from './lungs-sources.ts';
import { measureLungs } from './measure-lungs.ts';

export interface ImportLungsOptions {
  readonly from: string;
  /** The pack's folder; what is in it is replaced when the new pack is whole. */
  readonly folder: string;
  readonly id: string;
  readonly version: string;
  /** The data folder: the pack is measured on its left-out patients. */
  readonly data: string;
  /** `training/figures/lungs.json` */
  readonly leftOut: LeftOutFigures;
}

/** Rounded as it is told. */
const digits = 4;
const answerNote = ': lungs and heart in turn, at the middles of an 8 × 8 grid';

/** An engine must be running. @throws Error where the pack answers otherwise than the network that was trained */
export async function importLungs(options: ImportLungsOptions): Promise<PackManifest> {
  const { from, folder, id, version } = options;
  const trained = JSON.parse(await readFile(join(from, 'network.json'), 'utf8')) as TrainedLungs;
  const { side, range } = trained;
  const input: PackInput = { width: side, height: side, channels: 1, geometry: 'squash', range };
  const { writer, masks } = buildLungsGraph(trained, await readSafetensors(join(from, 'weights.safetensors')));
  const encoded = encodeNetwork(writer, 'float16');
  const draft: Omit<LungsManifest, 'files' | 'ratioError'> = {
    formatVersion: packFormatVersion,
    id,
    version,
    role: 'lungs',
    title: 'Lungs and heart',
    summary: 'Outlines both lungs and the heart, and measures the cardiothoracic ratio.',
    licence: 'Apache-2.0',
    sources: lungsSources,
    citations: lungsSources.map(({ citation }) => citation),
    input,
    outputs: { masks },
    weights: encoded.weights,
  };
  // Widens the interval that the app shows, so the interval is measured with it.
  const unmeasured = { meanAbsolute: 0, percentile90: 0, patients: 1, testSet: 'none' };
  const measure = async (ratioError: LungsManifest['ratioError']) => {
    const network = loadLungsNetwork(contentsOf({ ...draft, ratioError }, encoded));
    try {
      const { ratio, ...figures } = await measureLungs(network, leftOutCases(options.data));
      if (ratio === undefined) throw new Error('No left-out X-ray with a drawn heart: its ratio cannot be measured.');
      return { ...figures, ratio };
    } finally {
      network.dispose();
    }
  };
  const { ratio } = await measure(unmeasured);
  const ratioError = {
    meanAbsolute: Number(ratio.mean.toFixed(digits)),
    percentile90: Number(ratio.percentile90.toFixed(digits)),
    patients: ratio.count,
    testSet: 'JSRT, patients that the network was not trained on, against the SCR masks',
  };
  const figures = await measure(ratioError);

  return inStaging(folder, async (staging) => {
    await writeNetwork(staging, encoded);
    await writeSyntheticXray(staging, syntheticPicture, input);
    const network = loadLungsNetwork(contentsOf({ ...draft, ratioError }, encoded));
    const golden = await writeGolden(staging, network, input, await knownLogits(from, answerNote), {
      precision: 'float16',
    });
    network.dispose();
    const packing = worstDifference(golden);
    const card = lungsCard({ manifest: draft, trained, figures, leftOut: options.leftOut, packing });
    await writeFile(join(staging, 'MODEL_CARD.md'), card);
    return writeManifest(staging, { ...draft, ratioError });
  });
}
