/** A picture file's bytes to one colour photograph. Runs in the decode worker and in Node. */

import type { ImageSource, PhotoImage } from '../../shared/analysis.ts';
import { AppError } from '../../shared/app-error.ts';
import { maxPhotoSide } from '../../shared/limits.ts';
import { asDecodeError, decodePixels, rasterFacts, type PictureCodecs } from '../decode-picture.ts';
import { readImageHeader, type ImageHeader } from '../image-header.ts';
import { boundedSize } from '../resize.ts';
import { requireReadableFormat, sniffFormat } from '../sniff-format.ts';
import { reduceColours } from './reduce-colours.ts';

export interface DecodedPhoto {
  readonly photo: PhotoImage;
  /** As of a digital original; who rectifies the photograph says what it shows. */
  readonly source: ImageSource;
}

/**
 * A JPEG that has to be made smaller is decoded by the browser where there is one: in a fifth of the time, and without two
 * copies of all its pixels. Others have the same pixels here and in Node.
 *
 * @param bytes the whole file
 * @returns upright, long side ≤ `maxPhotoSide`
 * @throws AppError `format-unsupported` (DICOM, which is no photograph) and those of `decodePicture`
 */
export async function decodePhoto(bytes: Uint8Array<ArrayBuffer>, codecs: PictureCodecs): Promise<DecodedPhoto> {
  const format = requireReadableFormat(sniffFormat(bytes));
  if (format === 'dicom') throw new AppError('format-unsupported', { format });
  try {
    const header = readImageHeader(bytes, format);
    const reduced = await decodeLargeJpeg(bytes, header, codecs);
    if (reduced !== undefined) return { photo: reduced, source: rasterFacts(header) };
    const { rows, toUndo } = await decodePixels(bytes, header, codecs);
    const { width, height } = boundedSize(rows.width, rows.height, maxPhotoSide, maxPhotoSide ** 2);
    return { photo: reduceColours(rows, width, height, toUndo), source: rasterFacts(header) };
  } catch (thrown) {
    throw asDecodeError(thrown, format);
  }
}

/** @returns undefined where it is to go the usual way, which also says what is wrong with a file that cannot be read */
async function decodeLargeJpeg(
  bytes: Uint8Array<ArrayBuffer>,
  header: ImageHeader,
  { photograph }: PictureCodecs,
): Promise<PhotoImage | undefined> {
  if (photograph === undefined || header.format !== 'jpeg') return undefined;
  if (Math.max(header.width, header.height) <= maxPhotoSide) return undefined;
  try {
    return await photograph(bytes, header, maxPhotoSide);
  } catch {
    return undefined;
  }
}
