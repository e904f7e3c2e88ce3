import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { test } from 'node:test';
import { decodePicture } from '../../src/imaging/decode-picture.ts';
import { createJpegDecoder } from '../../src/imaging/jpeg-decoder.ts';
import { sha256Hex } from '../../src/shared/sha256.ts';
import { createJpegMaker } from '../fixtures/make-jpegs.ts';
import { grayBytes, makePinnedPictures } from '../fixtures/pinned-pictures.ts';

async function compile(path: string): Promise<WebAssembly.Module> {
  return WebAssembly.compile(await readFile(fileURLToPath(import.meta.resolve(`@jsquash/jpeg/codec/${path}`))));
}

/** The same list is checked in the browser by `test/unit/imaging/same-pixels.test.ts`. */
test('the same file gives the same GrayImage in Node as in the browser, to the last bit', async () => {
  const pinnedPath = new URL('../fixtures/pinned-grays.json', import.meta.url);
  const pinned = JSON.parse(await readFile(pinnedPath, 'utf8')) as Record<string, string>;
  const jpeg = createJpegDecoder(() => compile('dec/mozjpeg_dec.wasm'));
  const pictures = await makePinnedPictures(createJpegMaker(await compile('enc/mozjpeg_enc.wasm')));
  const found: Record<string, string> = {};
  for (const [name, bytes] of Object.entries(pictures)) {
    found[name] = await sha256Hex(grayBytes(await decodePicture(bytes, { jpeg })));
  }
  assert.deepEqual(found, pinned);
});
