/** Tensors as the bytes of a pack's shards, and what the manifest says of them; src/inference/read-weights.ts reads them. */

import type { PackWeight } from '../../src/shared/pack.ts';
import { toFloat16, toFloat16Bits } from './float16.ts';
import type { GraphTensor } from './graph.ts';

/** What the weights of a pack become; see `precisionOf` for those that keep more. */
export const weightPrecisions = ['float32', 'float16', 'int8'] as const;
export type WeightPrecision = (typeof weightPrecisions)[number];

export interface EncodedTensor {
  readonly entry: PackWeight;
  readonly bytes: Uint8Array;
}

const maxInt8 = 127;

export function encodeTensor(tensor: GraphTensor, precision: WeightPrecision): EncodedTensor {
  const { name, shape, data } = tensor;
  const dtype = precisionOf(tensor, precision);
  switch (dtype) {
    case 'int32':
    case 'float32':
      return { entry: { name, shape, dtype }, bytes: bytesOf(data) };
    case 'float16':
      return { entry: { name, shape, dtype }, bytes: bytesOf(toFloat16(Float32Array.from(data))) };
    case 'int8':
      return encodeChannels(name, shape, Float32Array.from(data));
  }
}

/**
 * Numbers that steer the graph stay what they are. With int8, everything that is not the filter of a convolution or a matrix
 * (norms, biases) becomes float16: it is a hundredth of the bytes. What is marked as precise takes the next better form.
 */
function precisionOf({ shape, data, precise }: GraphTensor, precision: WeightPrecision): 'int32' | WeightPrecision {
  if (data instanceof Int32Array) return 'int32';
  if (precision === 'int8') return isFilter(shape) && precise !== true ? 'int8' : 'float16';
  return precise === true ? 'float32' : precision;
}

/** A convolution's [height, width, in, out] or a matrix's [in, out]; a norm as depthwise filter, [1, 1, channels, 1], is none. */
function isFilter(shape: readonly number[]): boolean {
  const isNorm = shape.length === 4 && shape[0] === 1 && shape[1] === 1 && shape[3] === 1;
  return shape.length >= 2 && !isNorm;
}

/**
 * Symmetric int8 with one scale a channel: value = stored · scale (Krishnamoorthi, arXiv 1806.08342, §2.2). The scale is
 * rounded to float16 first, upwards, so that the largest value of each channel still fits into ±127.
 */
function encodeChannels(name: string, shape: readonly number[], data: Float32Array): EncodedTensor {
  const channelAxis = channelAxisOf(shape);
  const channels = shape[channelAxis] ?? 1;
  const inner = shape.slice(channelAxis + 1).reduce((product, size) => product * size, 1);
  const channelOf = (index: number): number => Math.floor(index / inner) % channels;

  const largest = new Float64Array(channels);
  data.forEach((value, index) => {
    const channel = channelOf(index);
    largest[channel] = Math.max(largest[channel]!, Math.abs(value));
  });
  const scaleBits = Uint16Array.from(largest, (value) => float16AtLeast(value / maxInt8));
  const scales = Float64Array.from(scaleBits, fromPositiveFloat16);
  const stored = Int8Array.from(data, (value, index) => {
    const scale = scales[channelOf(index)]!;
    return scale === 0 ? 0 : Math.max(-maxInt8, Math.min(maxInt8, Math.round(value / scale)));
  });
  return {
    entry: { name, shape, dtype: 'int8', channelAxis },
    bytes: Buffer.concat([bytesOf(stored), bytesOf(scaleBits)]),
  };
}

/** The output channel: the last axis, but the third of a depthwise filter [height, width, channels, 1]. */
function channelAxisOf(shape: readonly number[]): number {
  const last = shape.length - 1;
  return shape.length === 4 && shape[last] === 1 ? last - 1 : last;
}

/** Bits of the smallest float16 that is not below `value` (≥ 0). */
function float16AtLeast(value: number): number {
  const bits = toFloat16Bits(value);
  return fromPositiveFloat16(bits) < value ? bits + 1 : bits;
}

function fromPositiveFloat16(bits: number): number {
  const exponent = bits >> 10;
  const fraction = bits & 0x3ff;
  return exponent === 0 ? fraction * 2 ** -24 : (1 + fraction / 1024) * 2 ** (exponent - 15);
}

function bytesOf(array: Float32Array | Int32Array | Uint16Array | Int8Array): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
}
