/**
 * Headers of the formats whose pixels only a browser decodes. Each reader also checks that the container is whole:
 * browsers may show half a picture without a word.
 */

import { AppError } from '../shared/app-error.ts';
import { ByteReader } from './byte-reader.ts';
import { checkDeclaredSize } from './declared-size.ts';
import { readExif } from './exif.ts';
import type { Orientation } from './exif-orientation.ts';
import type { ImageHeader } from './image-header.ts';
import type { PictureFormat } from './sniff-format.ts';

const eightBits = 8;

function corrupt(format: PictureFormat): AppError {
  return new AppError('image-corrupt', { format });
}

/** RFC 9649 (WebP container). */
export function readWebpHeader(bytes: Uint8Array): ImageHeader {
  const reader = new ByteReader(bytes, 'webp', true);
  const riffHeadBytes = 8;
  const firstChunk = 12;
  const end = riffHeadBytes + reader.u32(4);
  reader.need(0, end);
  const type = reader.ascii(firstChunk, 4);
  const at = firstChunk + riffHeadBytes;
  let size: { width: number; height: number };
  let animated = false;
  if (type === 'VP8X') {
    const animationFlag = 0x02;
    animated = (reader.u8(at) & animationFlag) !== 0;
    size = { width: reader.u24le(at + 4) + 1, height: reader.u24le(at + 7) + 1 };
  } else if (type === 'VP8 ') {
    // Two top bits of each are scaling hints (RFC 6386 §9.1).
    const sizeMask = 0x3fff;
    size = { width: reader.u16(at + 6) & sizeMask, height: reader.u16(at + 8) & sizeMask };
  } else if (type === 'VP8L') {
    const sizeBits = 14;
    const packed = reader.u32(at + 1);
    const mask = 2 ** sizeBits - 1;
    size = { width: (packed & mask) + 1, height: ((packed >>> sizeBits) & mask) + 1 };
  } else {
    throw corrupt('webp');
  }
  const orientation = webpOrientation(reader, firstChunk, end);
  return { format: 'webp', ...size, bitsPerSample: eightBits, colour: 'colour', orientation, animated };
}

function webpOrientation(reader: ByteReader, from: number, end: number): Orientation {
  const chunkHeadBytes = 8;
  for (let at = from; at + chunkHeadBytes <= end;) {
    const length = reader.u32(at + 4);
    if (reader.ascii(at, 4) === 'EXIF') return readExif(reader.slice(at + chunkHeadBytes, length)).orientation;
    // Chunks are padded to an even length.
    at += chunkHeadBytes + length + (length % 2);
  }
  return 1;
}

/** GIF89a specification, §18–§27. */
export function readGifHeader(bytes: Uint8Array): ImageHeader {
  const reader = new ByteReader(bytes, 'gif', true);
  const block = { extension: 0x21, image: 0x2c, trailer: 0x3b } as const;
  const screenEnd = 13;
  const descriptorBytes = 10;
  let width = reader.u16(6);
  let height = reader.u16(8);
  let frames = 0;
  let at = screenEnd + colourTableBytes(reader.u8(10));
  // The second picture is as far as we need to go; a file that lacks only its trailer is whole enough.
  while (frames < 2) {
    if (frames === 1 && at >= bytes.length) break;
    const kind = reader.u8(at);
    if (kind === block.trailer) break;
    if (kind === block.image) {
      frames += 1;
      width = Math.max(width, reader.u16(at + 1) + reader.u16(at + 5));
      height = Math.max(height, reader.u16(at + 3) + reader.u16(at + 7));
      const lzwCodeSizeBytes = 1;
      at = skipSubBlocks(reader, at + descriptorBytes + colourTableBytes(reader.u8(at + 9)) + lzwCodeSizeBytes);
    } else if (kind === block.extension) {
      at = skipSubBlocks(reader, at + 2);
    } else {
      throw corrupt('gif');
    }
  }
  if (frames === 0) throw corrupt('gif');
  return {
    format: 'gif',
    width,
    height,
    bitsPerSample: eightBits,
    colour: 'colour',
    orientation: 1,
    animated: frames > 1,
  };
}

function colourTableBytes(flags: number): number {
  const presentFlag = 0x80;
  const sizeMask = 0x07;
  return (flags & presentFlag) === 0 ? 0 : 3 * 2 ** ((flags & sizeMask) + 1);
}

function skipSubBlocks(reader: ByteReader, from: number): number {
  let at = from;
  for (let length = reader.u8(at); length !== 0; length = reader.u8(at)) {
    at += 1 + length;
  }
  return at + 1;
}

/** BITMAPCOREHEADER, BITMAPINFOHEADER and later (Microsoft, wingdi.h). */
export function readBmpHeader(bytes: Uint8Array): ImageHeader {
  const reader = new ByteReader(bytes, 'bmp', true);
  const coreHeaderBytes = 12;
  const isCore = reader.u32(14) === coreHeaderBytes;
  const width = isCore ? reader.u16(18) : reader.i32(18);
  // A negative height means rows from top to bottom.
  const height = isCore ? reader.u16(20) : Math.abs(reader.i32(22));
  const bitsPerPixel = isCore ? reader.u16(24) : reader.u16(28);
  const uncompressed = isCore || reader.u32(30) === 0;
  checkDeclaredSize('bmp', width, height);
  if (uncompressed) {
    // Rows are padded to four bytes.
    const rowBytes = Math.ceil((width * bitsPerPixel) / 32) * 4;
    const dataAt = reader.u32(10);
    reader.need(dataAt, rowBytes * height);
  }
  return { format: 'bmp', width, height, bitsPerSample: eightBits, colour: 'colour', orientation: 1, animated: false };
}
