/** Known answers of a pack: what the original said, and what this pack says on plain SIMD. */

import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { decodePicture } from '../../src/imaging/decode-picture.ts';
import { toNetworkInput } from '../../src/imaging/network-input.ts';
import { testPattern } from '../../src/imaging/test-patterns.ts';
import type { KnownAnswerer } from '../../src/inference/prove-pack.ts';
import type { Golden, GoldenInput, PackInput } from '../../src/shared/pack.ts';
import { createNodeCodecs, readPictureFile } from '../read/node-codecs.ts';
import type { WeightPrecision } from './encode-weights.ts';
import { toJson } from './write-pack.ts';

/** A probability moves by at most a quarter of its logit. */
const steepest = 0.25;
/** Against the original network, by what its weights became; a pack that is farther away is not written. */
const sourceTolerance: Readonly<Record<WeightPrecision, { readonly logit: number; readonly probability: number }>> = {
  float32: { logit: 1e-3, probability: 0.005 },
  float16: { logit: 0.03, probability: 0.005 },
  int8: { logit: 0.15, probability: 0.15 * steepest },
};
/** This pack on any device against plain SIMD. */
const packTolerance: Golden['tolerance']['pack'] = { logit: 0.01, probability: 0.001 };

const patterns = ['ramp', 'rings', 'ellipses'] as const;
export const syntheticFile = 'synthetic-xray.bin';
/** Ours, beside the repository's other files, wherever the command was started. */
export const syntheticPicture = fileURLToPath(new URL('../../static/examples/synthetic-effusion.png', import.meta.url));

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

/** How a network is shortened, and what of its accuracy somebody gives up for it. */
export interface Shortening {
  readonly precision: WeightPrecision;
  /** In logit: more than the precision's own tolerance, where a person said so. */
  readonly allowedDifference?: number;
}

/** The network that a pack was made of, and what it says. */
export interface SourceNetwork {
  readonly origin: string;
  answer(name: GoldenInput['name'], input: Float32Array): ArrayLike<number>;
}

export async function writeGolden(
  folder: string,
  network: KnownAnswerer,
  input: PackInput,
  source: SourceNetwork,
  { precision, allowedDifference = 0 }: Shortening,
): Promise<Golden> {
  const inputs: GoldenInput[] = [];
  for (const name of [...patterns, 'synthetic-xray'] as const) {
    const values = await goldenInputValues(folder, name, input);
    const answer = {
      name,
      source: Array.from(source.answer(name, values), rounded),
      pack: Array.from(network.answer(values), rounded),
    };
    inputs.push(name === 'synthetic-xray' ? { ...answer, file: syntheticFile } : answer);
  }
  const { logit, probability } = sourceTolerance[precision];
  const tolerance = {
    source: {
      logit: Math.max(logit, allowedDifference),
      probability: Math.max(probability, allowedDifference * steepest),
    },
    pack: packTolerance,
  };
  const golden: Golden = { formatVersion: 1, origin: source.origin, tolerance, inputs };
  requireNearSource(golden);
  await writeFile(join(folder, 'golden.json'), toJson(golden));
  return golden;
}

/** Six decimals: far below every tolerance. */
function rounded(value: number): number {
  return Number(value.toFixed(6));
}

/** @throws Error where the pack answers otherwise than the network that it was made of */
export function requireNearSource({ tolerance: { source }, ...golden }: Golden): void {
  const { logit, probability } = worstDifference(golden);
  // Not `>`: NaN is no small difference.
  if (logit <= source.logit && probability <= source.probability) return;
  throw new Error(
    `The pack is farther from its source than allowed: ${logit} in logit (at most ${source.logit}), ${probability} in probability (at most ${source.probability}). Take a larger --dtype, or allow it with --allow-difference.`,
  );
}

/** Largest differences of the pack from its source. */
export function worstDifference(golden: Pick<Golden, 'inputs'>): { logit: number; probability: number } {
  const sigmoid = (logit: number): number => 1 / (1 + Math.exp(-logit));
  const pairs = golden.inputs.flatMap(({ source, pack }) =>
    source.map((value, index) => [value, pack[index] ?? NaN] as const),
  );
  return {
    logit: Math.max(...pairs.map(([a, b]) => Math.abs(a - b))),
    probability: Math.max(...pairs.map(([a, b]) => Math.abs(sigmoid(a) - sigmoid(b)))),
  };
}
