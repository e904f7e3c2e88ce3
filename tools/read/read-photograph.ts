import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import {
  decodePicture,
  invertedImage,
  requireOnePicture,
  type PictureCodecs,
} from '../../src/imaging/decode-picture.ts';
import { decodePhoto } from '../../src/imaging/photo/decode-photo.ts';
import { findCorners } from '../../src/imaging/photo/find-corners.ts';
import { rectifyPhoto } from '../../src/imaging/photo/rectify-photo.ts';
import { sniffFormat } from '../../src/imaging/sniff-format.ts';
import type { GrayImage, PhotoChoice, PhotoImage, PictureLook } from '../../src/shared/analysis.ts';
import type { PhotoOptions } from './arguments.ts';
import { encodeGreyPng } from './grey-png.ts';
import { mapsPath } from './maps-folder.ts';

/**
 * A photograph as the app reads it, without a person: the likeliest corners, or those that were given. A DICOM file is no
 * photograph and read as it is.
 *
 * @param file path, for the rectified picture's own
 * @throws AppError those of `decodePicture`
 */
export async function readPhotograph(
  bytes: Uint8Array<ArrayBuffer>,
  codecs: PictureCodecs,
  options: PhotoOptions & { readonly look: PictureLook },
  file: string,
): Promise<GrayImage> {
  const { look } = options;
  if (sniffFormat(bytes) === 'dicom') return decodePicture(bytes, codecs, look);
  requireOnePicture(look);
  const { photo, source } = await decodePhoto(bytes, codecs);
  const rectified = rectifyPhoto(photo, choose(photo, options), source);
  const image = look.inverted === true ? invertedImage(rectified) : rectified;
  if (options.rectifiedFolder !== undefined) await writeRectified(options.rectifiedFolder, file, image);
  return image;
}

function choose(photo: PhotoImage, { inputKind, corners }: PhotoOptions): PhotoChoice {
  const [likeliest] = findCorners(photo);
  const kind = inputKind ?? likeliest.inputKind ?? 'film';
  if (corners !== undefined) return { corners, placedBy: 'person', inputKind: kind };
  const placedBy = likeliest.isWholePicture ? 'whole-picture' : 'app';
  return { corners: likeliest.corners, placedBy, inputKind: kind };
}

/** Written aside and renamed, so that a file that exists is whole. */
async function writeRectified(folder: string, file: string, image: GrayImage): Promise<void> {
  const path = mapsPath(folder, file, '.png');
  const part = `${path}.${process.pid}.part`;
  await mkdir(dirname(path), { recursive: true });
  await writeFile(part, encodeGreyPng(image));
  await rename(part, path);
}
