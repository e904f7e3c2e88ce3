/** Entry of the decode worker: wiring only. `app/decoding-client.ts` owns it and ends it whenever it hangs or grows. */

import * as Comlink from 'comlink';
import type { IdentifiablePicture, PictureCodecs } from '../imaging/decode-picture.ts';
import { createJpegDecoder } from '../imaging/jpeg-decoder.ts';
import { settle, type Outcome } from '../shared/app-error.ts';
import { buildAssets } from '../shared/build.ts';
import { isOpenedPhoto, type DecodeApi, type DecodedFile, type OpenedPhoto } from '../shared/messages.ts';
import { decodeInBrowser, decodePhotographInBrowser } from './browser-decoder.ts';
import { decodeFile, deidentifyFile, lookAtFile, openFile, withBytes } from './decode-file.ts';

/** @param asset relative to the app's root; this script lies in `assets/`, one folder below */
async function compileAsset(asset: string): Promise<WebAssembly.Module> {
  const address = new URL(`../${asset}`, self.location.href);
  const response = await fetch(address);
  if (!response.ok) throw new Error(`${address.pathname}: HTTP ${response.status}`);
  // Not compileStreaming: some static hosts send .wasm with another type.
  return WebAssembly.compile(await response.arrayBuffer());
}

const { jpegDecoderWasm, jpegLsDecoderWasm, jpeg2000DecoderWasm, htj2kDecoderWasm } = buildAssets();
const dicomCodecAssets = { 'jpeg-ls': jpegLsDecoderWasm, 'jpeg-2000': jpeg2000DecoderWasm, htj2k: htj2kDecoderWasm };
const codecs: PictureCodecs = {
  jpeg: createJpegDecoder(() => compileAsset(jpegDecoderWasm)),
  browser: decodeInBrowser,
  photograph: decodePhotographInBrowser,
  compileDicomCodec: (codec) => compileAsset(dicomCodecAssets[codec]),
};

function transferDecoded(outcome: Outcome<DecodedFile>): Outcome<DecodedFile> {
  if (!outcome.ok) return outcome;
  const { image, display } = outcome.value;
  return Comlink.transfer(outcome, [image.data.buffer, display.data.buffer]);
}

function transferOpened<T extends DecodedFile | OpenedPhoto>(outcome: Outcome<T>): Outcome<T> {
  if (!outcome.ok) return outcome;
  const { value } = outcome;
  const buffers = isOpenedPhoto(value)
    ? [value.photo.rgba.buffer]
    : [value.image.data.buffer, value.display.data.buffer];
  return Comlink.transfer(outcome, buffers);
}

/** When one comes: most files are none, and this worker opens anew after each idle while. */
const loadPhotographs = () => import('./open-photo.ts');

/** A worker of the camera's own comes for this alone. */
const loadFrames = () => import('./look-at-frame.ts');

const api: DecodeApi = {
  decode: async (file, onStage, reading) => {
    return transferDecoded(await settle(() => decodeFile(file, codecs, onStage, reading), 'decode-crashed'));
  },

  open: async (file, onStage) => {
    const openAsPhoto = async (bytes: Uint8Array<ArrayBuffer>): Promise<OpenedPhoto> =>
      (await loadPhotographs()).openPhoto(bytes, codecs, onStage);
    return transferOpened(await settle(() => openFile(file, codecs, onStage, openAsPhoto), 'decode-crashed'));
  },

  openPhoto: async (file, onStage) => {
    const outcome = await settle(async () => {
      onStage('reading');
      const { openPhoto } = await loadPhotographs();
      return withBytes(file, (bytes) => openPhoto(bytes, codecs, onStage));
    }, 'decode-crashed');
    return transferOpened(outcome);
  },

  rectify: async (file, choice, onStage, reading, opened) => {
    const rectified = async (bytes: Uint8Array<ArrayBuffer>): Promise<IdentifiablePicture> => {
      const { rectifyOpened } = await loadPhotographs();
      return { image: await rectifyOpened(bytes, codecs, choice, opened, reading) };
    };
    return transferDecoded(await settle(() => decodeFile(file, codecs, onStage, reading, rectified), 'decode-crashed'));
  },

  lookAtFrame: (frame) => settle(async () => (await loadFrames()).lookAtFrame(frame), 'decode-crashed'),
  keepFrame: (frame) => settle(async () => (await loadFrames()).keepFrame(frame), 'decode-crashed'),

  look: async (file, look) => {
    const outcome = await settle(() => lookAtFile(file, codecs, look), 'decode-crashed');
    return outcome.ok ? Comlink.transfer(outcome, [outcome.value.display.data.buffer]) : outcome;
  },
  deidentify: async (file, boxes) => {
    const outcome = await settle(() => deidentifyFile(file, boxes, codecs), 'decode-crashed');
    return outcome.ok ? Comlink.transfer(outcome, [outcome.value.bytes.buffer]) : outcome;
  },

  importPack: (file, known, listener) =>
    settle(async () => {
      // Seldom needed, and it brings the database and the schema with it.
      const { importPackFile } = await import('./import-pack-file.ts');
      return importPackFile(file, known, listener);
    }, 'decode-crashed'),
};

Comlink.expose(api);
