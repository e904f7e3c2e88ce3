/** FAULTS row 14: a private (ephemeral) context. It works, says that nothing is kept, and nothing is. (Stored cases wait for their feature.) */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chromium } from 'playwright-core';
import { install, open } from '../e2e/journey.ts';
import { chromiumArgs, chromiumPath } from '../support/browser.ts';
import { startFaultServer } from '../support/fault-server.ts';
import { appState, builtSite, waitForState } from './support.ts';

test('row 14: a private window reads X-rays, says that nothing is kept, and keeps nothing', async () => {
  const server = await startFaultServer({ root: builtSite });
  const browser = await chromium.launch({ executablePath: chromiumPath(), args: [...chromiumArgs] });
  try {
    const first = await browser.newContext();
    await first.addInitScript('globalThis.__name ??= (named) => named');
    const page = await first.newPage();
    await page.goto(server.url);
    await install(page);
    assert.equal((await appState(page))?.notice?.kind, 'not-persisted');
    await page.getByText('The browser may remove the model').waitFor();
    const ending = await open(page, 'test/fixtures/examples/demo_normal.png');
    assert.equal(ending.kind, 'done', ending.code);
    await page.getByText('Not kept: print or save').waitFor();
    await first.close();

    const second = await browser.newContext();
    await second.addInitScript('globalThis.__name ??= (named) => named');
    const again = await second.newPage();
    await again.goto(server.url);
    const state = await waitForState(
      again,
      ({ accepted }) => accepted !== undefined,
      'the app in a new private window',
    );
    assert.equal(state.accepted, false);
    assert.deepEqual(
      await again.evaluate(() => indexedDB.databases().then((all) => all.map(({ version }) => version))),
      [1],
    );
  } finally {
    await browser.close();
    await server.close();
  }
});

test('row 14: a window that refuses to store anything is told so in one sentence', async () => {
  const server = await startFaultServer({ root: builtSite });
  const browser = await chromium.launch({ executablePath: chromiumPath(), args: [...chromiumArgs] });
  try {
    const context = await browser.newContext();
    // As private windows of Firefox and of older Safaris do.
    await context.addInitScript(() => {
      IDBFactory.prototype.open = () => {
        throw new DOMException(
          'A mutation operation was attempted on a database that did not allow mutations.',
          'InvalidStateError',
        );
      };
    });
    const page = await context.newPage();
    await page.goto(server.url);
    await page.getByRole('heading', { name: 'This browser cannot run Chester' }).waitFor();
    await page
      .getByText(/private window/i)
      .first()
      .waitFor();
  } finally {
    await browser.close();
    await server.close();
  }
});
