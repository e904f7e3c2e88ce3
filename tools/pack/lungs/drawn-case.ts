/** An X-ray on which somebody drew lungs, and perhaps the heart. */

import { decodePicture } from '../../../src/imaging/decode-picture.ts';
import type { Mask } from '../../../src/imaging/mask-parts.ts';
import type { GrayImage } from '../../../src/shared/analysis.ts';
import { createNodeCodecs, readPictureFile } from '../../read/node-codecs.ts';

export interface DrawnCase {
  readonly source: string;
  readonly image: GrayImage;
  readonly lungs: Mask;
  readonly heart?: Mask;
}

/** Where a case lies. */
export interface DrawnFiles {
  readonly source: string;
  readonly image: string;
  /** A grey picture: `lungGrey`, `heartGrey`, and 0 elsewhere. */
  readonly mask: string;
  readonly hasHeart: boolean;
}

/** Greys of 255 in a mask. */
const lungGrey = 100;
const heartGrey = 200;
const maxByte = 255;

/** @throws AppError where a file cannot be read */
export async function readDrawnCase({ source, image, mask, hasHeart }: DrawnFiles): Promise<DrawnCase> {
  const codecs = createNodeCodecs();
  const picture = await decodePicture(await readPictureFile(image), codecs);
  const drawn = await decodePicture(await readPictureFile(mask), codecs);
  const where = (grey: number): Mask => ({
    width: drawn.width,
    height: drawn.height,
    inside: Uint8Array.from(drawn.data, (value) => (Math.round(value * maxByte) === grey ? 1 : 0)),
  });
  return { source, image: picture, lungs: where(lungGrey), ...(hasHeart ? { heart: where(heartGrey) } : {}) };
}
