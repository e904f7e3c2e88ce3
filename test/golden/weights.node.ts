/** Weights on their way into a pack and out of it again, in every form that a pack may hold. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readWeights } from '../../src/inference/read-weights.ts';
import { AppError } from '../../src/shared/app-error.ts';
import type { PackWeight } from '../../src/shared/pack.ts';
import { encodeTensor, type WeightPrecision } from '../../tools/pack/encode-weights.ts';

/** Values of −1..1 from a linear congruential generator (Numerical Recipes, §7.1). */
function someValues(count: number, seed = 1): Float32Array {
  let state = seed;
  return Float32Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  });
}

/** Cuts the bytes into shards of `shardBytes` and reads the tensors back. */
function read(entries: readonly PackWeight[], bytes: Uint8Array, shardBytes = 7): (readonly number[])[] {
  const shards = new Map<string, ArrayBuffer>();
  for (let at = 0; at < bytes.length; at += shardBytes) {
    shards.set(`weights-${at}.bin`, Uint8Array.from(bytes.subarray(at, at + shardBytes)).buffer);
  }
  const weights = { shards: [...shards.keys()], entries };
  return [...readWeights(weights, (path) => shards.get(path) ?? new ArrayBuffer(0))].map(({ values }) => [...values]);
}

function thereAndBack(shape: readonly number[], data: Float32Array | Int32Array, precision: WeightPrecision): number[] {
  const { entry, bytes } = encodeTensor({ name: 'w', shape, data }, precision);
  const [values = []] = read([entry], bytes);
  return [...values];
}

test('float32 and steering numbers come back bit for bit, across the cuts of shards', () => {
  const values = someValues(30);
  assert.deepEqual(thereAndBack([5, 6], values, 'float32'), [...values]);
  const axes = Int32Array.from([0, -1, 2 ** 31 - 1]);
  for (const precision of ['float32', 'float16', 'int8'] as const) {
    assert.deepEqual(thereAndBack([3], axes, precision), [...axes]);
  }
});

test('int8 has one scale for each output channel and is off by at most half a step', () => {
  const channels = 5;
  // Channels of very different size, among them one of zeros and one whose scale is a subnormal float16.
  const sizes = [1, 1e-3, 40, 0, 1e-5];
  const shape = [3, 3, 2, channels];
  const values = someValues(90).map((value, index) => value * sizes[index % channels]!);
  const back = thereAndBack(shape, values, 'int8');
  for (let channel = 0; channel < channels; channel += 1) {
    const own = (list: ArrayLike<number>): number[] =>
      Array.from(list).filter((_, index) => index % channels === channel);
    const largest = Math.max(...own(values).map(Math.abs));
    // The step is the largest value's 127th, rounded up to a float16: 11 bits, or multiples of 2 ** -24.
    const half = Math.max((largest / 127) * (1 + 2 ** -10), largest / 127 + 2 ** -24) / 2;
    const worst = Math.max(...own(values).map((value, index) => Math.abs(value - own(back)[index]!)));
    assert.ok(worst <= half, `channel ${channel}: ${worst} > ${half}`);
  }
});

test('a depthwise filter has one scale for each channel too', () => {
  const values = Float32Array.from([1, 100, 0.5, 50, 0.25, 25, 1, 100]);
  const back = thereAndBack([2, 2, 2, 1], values, 'int8');
  back.forEach((value, index) => assert.ok(Math.abs(value / values[index]! - 1) < 0.02, `${index}: ${value}`));
});

test('int8 leaves norms and biases in float16', () => {
  const bias = encodeTensor({ name: 'b', shape: [4], data: someValues(4) }, 'int8');
  const norm = encodeTensor({ name: 'n', shape: [1, 1, 4, 1], data: someValues(4) }, 'int8');
  assert.deepEqual([bias.entry.dtype, norm.entry.dtype], ['float16', 'float16']);
});

test('uint8 and uint16 with one scale a tensor are read as tfjs-converter writes them', () => {
  const quantization = { min: -2, scale: 0.5 };
  const entries: PackWeight[] = [
    { name: 'a', shape: [3], dtype: 'uint8', quantization },
    { name: 'b', shape: [2], dtype: 'uint16', quantization },
  ];
  const bytes = Uint8Array.from([0, 4, 255, 1, 0, 0, 1]);
  assert.deepEqual(read(entries, bytes), [
    [-2, 0, 125.5],
    [-1.5, 126],
  ]);
});

test('bytes that are missing or left over are told', () => {
  const { entry, bytes } = encodeTensor({ name: 'w', shape: [2, 2], data: someValues(4) }, 'int8');
  const reasonOf = (part: Uint8Array): unknown => {
    try {
      read([entry], part);
      return undefined;
    } catch (thrown) {
      return thrown instanceof AppError && thrown.code === 'pack-invalid' ? thrown.details['reason'] : thrown;
    }
  };
  assert.equal(reasonOf(bytes), undefined);
  assert.equal(reasonOf(bytes.subarray(0, -1)), 'weights: w is cut off');
  assert.equal(reasonOf(Buffer.concat([bytes, Buffer.from([0])])), 'weights: bytes left over');
});
