import { invertedImage, type PictureCodecs } from '../imaging/decode-picture.ts';
import { decodePhoto } from '../imaging/photo/decode-photo.ts';
import { isConvex } from '../imaging/photo/film-pose.ts';
import { findCorners } from '../imaging/photo/find-corners.ts';
import { rectifyPhoto } from '../imaging/photo/rectify-photo.ts';
import type { GrayImage, PhotoChoice, PictureReading } from '../shared/analysis.ts';
import { AppError } from '../shared/app-error.ts';
import type { DecodeStage, OpenedPhoto } from '../shared/messages.ts';
import { releaseBuffer } from '../shared/release-buffer.ts';
import { readBounded } from './decode-file.ts';

/**
 * A photograph in colour and where its film may be: for a person to look at and to put right.
 *
 * @throws AppError those of `decodeFile`, and of `decodePhoto`
 */
export async function openPhoto(
  file: Blob,
  codecs: PictureCodecs,
  onStage: (stage: DecodeStage) => void,
): Promise<OpenedPhoto> {
  onStage('reading');
  const bytes = await readBounded(file);
  try {
    onStage('decoding');
    const { photo } = await decodePhoto(bytes, codecs);
    onStage('preparing');
    return { photo, proposals: findCorners(photo) };
  } finally {
    releaseBuffer(bytes.buffer);
  }
}

/**
 * The photograph decoded once more (its colours lay on the page meanwhile, or were thrown away) and rectified.
 *
 * @throws AppError those of `decodePhoto`; `wrong-usage` where three corners lie on a line
 */
export async function decodeRectified(
  bytes: Uint8Array<ArrayBuffer>,
  codecs: PictureCodecs,
  choice: PhotoChoice,
  { inverted = false }: PictureReading = {},
): Promise<GrayImage> {
  const { photo, source } = await decodePhoto(bytes, codecs);
  if (!isConvex(choice.corners)) throw new AppError('wrong-usage', { reason: 'three corners lie on a line' });
  const image = rectifyPhoto(photo, choice, source);
  return inverted ? invertedImage(image) : image;
}
