import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { io, type Tensor } from '@tensorflow/tfjs-core';
import { startEngine } from '../../src/inference/engine.ts';
import { toFloat16 } from '../../tools/pack/float16.ts';
import { readGraphModel } from '../../tools/pack/published/graph-model.ts';
import { asSubPixelConvolution } from '../../tools/pack/published/transposed-convolution.ts';
import { seededNumbers } from '../../tools/pack/seeded-numbers.ts';
import { nodeEnginePaths } from '../../tools/read/reader.ts';

const scratch = await mkdtemp(join(tmpdir(), 'published-graph-model-'));
after(() => rm(scratch, { recursive: true, force: true }));

/** One weight of each type that tfjs's converter writes. */
const specs = [
  { name: 'plain', shape: [3], dtype: 'float32' },
  { name: 'steps', shape: [2], dtype: 'int32' },
  { name: 'half', shape: [2, 2], dtype: 'float32', quantization: { dtype: 'float16' } },
  { name: 'bytes', shape: [5], dtype: 'float32', quantization: { dtype: 'uint8', scale: 0.1, min: -3.2 } },
  { name: 'words', shape: [2], dtype: 'float32', quantization: { dtype: 'uint16', scale: 1 / 3, min: 7 } },
  { name: 'counts', shape: [3], dtype: 'int32', quantization: { dtype: 'uint8', scale: 1.5, min: 2 } },
] as const satisfies readonly io.WeightsManifestEntry[];

const bytes = Buffer.concat([
  Buffer.from(Float32Array.of(1.5, -2, 1e-3).buffer),
  Buffer.from(Int32Array.of(-7, 70_000).buffer),
  Buffer.from(toFloat16(Float32Array.of(0.5, -3, 1 / 3, 65_504)).buffer),
  Buffer.from(Uint8Array.of(0, 1, 100, 254, 255)),
  Buffer.from(Uint16Array.of(3, 65_535).buffer),
  Buffer.from(Uint8Array.of(0, 1, 255)),
]);

interface Written {
  readonly weights: readonly { readonly name: string; readonly shape: readonly number[]; readonly dtype: string }[];
  readonly paths: readonly string[];
  readonly shards: readonly Uint8Array[];
  readonly node: readonly object[];
}

const constants = specs.map(({ name }) => ({ name, op: 'Const', input: [], attr: {} }));
const whole: Written = {
  weights: specs,
  paths: ['a.bin', 'b.bin'],
  // Cut within a number: shards know nothing of weights.
  shards: [bytes.subarray(0, 7), bytes.subarray(7)],
  node: constants,
};

async function write({ weights, paths, shards, node }: Written): Promise<string> {
  const folder = await mkdtemp(join(scratch, 'model-'));
  const model = { format: 'graph-model', modelTopology: { node }, weightsManifest: [{ paths, weights }] };
  await writeFile(join(folder, 'model.json'), JSON.stringify(model));
  for (const [index, shard] of shards.entries()) await writeFile(join(folder, ['a.bin', 'b.bin'][index]!), shard);
  return folder;
}

test('weights of every type are what tfjs reads', async () => {
  await startEngine('simd', nodeEnginePaths());
  const theirs = io.decodeWeights(Uint8Array.from(bytes).buffer, [...specs]) as Record<string, Tensor>;
  const { tensors, nodes } = await readGraphModel(await write(whole));
  assert.deepEqual(
    [...tensors.keys()],
    specs.map(({ name }) => name),
  );
  assert.deepEqual([...nodes.keys()], [...tensors.keys()]);
  for (const [name, { shape, data }] of tensors) {
    assert.deepEqual([...shape], theirs[name]!.shape);
    assert.deepEqual(data, theirs[name]!.dataSync(), name);
    theirs[name]!.dispose();
  }
});

