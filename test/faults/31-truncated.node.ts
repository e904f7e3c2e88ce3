/** FAULTS row 31: JPEG, PNG and DICOM cut at every 1/32. Each ends in a typed error, and the queue goes on. */

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Page } from 'playwright-core';
import { endings, give, install } from '../e2e/journey.ts';
import { makeDicom, testValues } from '../fixtures/make-dicom.ts';
import { makeBlockJpeg } from '../fixtures/make-jpegs.ts';
import { makePng, type Bytes } from '../fixtures/make-pictures.ts';
import { Stage, waitForState } from './support.ts';

const parts = 32;
const typedErrors = ['file-empty', 'format-unknown', 'image-truncated', 'image-corrupt', 'dicom-no-image'];

let stage: Stage;
let page: Page;

before(async () => {
  stage = await Stage.open();
  page = await stage.page();
  await install(page);
});

after(() => stage.close());

const pictures: Readonly<Record<string, () => Bytes>> = {
  // Grey: what is tinted is taken for a photograph, and waits for its corners.
  jpeg: () => makeBlockJpeg(40, 40, 3, (_, column, row) => (column * 7 + row * 5) % 256),
  png: () => makePng({ width: 200, height: 160 }),
  dcm: () => makeDicom({ width: 40, height: 30, bitsAllocated: 16, values: testValues(40, 30, 1, 16, false) }),
};

for (const [format, make] of Object.entries(pictures)) {
  test(`row 31: a ${format} cut at every 1/${parts} ends in a typed error each time`, async () => {
    const whole = make();
    const before = (await endings(page)).length;
    const cut = Array.from({ length: parts }, (_, part) => ({
      name: `${part}.${format}`,
      bytes: whole.slice(0, Math.floor((whole.length * part) / parts)),
    }));
    await give(page, [...cut, { name: `whole.${format}`, bytes: whole }]);
    await waitForState(
      page,
      ({ queue }) => queue.length === before + parts + 1 && queue.every(({ kind }) => kind !== 'working'),
      'all parts to end',
    );
    const ended = (await endings(page)).slice(before);
    const last = ended.pop();
    assert.equal(last?.kind, 'done', last?.code);
    for (const { name, kind, code } of ended) {
      assert.equal(kind, 'failed', name);
      assert.ok(typedErrors.includes(code ?? ''), `${name}: ${code}`);
    }
    const words = await page.getByText(/missing|empty|damaged|no picture/).count();
    assert.ok(words > 0, 'the list says so in words');
  });
}
