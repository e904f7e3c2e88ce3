import { AppError } from '../../shared/app-error.ts';
import type { FrameShape } from './sample-grid.ts';

export interface CodestreamHeader extends FrameShape {
  readonly bits: number;
  readonly signed: boolean;
}

/** Ssiz, XRsiz and YRsiz. */
const componentBytes = 3;
/** T.800 allows 65,535; a plain radiograph in tiles of 64 pixels has fewer than these. */
const mostTiles = 4096;

/**
 * Size and depth that a JPEG 2000 or HTJ2K codestream declares: its SIZ segment follows SOC at once (ITU-T T.800 §A.5.1).
 * A JP2 file in place of the bare codestream is searched for it.
 *
 * @throws AppError `image-truncated`, `image-corrupt`
 */
export function readJpeg2000Header(bytes: Uint8Array): CodestreamHeader {
  const at = findSiz(bytes);
  const leastSegment = 41;
  if (at < 0)
    throw new AppError(bytes.length < leastSegment ? 'image-truncated' : 'image-corrupt', { format: 'jpeg-2000' });
  if (at + leastSegment > bytes.length) throw new AppError('image-truncated', { format: 'jpeg-2000' });
  const view = new DataView(bytes.buffer, bytes.byteOffset + at, bytes.length - at);
  const samples = view.getUint16(38);
  if (40 + samples * componentBytes > view.byteLength) throw new AppError('image-truncated', { format: 'jpeg-2000' });
  const depth = view.getUint8(40);
  const width = view.getUint32(6) - view.getUint32(14);
  const height = view.getUint32(10) - view.getUint32(18);
  const tiles = Math.ceil(width / view.getUint32(22)) * Math.ceil(height / view.getUint32(26));
  // Codecs take their time over absurd grids, so these never reach one. DICOM has no subsampled components here.
  const isSane = Array.from({ length: samples }, (_, index) => 40 + index * componentBytes).every(
    (component) =>
      view.getUint8(component) === depth && view.getUint8(component + 1) === 1 && view.getUint8(component + 2) === 1,
  );
  if (!isSane || !(tiles <= mostTiles)) throw new AppError('image-corrupt', { format: 'jpeg-2000', tiles });
  return { width, height, samples, bits: (depth & 0x7f) + 1, signed: (depth & 0x80) !== 0 };
}

/**
 * The same codestream as one of unsigned samples. Those are shifted by half their range (T.800 §G.1), so what it decodes to
 * is that half larger than the signed values.
 *
 * @param bytes with a header that `readJpeg2000Header` accepted
 */
export function withoutSigns(bytes: Uint8Array, { samples }: FrameShape): Uint8Array {
  const unsigned = Uint8Array.from(bytes);
  const first = findSiz(bytes) + 40;
  for (let sample = 0; sample < samples; sample += 1) unsigned[first + sample * componentBytes]! &= 0x7f;
  return unsigned;
}

/** @returns where the marker of the segment lies; −1 where there is none */
function findSiz(bytes: Uint8Array): number {
  /** Boxes before the codestream of a JP2 file are short. */
  const farthest = 4096;
  for (let at = 0; at + 4 <= Math.min(bytes.length, farthest); at += 1) {
    if (bytes[at] === 0xff && bytes[at + 1] === 0x4f && bytes[at + 2] === 0xff && bytes[at + 3] === 0x51) return at + 2;
  }
  return -1;
}

/** JPEG-LS markers (T.87 table C.1). */
const jpegLsMarkers = { frame: 0xf7, parameters: 0xf8, scan: 0xda, end: 0xd9 } as const;

/**
 * Size and depth that a JPEG-LS stream declares (ITU-T T.87 §C.2.2), its preset parameters checked.
 *
 * @throws AppError `image-truncated`, `image-corrupt`
 */
export function readJpegLsHeader(bytes: Uint8Array): CodestreamHeader {
  const word = (at: number): number => bytes[at]! * 256 + bytes[at + 1]!;
  let header: CodestreamHeader | undefined;
  let at = 2;
  while (at + 4 <= bytes.length && bytes[at] === 0xff) {
    const marker = bytes[at + 1]!;
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    const length = word(at + 2);
    const frameBytes = 10;
    const parametersBytes = 15;
    if (length < 2 || at + 2 + length > bytes.length) break;
    if (marker === jpegLsMarkers.frame && length + 2 >= frameBytes) {
      header = {
        height: word(at + 5),
        width: word(at + 7),
        samples: bytes[at + 9]!,
        bits: bytes[at + 4]!,
        signed: false,
      };
    }
    if (marker === jpegLsMarkers.parameters && bytes[at + 4] === 1 && length + 2 >= parametersBytes) {
      // The largest value lies within the precision (§C.2.4.1.1); with others the codec computes tables for seconds.
      const mostValue = word(at + 5);
      if (header === undefined || mostValue >= 2 ** header.bits) break;
    }
    if (marker === jpegLsMarkers.scan && header !== undefined) {
      // Without its end CharLS reads zeros for ten seconds before it gives up.
      if (hasEnd(bytes)) return header;
      throw new AppError('image-truncated', { format: 'jpeg-ls' });
    }
    at += 2 + length;
  }
  throw new AppError(at + 4 > bytes.length ? 'image-truncated' : 'image-corrupt', { format: 'jpeg-ls' });
}

/** Whether EOI is the last that comes before filling, which is 00 or, of some writers, FF. */
function hasEnd(bytes: Uint8Array): boolean {
  let last = bytes.length - 1;
  while (last > 0 && (bytes[last] === 0 || bytes[last] === 0xff)) last -= 1;
  return bytes[last - 1] === 0xff && bytes[last] === jpegLsMarkers.end;
}

/**
 * Holds a stream's size against the DICOM header's, before a codec allocates for it.
 *
 * @throws AppError `image-corrupt`
 */
export function requireSameShape(stream: FrameShape, { width, height, samples }: FrameShape, format: string): void {
  if (stream.width === width && stream.height === height && stream.samples === samples) return;
  throw new AppError('image-corrupt', { format, width: stream.width, height: stream.height, samples: stream.samples });
}
