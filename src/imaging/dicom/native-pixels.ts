import { AppError } from '../../shared/app-error.ts';
import type { DataSet } from './data-set.ts';
import type { ImageModule } from './image-module.ts';
import type { SampleGrid } from './sample-grid.ts';
import { tags } from './tags.ts';

const byteBits = 8;

/**
 * Uncompressed samples of one frame (PS3.5 §8.1.1, §8.2): the stored bits alone, sign extended, planes interleaved.
 * YBR_FULL_422 comes with its chroma repeated to full width (PS3.3 §C.7.6.3.1.2).
 *
 * @param frame 0-based
 * @throws AppError `image-truncated` where the file has fewer samples than its header declares
 */
export function nativePixels(dataSet: DataSet, image: ImageModule, frame: number): SampleGrid {
  const { width, height, samples, bitsStored, signed } = image;
  const halved = image.photometric === 'YBR_FULL_422' && !image.planar;
  const count = halved ? Math.ceil(width / 2) * height * 4 : width * height * samples;
  const stored = readSamples(dataSet, image, count, frame);
  const values = halved ? fullChroma(stored, width, height) : image.planar ? interleavePlanes(stored, samples) : stored;
  return { width, height, samples, values, bits: bitsStored, signed };
}

function readSamples(dataSet: DataSet, image: ImageModule, count: number, frame: number): Int32Array {
  const { bitsAllocated } = image;
  const element = dataSet.element(tags.pixelData);
  const bytes = dataSet.value(tags.pixelData) ?? new Uint8Array();
  const neededBytes = Math.ceil((count * (frame + 1) * bitsAllocated) / byteBits);
  if (bytes.length < neededBytes) {
    throw new AppError('image-truncated', { format: 'dicom', bytes: bytes.length, needed: neededBytes });
  }
  if (bitsAllocated === 1) return readBits(bytes, count, frame);
  const frameBytes = (count * bitsAllocated) / byteBits;
  const own = bytes.subarray(frame * frameBytes, (frame + 1) * frameBytes);
  // In big-endian files bytes that were written as 16-bit words are swapped (PS3.5 §8.1.2, §A.3).
  const isSwapped = bitsAllocated === byteBits && !dataSet.littleEndian && element?.vr === 'OW';
  const values = unpack(
    isSwapped ? swapped(bytes, frame * frameBytes, frameBytes) : own,
    bitsAllocated,
    dataSet.littleEndian,
  );
  return keepStoredBits(values, image);
}

function unpack(bytes: Uint8Array, bits: number, littleEndian: boolean): Int32Array {
  if (bits === byteBits) return Int32Array.from(bytes);
  const width = bits / byteBits;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const values = new Int32Array(bytes.length / width);
  if (width === 2) for (let at = 0; at < values.length; at += 1) values[at] = view.getUint16(at * 2, littleEndian);
  else for (let at = 0; at < values.length; at += 1) values[at] = view.getInt32(at * 4, littleEndian);
  return values;
}

function swapped(bytes: Uint8Array, from: number, length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, index) => bytes[(from + index) ^ 1] ?? 0);
}

/** One bit a sample, the first in the lowest bit; frames follow one another without filling (PS3.5 §8.1.1). */
function readBits(bytes: Uint8Array, count: number, frame: number): Int32Array {
  const start = count * frame;
  const values = new Int32Array(count);
  for (let index = 0, at = start; index < count; index += 1, at += 1) {
    values[index] = (bytes[at >>> 3]! >> (at & 7)) & 1;
  }
  return values;
}

/** Cuts out the bits from `highBit` down; what lies beside them may be an overlay. In place. */
export function keepStoredBits(values: Int32Array, { bitsStored, highBit, signed }: ImageModule): Int32Array {
  const wordBits = 32;
  const above = wordBits - 1 - highBit;
  const below = wordBits - bitsStored;
  if (signed) for (let at = 0; at < values.length; at += 1) values[at] = (values[at]! << above) >> below;
  else for (let at = 0; at < values.length; at += 1) values[at] = (values[at]! << above) >>> below;
  return values;
}

export function interleavePlanes(planes: Int32Array, samples: number): Int32Array {
  const pixels = planes.length / samples;
  const values = new Int32Array(planes.length);
  for (let sample = 0; sample < samples; sample += 1) {
    for (let pixel = 0; pixel < pixels; pixel += 1) values[pixel * samples + sample] = planes[sample * pixels + pixel]!;
  }
  return values;
}

/** Two pixels are stored as Y1 Y2 Cb Cr. */
function fullChroma(stored: Int32Array, width: number, height: number): Int32Array {
  const values = new Int32Array(width * height * 3);
  const pairs = Math.ceil(width / 2);
  for (let y = 0, to = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1, to += 3) {
      const at = (y * pairs + (x >> 1)) * 4;
      values[to] = stored[at + (x & 1)]!;
      values[to + 1] = stored[at + 2]!;
      values[to + 2] = stored[at + 3]!;
    }
  }
  return values;
}
