/** FAULTS row 29: a PNG of 30,000 × 30,000 in a few bytes. Refused from its header; nothing is allocated for it. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { install, open } from '../e2e/journey.ts';
import { makePngThatClaims } from '../fixtures/make-pictures.ts';
import { Stage } from './support.ts';

const side = 30_000;
/** One byte a pixel would be 900 MB; what the page itself moves is far below this. */
const roomForMeasuring = 30e6;

test('row 29: a giant PNG is refused from its header, and memory stays flat', async () => {
  const stage = await Stage.open();
  try {
    const page = await stage.page();
    await install(page);
    const session = await stage.session(page);
    const heap = async (): Promise<number> => {
      await session.send('HeapProfiler.collectGarbage');
      const { usedSize, backingStorageSize = 0 } = await session.send('Runtime.getHeapUsage');
      return usedSize + backingStorageSize;
    };
    const before = await heap();
    const bytes = makePngThatClaims(side, side);
    assert.ok(bytes.length < 1_000);
    const ending = await open(page, { name: 'huge.png', bytes });
    assert.equal(ending.code, 'image-too-large');
    assert.ok((await heap()) - before < roomForMeasuring);
    await page
      .getByRole('alert')
      .getByText(/megapixels/)
      .waitFor();
    assert.equal((await open(page, 'test/fixtures/examples/demo_normal.png')).kind, 'done');
  } finally {
    await stage.close();
  }
});
