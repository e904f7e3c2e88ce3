/** DICOM in the installed app, its server and its browser stopped: every codec, under the app's own policy. */

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Page } from 'playwright-core';
import { decodePicture } from '../../src/imaging/decode-picture.ts';
import type { GrayImage } from '../../src/shared/analysis.ts';
import { createNodeCodecs, readPictureFile } from '../../tools/read/node-codecs.ts';
import { Stage, waitForState } from '../faults/support.ts';
import { chestDicom } from '../fixtures/dicom/chest.ts';
import { compressedFiles } from '../fixtures/dicom/pictures.ts';
import { endings, install, open, type Ending } from './journey.ts';

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

async function lastEnding(count: number): Promise<Ending> {
  await waitForState(
    page,
    ({ queue }) => queue.length === count && queue[count - 1]?.kind !== 'working',
    'the other picture to end',
  );
  const ending = (await endings(page)).at(-1);
  assert.ok(ending?.analysis !== undefined, ending?.code);
  return ending;
}

function assertSameScores(found: Ending, expected: Ending): void {
  for (const { id, score } of found.analysis?.findings ?? []) {
    const other = expected.analysis?.findings.find((finding) => finding.id === id)?.score ?? NaN;
    assert.ok(Math.abs(score - other) <= scoreTolerance, `${id}: ${score} and ${other}`);
  }
}

test('the second frame is looked at, analysed when asked, and recorded', async () => {
  const asPng = await open(page, example);
  const blank = new Float32Array(picture.data.length).map((_, index) => (index % 7) / 7);
  const both = { ...picture, data: new Float32Array([...blank, ...picture.data]) };
  const first = await open(page, { name: 'series.dcm', bytes: chestDicom(both, { frames: 2 }) });
  assert.deepEqual([first.analysis?.image.source.dicom?.frame, first.analysis?.gate.verdict], [1, 'refuse']);
  const { length } = await endings(page);
  await page.getByRole('button', { name: 'Next' }).click();
  await page.getByText('The model read picture 1: scores and maps are not of this one.').waitFor();
  assert.equal((await endings(page)).length, length, 'nothing is analysed by looking');
  await page.getByRole('button', { name: 'Analyse this picture' }).click();
  const second = await lastEnding(length + 1);
  assert.equal(second.analysis?.image.source.dicom?.frame, 2);
  assertSameScores(second, asPng);
  await page.getByText('The model read picture 2 of 2 in this file.').waitFor();
});

test('an inverted X-ray is read right when it is analysed inverted, and says so', async () => {
  const asPng = await open(page, example);
  const inverted = { ...picture, data: picture.data.map((value) => 1 - value) };
  const stored = await open(page, { name: 'inverted.dcm', bytes: chestDicom(inverted) });
  assert.equal(stored.analysis?.image.source.inverted, undefined);
  const { length } = await endings(page);
  await page.getByRole('button', { name: 'Tools' }).click();
  await page.getByRole('button', { name: 'Invert' }).click();
  await page.getByRole('button', { name: 'Analyse inverted' }).click();
  const swapped = await lastEnding(length + 1);
  assert.equal(swapped.analysis?.image.source.inverted, true);
  assertSameScores(swapped, asPng);
  await page.getByText('Read inverted: black and white were swapped').waitFor();
});

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
