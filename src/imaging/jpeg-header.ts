/** Headers and wholeness of JPEG files (ITU-T T.81 Annex B; Exif 2.32 §4.7). */

import { AppError } from '../shared/app-error.ts';
import { ByteReader } from './byte-reader.ts';
import { readExif, type ExifFacts } from './exif.ts';
import type { ImageHeader } from './image-header.ts';

const marker = {
  prefix: 0xff,
  temporary: 0x01,
  restartFirst: 0xd0,
  restartLast: 0xd7,
  startOfImage: 0xd8,
  endOfImage: 0xd9,
  startOfScan: 0xda,
  app1: 0xe1,
} as const;

/** Start-of-frame markers are C0..CF without these: DHT, JPG, DAC. */
const notFrames: readonly number[] = [0xc4, 0xc8, 0xcc];
/** Baseline, extended sequential, progressive, and the last two with arithmetic coding. */
const readableFrames: readonly number[] = [0xc0, 0xc1, 0xc2, 0xc9, 0xca];
const readableBits = 8;
const cmykComponents = 4;
const exifPrefix = 'Exif\0\0';

/**
 * Walks all segments to the end of the image, so that a file cut anywhere is found: libjpeg pads what is missing
 * with grey and only warns. Bytes behind the end (phones append films and depth maps there) do not matter.
 *
 * @throws AppError `image-truncated`, `image-corrupt`, or `format-unsupported` for 12-bit, lossless and hierarchical files
 */
export function readJpegHeader(bytes: Uint8Array): ImageHeader {
  const reader = new ByteReader(bytes, 'jpeg', false);
  let frame: Pick<ImageHeader, 'width' | 'height' | 'bitsPerSample' | 'colour'> | undefined;
  let exif: ExifFacts | undefined;
  let scans = 0;
  let at = 2;
  for (;;) {
    const code = reader.u8((at = nextMarker(reader, at)) + 1);
    at += 2;
    if (code === marker.endOfImage) break;
    if (isStandalone(code)) continue;
    const length = reader.u16(at);
    if (length < 2) throw new AppError('image-corrupt', { format: 'jpeg' });
    reader.need(at, length);
    if (isFrame(code)) {
      if (frame !== undefined) throw new AppError('image-corrupt', { format: 'jpeg' });
      frame = readFrame(reader, at + 2, code);
    } else if (code === marker.app1 && exif === undefined && hasExif(reader, at + 2, length - 2)) {
      exif = readExif(reader.slice(at + 2 + exifPrefix.length, length - 2 - exifPrefix.length));
    } else if (code === marker.startOfScan) {
      scans += 1;
    }
    at += length;
  }
  if (frame === undefined || scans === 0) throw new AppError('image-corrupt', { format: 'jpeg' });
  const { orientation, isFromCamera } = exif ?? { orientation: 1, isFromCamera: false };
  return { format: 'jpeg', ...frame, orientation, isFromCamera, animated: false };
}

/** Where the next marker begins; skips entropy-coded data, stuffed zeros and fill bytes (T.81 §B.1.1.5). */
function nextMarker(reader: ByteReader, from: number): number {
  const { bytes } = reader;
  let at = bytes.indexOf(marker.prefix, from);
  for (; at !== -1; at = bytes.indexOf(marker.prefix, at + 1)) {
    const code = bytes[at + 1];
    if (code !== undefined && code !== 0 && code !== marker.prefix) return at;
  }
  throw new AppError('image-truncated', { format: 'jpeg' });
}

function isStandalone(code: number): boolean {
  const isRestart = code >= marker.restartFirst && code <= marker.restartLast;
  return isRestart || code === marker.startOfImage || code === marker.temporary;
}

function isFrame(code: number): boolean {
  return code >= 0xc0 && code <= 0xcf && !notFrames.includes(code);
}

function readFrame(
  reader: ByteReader,
  at: number,
  code: number,
): Pick<ImageHeader, 'width' | 'height' | 'bitsPerSample' | 'colour'> {
  const bitsPerSample = reader.u8(at);
  const components = reader.u8(at + 5);
  if (!readableFrames.includes(code) || bitsPerSample !== readableBits) {
    throw new AppError('format-unsupported', { format: 'jpeg', bits: bitsPerSample, frame: `0x${code.toString(16)}` });
  }
  const colour = components === 1 ? 'grey' : components === cmykComponents ? 'cmyk' : 'colour';
  // A height of 0 comes later, in a DNL segment; nobody writes that, and no common decoder reads it.
  return { width: reader.u16(at + 3), height: reader.u16(at + 1), bitsPerSample, colour };
}

function hasExif(reader: ByteReader, at: number, length: number): boolean {
  return length > exifPrefix.length && reader.ascii(at, exifPrefix.length) === exifPrefix;
}
