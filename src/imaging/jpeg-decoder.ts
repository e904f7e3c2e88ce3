/** JPEG through libjpeg (mozjpeg compiled to WASM by @jsquash/jpeg): the same pixels in every browser and in Node. */

import createLibjpeg from '@jsquash/jpeg/codec/dec/mozjpeg_dec.js';
import { AppError } from '../shared/app-error.ts';
import type { RgbaPixels } from './pixel-rows.ts';

export type JpegDecoder = (bytes: Uint8Array<ArrayBuffer>) => Promise<RgbaPixels>;

/** What we use of the Emscripten module; the package's own types name a global that it does not declare. */
interface LibjpegModule {
  /** Throws Emscripten's `ExitStatus` where libjpeg gives up. With `false`, pixels are as stored: no EXIF orientation. */
  decode(bytes: Uint8Array, applyOrientation: boolean): RgbaPixels | null;
}

interface LibjpegOptions {
  readonly noInitialRun: boolean;
  readonly print: (line: string) => void;
  readonly printErr: (line: string) => void;
  readonly instantiateWasm: (
    imports: WebAssembly.Imports,
    done: (instance: WebAssembly.Instance) => void,
  ) => WebAssembly.Exports;
}

const startLibjpeg = createLibjpeg as unknown as (options: LibjpegOptions) => Promise<LibjpegModule>;

/**
 * Of libjpeg's messages (jerror.h) those after which pixels are made up. It prints only the first warning of a file,
 * and goes on with grey; "extraneous bytes before marker" loses nothing and is let pass.
 */
const messageCodes: readonly (readonly [RegExp, 'image-truncated' | 'image-corrupt' | 'decode-out-of-memory'])[] = [
  [/premature end/i, 'image-truncated'],
  [/insufficient memory/i, 'decode-out-of-memory'],
  [/bad huffman code|instead of RST|inconsistent progression|arithmetic coding/i, 'image-corrupt'],
];

/**
 * @param compileWasm compiles `mozjpeg_dec.wasm`; called once, and again after it failed
 * @returns a decoder of 8-bit grey and colour JPEG (not CMYK), orientation not undone. It throws AppError
 *   `image-truncated`, `image-corrupt`, `decode-out-of-memory`, `decode-crashed`, or `needs-browser` where there is no
 *   WebAssembly or it cannot be compiled
 */
export function createJpegDecoder(compileWasm: () => Promise<WebAssembly.Module>): JpegDecoder {
  let compiled: Promise<WebAssembly.Module> | undefined;
  return async (bytes) => {
    if (typeof WebAssembly === 'undefined') throw new AppError('needs-browser', { format: 'jpeg' });
    let wasm: WebAssembly.Module;
    try {
      wasm = await (compiled ??= compileWasm());
    } catch (thrown) {
      compiled = undefined;
      throw new AppError('needs-browser', { format: 'jpeg' }, thrown);
    }
    return decodeWith(wasm, bytes);
  };
}

async function decodeWith(wasm: WebAssembly.Module, bytes: Uint8Array<ArrayBuffer>): Promise<RgbaPixels> {
  const messages: string[] = [];
  // A fresh instance a file: about 1 ms, and neither its memory nor what a hostile file did to it stays.
  const libjpeg = await startLibjpeg({
    noInitialRun: true,
    print: (line) => messages.push(line),
    printErr: (line) => messages.push(line),
    instantiateWasm: (imports, done) => {
      const instance = new WebAssembly.Instance(wasm, imports);
      done(instance);
      return instance.exports;
    },
  });
  let pixels: RgbaPixels | null;
  try {
    pixels = libjpeg.decode(bytes, false);
  } catch (thrown) {
    throw asAppError(messages, thrown);
  }
  const complaint = complaintIn(messages);
  if (complaint !== undefined) throw complaint;
  if (pixels === null) throw new AppError('image-corrupt', { format: 'jpeg' });
  return pixels;
}

function asAppError(messages: readonly string[], thrown: unknown): AppError {
  const complaint = complaintIn(messages);
  if (complaint !== undefined) return complaint;
  if (thrown instanceof RangeError) return new AppError('decode-out-of-memory', { format: 'jpeg' }, thrown);
  if (thrown instanceof WebAssembly.RuntimeError) return new AppError('decode-crashed', { format: 'jpeg' }, thrown);
  return new AppError('image-corrupt', { format: 'jpeg' }, messages.join('; '));
}

function complaintIn(messages: readonly string[]): AppError | undefined {
  for (const message of messages) {
    const code = messageCodes.find(([pattern]) => pattern.test(message))?.[1];
    if (code !== undefined) return new AppError(code, { format: 'jpeg' }, message);
  }
  return undefined;
}
