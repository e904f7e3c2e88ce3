/** Copies with black boxes: inside black, outside every stored value as it was, and the header says what was done. */

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { deidentifyDicom } from '../../src/imaging/dicom/deidentify-dicom.ts';
import { decodeDicom } from '../../src/imaging/dicom/decode-dicom.ts';
import { parseDicom } from '../../src/imaging/dicom/parse-dicom.ts';
import { decodeStoredFrame } from '../../src/imaging/dicom/stored-values.ts';
import { tags } from '../../src/imaging/dicom/tags.ts';
import { createNodeCodecs } from '../../tools/read/node-codecs.ts';
import { compressedFiles } from '../fixtures/dicom/pictures.ts';
import { identifyingElements, secret } from '../fixtures/identified.ts';
import { makeDicom, samplesOf, syntaxes, testValues, type DicomSpec } from '../fixtures/make-dicom.ts';
import { assertNowhere, whatIsLeft } from '../support/deidentified.ts';

const { compileDicomCodec: compile } = createNodeCodecs();
const [width, height] = [24, 18];
/** The second runs over the edge. */
const boxes = [
  { x: 3 / width, y: 4 / height, width: 5 / width, height: 2 / height },
  { x: 20.4 / width, y: 15.5 / height, width: 1, height: 1 },
];

/** Whether a box covers any part of a pixel of a picture `across` × `down`. */
function isInside(x: number, y: number, across: number, down: number): boolean {
  const hair = 1e-9;
  return boxes.some(
    (box) =>
      (x + 1) / across > box.x + hair &&
      x / across < box.x + box.width - hair &&
      (y + 1) / down > box.y + hair &&
      y / down < box.y + box.height - hair,
  );
}

async function assertBoxes(original: Uint8Array, frame: number): Promise<void> {
  const { bytes } = await deidentifyDicom(original, boxes, compile);
  const before = await decodeStoredFrame(parseDicom(original), frame, compile);
  const file = parseDicom(bytes, { everySequence: true });
  const after = await decodeStoredFrame(file, frame, compile);
  assert.equal(after.values.length, before.values.length);
  const { samples } = before;
  const blacks = new Set<string>();
  for (let pixel = 0; pixel < before.values.length / samples; pixel += 1) {
    const [x, y] = [pixel % before.width, Math.floor(pixel / before.width)];
    const [was, is] = [before, after].map(({ values }) => values.slice(pixel * samples, (pixel + 1) * samples));
    if (isInside(x, y, before.width, before.height)) blacks.add(is!.join());
    else assert.deepEqual(is, was, `${x}, ${y}`);
  }
  assert.equal(blacks.size, 1);
  assert.equal(file.transferSyntax.codec, 'native');
  assert.equal(file.dataSet.text(tags.burnedInAnnotation), 'NO');
  const codes = file.dataSet.items(tags.deidentificationMethodCodeSequence).map((item) => item.text(tags.codeValue));
  assert.deepEqual(codes, ['113100', '113101']);
  assert.deepEqual(whatIsLeft(bytes, original), []);
  // As it is shown: black, in the frame that is shown first.
  const {
    image: { data },
  } = await decodeDicom(bytes, compile, { frame });
  const darkest = data.reduce((least, value) => Math.min(least, value), 1);
  const [x, y] = [Math.floor((5 / width) * before.width), Math.floor((5 / height) * before.height)];
  assert.ok(data[y * before.width + x]! <= darkest + 0.02, `${data[y * before.width + x]} is not black`);
}

const natives: readonly (readonly [name: string, changes: Partial<DicomSpec>])[] = [
  ['12 of 16 bits', { bitsAllocated: 16, bitsStored: 12 }],
  [
    '12 of 16 bits, high bit 15, big-endian',
    { bitsAllocated: 16, bitsStored: 12, highBit: 15, syntax: syntaxes.bigEndian },
  ],
  ['signed, implicit', { bitsAllocated: 16, bitsStored: 16, signed: true, syntax: syntaxes.implicit }],
  ['MONOCHROME1', { bitsAllocated: 16, bitsStored: 14, photometric: 'MONOCHROME1' }],
  ['32 bits unsigned', { bitsAllocated: 32 }],
  ['8 bits, big-endian, OW', { bitsAllocated: 8, syntax: syntaxes.bigEndian, pixelVr: 'OW' }],
  ['1 bit', { bitsAllocated: 1 }],
  ['RGB in planes', { bitsAllocated: 8, photometric: 'RGB', planar: true }],
  ['YBR_FULL', { bitsAllocated: 8, photometric: 'YBR_FULL' }],
  ['YBR_FULL_422', { bitsAllocated: 8, photometric: 'YBR_FULL_422' }],
  ['deflated', { bitsAllocated: 16, syntax: syntaxes.deflated }],
];

for (const [name, changes] of natives) {
  test(`${name}: boxes are black, the rest is as it was`, async () => {
    const { bitsAllocated = 16, photometric = 'MONOCHROME2', signed = false } = changes;
    const samples = samplesOf(photometric);
    const values = testValues(width, height, samples, changes.bitsStored ?? bitsAllocated, signed);
    const elements = identifyingElements;
    const original = makeDicom({ width, height, bitsAllocated, values, elements, ...changes });
    await assertBoxes(original, 1);
    const { bytes } = await deidentifyDicom(original, boxes, compile);
    assertNowhere(bytes, secret);
  });
}

test('every frame gets the boxes', async () => {
  const values = testValues(width, height * 3, 1, 10, false);
  const original = makeDicom({ width, height, frames: 3, bitsAllocated: 16, bitsStored: 10, values });
  for (const frame of [1, 2, 3]) await assertBoxes(original, frame);
});

test('the padding value of the header is the black', async () => {
  const original = makeDicom({
    width,
    height,
    bitsAllocated: 16,
    bitsStored: 12,
    values: testValues(width, height, 1, 12, false),
    elements: [[tags.pixelPaddingValue, 'US', [4095]]],
  });
  const { bytes } = await deidentifyDicom(original, boxes, compile);
  const { values } = await decodeStoredFrame(parseDicom(bytes), 1, compile);
  assert.equal(values[4 * width + 3], 4095);
});

for (const { name } of compressedFiles) {
  test(`${name}: decoded, blackened and written uncompressed`, async () => {
    const original = Uint8Array.from(await readFile(new URL(`../fixtures/dicom/${name}.dcm`, import.meta.url)));
    await assertBoxes(original, 1);
  });
}
