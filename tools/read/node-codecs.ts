import { readFile, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { createJpegDecoder } from '../../src/imaging/jpeg-decoder.ts';
import type { PictureCodecs } from '../../src/imaging/decode-picture.ts';
import { AppError } from '../../src/shared/app-error.ts';
import { maxFileBytes } from '../../src/shared/limits.ts';

const require = createRequire(import.meta.url);

const dicomCodecFiles = {
  'jpeg-ls': '@cornerstonejs/codec-charls/decodewasm',
  'jpeg-2000': '@cornerstonejs/codec-openjpeg/decodewasm',
  htj2k: '@cornerstonejs/codec-openjph/wasm',
} as const;

/** The decoders that run without a browser: PNG, JPEG and DICOM. The rest ends as `needs-browser`. */
export function createNodeCodecs(): PictureCodecs {
  const wasm = require.resolve('@jsquash/jpeg/codec/dec/mozjpeg_dec.wasm');
  return {
    jpeg: createJpegDecoder(async () => WebAssembly.compile(await readFile(wasm))),
    compileDicomCodec: async (codec) => WebAssembly.compile(await readFile(require.resolve(dicomCodecFiles[codec]))),
  };
}

/**
 * The whole content of a file.
 *
 * @throws AppError `file-unreadable`, `file-is-folder`, `file-too-large` (before it is read)
 */
export async function readPictureFile(path: string): Promise<Uint8Array<ArrayBuffer>> {
  try {
    const found = await stat(path);
    if (found.isDirectory()) throw new AppError('file-is-folder');
    // A pipe or a device has no end that can be known before.
    if (!found.isFile()) throw new AppError('file-unreadable');
    if (found.size > maxFileBytes) throw new AppError('file-too-large', { bytes: found.size });
    // Copied: small files share Node's pool.
    return Uint8Array.from(await readFile(path));
  } catch (thrown) {
    throw AppError.from(thrown, 'file-unreadable');
  }
}
