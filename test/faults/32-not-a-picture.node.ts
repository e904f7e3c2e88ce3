/** FAULTS row 32: no bytes, a folder, a program called .png, an SVG with a script, an HTML polyglot. Refused by content; nothing of them runs. */

import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Page } from 'playwright-core';
import { install, open, openByCdp } from '../e2e/journey.ts';
import { concatenate, latin1, makeHtml, makePng, makeProgram, makeSvg, type Bytes } from '../fixtures/make-pictures.ts';
import { Stage } from './support.ts';

let stage: Stage;
let page: Page;

before(async () => {
  stage = await Stage.open();
  page = await stage.page();
  await page.evaluate(() => {
    document.addEventListener('securitypolicyviolation', () => {
      document.documentElement.dataset['violations'] = 'some';
    });
  });
  await install(page);
});

after(() => stage.close());

/** A GIF by its first bytes, a script by the rest: what a server that guesses types would serve as JavaScript. */
function makePolyglot(): Bytes {
  return latin1('GIF89a/*<html>*/=1;window.polyglotRan=true;//<script>window.polyglotRan=true</script>');
}

const hostile: Readonly<Record<string, readonly [name: string, bytes: () => Bytes, codes: readonly string[]]>> = {
  'no bytes': ['empty.png', () => new Uint8Array(0), ['file-empty']],
  'a program called .png': ['setup.png', makeProgram, ['format-unknown', 'format-unsupported']],
  'an SVG with a script': ['drawing.png', makeSvg, ['format-is-svg']],
  'an SVG with a script, by its own name': ['drawing.svg', makeSvg, ['format-is-svg']],
  'a web page': ['page.png', makeHtml, ['format-is-text', 'format-unknown', 'format-unsupported']],
  'a GIF that is a script': ['both.gif', makePolyglot, ['image-corrupt', 'image-truncated', 'image-too-large']],
};

for (const [what, [name, bytes, codes]] of Object.entries(hostile)) {
  test(`row 32: ${what}`, async () => {
    const ending = await open(page, { name, bytes: bytes() });
    assert.ok(codes.includes(ending.code ?? ''), ending.code ?? ending.kind);
  });
}

test('row 32: a folder', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'chester-folder-'));
  assert.equal((await openByCdp(stage, page, folder)).code, 'file-is-folder');
  await rm(folder, { recursive: true });
});

test('row 32: a PNG with a web page behind it is only a PNG', async () => {
  const bytes = concatenate(makePng({ width: 224, height: 224 }), makeHtml());
  const ending = await open(page, { name: '"><img src=x onerror=window.nameRan=true>.png', bytes });
  assert.equal(ending.kind, 'done', ending.code);
});

test('row 32: nothing of all that ran, or was even tried', async () => {
  const ran = await page.evaluate(() =>
    Object.keys(window)
      .filter((name) => /Ran$/.test(name))
      .concat(document.documentElement.dataset['violations'] ?? []),
  );
  assert.deepEqual(ran, []);
});
