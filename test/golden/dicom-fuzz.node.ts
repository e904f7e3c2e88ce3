/**
 * Hostile DICOM: each case ends in a picture or an AppError, in bounded time. `npm run fuzz` runs many more cases, from
 * another seed each time; a failure prints the seed and the case. Peak memory is printed and held against a cap.
 */

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { decodePicture, type PictureCodecs } from '../../src/imaging/decode-picture.ts';
import { AppError } from '../../src/shared/app-error.ts';
import { maxDeclaredPixels } from '../../src/shared/limits.ts';
import { createNodeCodecs } from '../../tools/read/node-codecs.ts';
import { makeDicom, syntaxes, testValues, type DicomSpec } from '../fixtures/make-dicom.ts';
import { concatenate } from '../fixtures/make-pictures.ts';
import { mutate, seededRandom } from '../support/mutate.ts';

const cases = Number(process.env.CHESTER_FUZZ_CASES ?? 10_000);
const seed = Number(process.env.CHESTER_FUZZ_SEED ?? 20_261_125);
/** The app's own limit for a decoder is 20 s; a small damaged file has no reason to come near it. */
const hangMs = 10_000;

const mebibyte = 1024 * 1024;
/**
 * What the damaged files may add to the process at its highest: stored values of the 64 million pixels that a header may
 * declare (4 bytes each), as much again for what they are made of, and the app's own budget for a large picture.
 */
const memoryCapBytes = 2 * 4 * maxDeclaredPixels + 400 * mebibyte;

const node = createNodeCodecs();
const compiled = new Map<string, Promise<WebAssembly.Module>>();
const codecs: PictureCodecs = {
  jpeg: node.jpeg,
  compileDicomCodec: (codec) => {
    const module = compiled.get(codec) ?? node.compileDicomCodec!(codec);
    compiled.set(codec, module);
    return module;
  },
};

function originals(): Uint8Array[] {
  const folder = fileURLToPath(new URL('../fixtures/dicom/', import.meta.url));
  const compressed = readdirSync(folder)
    .filter((name) => name.endsWith('.dcm'))
    .map((name) => new Uint8Array(readFileSync(folder + name)));
  const values = testValues(12, 10, 1, 12, false);
  const colours = testValues(12, 10, 3, 8, false);
  const grey: DicomSpec = {
    ...{ width: 12, height: 10, bitsAllocated: 16, bitsStored: 12, values },
    elements: [
      [0x0008_2218, 'SQ', [[[0x0008_0104, 'LO', 'Chest']]]],
      [0x0028_1050, 'DS', '100\\200'],
      [0x0028_1051, 'DS', '300\\400'],
      [
        0x0028_3010,
        'SQ',
        [
          [
            [0x0028_3002, 'US', [4, 0, 8]],
            [0x0028_3006, 'OW', [0, 80, 160, 255]],
          ],
        ],
      ],
    ],
  };
  const native = [syntaxes.implicit, syntaxes.explicit, syntaxes.bigEndian, syntaxes.deflated].flatMap((syntax) => [
    makeDicom({ ...grey, syntax, openSequences: syntax === syntaxes.explicit }),
    makeDicom({ width: 12, height: 10, photometric: 'RGB', bitsAllocated: 8, values: colours, syntax }),
  ]);
  return [...compressed, ...native, makeDicom({ ...grey, preamble: false, meta: false })];
}

/** Cases between two looks at the heap. */
const memoryLook = 50;

