/** FAULTS row 33: a deflated DICOM that unfolds a thousandfold. Ended at the cap; the next picture works. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { install, open } from '../e2e/journey.ts';
import { makeDicom, syntaxes } from '../fixtures/make-dicom.ts';
import { Stage } from './support.ts';

const unfoldedBytes = 300e6;

test('row 33: a deflate bomb is ended at the cap', async () => {
  const bytes = makeDicom({
    ...{ width: 4, height: 4, bitsAllocated: 8, values: new Uint8Array(16), syntax: syntaxes.deflated },
    elements: [[0x0009_0010, 'OB', new Uint8Array(unfoldedBytes)]],
  });
  assert.ok(bytes.length < unfoldedBytes / 900, 'it is one');
  const stage = await Stage.open();
  try {
    const page = await stage.page();
    await install(page);
    assert.equal((await open(page, { name: 'bomb.dcm', bytes })).code, 'dicom-too-complex');
    await page
      .getByRole('alert')
      .getByText(/unfolds/)
      .waitFor();
    assert.equal((await open(page, 'test/fixtures/examples/demo_normal.png')).kind, 'done');
  } finally {
    await stage.close();
  }
});
