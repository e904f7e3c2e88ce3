/** DICOM in the installed app, its server and its browser stopped: every codec, under the app's own policy. */

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Page } from 'playwright-core';
import { decodePicture } from '../../src/imaging/decode-picture.ts';
import type { GrayImage } from '../../src/shared/analysis.ts';
import { createNodeCodecs, readPictureFile } from '../../tools/read/node-codecs.ts';
import { Stage } from '../faults/support.ts';
import { chestDicom } from '../fixtures/dicom/chest.ts';
import { compressedFiles } from '../fixtures/dicom/pictures.ts';
import { install, open } from './journey.ts';

const example = 'test/fixtures/examples/demo_effusion.png';
const fixtures = 'test/fixtures/dicom';
/** A 12-bit copy of an 8-bit picture rounds to 1/8,190. */
const scoreTolerance = 1e-3;

let stage: Stage;
let page: Page;
let picture: GrayImage;

before(async () => {
  picture = await decodePicture(await readPictureFile(example), createNodeCodecs());
  stage = await Stage.open();
  await install(await stage.page());
  await stage.server.stop();
  await stage.relaunch();
  page = await stage.page();
  await page.getByRole('button', { name: 'Open X-ray' }).first().waitFor();
  await page.evaluate(() => {
    const violations: string[] = [];
    document.addEventListener('securitypolicyviolation', ({ violatedDirective }) => violations.push(violatedDirective));
    Object.assign(window, { violations });
  });
});

after(() => stage.close());

test('an X-ray has the same scores as DICOM and as PNG', async () => {
  const asPng = (await open(page, example)).analysis;
  for (const photometric of ['MONOCHROME2', 'MONOCHROME1']) {
    // No extension: the content decides.
    const bytes = chestDicom(picture, { photometric });
    const { analysis, code } = await open(page, { name: 'IM000001', bytes, type: '' });
    assert.ok(analysis !== undefined && asPng !== undefined, code);
    assert.equal(analysis.image.source.kind, 'dicom');
    assert.equal(analysis.image.source.dicom?.photometric, photometric);
    assert.deepEqual(analysis.gate, asPng.gate);
    for (const { id, score } of analysis.findings) {
      const other = asPng.findings.find((finding) => finding.id === id)?.score ?? NaN;
      assert.ok(Math.abs(score - other) <= scoreTolerance, `${id}: ${score} and ${other}`);
    }
  }
});

for (const { name, syntax } of compressedFiles) {
  test(`${name} is read offline`, async () => {
    const { analysis, code } = await open(page, join(fixtures, `${name}.dcm`));
    assert.equal(analysis?.image.source.dicom?.transferSyntax, syntax, code);
  });
}

test('a header that names another modality refuses, and says so', async () => {
  const bytes = chestDicom(picture, { elements: [[0x0008_0060, 'CS', 'CT']] });
  const { analysis } = await open(page, { name: 'slice.dcm', bytes });
  assert.equal(analysis?.gate.verdict, 'refuse');
  assert.ok(analysis.gate.reasons.some(({ code }) => code === 'header-modality'));
  await page.getByText('The file says that it is not a plain X-ray.').first().waitFor();
});

test('a file without a picture ends in a sentence', async () => {
  const { code } = await open(page, { name: 'report.dcm', bytes: chestDicom(picture, { without: [0x7fe0_0010] }) });
  assert.equal(code, 'dicom-no-image');
  await page.getByText('This DICOM file holds no picture').first().waitFor();
});

test('scripts in tags and file names stay text, and nothing broke the policy', async () => {
  const script = '<img src=x onerror="window.ran=true">';
  const bytes = chestDicom(picture, {
    elements: [
      [0x0008_0060, 'CS', script],
      [0x0008_1030, 'LO', script],
      [0x0010_0010, 'PN', `\u202e${script}`],
      [0x0018_0015, 'CS', script],
      [0x0018_5101, 'CS', script],
    ],
  });
  const { analysis } = await open(page, { name: `${script}\u202egnp.dcm`, bytes });
  assert.ok(analysis !== undefined);
  const seen = await page.evaluate(() => {
    const images = (root: ParentNode): number =>
      [...root.querySelectorAll('*')].reduce(
        (sum, element) =>
          sum + (element.matches('img[src=x]') ? 1 : 0) + (element.shadowRoot ? images(element.shadowRoot) : 0),
        0,
      );
    return {
      ran: 'ran' in window,
      images: images(document),
      violations: (window as { violations?: string[] }).violations,
    };
  });
  assert.deepEqual(seen, { ran: false, images: 0, violations: [] });
});
