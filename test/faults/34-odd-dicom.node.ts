/** FAULTS row 34: odd and hostile DICOM headers, then damaged files. Each ends in a picture or in words; the queue goes on. */

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Page } from 'playwright-core';
import { endings, give, install, open } from '../e2e/journey.ts';
import { makeDicom, syntaxes, testValues, type DicomSpec } from '../fixtures/make-dicom.ts';
import { concatenate, type Bytes } from '../fixtures/make-pictures.ts';
import { mutate, seededRandom } from '../support/mutate.ts';
import { Stage, waitForState } from './support.ts';

const side = 64;
const nestings = 10_000;
/** The ten thousand of `test/golden/dicom-fuzz.node.ts` run in Node; here the worker and the queue are what is tried. */
const damagedFiles = 60;

const plain: DicomSpec = {
  ...{ width: side, height: side, bitsAllocated: 16, bitsStored: 12, values: testValues(side, side, 1, 12, false) },
};

function nested(): Bytes {
  const head = makeDicom({ ...plain, without: [0x7fe0_0010] });
  // (0008,1140) SQ and its first item, both of undefined length.
  const level = [8, 0, 0x40, 0x11, 0x53, 0x51, 0, 0, 255, 255, 255, 255, 0xfe, 0xff, 0, 0xe0, 255, 255, 255, 255];
  return concatenate(head, ...Array.from({ length: nestings }, () => level));
}

const odd: Readonly<Record<string, readonly [make: () => Bytes, answer: string]>> = {
  'a huge length': [hugeLength, 'image-truncated'],
  'sequences 10,000 deep': [nested, 'dicom-too-complex'],
  'no meta header': [() => makeDicom({ ...plain, preamble: false, meta: false }), 'done'],
  'zeros at the end': [() => concatenate(makeDicom(plain), new Uint8Array(5000)), 'done'],
  'wrong bits stored': [() => makeDicom({ ...plain, elements: [[0x0028_0101, 'US', [20]]] }), 'image-corrupt'],
  'no rows': [() => makeDicom({ ...plain, elements: [[0x0028_0010, 'US', [0]]] }), 'image-corrupt'],
  'no fragments': [
    () => makeDicom({ ...plain, syntax: syntaxes.rle, fragments: [new Uint8Array()] }),
    'image-truncated',
  ],
};

/** A private element in front of the pixels that claims four gigabytes. */
function hugeLength(): Bytes {
  const bytes = makeDicom({ ...plain, elements: [[0x0009_0010, 'OB', new Uint8Array(16)]] });
  const header = [9, 0, 0x10, 0, 0x4f, 0x42, 0, 0];
  const at = bytes.findIndex((_, start) => header.every((byte, index) => bytes[start + index] === byte));
  new DataView(bytes.buffer).setUint32(at + header.length, 0xffff_fff0, true);
  return bytes;
}

let stage: Stage;
let page: Page;

before(async () => {
  stage = await Stage.open();
  page = await stage.page();
  await install(page);
});

after(() => stage.close());

for (const [what, [make, answer]] of Object.entries(odd)) {
  test(`row 34: ${what}`, async () => {
    const { kind, code } = await open(page, { name: `${what}.dcm`, bytes: make() });
    assert.equal(code ?? kind, answer);
  });
}

test(`row 34: ${damagedFiles} damaged files, one after another`, async () => {
  const random = seededRandom(damagedFiles);
  const files = Array.from({ length: damagedFiles }, (_, index) => ({
    name: `${index}.dcm`,
    bytes: mutate(makeDicom({ ...plain, syntax: index % 2 === 0 ? syntaxes.explicit : syntaxes.implicit }), random),
  }));
  const before = (await endings(page)).length;
  await give(page, files);
  await waitForState(
    page,
    ({ queue }) => queue.length === before + damagedFiles && queue.every(({ kind }) => kind !== 'working'),
    'all of them to end',
  );
  const ended = (await endings(page)).slice(before);
  for (const { name, kind, code } of ended) {
    assert.ok(kind === 'done' || (kind === 'failed' && code !== 'decode-crashed'), `${name}: ${kind} ${code}`);
  }
  assert.ok(ended.some(({ kind }) => kind === 'failed'));
  assert.equal((await open(page, 'test/fixtures/examples/demo_normal.png')).kind, 'done');
});