function usedHeap(): number {
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/** (7FE0,0010), little-endian. Files where it is not found are damaged from their twelfth byte on. */
const pixelDataTag: readonly number[] = [0xe0, 0x7f, 0x10, 0];
const pixelHeaderBytes = 12;

function findBytes(bytes: Uint8Array, wanted: readonly number[]): number {
  return bytes.findIndex((_, at) => wanted.every((byte, index) => bytes[at + index] === byte));
}

/** What became of one file: the code of its error, or `picture`. Anything else that is thrown fails the test. */
async function outcomeOf(bytes: Uint8Array<ArrayBuffer>, name: string): Promise<string> {
  const start = performance.now();
  try {
    const image = await decodePicture(bytes, codecs);
    assert.equal(image.data.length, image.width * image.height, name);
    return 'picture';
  } catch (thrown) {
    assert.ok(thrown instanceof AppError, `${name}: ${String(thrown)}`);
    // `decode-crashed` is what nobody foresaw: it must not be the answer to damage.
    assert.notEqual(thrown.code, 'decode-crashed', `${name}: ${String(thrown.cause)}`);
    return thrown.code;
  } finally {
    assert.ok(performance.now() - start < hangMs, `${name} took ${performance.now() - start} ms`);
  }
}

test(`${cases} damaged files end as pictures or typed errors`, async (context) => {
  const files = originals();
  const random = seededRandom(seed);
  const counts: Record<string, number> = {};
  const before = process.memoryUsage();
  let highestHeap = 0;
  for (let index = 0; index < cases; index += 1) {
    const file = files[index % files.length]!;
    // Half of them keep their headers, so that the damage reaches the codecs.
    const from = index % 2 === 0 ? 0 : Math.max(0, findBytes(file, pixelDataTag) + pixelHeaderBytes);
    const bytes = concatenate(file.subarray(0, from), mutate(file.subarray(from), random));
    const outcome = await outcomeOf(bytes, `seed ${seed}, case ${index}`);
    counts[outcome] = (counts[outcome] ?? 0) + 1;
    if (index % memoryLook === 0) highestHeap = Math.max(highestHeap, usedHeap());
  }
  context.diagnostic(JSON.stringify(counts));
  // The highest that the system ever saw, also in the middle of a file.
  const highest = process.resourceUsage().maxRSS * 1024;
  const inMebibytes = (bytes: number): string => `${(bytes / mebibyte).toFixed(0)} MiB`;
  context.diagnostic(
    `resident: ${inMebibytes(before.rss)} at first, ${inMebibytes(highest)} at the highest, cap ${inMebibytes(before.rss + memoryCapBytes)}; ` +
      `heap and buffers: ${inMebibytes(before.heapUsed + before.external)} at first, ${inMebibytes(highestHeap)} at the highest`,
  );
  assert.ok(highest < before.rss + memoryCapBytes, `${inMebibytes(highest)} resident`);
});

test('files cut at every 1/32', async () => {
  const parts = 32;
  for (const [index, file] of originals().entries()) {
    for (let part = 0; part < parts; part += 1) {
      await outcomeOf(file.slice(0, Math.floor((file.length * part) / parts)), `file ${index}, ${part}/${parts}`);
    }
  }
});

const small = { width: 4, height: 4, bitsAllocated: 16, values: testValues(4, 4, 1, 16, false) };

test('each kind of hostile header has its answer', async () => {
  const nested = (depth: number): Uint8Array<ArrayBuffer> => {
    // (0008,1140) SQ of undefined length, an item of undefined length, and so on: 20 bytes a level.
    const level = [8, 0, 0x40, 0x11, 0x53, 0x51, 0, 0, 255, 255, 255, 255, 0xfe, 0xff, 0, 0xe0, 255, 255, 255, 255];
    const head = makeDicom({ ...small, without: [0x7fe0_0010] });
    const bytes = new Uint8Array(head.length + depth * level.length);
    bytes.set(head);
    for (let at = 0; at < depth; at += 1) bytes.set(level, head.length + at * level.length);
    return bytes;
  };
  const bomb = makeDicom({
    ...small,
    syntax: syntaxes.deflated,
    elements: [[0x0009_0010, 'OB', new Uint8Array(300e6)]],
  });
  const withRows = (rows: number, columns: number): Uint8Array<ArrayBuffer> =>
    makeDicom({
      ...small,
      elements: [
        [0x0028_0010, 'US', [rows]],
        [0x0028_0011, 'US', [columns]],
      ],
    });
  const hugeLength = makeDicom({ ...small, elements: [[0x0009_0010, 'OB', new Uint8Array(16)]] });
  const privateAt = findBytes(hugeLength, [9, 0, 0x10, 0, 0x4f, 0x42]);
  new DataView(hugeLength.buffer).setUint32(privateAt + 8, 0xffff_fff0, true);
  // All the pixels are there, whatever the element's length claims: they are read.
  const hugePixels = makeDicom(small);
  const pixelsAt = findBytes(hugePixels, pixelDataTag);
  new DataView(hugePixels.buffer).setUint32(pixelsAt + 8, 0xffff_fff0, true);
  const hostile: readonly (readonly [string, Uint8Array<ArrayBuffer>, string])[] = [
    ['nested 10,000 deep', nested(10_000), 'dicom-too-complex'],
    ['a deflate bomb', bomb, 'dicom-too-complex'],
    ['30,000 × 30,000', withRows(30_000, 30_000), 'image-too-large'],
    ['no rows', withRows(0, 4), 'image-corrupt'],
    ['more rows than there are', withRows(5, 4), 'image-truncated'],
    ['17 bits of 16', makeDicom({ ...small, elements: [[0x0028_0101, 'US', [17]]] }), 'image-corrupt'],
    ['a length beyond the end', hugeLength, 'image-truncated'],
    ['a length of the pixels beyond the end', hugePixels, 'picture'],
    ['zeros behind it', new Uint8Array([...makeDicom(small), ...new Uint8Array(4096)]), 'picture'],
  ];
  assert.ok(bomb.length * 900 < 300e6, 'the bomb is one');
  for (const [name, bytes, expected] of hostile) {
    // Warm, so that the time is the refusal's and not that of loading the module.
    const start = performance.now();
    assert.equal(await outcomeOf(bytes, name), expected, name);
    console.log(`${name}: ${expected} in ${(performance.now() - start).toFixed(1)} ms`);
  }
});
