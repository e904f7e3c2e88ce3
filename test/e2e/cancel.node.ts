/** Cancel: at once, at any stage, and the next X-ray works. */

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Page } from 'playwright-core';
import type { ChesterApp, WorkStage } from '../../src/app/app-model.ts';
import { Stage, waitForState } from '../faults/support.ts';
import { goHome, install, open } from './journey.ts';

const picture = 'test/fixtures/examples/demo_cardiomegaly.png';
let stage: Stage;
let page: Page;

before(async () => {
  stage = await Stage.open();
  page = await stage.page();
  await install(page);
});

after(() => stage.close());

type Element = HTMLElement & { app?: ChesterApp };

/** Opens the example and cancels it when it reaches `stage`; false where that stage was over too soon to be seen. */
function cancelAt(stage: WorkStage): Promise<boolean> {
  return page.evaluate(
    (wanted) =>
      new Promise<boolean>((resolve) => {
        const app = document.querySelector<Element>('chester-app')?.app;
        if (app === undefined) throw new Error('the app is not there');
        const stop = app.subscribe(() => {
          const item = app.state.queue.at(-1);
          if (item?.state.kind === 'working' && item.state.stage === wanted) {
            stop();
            app.cancel(item.id);
            resolve(app.state.queue.at(-1)?.state.kind === 'cancelled');
          } else if (item !== undefined && item.state.kind !== 'working') {
            stop();
            resolve(false);
          }
        });
        app.openExample();
      }),
    stage,
  );
}

for (const at of ['reading', 'starting-engine', 'gate', 'findings'] as const) {
  test(`cancelled while “${at}”, and the next X-ray is read`, async () => {
    assert.equal(await cancelAt(at), true, 'it says "cancelled" at once');
    const ending = await open(page, picture);
    assert.equal(ending.kind, 'done', ending.code);
    const state = await waitForState(page, () => true, 'the app');
    assert.equal(state.queue.at(-2)?.kind, 'cancelled', 'the late answer was dropped');
    await goHome(page);
  });
}

test('the button Cancel, then Start again', async () => {
  const input = page.locator('input[type=file][multiple]').first();
  await input.setInputFiles(Array.from({ length: 6 }, () => picture));
  await page.getByRole('button', { name: 'Cancel all' }).click();
  await waitForState(page, ({ queue }) => queue.every(({ kind }) => kind !== 'working'), 'all to stop');
  const state = await waitForState(page, () => true, 'the app');
  assert.ok(state.queue.slice(-6).some(({ kind }) => kind === 'cancelled'));
  await page.getByRole('button', { name: 'Start again' }).first().click();
  const index = state.queue.length - 1;
  await waitForState(page, ({ queue }) => queue[index]?.kind === 'done', 'the last one to be read after all');
});
