/** One small file a codec, made by other people's encoders (test/fixtures/dicom): every sample is known. */

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { decodePicture } from '../../src/imaging/decode-picture.ts';
import { parseDicom } from '../../src/imaging/dicom/parse-dicom.ts';
import { decodeStoredFrame } from '../../src/imaging/dicom/stored-values.ts';
import { AppError } from '../../src/shared/app-error.ts';
import { createNodeCodecs } from '../../tools/read/node-codecs.ts';
import { colourPicture, compressedFiles, greyPicture, type CompressedFile } from '../fixtures/dicom/pictures.ts';

const codecs = createNodeCodecs();

async function bytesOf({ name }: CompressedFile): Promise<Uint8Array<ArrayBuffer>> {
  return Uint8Array.from(await readFile(new URL(`../fixtures/dicom/${name}.dcm`, import.meta.url)));
}

for (const file of compressedFiles) {
  test(`${file.name} gives the pixels that were encoded`, async () => {
    const parsed = parseDicom(await bytesOf(file));
    assert.equal(parsed.transferSyntax.uid, file.syntax);
    const frame = await decodeStoredFrame(parsed, 1, codecs.compileDicomCodec);
    const expected = file.picture === 'grey' ? greyPicture() : colourPicture();
    const found = frame.photometric.startsWith('YBR') ? toRgb(frame.values) : frame.values;
    assert.equal(found.length, expected.length);
    const worst = found.reduce((most, value, index) => Math.max(most, Math.abs(value - expected[index]!)), 0);
    assert.ok(worst <= file.tolerance, `off by ${worst}`);
    if (file.tolerance > 0) assert.ok(worst > 0, 'nothing was lost: this is not the lossy file');
  });
}

test('a stream cut at any place ends as an AppError or, for wavelets, as a coarser picture', async () => {
  const parts = 32;
  for (const file of compressedFiles) {
    const bytes = await bytesOf(file);
    for (let part = 0; part < parts; part += 1) {
      const cut = bytes.slice(0, Math.floor((bytes.length * part) / parts));
      const outcome = await decodePicture(cut, codecs).catch((thrown: unknown) => thrown);
      if (outcome instanceof Error) assert.ok(outcome instanceof AppError, `${file.name} ${part}: ${String(outcome)}`);
    }
  }
});

test('without WebAssembly modules the codecs that need them say so', async () => {
  for (const file of compressedFiles) {
    const needsWasm = /jpeg-ls|2000|htj2k/.test(file.name);
    const outcome = await decodePicture(await bytesOf(file), { jpeg: codecs.jpeg }).catch((thrown: unknown) => thrown);
    if (needsWasm) assert.equal(outcome instanceof AppError ? outcome.code : 'decoded', 'needs-browser');
    else assert.ok(!(outcome instanceof Error), String(outcome));
  }
});

function toRgb(values: Int32Array): Int32Array {
  const rgb = new Int32Array(values.length);
  for (let at = 0; at < values.length; at += 3) {
    const [y = 0, blue = 0, red = 0] = [values[at], values[at + 1]! - 128, values[at + 2]! - 128];
    rgb[at] = y + 1.402 * red;
    rgb[at + 1] = y - 0.344136 * blue - 0.714136 * red;
    rgb[at + 2] = y + 1.772 * blue;
  }
  return rgb;
}
