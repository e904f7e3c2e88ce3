// eslint-disable-next-line @typescript-eslint/triple-slash-reference -- every thread's project must find these types
/// <reference path="./codec-modules.d.ts" />

/** JPEG-LS (CharLS), JPEG 2000 (OpenJPEG) and HTJ2K (OpenJPH), compiled to WASM; each is loaded when a file needs it. */

import { AppError } from '../../shared/app-error.ts';
import {
  readJpeg2000Header,
  readJpegLsHeader,
  requireSameShape,
  withoutSigns,
  type CodestreamHeader,
} from './codestream-header.ts';
import type { FrameShape, SampleGrid } from './sample-grid.ts';

export const wasmCodecs = ['jpeg-ls', 'jpeg-2000', 'htj2k'] as const;
export type WasmCodec = (typeof wasmCodecs)[number];

/** Compiles the `.wasm` file of a codec. */
export type CompileCodec = (codec: WasmCodec) => Promise<WebAssembly.Module>;

interface CodecDecoder {
  /** The codec's own memory for so many bytes of input. */
  getEncodedBuffer(bytes: number): Uint8Array;
  decode(): void;
  getDecodedBuffer(): Uint8Array;
  getFrameInfo(): {
    readonly width: number;
    readonly height: number;
    readonly bitsPerSample: number;
    readonly componentCount: number;
    readonly isSigned?: boolean;
  };
  /** JPEG-LS only: 0 = plane after plane. */
  getInterleaveMode?(): number;
  delete(): void;
}

interface CodecModule {
  readonly JpegLSDecoder?: new () => CodecDecoder;
  readonly J2KDecoder?: new () => CodecDecoder;
  readonly HTJ2KDecoder?: new () => CodecDecoder;
}

/** What the codecs' scripts take: with `instantiateWasm` none of them looks for its file by itself. */
export interface CodecOptions {
  readonly print: (line: string) => void;
  readonly printErr: (line: string) => void;
  readonly instantiateWasm: (
    imports: WebAssembly.Imports,
    done: (instance: WebAssembly.Instance) => void,
  ) => WebAssembly.Exports;
}

type StartCodec = (options: CodecOptions) => Promise<CodecModule>;

const scripts: Readonly<Record<WasmCodec, () => Promise<{ readonly default: unknown }>>> = {
  'jpeg-ls': () => import('@cornerstonejs/codec-charls/decodewasmjs'),
  'jpeg-2000': () => import('@cornerstonejs/codec-openjpeg/decodewasmjs'),
  htj2k: () => import('@cornerstonejs/codec-openjph/wasmjs'),
};

const byteBits = 8;

const classes = { 'jpeg-ls': 'JpegLSDecoder', 'jpeg-2000': 'J2KDecoder', htj2k: 'HTJ2KDecoder' } as const;

/**
 * @param shape what the DICOM header says; held against the stream's own before the codec sees it
 * @throws AppError `image-corrupt`, `image-truncated`, `needs-browser` (no WebAssembly), `decode-out-of-memory`
 */
export async function decodeWithWasm(
  codec: WasmCodec,
  bytes: Uint8Array,
  shape: FrameShape,
  compile: CompileCodec | undefined,
): Promise<SampleGrid> {
  const header = codec === 'jpeg-ls' ? readJpegLsHeader(bytes) : readJpeg2000Header(bytes);
  requireSameShape(header, shape, codec);
  // OpenJPEG's and OpenJPH's wrappers cut signed samples of 8 bits off at 0.
  if (header.signed && header.bits <= byteBits) {
    const shifted = await decodeWithWasm(codec, withoutSigns(bytes, shape), shape, compile);
    const half = 2 ** (header.bits - 1);
    return { ...shifted, values: shifted.values.map((value) => value - half), signed: true };
  }
  if (compile === undefined || typeof WebAssembly === 'undefined')
    throw new AppError('needs-browser', { format: codec });
  const [script, wasm] = await Promise.all([scripts[codec](), compile(codec)]);
  const messages: string[] = [];
  // A fresh instance a file: neither its memory nor what a hostile file did to it stays.
  const module = await (script.default as StartCodec)({
    print: (line) => messages.push(line),
    printErr: (line) => messages.push(line),
    instantiateWasm: (imports, done) => {
      const instance = new WebAssembly.Instance(wasm, imports);
      done(instance);
      return instance.exports;
    },
  });
  const Decoder = module[classes[codec]];
  if (Decoder === undefined) throw new Error(`${codec}: the codec has no decoder`);
  const decoder = new Decoder();
  try {
    decoder.getEncodedBuffer(bytes.length).set(bytes);
    decoder.decode();
    return toGrid(codec, decoder, header, shape);
  } catch (thrown) {
    throw asAppError(codec, thrown, messages);
  } finally {
    decoder.delete();
  }
}

function toGrid(codec: WasmCodec, decoder: CodecDecoder, header: CodestreamHeader, shape: FrameShape): SampleGrid {
  const info = decoder.getFrameInfo();
  requireSameShape({ width: info.width, height: info.height, samples: info.componentCount }, shape, codec);
  const decoded = decoder.getDecodedBuffer();
  const count = shape.width * shape.height * shape.samples;
  const wide = info.bitsPerSample > byteBits;
  if (info.bitsPerSample > 16)
    throw new AppError('dicom-unsupported', { feature: `${codec} with ${info.bitsPerSample} bits` });
  if (decoded.length < count * (wide ? 2 : 1)) throw new AppError('image-truncated', { format: codec });
  const signed = info.isSigned ?? header.signed;
  const view = new DataView(decoded.buffer, decoded.byteOffset, decoded.byteLength);
  const read = readerOf(view, wide, signed);
  const planar = codec === 'jpeg-ls' && shape.samples > 1 && decoder.getInterleaveMode?.() === 0;
  const values = new Int32Array(count);
  const pixels = shape.width * shape.height;
  for (let index = 0; index < count; index += 1) {
    const to = planar ? (index % pixels) * shape.samples + Math.floor(index / pixels) : index;
    values[to] = read(index);
  }
  return { ...shape, values, bits: info.bitsPerSample, signed };
}

function readerOf(view: DataView, wide: boolean, signed: boolean): (index: number) => number {
  if (wide) return signed ? (index) => view.getInt16(index * 2, true) : (index) => view.getUint16(index * 2, true);
  return signed ? (index) => view.getInt8(index) : (index) => view.getUint8(index);
}

function asAppError(codec: WasmCodec, thrown: unknown, messages: readonly string[]): AppError {
  if (thrown instanceof AppError) return thrown;
  if (thrown instanceof RangeError) return new AppError('decode-out-of-memory', { format: codec }, thrown);
  // C++ exceptions arrive as numbers or as objects of Emscripten's; a trap is a RuntimeError. All mean: not this stream.
  const said = messages.join('; ');
  return new AppError('image-corrupt', { format: codec }, said === '' ? thrown : said);
}
