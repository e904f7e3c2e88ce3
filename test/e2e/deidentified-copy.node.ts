/** Whom a file is of, and the copy without: in the installed app, its server stopped. */

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import type { Page } from 'playwright-core';
import { decodePicture } from '../../src/imaging/decode-picture.ts';
import { createNodeCodecs, readPictureFile } from '../../tools/read/node-codecs.ts';
import { Stage } from '../faults/support.ts';
import { chestDicom } from '../fixtures/dicom/chest.ts';
import { identifyingElements, secret } from '../fixtures/identified.ts';
import { assertNowhere, whatIsLeft } from '../support/deidentified.ts';
import { drawText } from '../support/draw-text.ts';
import { install, open } from './journey.ts';

let stage: Stage;
let page: Page;

before(async () => {
  stage = await Stage.open();
  await install(await stage.page());
  await stage.server.stop();
  page = await stage.page();
});
after(() => stage.close());

test('a name that is in the header and in the picture is shown, covered and not in the copy', async () => {
  const codecs = createNodeCodecs();
  const picture = await decodePicture(await readPictureFile('test/fixtures/examples/demo_effusion.png'), codecs);
  const { width, data } = picture;
  const place = { left: 12, top: 12, dot: 2, grey: 1 };
  data.fill(0.1, 0, 34 * width);
  drawText(data, width, 'DOE JANE 1961', place);
  const original = chestDicom(picture, { elements: identifyingElements });

  const { analysis } = await open(page, { name: 'doe.dcm', bytes: original });
  assert.ok(
    analysis?.gate.reasons.some(({ code }) => code === 'burned-in-text'),
    'the writing was seen',
  );
  assert.ok(!JSON.stringify(analysis).includes(secret), 'no name in the analysis');
  await page.getByText(`${secret} Patient`).waitFor();
  await page.getByRole('button', { name: 'Tools' }).click();
  await page.getByText('Black boxes: 1').click();

  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.getByRole('button', { name: 'De-identified DICOM copy' }).click();
  await page.getByText('Black boxes in the picture: 1.').waitFor();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Save the copy' }).click(),
  ]);
  assert.match(download.suggestedFilename(), /^deidentified-[\dT-]+\.dcm$/);
  const copy = Uint8Array.from(await readFile(await download.path()));
  assertNowhere(copy, secret);
  assert.deepEqual(whatIsLeft(copy, original), []);
  const seen = await decodePicture(copy, codecs);
  assert.equal(seen.source.dicom?.burnedInAnnotation, false);
  for (let x = place.left; x < place.left + 150; x += 1) {
    assert.ok(seen.data[(place.top + 7) * seen.width + x]! < 0.1, `${x} is not black`);
  }
});
