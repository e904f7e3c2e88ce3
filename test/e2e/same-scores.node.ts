/** The browser and the command line say the same of the same files. */

import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Page } from 'playwright-core';
import { dataFolder } from '../../tools/data-folder.ts';
import { Stage } from '../faults/support.ts';
import { readByCommandLine, worstDifference } from './command-line.ts';
import { goHome, install, openFiles, results } from './journey.ts';

/** PNG is decoded by the same code in both: the grey images are equal, what is left is the engine. */
const equalImages = 1e-3;
/** JPEG too, but allowed to differ by a rounding of the decoder. */
const sameFile = 0.005;
const realImages = 5;
const examples = 'test/fixtures/examples';

let stage: Stage;
let page: Page;
let folder: string;
let pictures: string[];

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'chester-jpeg-'));
  pictures = (await readdir(examples))
    .filter((name) => name.endsWith('.png'))
    .sort()
    .map((name) => join(examples, name));
  assert.equal(pictures.length, 4);
  stage = await Stage.open();
  page = await stage.page();
  await install(page);
});

after(async () => {
  await stage.close();
  await rm(folder, { recursive: true, force: true });
});

async function assertSame(files: readonly string[], tolerance: number): Promise<void> {
  const fromNode = await readByCommandLine(files);
  await goHome(page);
  const known = (await results(page)).length;
  await openFiles(page, files);
  const fromBrowser = (await results(page)).slice(known);
  assert.equal(fromBrowser.length, files.length);
  for (const { analysis } of fromBrowser) {
    const twin = fromNode.find(({ image }) => image.sha256 === analysis.image.sha256);
    assert.ok(twin !== undefined, analysis.image.name);
    const worst = worstDifference(analysis, twin);
    assert.ok(worst <= tolerance, `${analysis.image.name}: ${worst}`);
    assert.deepEqual(
      analysis.gate.reasons.map(({ code }) => code),
      twin.gate.reasons.map(({ code }) => code),
    );
    assert.deepEqual(analysis.versions, twin.versions);
  }
}

test('PNG: the four synthetic X-rays pass the gate and have the same scores', async () => {
  await assertSame(pictures, equalImages);
  for (const { analysis } of await results(page)) assert.equal(analysis.gate.verdict, 'pass', analysis.image.name);
});

/** The picture as Chromium's own encoder writes it: baseline, halved chroma. */
async function asJpeg(picture: string): Promise<string> {
  const content = [...(await readFile(picture))];
  const bytes = await page.evaluate(async (png) => {
    const bitmap = await createImageBitmap(new Blob([new Uint8Array(png)]));
    const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
    canvas.getContext('2d')?.drawImage(bitmap, 0, 0);
    const blob = await canvas.convertToBlob({ type: 'image/jpeg', quality: 0.9 });
    return [...new Uint8Array(await blob.arrayBuffer())];
  }, content);
  const path = join(folder, `${picture.replace(/^.*\//, '')}.jpg`);
  await writeFile(path, new Uint8Array(bytes));
  return path;
}

test('baseline JPEG: the same scores within 0.005', async () => {
  const jpegs: string[] = [];
  for (const picture of pictures) jpegs.push(await asJpeg(picture));
  await assertSame(jpegs, sameFile);
});

const data = dataFolder();

test('real X-rays: the same scores within 0.005', { skip: data === undefined && 'no data folder' }, async () => {
  const images = join(data ?? '', 'nih/images');
  const files = (await readdir(images)).sort().slice(-realImages);
  await assertSame(
    files.map((file) => join(images, file)),
    sameFile,
  );
});
