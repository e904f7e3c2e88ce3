/** A picture file's bytes to one colour photograph. Runs in the decode worker and in Node. */

import type { ImageSource, PhotoImage } from '../../shared/analysis.ts';
import { AppError } from '../../shared/app-error.ts';
import { maxPhotoSide } from '../../shared/limits.ts';
import { asDecodeError, decodePixels, rasterFacts, type PictureCodecs } from '../decode-picture.ts';
import { readImageHeader } from '../image-header.ts';
import { boundedSize } from '../resize.ts';
import { requireReadableFormat, sniffFormat } from '../sniff-format.ts';
import { reduceColours } from './reduce-colours.ts';

export interface DecodedPhoto {
  readonly photo: PhotoImage;
  /** As of a digital original; who rectifies the photograph says what it shows. */
  readonly source: ImageSource;
}

/**
 * @param bytes the whole file
 * @returns upright, long side ≤ `maxPhotoSide`
 * @throws AppError `format-unsupported` (DICOM, which is no photograph) and those of `decodePicture`
 */
export async function decodePhoto(bytes: Uint8Array<ArrayBuffer>, codecs: PictureCodecs): Promise<DecodedPhoto> {
  const format = requireReadableFormat(sniffFormat(bytes));
  if (format === 'dicom') throw new AppError('format-unsupported', { format });
  try {
    const { rows, header, toUndo } = await decodePixels(bytes, readImageHeader(bytes, format), codecs);
    const { width, height } = boundedSize(rows.width, rows.height, maxPhotoSide, maxPhotoSide ** 2);
    return { photo: reduceColours(rows, width, height, toUndo), source: rasterFacts(header) };
  } catch (thrown) {
    throw asDecodeError(thrown, format);
  }
}
