/** FAULTS row 44: Back, reload, double tap and rotation during an analysis. No X-ray is lost, none is there twice. */

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Page } from 'playwright-core';
import { endings, give, goHome, install } from '../e2e/journey.ts';
import { makePng } from '../fixtures/make-pictures.ts';
import { Stage, waitForState } from './support.ts';

const picture = 'test/fixtures/examples/demo_normal.png';
/** 49 megapixels: still being read when the person has gone, also where the person is slower than the device. */
const largePicture = { name: 'large.png', bytes: makePng({ width: 7000, height: 7000 }) };
let stage: Stage;
let page: Page;
const dialogs: string[] = [];

before(async () => {
  stage = await Stage.open();
  page = await stage.page();
  page.on('dialog', (dialog) => {
    dialogs.push(dialog.type());
    void dialog.dismiss();
  });
  await install(page);
});

after(() => stage.close());

async function allDone(count: number): Promise<void> {
  await waitForState(page, ({ queue }) => queue.every(({ kind }) => kind !== 'working'), 'everything to end');
  const ended = await endings(page);
  assert.deepEqual(
    ended.map(({ kind }) => kind),
    Array.from({ length: count }, () => 'done'),
  );
  assert.equal(new Set(ended.map(({ id }) => id)).size, count);
}

test('row 44: Back during an analysis leaves it running', async () => {
  await give(page, [largePicture]);
  // Back before the app has gone to the X-ray leaves the app.
  await page.waitForFunction(() => location.hash.startsWith('#/result/'));
  await page.goBack();
  await page.getByRole('button', { name: 'Open X-ray' }).first().waitFor();
  await allDone(1);
});

test('row 44: forth and back again, fast', async () => {
  await goHome(page);
  await give(page, [picture]);
  for (let step = 0; step < 3; step += 1) {
    await page.evaluate(() => history.back());
    await page.evaluate(() => history.forward());
  }
  await allDone(2);
});

test('row 44: a double tap on the example opens it once', async () => {
  const stay = page.getByRole('button', { name: 'Stay and keep it' });
  if (await stay.isVisible()) await page.getByRole('button', { name: 'Leave without keeping' }).click();
  await goHome(page);
  // Both clicks of the double tap may hit the button before the screen changes.
  await page
    .getByRole('button', { name: 'Try the example' })
    .dblclick({ force: true })
    .catch(() => undefined);
  await waitForState(page, ({ queue }) => queue.length >= 3, 'the example to be there');
  const { queue } = await waitForState(page, () => true, 'the app');
  assert.equal(queue.length, 3, 'a double tap opens it once');
  await allDone(3);
});

test('row 44: rotation during an analysis', async () => {
  await goHome(page);
  await give(page, [picture]);
  for (const [width, height] of [
    [915, 412],
    [412, 915],
    [360, 640],
    [412, 915],
  ] as const) {
    await page.setViewportSize({ width, height });
  }
  await allDone(4);
});

test('row 44: a reload during an analysis asks, and staying loses nothing', async () => {
  await goHome(page);
  await give(page, [largePicture, largePicture, largePicture]);
  await waitForState(page, ({ queue }) => queue.some(({ kind }) => kind === 'working'), 'an analysis to run');
  // Going back past the first screen, as the second test may, asks too.
  dialogs.length = 0;
  // A tap of the person: without one a page may not ask.
  await page.getByRole('heading').first().click();
  await page.reload({ timeout: 3_000 }).catch(() => undefined);
  assert.deepEqual(dialogs, ['beforeunload']);
  await allDone(7);
});
