import { AppError } from '../shared/app-error.ts';
import type { PackManifest, PackWeight, WeightType } from '../shared/pack.ts';
import { fromFloat16 } from './float16.ts';

/** One tensor of a pack, as kernels want it: row-major float32, or int32 where it steers the graph. */
export interface WeightValues {
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: Float32Array<ArrayBuffer> | Int32Array<ArrayBuffer>;
}

const bytesPerValue: Readonly<Record<WeightType, number>> = {
  float32: 4,
  float16: 2,
  int32: 4,
  uint8: 1,
  uint16: 2,
  int8: 1,
};
const float16Bytes = 2;

/**
 * The tensors of a pack, one after another, out of the concatenated shards. What is quantised becomes float32 here, once: a
 * multiplication in the graph would make XNNPACK pack the weights anew in every run.
 *
 * @param shard the bytes of a shard by its path
 * @throws AppError `pack-invalid` {reason} where the bytes do not fit the entries
 */
export function* readWeights(
  { shards, entries }: PackManifest['weights'],
  shard: (path: string) => ArrayBuffer,
): Generator<WeightValues> {
  const bytes = new ShardBytes(shards.map(shard));
  for (const entry of entries) {
    const count = countOf(entry.shape);
    const length = count * bytesPerValue[entry.dtype];
    const channels = entry.channelAxis === undefined ? 0 : (entry.shape[entry.channelAxis] ?? 0);
    const stored = bytes.take(length, entry.name);
    const scales = entry.dtype === 'int8' ? fromFloat16(bytes.take(channels * float16Bytes, entry.name)) : undefined;
    yield { name: entry.name, shape: entry.shape, values: decode(entry, stored, scales) };
  }
  if (!bytes.atEnd) throw new AppError('pack-invalid', { reason: 'weights: bytes left over' });
}

function decode(
  { name, dtype, shape, quantization, channelAxis }: PackWeight,
  bytes: Uint8Array<ArrayBuffer>,
  scales: Float32Array | undefined,
): WeightValues['values'] {
  switch (dtype) {
    case 'float32':
      return new Float32Array(bytes.buffer);
    case 'float16':
      return fromFloat16(bytes);
    case 'int32':
      return new Int32Array(bytes.buffer);
    case 'uint8':
    case 'uint16': {
      if (quantization === undefined) throw notReadable(name);
      const { min, scale } = quantization;
      const stored = dtype === 'uint8' ? bytes : new Uint16Array(bytes.buffer);
      const values = new Float32Array(stored.length);
      for (let index = 0; index < values.length; index += 1) values[index] = min + scale * stored[index]!;
      return values;
    }
    case 'int8': {
      if (scales === undefined || channelAxis === undefined) throw notReadable(name);
      return scaleChannels(new Int8Array(bytes.buffer), scales, countOf(shape.slice(channelAxis + 1)));
    }
  }
}

/** @param inner values that lie together in one channel: the product of the dimensions after the channel's */
function scaleChannels(stored: Int8Array, scales: Float32Array, inner: number): Float32Array<ArrayBuffer> {
  const values = new Float32Array(stored.length);
  const channels = scales.length;
  for (let start = 0, channel = 0; start < values.length; start += inner, channel += 1) {
    if (channel === channels) channel = 0;
    const scale = scales[channel]!;
    for (let index = start; index < start + inner; index += 1) values[index] = scale * stored[index]!;
  }
  return values;
}

/** Shards read as one run of bytes, without joining them first: a large pack would lie in memory twice. */
class ShardBytes {
  readonly #shards: readonly ArrayBuffer[];
  #shard = 0;
  #at = 0;

  constructor(shards: readonly ArrayBuffer[]) {
    this.#shards = shards;
  }

  get atEnd(): boolean {
    const rest = this.#shards.slice(this.#shard).reduce((sum, shard) => sum + shard.byteLength, 0);
    return rest === this.#at;
  }

  /** The next `length` bytes in a buffer of their own, so that any typed array may lie over them. */
  take(length: number, name: string): Uint8Array<ArrayBuffer> {
    const taken = new Uint8Array(length);
    for (let filled = 0; filled < length;) {
      const shard = this.#shards[this.#shard];
      if (shard === undefined) throw new AppError('pack-invalid', { reason: `weights: ${name} is cut off` });
      const part = new Uint8Array(shard, this.#at, Math.min(length - filled, shard.byteLength - this.#at));
      taken.set(part, filled);
      filled += part.length;
      this.#at += part.length;
      if (this.#at === shard.byteLength) {
        this.#shard += 1;
        this.#at = 0;
      }
    }
    return taken;
  }
}

function countOf(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

function notReadable(name: string): AppError {
  return new AppError('pack-invalid', { reason: `weights: ${name} lacks its scale` });
}
