/** The numbers of the DenseNet-121 that make_fixtures.py made, value by value the same, and complete files around them. */

import { readFile } from 'node:fs/promises';
import { gunzipSync, zipSync } from 'fflate';

export interface DensenetFixture {
  readonly labels: readonly string[];
  readonly classifier: { readonly scales: readonly number[]; readonly bias: readonly number[] };
  /** Names and shapes in the order of `state_dict()`. */
  readonly tensors: readonly (readonly [name: string, shape: readonly number[]])[];
  /** Numbers of tensors, in the order of their storages in the legacy layout. */
  readonly legacyStorages: { readonly module: readonly number[]; readonly state: readonly number[] };
  /** PyTorch's, [inputs][outputs]. */
  readonly logits: readonly (readonly number[])[];
}

const folder = new URL('./', import.meta.url);
export const inputSize = 224;
const cellSize = 32;
const cells = inputSize / cellSize;
const gridSeed = 10_000;
const noiseSeed = 20_000;
const inputRange = 1024;
const trackedBatches = 7n;

export async function readDensenetFixture(): Promise<DensenetFixture> {
  return JSON.parse(await readFile(new URL('densenet.json', folder), 'utf8')) as DensenetFixture;
}

/** A hash of seed and place (Wellons, "lowbias32"): multiples of 2⁻²³ in −1..1, exact in float32. */
export function seeded(seed: number, count: number): Float64Array {
  const values = new Float64Array(count);
  for (let index = 0; index < count; index += 1) {
    let x = (index + seed * 0x9e3779b9) >>> 0;
    x ^= x >>> 16;
    x = Math.imul(x, 0x7feb352d);
    x ^= x >>> 15;
    x = Math.imul(x, 0x846ca68b);
    x ^= x >>> 16;
    values[index] = (x >>> 8) / 2 ** 23 - 1;
  }
  return values;
}

/** [224, 224] in −1024..1024. */
export function seededInput(index: number, inputs: number): Float32Array {
  const grid = seeded(gridSeed + index, cells * cells);
  const noise = seeded(noiseSeed + index, inputSize * inputSize);
  const strength = (inputRange * (index + 1)) / inputs;
  return Float32Array.from(noise, (fine, place) => {
    const row = Math.floor(place / inputSize / cellSize);
    const column = Math.floor((place % inputSize) / cellSize);
    return (0.75 * grid[row * cells + column]! + 0.25 * fine) * strength;
  });
}

/** The raw bytes of each tensor, in the fixture's order. */
function tensorBytes({ tensors, classifier }: DensenetFixture): Uint8Array[] {
  return tensors.map(([name, shape], seed) => {
    if (name.endsWith('num_batches_tracked')) return bytesOf(BigInt64Array.of(trackedBatches));
    if (name === 'classifier.bias') return bytesOf(Float32Array.from(classifier.bias));
    const values = seeded(
      seed,
      shape.reduce((product, size) => product * size, 1),
    );
    const [, inputs = 1, height = 1, width = 1] = shape;
    if (name === 'classifier.weight') {
      return bytesOf(
        Float32Array.from(values, (value, index) => value * classifier.scales[Math.floor(index / inputs)]!),
      );
    }
    if (shape.length === 4) {
      const scale = Math.sqrt(6 / (inputs * height * width));
      const factor = name === 'features.conv0.weight' ? scale / 600 : scale;
      return bytesOf(Float32Array.from(values, (value) => value * factor));
    }
    // What is left are the norms.
    const positive = name.endsWith('.weight') || name.endsWith('.running_var');
    return bytesOf(Float32Array.from(values, (value) => (positive ? 1 + 0.5 * value : 0.25 * value)));
  });
}

function bytesOf(values: Float32Array | BigInt64Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}

async function unzipped(name: string): Promise<Uint8Array> {
  return gunzipSync(await readFile(new URL(name, folder)));
}

/** PyTorch's legacy layout: the pickles as they were, then each storage as its count of elements and their bytes. */
export async function legacyDensenet(fixture: DensenetFixture, kind: 'module' | 'state'): Promise<Uint8Array> {
  const storages = tensorBytes(fixture);
  const parts: Uint8Array[] = [await unzipped(`densenet-legacy-${kind}.pickle.gz`)];
  for (const number of fixture.legacyStorages[kind]) {
    const [, shape] = fixture.tensors[number]!;
    parts.push(
      bytesOf(BigInt64Array.of(BigInt(shape.reduce((product, size) => product * size, 1)))),
      storages[number]!,
    );
  }
  return Buffer.concat(parts);
}

/** PyTorch's zip layout: storages are numbered in the order in which the pickle first mentions them, the state's own. */
export async function zipDensenet(fixture: DensenetFixture): Promise<Uint8Array> {
  const entries: Record<string, Uint8Array> = {
    'densenet/data.pkl': await unzipped('densenet-zip-state.pickle.gz'),
    'densenet/version': Buffer.from('3\n'),
  };
  tensorBytes(fixture).forEach((bytes, number) => (entries[`densenet/data/${number}`] = bytes));
  return zipSync(entries, { level: 0 });
}

export async function safetensorsDensenet(fixture: DensenetFixture): Promise<Uint8Array> {
  return Buffer.concat([await unzipped('densenet-state.safetensors-header.gz'), ...tensorBytes(fixture)]);
}
