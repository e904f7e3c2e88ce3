/** Files that people open by mistake, and files that are meant to harm: each ends in an answer or in a sentence. */

import assert from 'node:assert/strict';
import { mkdir, mkdtemp, open as openHandle, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Page } from 'playwright-core';
import { Stage } from '../faults/support.ts';
import { makeBlockJpeg } from '../fixtures/make-jpegs.ts';
import {
  makeAnimatedPng,
  makeGif,
  makePng,
  makePngThatClaims,
  makeSvg,
  makeText,
  latin1,
  type Bytes,
} from '../fixtures/make-pictures.ts';
import { install, open, openByCdp, type Ending } from './journey.ts';

const side = 256;
const large = 30_000;
const threeGigabytes = 3e9;

let stage: Stage;
let page: Page;
let folder: string;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'chester-files-'));
  stage = await Stage.open();
  page = await stage.page();
  await install(page);
});

after(async () => {
  await stage.close();
  await rm(folder, { recursive: true, force: true });
});

/** A failure stands on the screen in words, with a next step. */
async function assertSentence(): Promise<void> {
  const words = await page.getByRole('alert').first().innerText();
  const [sentence = '', nextStep = ''] = words.split('\n').filter((line) => line.trim() !== '');
  assert.ok(sentence.length > 10 && nextStep.length > 10, words);
}

function truncatedJpeg(): Bytes {
  const whole = makeBlockJpeg(32, 32, 3, (component, column, row) => (column * 5 + row * 3 + component * 40) % 256);
  return whole.slice(0, Math.floor(whole.length / 2));
}

const refused: Readonly<
  Record<string, readonly [name: string, bytes: () => Uint8Array | Promise<Uint8Array>, code: string]>
> = {
  'a text file': ['notes.png', makeText, 'format-is-text'],
  'an empty file': ['empty.png', () => new Uint8Array(0), 'file-empty'],
  'a truncated JPEG': ['half.jpg', truncatedJpeg, 'image-truncated'],
  'an SVG': ['drawing.png', makeSvg, 'format-is-svg'],
  'a TIFF': ['scan.jpg', () => latin1('II*\0\x08\0\0\0\0\0'), 'format-unsupported'],
  'an iPhone’s HEIC': ['IMG_0001.HEIC', () => readFile('test/fixtures/heif/smooth.heic'), 'format-heic'],
  'a PNG of 30,000 × 30,000': ['huge.png', () => makePngThatClaims(large, large), 'image-too-large'],
};

for (const [what, [name, bytes, code]] of Object.entries(refused)) {
  test(`${what} is refused in words`, async () => {
    const ending = await open(page, { name, bytes: await bytes() });
    assert.equal(ending.code, code);
    await assertSentence();
  });
}

const read: Readonly<
  Record<string, readonly [name: string, bytes: () => Uint8Array, check: (ending: Ending) => void]>
> = {
  'a CMYK JPEG': [
    'press.jpg',
    () =>
      makeBlockJpeg(side / 8, side / 8, 4, (component, column, row) =>
        component === 3 ? 255 - column * 4 - row : 255,
      ),
    ({ analysis }) => assert.equal(analysis?.image.source.format, 'jpeg'),
  ],
  'a 16-bit PNG': [
    'deep.png',
    () => makePng({ width: side, height: side, bitDepth: 16 }),
    ({ analysis }) => assert.equal(analysis?.image.source.bitsPerSample, 16),
  ],
  'an animated PNG': [
    'moving.png',
    () => makeAnimatedPng(side, side),
    ({ analysis }) => assert.equal(analysis?.image.source.firstOfSeveral, true),
  ],
  'an animated GIF': [
    'moving.gif',
    () => makeGif(side, side, 3),
    ({ analysis }) => assert.equal(analysis?.image.source.firstOfSeveral, true),
  ],
};

for (const [what, [name, bytes, check]] of Object.entries(read)) {
  test(`${what} is read`, async () => {
    const ending = await open(page, { name, bytes: bytes() });
    assert.equal(ending.kind, 'done', ending.code);
    check(ending);
    assert.equal(ending.analysis?.findings.length, 14);
  });
}

test('a folder is refused in words', async () => {
  const path = join(folder, 'images');
  await mkdir(path);
  const ending = await openByCdp(stage, page, path);
  assert.equal(ending.code, 'file-is-folder');
  await assertSentence();
});

test('3 GB of zeros are refused in words, unread', async () => {
  const path = join(folder, 'zeros.png');
  const handle = await openHandle(path, 'w');
  await handle.truncate(threeGigabytes);
  await handle.close();
  const ending = await openByCdp(stage, page, path);
  assert.equal(ending.code, 'file-too-large');
  await assertSentence();
});

test('after all of them an X-ray is read', async () => {
  const bytes = await readFile('test/fixtures/examples/demo_effusion.png');
  const ending = await open(page, { name: 'demo_effusion.png', bytes });
  assert.equal(ending.kind, 'done', ending.code);
  assert.equal(ending.analysis?.gate.verdict, 'pass');
});
