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

/** @returns where the marker of the segment lies; −1 where there is none */
function findSiz(bytes: Uint8Array): number {
  /** Boxes before the codestream of a JP2 file are short. */
  const farthest = 4096;
  for (let at = 0; at + 4 <= Math.min(bytes.length, farthest); at += 1) {
    if (bytes[at] === 0xff && bytes[at + 1] === 0x4f && bytes[at + 2] === 0xff && bytes[at + 3] === 0x51) return at + 2;
  }
  return -1;
}

/**
 * Size and depth that a JPEG-LS stream declares (ITU-T T.87 §C.2.2: SOF55).
 *
 * @throws AppError `image-truncated`, `image-corrupt`
 */
export function readJpegLsHeader(bytes: Uint8Array): CodestreamHeader {
  const sof = 0xf7;
  let at = 2;
  while (at + 4 <= bytes.length && bytes[at] === 0xff) {
    const marker = bytes[at + 1]!;
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    const length = bytes[at + 2]! * 256 + bytes[at + 3]!;
    const frameBytes = 10;
    if (marker === sof && at + frameBytes <= bytes.length) {
      const word = (offset: number): number => bytes[at + offset]! * 256 + bytes[at + offset + 1]!;
      return { height: word(5), width: word(7), samples: bytes[at + 9]!, bits: bytes[at + 4]!, signed: false };
    }
    if (length < 2) break;
    at += 2 + length;
  }
  throw new AppError(at + 4 > bytes.length ? 'image-truncated' : 'image-corrupt', { format: 'jpeg-ls' });
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
