/** A second opinion of one multiplication: with gain 1 it redraws every picture exactly, with −1 as its negative. */

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { answersOf } from '../../src/inference/second-opinion.ts';
import { testPattern } from '../../src/imaging/test-patterns.ts';
import {
  packFormatVersion,
  type Golden,
  type PackManifest,
  type SecondOpinionManifest,
} from '../../src/shared/pack.ts';
import { GraphWriter } from '../../tools/pack/graph.ts';
import { encodeNetwork, toJson, writeManifest, writeNetwork } from '../../tools/pack/write-pack.ts';

const side = 64;

export async function writeTinyOpinion(
  folder: string,
  { id, gain }: { readonly id: string; readonly gain: number },
): Promise<PackManifest> {
  const writer = new GraphWriter();
  const input = writer.placeholder('input', [1, side, side, 1]);
  const weight = writer.constant('gain', [1, 1, 1, 1], Float32Array.of(gain));
  const reconstruction = writer.plainConvolution('redrawn', input, weight);
  const encoded = encodeNetwork(writer, 'float32');
  await writeNetwork(folder, encoded);

  const shape = { width: side, height: side, channels: 1, geometry: 'squash', range: [-1, 1] } as const;
  const values = testPattern('rings', side, side).map((value) => 2 * value - 1);
  const answers = answersOf(
    values,
    values.map((value) => gain * value),
    shape,
  );
  const golden: Golden = {
    formatVersion: 1,
    origin: 'by formula',
    tolerance: { source: { logit: 1e-3, probability: 1e-3 }, pack: { logit: 1e-2, probability: 1e-3 } },
    inputs: [{ name: 'rings', source: answers, pack: answers }],
  };
  await writeFile(join(folder, 'golden.json'), toJson(golden));
  const draft: Omit<SecondOpinionManifest, 'files'> = {
    formatVersion: packFormatVersion,
    id,
    version: '1.0.0',
    role: 'second-opinion',
    title: 'Tiny opinion',
    summary: 'For tests.',
    licence: 'Apache-2.0',
    sources: [],
    citations: [],
    input: shape,
    weights: encoded.weights,
    outputs: { reconstruction },
    refuseAtSimilarity: 0.6,
  };
  return writeManifest(folder, draft);
}
