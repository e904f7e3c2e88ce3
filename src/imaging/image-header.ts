/** What a picture's header declares; read, and held against the limits, before anything is allocated. */

import { readBmpHeader, readGifHeader, readWebpHeader } from './container-headers.ts';
import { checkDeclaredSize } from './declared-size.ts';
import type { Orientation } from './exif-orientation.ts';
import { readIsoMediaHeader } from './iso-media-header.ts';
import { readJpegHeader } from './jpeg-header.ts';
import { readPngHeader } from './png-header.ts';
import type { PictureFormat } from './sniff-format.ts';

export interface ImageHeader {
  readonly format: PictureFormat;
  /** Pixels as stored, before EXIF orientation is undone. */
  readonly width: number;
  readonly height: number;
  readonly bitsPerSample: number;
  readonly colour: 'grey' | 'colour' | 'cmyk';
  readonly orientation: Orientation;
  /** A camera made it, its metadata say. */
  readonly isFromCamera?: boolean;
  /** Several pictures in one file, of which the first is read. */
  readonly animated: boolean;
}

/**
 * @param bytes the whole file
 * @throws AppError `image-too-large` beyond `maxDeclaredPixels`; `image-truncated` where the container says that bytes
 *   are missing (not yet for the pixels of PNG: the decoder finds that); `image-corrupt`; `format-unsupported`
 */
export function readImageHeader(bytes: Uint8Array, format: PictureFormat): ImageHeader {
  const header = headerReaders[format](bytes);
  checkDeclaredSize(format, header.width, header.height);
  return header;
}

const headerReaders: Readonly<Record<PictureFormat, (bytes: Uint8Array) => ImageHeader>> = {
  png: readPngHeader,
  jpeg: readJpegHeader,
  webp: readWebpHeader,
  gif: readGifHeader,
  bmp: readBmpHeader,
  avif: (bytes) => readIsoMediaHeader(bytes, 'avif'),
  heic: (bytes) => readIsoMediaHeader(bytes, 'heic'),
};
