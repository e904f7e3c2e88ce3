import { decodePicture, type PictureCodecs } from '../imaging/decode-picture.ts';
import { toDisplayImage } from '../imaging/display-image.ts';
import { requireReadableFormat, sniffedBytes, sniffFormat } from '../imaging/sniff-format.ts';
import type { GrayImage } from '../shared/analysis.ts';
import { AppError } from '../shared/app-error.ts';
import { maxFileBytes } from '../shared/limits.ts';
import type { DecodedFile, DecodeStage } from '../shared/messages.ts';
import { releaseBuffer } from '../shared/release-buffer.ts';
import { sha256Hex } from '../shared/sha256.ts';

/**
 * One hostile file to one picture. Its size is checked before it is read, its format before the rest of it is read.
 *
 * @throws AppError `file-too-large`, `file-unreadable` (a folder, or gone since it was chosen), and those of
 *   `decodePicture`
 */
export async function decodeFile(
  file: Blob,
  codecs: PictureCodecs,
  onStage: (stage: DecodeStage) => void,
  decode: (bytes: Uint8Array<ArrayBuffer>) => Promise<GrayImage> = (bytes) => decodePicture(bytes, codecs),
): Promise<DecodedFile> {
  onStage('reading');
  const bytes = await readBounded(file);
  try {
    onStage('hashing');
    const sha256 = await sha256Hex(bytes);
    onStage('decoding');
    const image = await decode(bytes);
    onStage('preparing');
    return { image, display: toDisplayImage(image), sha256 };
  } finally {
    releaseBuffer(bytes.buffer);
  }
}

/**
 * @throws AppError `file-too-large`, `file-unreadable`, `format-…`
 */
export async function readBounded(file: Blob): Promise<Uint8Array<ArrayBuffer>> {
  if (file.size > maxFileBytes) throw new AppError('file-too-large', { bytes: file.size, maxBytes: maxFileBytes });
  requireReadableFormat(sniffFormat(await read(file.slice(0, sniffedBytes))));
  return read(file);
}

async function read(file: Blob): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return new Uint8Array(await file.arrayBuffer());
  } catch (thrown) {
    if (thrown instanceof RangeError) throw new AppError('decode-out-of-memory', { bytes: file.size }, thrown);
    // NotFoundError, NotReadableError: what was chosen is a folder, was moved, or lies on a card that was pulled out.
    throw new AppError('file-unreadable', { bytes: file.size }, thrown);
  }
}
