/** FAULTS row 1: the server is down at the first visit. A browser's error only; nothing is claimed. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { acceptNotice, appState, Stage } from './support.ts';

test('row 1: offline first visit claims nothing, and leaves nothing behind', async () => {
  const stage = await Stage.open();
  try {
    await stage.server.stop();
    await assert.rejects(stage.page(), /ERR_CONNECTION_REFUSED/);
    const [page] = stage.context.pages();
    assert.ok(page);
    await page.waitForURL('chrome-error://chromewebdata/');
    assert.equal(await page.locator('chester-app').count(), 0);

    // Half a first visit is no visit either: the page without its script says what it needs.
    await stage.server.restart();
    stage.server.fault(/^assets\/main-/, { drop: true });
    const half = await stage.page();
    assert.equal(await appState(half), undefined);
    assert.doesNotMatch(await half.innerText('body'), /ready to work offline/i);
    await half.close();

    stage.server.clearFaults();
    const whole = await stage.page();
    await acceptNotice(whole);
    const state = await appState(whole);
    assert.equal(state?.offline.kind, 'needs-download');
    assert.doesNotMatch(await whole.innerText('body'), /ready to work offline/i);
  } finally {
    await stage.close();
  }
});
