import { decodeInBrowser } from '../../../src/decoding/browser-decoder.ts';
import { decodePicture, type PictureCodecs } from '../../../src/imaging/decode-picture.ts';
import { createJpegDecoder } from '../../../src/imaging/jpeg-decoder.ts';
import type { GrayImage } from '../../../src/shared/analysis.ts';
import { AppError } from '../../../src/shared/app-error.ts';
import { createJpegMaker, type JpegMaker } from '../../fixtures/make-jpegs.ts';
import type { Bytes } from '../../fixtures/make-pictures.ts';

const codecFolder = '/node_modules/@jsquash/jpeg/codec';

async function compile(path: string): Promise<WebAssembly.Module> {
  const response = await fetch(`${codecFolder}/${path}`);
  return WebAssembly.compile(await response.arrayBuffer());
}

/** What the decode worker gives to `decodePicture`. */
export const codecs: PictureCodecs = {
  jpeg: createJpegDecoder(() => compile('dec/mozjpeg_dec.wasm')),
  browser: decodeInBrowser,
};

/** What Node has. */
export const codecsOfNode: PictureCodecs = { jpeg: codecs.jpeg };

export async function loadJpegMaker(): Promise<JpegMaker> {
  return createJpegMaker(await compile('enc/mozjpeg_enc.wasm'));
}

export function decode(bytes: Bytes): Promise<GrayImage> {
  return decodePicture(bytes, codecs);
}

/** The `AppError` that `work` ends with; anything else, success too, fails the test. */
export async function errorOf(work: () => unknown): Promise<AppError> {
  let value: unknown;
  try {
    value = await work();
  } catch (thrown) {
    if (thrown instanceof AppError) return thrown;
    throw thrown;
  }
  throw new Error(`expected an AppError, got ${JSON.stringify(value)?.slice(0, 200)}`);
}
