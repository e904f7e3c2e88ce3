/** Entry of the decode worker: wiring only. `app/decoding-client.ts` owns it and ends it whenever it hangs or grows. */

import * as Comlink from 'comlink';
import { createJpegDecoder } from '../imaging/jpeg-decoder.ts';
import { settle } from '../shared/app-error.ts';
import { buildAssets } from '../shared/build.ts';
import type { DecodeApi } from '../shared/messages.ts';
import { decodeInBrowser } from './browser-decoder.ts';
import { decodeFile } from './decode-file.ts';

/** Addresses of assets are relative to the app's root; this script lies in `assets/`, one folder below. */
const jpegWasmAddress = new URL(`../${buildAssets().jpegDecoderWasm}`, self.location.href);

const jpeg = createJpegDecoder(async () => {
  const response = await fetch(jpegWasmAddress);
  if (!response.ok) throw new Error(`${jpegWasmAddress.pathname}: HTTP ${response.status}`);
  // Not compileStreaming: some static hosts send .wasm with another type.
  return WebAssembly.compile(await response.arrayBuffer());
});

const api: DecodeApi = {
  decode: async (file, onStage) => {
    const outcome = await settle(() => decodeFile(file, { jpeg, browser: decodeInBrowser }, onStage), 'decode-crashed');
    if (!outcome.ok) return outcome;
    const { image, display } = outcome.value;
    return Comlink.transfer(outcome, [image.data.buffer, display.data.buffer]);
  },

  importPack: (file, known, listener) =>
    settle(async () => {
      // Seldom needed, and it brings the database and the schema with it.
      const { importPackFile } = await import('./import-pack-file.ts');
      return importPackFile(file, known, listener);
    }, 'decode-crashed'),
};

Comlink.expose(api);
