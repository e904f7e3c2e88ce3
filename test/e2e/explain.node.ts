/** A finding explained in detail, in the real worker, offline; Cancel; and what is saved of it. */

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Page } from 'playwright-core';
import type { ChesterApp } from '../../src/app/app-model.ts';
import type { Analysis } from '../../src/shared/analysis.ts';
import { Stage, waitForState } from '../faults/support.ts';
import { install, open } from './journey.ts';

const picture = 'test/fixtures/examples/demo_effusion.png';
let stage: Stage;
let page: Page;

before(async () => {
  stage = await Stage.open();
  page = await stage.page();
  await install(page);
  await stage.server.stop();
  const ending = await open(page, picture);
  assert.equal(ending.kind, 'done', ending.code);
});

after(() => stage.close());

type Element = HTMLElement & { app?: ChesterApp };

/** What the app holds of the explanations of the last item: `kind state`. */
function entries(): Promise<readonly string[]> {
  return page.evaluate(() => {
    const item = document.querySelector<Element>('chester-app')?.app?.state.queue.at(-1);
    return (item?.explanations ?? []).map(({ finding, kind, state }) => `${finding} ${kind} ${state.kind}`);
  });
}

async function waitForEntry(words: string): Promise<void> {
  const end = Date.now() + 60_000;
  while (!(await entries()).includes(words)) {
    assert.ok(Date.now() < end, `waited in vain for ${words}; there is ${(await entries()).join(', ')}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

function exported(maps: boolean): Promise<Analysis> {
  return page.evaluate((withMaps) => {
    const app = document.querySelector<Element>('chester-app')?.app;
    const json = app?.exportJson(app.state.queue.at(-1)?.id ?? '', { maps: withMaps })?.json;
    return JSON.parse(json ?? '{}') as Analysis;
  }, maps);
}

test('by its pixels, with the keyboard, the server gone', async () => {
  const row = page.getByRole('button', { name: /^Effusion/ });
  if ((await row.getAttribute('aria-pressed')) !== 'true') await row.click();
  await page.getByRole('button', { name: 'Explain in detail' }).focus();
  await page.keyboard.press('Enter');
  await waitForEntry('Effusion gradient done');
  await page.getByText('Which pixels would change the score').waitFor();
  await page.getByRole('img', { name: /with the pixels that count for Effusion/ }).waitFor();
});

test('by covering it: Cancel acts at once, and the worker goes on to serve', async () => {
  await page.getByRole('button', { name: 'Cover and compare' }).click();
  await waitForEntry('Effusion occlusion working');
  await page.getByRole('button', { name: 'Cancel', exact: true }).click();
  await page.getByRole('img', { name: /with the map of Effusion/ }).waitFor();
  assert.deepEqual(await entries(), ['Effusion gradient done']);
  await page.getByRole('button', { name: 'Cover and compare' }).click();
  await waitForEntry('Effusion occlusion done');
  await page.getByRole('img', { name: /with what covering it changes for Effusion/ }).waitFor();
});

test('is saved with the maps, and only with them', async () => {
  const { explanations = [] } = await exported(true);
  assert.deepEqual(
    explanations.map(({ finding, kind, map }) => [finding, kind, map.width, map.values.length]),
    [
      ['Effusion', 'gradient', 56, 56 * 56],
      ['Effusion', 'occlusion', 14, 14 * 14],
    ],
  );
  assert.equal((await exported(false)).explanations, undefined);
  const state = await waitForState(page, () => true, 'the app');
  assert.equal(state.queue.at(-1)?.kind, 'done');
});
