import { AppError } from '../../shared/app-error.ts';
import type { ImageModule } from './image-module.ts';
import { keepStoredBits } from './native-pixels.ts';
import type { SampleGrid } from './sample-grid.ts';

const headerBytes = 64;
const mostSegments = 15;
const byteBits = 8;

/**
 * RLE Lossless (PS3.5 Annex G): one PackBits segment for each byte of a pixel, the most significant of a sample first.
 *
 * @throws AppError `image-truncated`, `image-corrupt`, `dicom-unsupported` (1 bit allocated)
 */
export function decodeRle(bytes: Uint8Array, image: ImageModule): SampleGrid {
  const { width, height, samples, bitsAllocated, bitsStored, signed } = image;
  if (bitsAllocated < byteBits) throw new AppError('dicom-unsupported', { feature: 'RLE with 1 bit allocated' });
  if (bytes.length < headerBytes) throw new AppError('image-truncated', { format: 'rle' });
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const sampleBytes = bitsAllocated / byteBits;
  const segments = view.getUint32(0, true);
  if (segments !== samples * sampleBytes || segments > mostSegments)
    throw new AppError('image-corrupt', { format: 'rle', segments });
  const pixels = width * height;
  const plane = new Uint8Array(pixels);
  const values = new Int32Array(pixels * samples);
  for (let segment = 0; segment < segments; segment += 1) {
    const from = view.getUint32(4 + segment * 4, true);
    const to = segment + 1 < segments ? view.getUint32(8 + segment * 4, true) : bytes.length;
    if (from < headerBytes || from > to || to > bytes.length) {
      throw new AppError(to > bytes.length ? 'image-truncated' : 'image-corrupt', { format: 'rle' });
    }
    unpackBits(bytes, from, to, plane);
    const sample = Math.floor(segment / sampleBytes);
    for (let pixel = 0, at = sample; pixel < pixels; pixel += 1, at += samples) {
      values[at] = (values[at]! << byteBits) | plane[pixel]!;
    }
  }
  return { width, height, samples, values: keepStoredBits(values, image), bits: bitsStored, signed };
}

/** PackBits (PS3.5 §G.3.2): 0..127 copies n + 1 bytes, 129..255 repeats one 257 − n times, 128 is nothing. */
function unpackBits(bytes: Uint8Array, from: number, to: number, into: Uint8Array): void {
  const nothing = 128;
  let at = from;
  let out = 0;
  while (out < into.length) {
    const control = bytes[at];
    if (control === undefined || at >= to) throw new AppError('image-truncated', { format: 'rle' });
    at += 1;
    if (control < nothing) {
      const end = Math.min(at + control + 1, to);
      // A run may reach beyond the last pixel: the filling that makes a segment's length even.
      for (; at < end && out < into.length; at += 1, out += 1) into[out] = bytes[at]!;
    } else if (control > nothing) {
      const value = bytes[at];
      if (value === undefined || at >= to) throw new AppError('image-truncated', { format: 'rle' });
      const end = Math.min(out + 257 - control, into.length);
      into.fill(value, out, end);
      out = end;
      at += 1;
    }
  }
}
