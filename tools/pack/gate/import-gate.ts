/** Turns what `python3 -m chester_training gate export` wrote into the pack `gate`: graph, shards, known answers, card. */

import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { loadPictureGate } from '../../../src/inference/picture-gate-network.ts';
import {
  gateOutputs,
  packFormatVersion,
  type GateManifest,
  type PackInput,
  type PackManifest,
} from '../../../src/shared/pack.ts';
import { syntheticPicture, worstDifference, writeGolden, writeSyntheticXray } from '../golden.ts';
import { knownLogits } from '../known-logits.ts';
import { readSafetensors } from '../safetensors.ts';
import { contentsOf, encodeNetwork, inStaging, writeManifest, writeNetwork } from '../write-pack.ts';
import { gateCard, type GateFigures } from './gate-card.ts';
import { buildGateGraph, type TrainedGate } from './gate-graph.ts';
import { gateSources } from './gate-sources.ts';

export interface ImportGateOptions {
  readonly from: string;
  /** The pack's folder; what is in it is replaced when the new pack is whole. */
  readonly folder: string;
  readonly id: string;
  readonly version: string;
  /** `training/figures/gate.json` */
  readonly figures: GateFigures;
}

/**
 * Logits of this head are large (± 80 on pictures that are no X-rays), and float16 keeps eleven bits of a weight. A verdict asks
 * for probabilities of 0.5 and more than 0.9, so this is as near as for int8; in float32 the pack would be half a megabyte larger.
 */
const allowedDifference = 0.15;

/** An engine must be running. @throws Error where the pack answers otherwise than the network that was trained */
export async function importGate({ from, folder, id, version, figures }: ImportGateOptions): Promise<PackManifest> {
  const trained = JSON.parse(await readFile(join(from, 'network.json'), 'utf8')) as TrainedGate;
  if (trained.outputs.join() !== gateOutputs.join()) {
    throw new Error(
      'The network answers other questions than this app asks: export it with this repository’s training/.',
    );
  }
  const { side, range, limits } = trained;
  const input: PackInput = { width: side, height: side, channels: 1, geometry: 'squash', range };
  const { writer, logits } = buildGateGraph(trained, await readSafetensors(join(from, 'weights.safetensors')));
  const encoded = encodeNetwork(writer, 'float16');
  const draft: Omit<GateManifest, 'files'> = {
    formatVersion: packFormatVersion,
    id,
    version,
    role: 'gate',
    title: 'Gate',
    summary: 'Says whether a picture is a frontal chest X-ray, upright and with bones white.',
    licence: 'Apache-2.0',
    sources: gateSources,
    citations: gateSources.map(({ citation }) => citation),
    input,
    outputs: { logits },
    limits: {
      refuseKind: limits.refuse_kind,
      warnKind: limits.warn_kind,
      turned: limits.turned,
      inverted: limits.inverted,
      mirrored: limits.mirrored,
      child: limits.child,
    },
    weights: encoded.weights,
  };
  return inStaging(folder, async (staging) => {
    await writeNetwork(staging, encoded);
    await writeSyntheticXray(staging, syntheticPicture, input);
    const network = loadPictureGate(contentsOf(draft, encoded));
    const shortening = { precision: 'float16', allowedDifference } as const;
    const golden = await writeGolden(staging, network, input, await knownLogits(from), shortening);
    network.dispose();
    const card = gateCard({ manifest: draft, trained, figures, packing: worstDifference(golden) });
    await writeFile(join(staging, 'MODEL_CARD.md'), card);
    return writeManifest(staging, draft);
  });
}
