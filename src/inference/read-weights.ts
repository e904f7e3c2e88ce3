import { AppError } from '../shared/app-error.ts';
import type { PackManifest, PackWeight, WeightType } from '../shared/pack.ts';
import { decodeFloat16, fromFloat16 } from './float16.ts';

/**
 * One tensor of a pack, as kernels want it: row-major float32, or int32 where it steers the graph. The pack's bytes are
 * decoded when they are asked for, anew each time: float32 copies of all weights never lie in JavaScript's memory together.
 */
export interface WeightValues {
  readonly name: string;
  readonly shape: readonly number[];
  readonly type: 'float32' | 'int32';
  readonly values: Float32Array<ArrayBuffer> | Int32Array<ArrayBuffer>;
  /** Decodes float32 values to where they are wanted. */
  copyTo(to: Float32Array): void;
  /** The binary16 bytes as they are stored, where they are: for those who decode faster. */
  readonly halves?: Uint8Array;
}

/** A weight whose numbers are at hand. */
export function weightOf(
  name: string,
  shape: readonly number[],
  values: Float32Array<ArrayBuffer> | Int32Array<ArrayBuffer>,
): WeightValues {
  const type = values instanceof Int32Array ? 'int32' : 'float32';
  return { name, shape, type, values, copyTo: (to) => to.set(values) };
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
 * multiplication in the graph would make XNNPACK pack the weights anew in every run. The shards must outlive the reading of
 * the values.
 *
 * @param shard the bytes of a shard by its path
 * @throws AppError `pack-invalid` {reason} where the bytes do not fit the entries
 */
export function* readWeights(
  { shards, entries }: PackManifest['weights'],
  shard: (path: string) => ArrayBuffer,
): Generator<WeightValues> {
  const bytes = new ShardBytes(shards.map(shard));
  let at = 0;
  for (const entry of entries) {
    const { name, shape, dtype } = entry;
    const start = at;
    const length = countOf(shape) * bytesPerValue[dtype];
    const channels = entry.channelAxis === undefined ? 0 : (shape[entry.channelAxis] ?? 0);
    const scaleBytes = dtype === 'int8' ? channels * float16Bytes : 0;
    at += length + scaleBytes;
    if (at > bytes.length) throw new AppError('pack-invalid', { reason: `weights: ${name} is cut off` });
    requireScale(entry);
    const copyTo = (to: Float32Array): void =>
      decode(entry, bytes.slice(start, length), fromFloat16(bytes.slice(start + length, scaleBytes)), to);
    yield {
      name,
      shape,
      type: dtype === 'int32' ? 'int32' : 'float32',
      get values() {
        if (dtype === 'int32') return new Int32Array(bytes.copy(start, length).buffer);
        const values = new Float32Array(countOf(shape));
        copyTo(values);
        return values;
      },
      copyTo,
      ...(dtype === 'float16' ? { halves: bytes.slice(start, length) } : {}),
    };
  }
  if (at !== bytes.length) throw new AppError('pack-invalid', { reason: 'weights: bytes left over' });
}

function requireScale({ name, dtype, quantization, channelAxis }: PackWeight): void {
  const isScaled = dtype === 'uint8' || dtype === 'uint16';
  if ((isScaled && quantization === undefined) || (dtype === 'int8' && channelAxis === undefined)) {
    throw new AppError('pack-invalid', { reason: `weights: ${name} lacks its scale` });
  }
}

/** @param scales one a channel, of int8 alone */
function decode(
  { dtype, shape, quantization, channelAxis = 0 }: PackWeight,
  bytes: Uint8Array<ArrayBuffer>,
  scales: Float32Array,
  to: Float32Array,
): void {
  switch (dtype) {
    case 'float32':
    case 'int32':
      // As bytes: a float32 may lie at any place of a shard.
      new Uint8Array(to.buffer, to.byteOffset, to.byteLength).set(bytes);
      break;
    case 'float16':
      decodeFloat16(bytes, to);
      break;
    case 'uint8':
    case 'uint16': {
      const { min = 0, scale = 1 } = quantization ?? {};
      const stored = dtype === 'uint8' ? bytes : new Uint16Array(bytes.slice().buffer);
      for (let index = 0; index < to.length; index += 1) to[index] = min + scale * stored[index]!;
      break;
    }
    case 'int8':
      scaleChannels(
        new Int8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength),
        scales,
        countOf(shape.slice(channelAxis + 1)),
        to,
      );
  }
}

/** @param inner values that lie together in one channel: the product of the dimensions after the channel's */
function scaleChannels(stored: Int8Array, scales: Float32Array, inner: number, to: Float32Array): void {
  const channels = scales.length;
  if (inner === 1) {
    // Filters of convolutions: every neighbour has another channel. Rows of all channels are twice as fast as runs of one.
    for (let start = 0; start < to.length; start += channels) {
      for (let channel = 0; channel < channels; channel += 1) {
        to[start + channel] = scales[channel]! * stored[start + channel]!;
      }
    }
    return;
  }
  for (let start = 0, channel = 0; start < to.length; start += inner, channel += 1) {
    if (channel === channels) channel = 0;
    const scale = scales[channel]!;
    for (let index = start; index < start + inner; index += 1) to[index] = scale * stored[index]!;
  }
}

/** Shards read as one run of bytes, without joining them first: a large pack would lie in memory twice. */
class ShardBytes {
  readonly length: number;
  readonly #shards: readonly ArrayBuffer[];
  /** Place of each shard's first byte. */
  readonly #starts: readonly number[];

  constructor(shards: readonly ArrayBuffer[]) {
    this.#shards = shards;
    let length = 0;
    this.#starts = shards.map(({ byteLength }) => {
      const start = length;
      length += byteLength;
      return start;
    });
    this.length = length;
  }

  /** `length` bytes from `start` on: where they lie in one shard, no copy. */
  slice(start: number, length: number): Uint8Array<ArrayBuffer> {
    const index = this.#shardAt(start);
    const shard = this.#shards[index];
    const at = start - (this.#starts[index] ?? 0);
    if (shard !== undefined && at + length <= shard.byteLength) return new Uint8Array(shard, at, length);
    return this.copy(start, length);
  }

  /** The same bytes in a buffer of their own, so that any typed array may lie over them. */
  copy(start: number, length: number): Uint8Array<ArrayBuffer> {
    const copied = new Uint8Array(length);
    for (let index = this.#shardAt(start), filled = 0; filled < length; index += 1) {
      const shard = this.#shards[index] ?? new ArrayBuffer(0);
      const at = start + filled - (this.#starts[index] ?? 0);
      const part = new Uint8Array(shard, at, Math.min(length - filled, shard.byteLength - at));
      copied.set(part, filled);
      filled += part.length;
    }
    return copied;
  }

  #shardAt(place: number): number {
    let index = 0;
    while (index + 1 < this.#starts.length && this.#starts[index + 1]! <= place) index += 1;
    return index;
  }
}

function countOf(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}
