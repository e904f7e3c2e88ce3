/** Known answers of a pack: what the original said, and what this pack says on plain SIMD. */

import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { decodePicture } from '../../src/imaging/decode-picture.ts';
import { toNetworkInput } from '../../src/imaging/network-input.ts';
import { testPattern } from '../../src/imaging/test-patterns.ts';
import type { FindingsNetwork } from '../../src/inference/findings-network.ts';
import type { Golden, GoldenInput, PackInput } from '../../src/shared/pack.ts';
import { createNodeCodecs, readPictureFile } from '../read/node-codecs.ts';
import { toJson } from './write-pack.ts';

/** DESIGN tolerances: float16 against its source, and this pack on any device against plain SIMD. */
const tolerance: Golden['tolerance'] = {
  source: { logit: 0.03, probability: 0.005 },
  pack: { logit: 0.01, probability: 0.001 },
};

const patterns = ['ramp', 'rings', 'ellipses'] as const;
export const syntheticFile = 'synthetic-xray.bin';

/** The synthetic X-ray at the network's size, 8 bits a pixel, so that no decoder is part of the known answer. */
export async function writeSyntheticXray(folder: string, picture: string, input: PackInput): Promise<void> {
  const image = await decodePicture(await readPictureFile(picture), createNodeCodecs());
  const grey = toNetworkInput(image, { ...input, range: [0, 1] });
  await writeFile(
    join(folder, syntheticFile),
    Uint8Array.from(grey, (value) => Math.round(value * 255)),
  );
}

export async function goldenInputValues(
  folder: string,
  name: GoldenInput['name'],
  input: PackInput,
): Promise<Float32Array> {
  const [low, high] = input.range;
  const grey =
    name === 'synthetic-xray'
      ? Float32Array.from(await readFile(join(folder, syntheticFile)), (value) => value / 255)
      : testPattern(name, input.width, input.height);
  return grey.map((value) => low + value * (high - low));
}

export interface SourceAnswers {
  readonly origin: string;
  readonly logits: Readonly<Record<GoldenInput['name'], readonly number[]>>;
}

export async function writeGolden(
  folder: string,
  network: FindingsNetwork,
  input: PackInput,
  source: SourceAnswers,
): Promise<Golden> {
  const inputs: GoldenInput[] = [];
  for (const name of [...patterns, 'synthetic-xray'] as const) {
    const { logits } = network.run(await goldenInputValues(folder, name, input));
    const answer = { name, source: source.logits[name], pack: Array.from(logits, (value) => Number(value.toFixed(6))) };
    inputs.push(name === 'synthetic-xray' ? { ...answer, file: syntheticFile } : answer);
  }
  const golden: Golden = { formatVersion: 1, origin: source.origin, tolerance, inputs };
  await writeFile(join(folder, 'golden.json'), toJson(golden));
  return golden;
}

/** Largest differences of the pack from its source. */
export function worstDifference(golden: Golden): { logit: number; probability: number } {
  const sigmoid = (logit: number): number => 1 / (1 + Math.exp(-logit));
  const pairs = golden.inputs.flatMap(({ source, pack }) =>
    source.map((value, index) => [value, pack[index] ?? NaN] as const),
  );
  return {
    logit: Math.max(...pairs.map(([a, b]) => Math.abs(a - b))),
    probability: Math.max(...pairs.map(([a, b]) => Math.abs(sigmoid(a) - sigmoid(b)))),
  };
}
