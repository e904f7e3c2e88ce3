/** FAULTS row 26: no threads (a host without COOP and COEP), no SIMD. The same outputs within 1e-3. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readByCommandLine, worstDifference } from '../e2e/command-line.ts';
import { goHome, install, open } from '../e2e/journey.ts';
import type { EngineMode } from '../../src/shared/messages.ts';
import { Stage, waitForState } from './support.ts';
import type { Page } from 'playwright-core';

const picture = 'test/fixtures/examples/demo_cardiomegaly.png';
const tolerance = 1e-3;

test('row 26: a plain static host: one thread on the first visit, isolated from the second start on', async () => {
  const stage = await Stage.open({ headers: false });
  try {
    const [expected] = await readByCommandLine([picture]);
    const page = await stage.page();
    await install(page);
    assert.equal(await page.evaluate(() => crossOriginIsolated), false);
    const first = await open(page, picture);
    assert.equal(first.kind, 'done', first.code);
    assert.notEqual(first.engine, 'threads');
    assert.ok(worstDifference(first.analysis, expected) <= tolerance);

    await goHome(page);
    page.on('dialog', (dialog) => void dialog.accept());
    await page.reload();
    await waitForState(page, ({ offline }) => offline.kind === 'ready', 'the second start');
    assert.equal(await page.evaluate(() => crossOriginIsolated), true, 'the service worker adds the headers');
    const second = await open(page, picture);
    assert.equal(second.kind, 'done', second.code);
    assert.ok(worstDifference(second.analysis, expected) <= tolerance);
  } finally {
    await stage.close();
  }
});

/** Makes the app remember `mode` as the one that was measured fastest here; false where nothing was measured yet. */
function remember(page: Page, mode: EngineMode): Promise<boolean> {
  return page.evaluate(
    (wanted) =>
      new Promise<boolean>((resolve) => {
        const opening = indexedDB.open('chester');
        opening.onsuccess = () => {
          const transaction = opening.result.transaction('settings', 'readwrite');
          const store = transaction.objectStore('settings');
          const reading = store.get('threadChoice') as IDBRequest<object | undefined>;
          reading.onsuccess = () => {
            if (reading.result !== undefined) store.put({ ...reading.result, mode: wanted }, 'threadChoice');
          };
          transaction.oncomplete = () => {
            opening.result.close();
            resolve(reading.result !== undefined);
          };
        };
      }),
    mode,
  );
}

test('row 26: threads, SIMD, plain WebAssembly and plain JavaScript say the same', async () => {
  const stage = await Stage.open();
  try {
    const [expected] = await readByCommandLine([picture]);
    const page = await stage.page();
    page.on('dialog', (dialog) => void dialog.accept());
    await install(page);
    const ran: (string | undefined)[] = [];
    for (const mode of ['simd', 'wasm', 'js', 'threads'] as const) {
      await page.goto(`${stage.server.url}#/`);
      assert.equal(await remember(page, mode), true);
      await page.reload();
      await waitForState(page, ({ offline }) => offline.kind === 'ready', 'the app after a reload');
      const ending = await open(page, picture);
      assert.equal(ending.kind, 'done', `${mode}: ${ending.code}`);
      ran.push(ending.engine);
      assert.ok(worstDifference(ending.analysis, expected) <= tolerance, mode);
    }
    assert.deepEqual(ran, ['simd', 'wasm', 'js', 'threads']);
  } finally {
    await stage.close();
  }
});
