/** FAULTS row 30: a JPEG of 24 megapixels, as phones make them, is reduced and read: not black, and with the same scores. */

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Page } from 'playwright-core';
import type { ChesterApp } from '../../src/app/app-model.ts';
import { decodePicture } from '../../src/imaging/decode-picture.ts';
import { resizeArea } from '../../src/imaging/resize.ts';
import { maxDisplaySide, maxLongSide } from '../../src/shared/limits.ts';
import { createNodeCodecs, readPictureFile } from '../../tools/read/node-codecs.ts';
import { install, open } from '../e2e/journey.ts';
import { makeBlockJpeg, withExif } from '../fixtures/make-jpegs.ts';
import { makePng } from '../fixtures/make-pictures.ts';
import { Stage } from './support.ts';

const width = 5712;
const height = 4284;
const block = 8;
const columns = width / block;
/** The last row of blocks is half outside the picture. */
const rows = Math.ceil(height / block);
/** Blocks of 8 × 8 cut at the lower edge, and a reduction to 4,096, move a score by less. */
const scoreTolerance = 0.02;

let stage: Stage;
let page: Page;
/** Grey values 0..255 of the example, one a block, black at both sides. */
let blocks: Uint8Array;

before(async () => {
  const {
    data,
    width: w,
    height: h,
  } = await decodePicture(await readPictureFile('test/fixtures/examples/demo_effusion.png'), createNodeCodecs());
  const side = Math.round((rows * w) / h);
  const small = resizeArea(data, w, h, side, rows);
  const left = Math.floor((columns - side) / 2);
  blocks = Uint8Array.from({ length: columns * rows }, (_, index) => {
    const x = (index % columns) - left;
    return x < 0 || x >= side ? 0 : Math.round(small[Math.floor(index / columns) * side + x]! * 255);
  });
  stage = await Stage.open();
  page = await stage.page();
  await install(page);
});

after(() => stage.close());

/** A baseline JPEG whose header says how much of the last blocks counts (ITU-T T.81 §A.2.4). */
function photograph(): Uint8Array<ArrayBuffer> {
  const jpeg = makeBlockJpeg(columns, rows, 1, (_, column, row) => blocks[row * columns + column]!);
  const frameAt = jpeg.findIndex((byte, index) => byte === 0xff && jpeg[index + 1] === 0xc0);
  new DataView(jpeg.buffer).setUint16(frameAt + 5, height);
  return jpeg;
}

/** Mean grey 0..255 of the last result's picture on the screen. */
function meanGrey(): Promise<number> {
  return page.evaluate(() => {
    const app = document.querySelector<HTMLElement & { app?: ChesterApp }>('chester-app')?.app;
    const state = app?.state.queue.at(-1)?.state;
    if (state?.kind !== 'done') return Number.NaN;
    const { data } = state.result.display;
    return data.reduce((sum, value) => sum + value, 0) / data.length;
  });
}

test('row 30: a JPEG of 5,712 × 4,284 is read, upright and turned', async () => {
  const png = makePng({ width: columns, height: rows, sample: (x, y) => blocks[y * columns + x]! });
  const small = await open(page, { name: 'small.png', bytes: png });
  assert.ok(small.analysis !== undefined, small.code);
  const expectedGrey = await meanGrey();
  assert.ok(expectedGrey > 20, 'the example is not black itself');
  const bytes = photograph();
  const large = await open(page, { name: 'IMG_0001.JPG', bytes });
  assert.ok(large.analysis !== undefined, large.code);
  const { image, findings } = large.analysis;
  assert.deepEqual([image.source.storedWidth, image.source.storedHeight], [width, height]);
  assert.ok(image.width <= maxLongSide && image.width > maxDisplaySide);
  assert.ok(Math.abs((await meanGrey()) - expectedGrey) < 2, 'the picture on the screen is that picture');
  for (const { id, score } of findings) {
    const other = small.analysis.findings.find((finding) => finding.id === id)?.score ?? Number.NaN;
    assert.ok(Math.abs(score - other) < scoreTolerance, `${id}: ${score} and ${other}`);
  }
  const turned = await open(page, { name: 'IMG_0002.JPG', bytes: withExif(bytes, 6) });
  assert.ok(turned.analysis !== undefined, turned.code);
  assert.deepEqual([turned.analysis.image.source.storedWidth, turned.analysis.image.source.orientation], [height, 6]);
  assert.ok(Math.abs((await meanGrey()) - expectedGrey) < 2);
});