test('a model whose parts do not fit is refused', async () => {
  const refuse = async (change: Partial<Written>, reason: RegExp): Promise<void> => {
    await assert.rejects(readGraphModel(await write({ ...whole, ...change })), reason);
  };
  await refuse({ shards: [bytes.subarray(0, 7), bytes.subarray(8)] }, /end within counts/);
  await refuse({ shards: [bytes, bytes.subarray(0, 1)] }, /1 bytes more/);
  await refuse({ paths: ['a.bin', 'c.bin'] }, /c\.bin/);
  await refuse({ paths: ['a.bin', '../b.bin'] }, /may not be called "\.\.\/b\.bin"/);
  await refuse({ node: constants.slice(1) }, /the weight plain is no constant/);
  await refuse({ node: [...constants, { name: 'more', op: 'Const' }] }, /no weight more/);
  await refuse({ weights: [...specs.slice(0, 5), { ...specs[0], dtype: 'string' }] }, /type string/);
  await refuse({ weights: [...specs.slice(0, 5), { ...specs[5], name: 'plain' }] }, /two weights are called plain/);
  const folder = await write(whole);
  await writeFile(join(folder, 'model.json'), '{"format":"layers-model"}');
  await assert.rejects(readGraphModel(folder), /no tfjs GraphModel/);
});

/** The definition: every pixel of the input adds its kernel to the result. */
function transposedConvolution(
  x: Float64Array,
  into: number,
  kernel: Float32Array,
  shape: readonly number[],
  stride: number,
) {
  const [size = 0, , out = 0, channels = 0] = shape;
  const side = (into - 1) * stride + size;
  const result = new Float64Array(side * side * out);
  for (let i = 0; i < into * into; i += 1) {
    const [top, left] = [Math.floor(i / into) * stride, (i % into) * stride];
    for (let tap = 0; tap < size * size; tap += 1) {
      const target = (top + Math.floor(tap / size)) * side + left + (tap % size);
      for (let o = 0; o < out; o += 1) {
        for (let c = 0; c < channels; c += 1) {
          result[target * out + o]! += x[i * channels + c]! * kernel[(tap * out + o) * channels + c]!;
        }
      }
    }
  }
  return result;
}

/** What the graph does with the rewritten kernel: pad, convolve, lay the blocks out, crop. */
function subPixel(x: Float64Array, into: number, kernel: Float32Array, shape: readonly number[], stride: number) {
  const { weight, padding, block, spread, side } = asSubPixelConvolution({ shape, data: kernel }, stride, into);
  const [taps = 0, , channels = 0, outputs = 0] = weight.shape;
  const out = outputs / (block * block);
  const places = into + 2 * padding - taps + 1;
  assert.equal(places * block, spread);
  assert.ok(side <= spread);
  const result = new Float64Array(side * side * out);
  for (let o = 0; o < side * side * out; o += 1) {
    const [row, column, channel] = [Math.floor(o / out / side), Math.floor(o / out) % side, o % out];
    const place = ((row % block) * block + (column % block)) * out + channel;
    for (let tap = 0; tap < taps * taps; tap += 1) {
      const y = Math.floor(row / block) + Math.floor(tap / taps) - padding;
      const z = Math.floor(column / block) + (tap % taps) - padding;
      if (y < 0 || z < 0 || y >= into || z >= into) continue;
      for (let c = 0; c < channels; c += 1) {
        result[o]! += x[(y * into + z) * channels + c]! * weight.data[(tap * channels + c) * outputs + place]!;
      }
    }
  }
  return result;
}

test('a transposed convolution is an ordinary one over blocks of pixels', () => {
  const next = seededNumbers(3);
  for (const [size, stride, into] of [
    [7, 2, 4],
    [5, 2, 3],
    [2, 1, 5],
    [4, 1, 1],
    [4, 3, 1],
    [1, 1, 3],
    [4, 2, 3],
    [3, 3, 2],
    [5, 3, 2],
    [2, 3, 2],
  ] as const) {
    const shape = [size, size, 2, 3];
    const kernel = Float32Array.from({ length: size * size * 6 }, next);
    const x = Float64Array.from({ length: into * into * 3 }, next);
    const [wanted, found] = [transposedConvolution, subPixel].map((run) => run(x, into, kernel, shape, stride));
    assert.equal(found!.length, wanted!.length);
    found!.forEach((value, index) => assert.ok(Math.abs(value - wanted![index]!) < 1e-12, `${size} ${stride} ${into}`));
  }
});
