/** The chunks of PNG files (PNG third edition, W3C; APNG is part of it). */

import { AppError } from '../shared/app-error.ts';
import { ByteReader } from './byte-reader.ts';
import { crc32 } from '../shared/crc32.ts';
import { checkDeclaredSize } from './declared-size.ts';
import { readExif } from './exif.ts';
import type { Orientation } from './exif-orientation.ts';
import type { ImageHeader } from './image-header.ts';

const signatureBytes = 8;
/** Length and type before the data of a chunk, and the checksum behind it. */
const chunkHeadBytes = 8;
const checksumBytes = 4;

/** Colour types of IHDR (§11.2.1). */
export const pngColour = { grey: 0, rgb: 2, palette: 3, greyAlpha: 4, rgba: 6 } as const;

/** Bit depths that each colour type allows (table 11.1), and its channels. */
const allowedDepths: Readonly<Record<number, readonly number[]>> = {
  [pngColour.grey]: [1, 2, 4, 8, 16],
  [pngColour.rgb]: [8, 16],
  [pngColour.palette]: [1, 2, 4, 8],
  [pngColour.greyAlpha]: [8, 16],
  [pngColour.rgba]: [8, 16],
};

export interface PngFrame {
  readonly width: number;
  readonly height: number;
  readonly bitDepth: number;
  readonly colourType: number;
  readonly interlaced: boolean;
}

export interface PngChunks extends PngFrame {
  /** The compressed pixels, in pieces. */
  readonly data: readonly Uint8Array[];
  /** RGB triples. */
  readonly palette: Uint8Array | undefined;
  readonly transparency: Uint8Array | undefined;
}

/** IHDR and what stands before the pixels; does not look at the pixels. */
export function readPngHeader(bytes: Uint8Array): ImageHeader {
  const frame = readFrame(new ByteReader(bytes, 'png', false));
  checkDeclaredSize('png', frame.width, frame.height);
  let animated = false;
  let orientation: Orientation = 1;
  const isGrey = frame.colourType === pngColour.grey || frame.colourType === pngColour.greyAlpha;
  forEachChunk(bytes, (type, data) => {
    if (type === 'acTL') animated = true;
    if (type === 'eXIf') ({ orientation } = readExif(data));
    return type !== 'IDAT';
  });
  return {
    format: 'png',
    width: frame.width,
    height: frame.height,
    bitsPerSample: frame.bitDepth,
    colour: isGrey ? 'grey' : 'colour',
    orientation,
    animated,
  };
}

/**
 * All chunks that make pixels, with their checksums checked.
 *
 * @throws AppError `image-truncated` where the file ends before IEND, `image-corrupt`
 */
export function readPngChunks(bytes: Uint8Array): PngChunks {
  const frame = readFrame(new ByteReader(bytes, 'png', false));
  const data: Uint8Array[] = [];
  let palette: Uint8Array | undefined;
  let transparency: Uint8Array | undefined;
  forEachChunk(bytes, (type, content, checked) => {
    const isCritical = type === 'IHDR' || type === 'PLTE' || type === 'IDAT' || type === 'tRNS';
    if (isCritical && crc32(checked.subarray(0, -checksumBytes)) !== readChecksum(checked)) throw corrupt();
    if (type === 'IDAT') data.push(content);
    if (type === 'PLTE') palette = content;
    if (type === 'tRNS') transparency = content;
    return type !== 'IEND';
  });
  if (data.length === 0) throw corrupt();
  if (frame.colourType === pngColour.palette && (palette === undefined || palette.length < 3)) throw corrupt();
  return { ...frame, data, palette, transparency };
}

function readFrame(reader: ByteReader): PngFrame {
  const headerAt = signatureBytes + chunkHeadBytes;
  const headerBytes = 13;
  reader.need(headerAt, headerBytes + checksumBytes);
  if (reader.ascii(signatureBytes + 4, 4) !== 'IHDR' || reader.u32(signatureBytes) !== headerBytes) throw corrupt();
  const bitDepth = reader.u8(headerAt + 8);
  const colourType = reader.u8(headerAt + 9);
  const [compression, filter, interlace] = [
    reader.u8(headerAt + 10),
    reader.u8(headerAt + 11),
    reader.u8(headerAt + 12),
  ];
  const isKnown = allowedDepths[colourType]?.includes(bitDepth) === true;
  if (!isKnown || compression !== 0 || filter !== 0 || interlace > 1) throw corrupt();
  return {
    width: reader.u32(headerAt),
    height: reader.u32(headerAt + 4),
    bitDepth,
    colourType,
    interlaced: interlace === 1,
  };
}

/**
 * Calls `visit(type, data, data with its type before and its checksum behind)` until it answers false.
 *
 * @throws AppError `image-truncated` where the file ends before that
 */
function forEachChunk(
  bytes: Uint8Array,
  visit: (type: string, data: Uint8Array, checked: Uint8Array) => boolean,
): void {
  const reader = new ByteReader(bytes, 'png', false);
  let at = signatureBytes;
  for (;;) {
    const length = reader.u32(at);
    const type = reader.ascii(at + 4, 4);
    const checked = reader.slice(at + 4, 4 + length + checksumBytes);
    if (!visit(type, checked.subarray(4, 4 + length), checked)) return;
    at += chunkHeadBytes + length + checksumBytes;
  }
}

function readChecksum(checked: Uint8Array): number {
  return new DataView(checked.buffer, checked.byteOffset).getUint32(checked.length - checksumBytes);
}

function corrupt(): AppError {
  return new AppError('image-corrupt', { format: 'png' });
}
