import { invertedImage, type PictureCodecs } from '../imaging/decode-picture.ts';
import { decodePhoto, type DecodedPhoto } from '../imaging/photo/decode-photo.ts';
import { isConvex } from '../imaging/photo/film-pose.ts';
import { findCorners } from '../imaging/photo/find-corners.ts';
import { rectifyPhoto } from '../imaging/photo/rectify-photo.ts';
import type { GrayImage, PhotoChoice, PictureReading } from '../shared/analysis.ts';
import { AppError } from '../shared/app-error.ts';
import type { DecodeStage, OpenedPhoto } from '../shared/messages.ts';

/**
 * A photograph in colour and where its film may be: for a person to look at and to put right.
 *
 * @throws AppError those of `decodePhoto`
 */
export async function openPhoto(
  bytes: Uint8Array<ArrayBuffer>,
  codecs: PictureCodecs,
  onStage: (stage: DecodeStage) => void,
): Promise<OpenedPhoto> {
  onStage('decoding');
  const { photo, source } = await decodePhoto(bytes, codecs);
  onStage('preparing');
  return { photo, source, proposals: findCorners(photo) };
}

/**
 * The photograph rectified.
 *
 * @param bytes decoded (once more) where the page has not kept what was opened
 * @throws AppError those of `decodePhoto`; `wrong-usage` where three corners lie on a line
 */
export async function rectifyOpened(
  bytes: Uint8Array<ArrayBuffer>,
  codecs: PictureCodecs,
  choice: PhotoChoice,
  opened: DecodedPhoto | undefined,
  { inverted = false }: PictureReading = {},
): Promise<GrayImage> {
  const { photo, source } = opened ?? (await decodePhoto(bytes, codecs));
  if (!isConvex(choice.corners)) throw new AppError('wrong-usage', { reason: 'three corners lie on a line' });
  const image = rectifyPhoto(photo, choice, source);
  return inverted ? invertedImage(image) : image;
}
