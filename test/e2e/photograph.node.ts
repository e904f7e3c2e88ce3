/** A photograph taken with the camera: a person sees where its film was found, puts it right by keyboard, and reads it. */

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Page } from 'playwright-core';
import { Stage, waitForState } from '../faults/support.ts';
import { cornerDistance } from '../../src/imaging/photo/quad-candidates.ts';
import { filmCorners } from '../fixtures/photographs/known-corners.ts';
import { endings, install, openFiles } from './journey.ts';

let stage: Stage;
let page: Page;

before(async () => {
  stage = await Stage.open();
  page = await stage.page();
  page.on('dialog', (dialog) => void dialog.accept());
  await install(page);
});

after(() => stage.close());

test('a photograph from the camera goes by its corners, offline', async () => {
  await stage.server.stop();
  await page.locator('input.photo').setInputFiles('test/fixtures/photographs/film.jpg');
  await waitForState(page, ({ queue }) => queue[0]?.kind === 'corners', 'the corners to be found');

  const corner = page.getByRole('button', { name: /^Bottom left corner/u });
  await corner.focus();
  const before = await corner.getAttribute('aria-label');
  for (let presses = 0; presses < 10; presses += 1) await page.keyboard.press('ArrowDown');
  assert.notEqual(await corner.getAttribute('aria-label'), before);
  for (let presses = 0; presses < 10; presses += 1) await page.getByRole('button', { name: 'Undo' }).click();
  assert.equal(await corner.getAttribute('aria-label'), before);

  await page.getByRole('button', { name: 'Read this X-ray' }).click();
  await waitForState(page, ({ queue }) => queue[0]?.kind === 'done', 'the photograph to be read');
  await page.getByText('From a photograph: less reliable.').first().waitFor();
  const [ending] = await endings(page);
  const source = ending?.analysis?.image.source;
  assert.equal(source?.kind, 'photo');
  assert.equal(source.photo?.placedBy, 'app');
  assert.ok(cornerDistance(source.photo.corners, filmCorners) / Math.hypot(1600, 900) < 0.02);

  await page.getByRole('button', { name: 'Place the corners anew' }).click();
  await waitForState(page, ({ queue }) => queue[0]?.kind === 'corners', 'the corners once more');
  await page.getByRole('button', { name: 'It is no photo' }).click();
  await waitForState(page, ({ queue }) => queue[0]?.kind === 'done', 'the picture to be read as it is');
  assert.equal((await endings(page))[0]?.analysis?.image.source.kind, 'raster');
});

test('a photograph from the gallery is recognised', async () => {
  await page.getByRole('link', { name: 'Back' }).click();
  await page.getByRole('button', { name: 'Leave without keeping' }).click();
  await openFiles(page, ['test/fixtures/photographs/film.jpg']);
  assert.equal((await endings(page)).at(-1)?.kind, 'corners');
  await page.getByText('This seems to be a photo of a film or a monitor.').waitFor();
  await page.getByRole('button', { name: 'Read this X-ray' }).click();
  await waitForState(page, ({ queue }) => queue.at(-1)?.kind === 'done', 'the photograph to be read');
  assert.equal((await endings(page)).at(-1)?.analysis?.image.source.kind, 'photo');
});
