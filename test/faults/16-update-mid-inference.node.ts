/** FAULTS row 16: a new version is published while X-rays are being read. They finish on the old one; it is offered afterwards. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { endings, give, install } from '../e2e/journey.ts';
import { act, appState, buildNextVersion, lookForUpdate, Stage, waitForState, waitUntil } from './support.ts';

const pictures = 12;

test('row 16: what runs finishes on its version, the update is offered afterwards', async () => {
  const next = await buildNextVersion('999.0.0');
  const stage = await Stage.open();
  try {
    const page = await stage.page();
    let loads = 0;
    await install(page);
    page.on('load', () => (loads += 1));
    const old = (await appState(page))?.version;
    stage.server.publish(next.root);
    // Whether it was ever offered, or applied, while something ran.
    await page.evaluate(() => {
      const app = document.querySelector<
        HTMLElement & {
          app?: {
            state: { update: { kind: string; busy?: boolean }; queue: { state: { kind: string } }[] };
            subscribe(listener: () => void): void;
          };
        }
      >('chester-app')?.app;
      app?.subscribe(() => {
        const runs = app.state.queue.some(({ state }) => state.kind === 'working');
        const { update } = app.state;
        if (runs && update.kind === 'waiting' && update.busy) document.documentElement.dataset['waited'] = 'yes';
      });
    });
    const more = (): Promise<void> =>
      give(
        page,
        Array.from({ length: pictures }, () => 'test/fixtures/examples/demo_normal.png'),
      );
    await more();
    assert.equal(await lookForUpdate(page), true);
    // However fast it reads: something is always left to be read when the new version comes.
    await waitUntil(async () => {
      const state = await appState(page);
      const left = state?.queue.filter(({ kind }) => kind === 'working').length ?? 0;
      if (left < pictures) await more();
      return state?.update.kind === 'waiting';
    }, 'the new version to wait');
    assert.ok(
      (await endings(page)).some(({ kind }) => kind === 'working'),
      'X-rays were still being read',
    );
    await act(page, 'applyUpdate');
    assert.equal((await appState(page))?.update.kind, 'waiting', 'it is not applied while they are');
    assert.equal(await page.getByRole('button', { name: 'Update now' }).count(), 0);

    await waitForState(page, ({ queue }) => queue.every(({ kind }) => kind !== 'working'), 'all to be read');
    for (const { kind, code, analysis } of await endings(page)) {
      assert.equal(kind, 'done', code);
      assert.equal(analysis?.versions.app, old);
    }
    assert.equal(loads, 0);
    assert.equal(await page.evaluate(() => document.documentElement.dataset['waited']), 'yes');
    await page.getByRole('button', { name: 'Update now' }).waitFor();
  } finally {
    await stage.close();
    await next.remove();
  }
});
