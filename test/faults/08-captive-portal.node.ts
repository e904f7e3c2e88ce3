/** FAULTS row 8: everything answers 200 with a login page. Refused by type and hash. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  acceptNotice,
  act,
  appState,
  askWorker,
  downloadToItsEnd,
  lookForUpdate,
  packRecords,
  Stage,
  waitForWorker,
  waitUntil,
  waitUntilReady,
} from './support.ts';

test('row 8: a captive portal is neither stored nor run, before and after the install', async () => {
  const stage = await Stage.open();
  try {
    const page = await stage.page();
    await acceptNotice(page);
    await waitForWorker(page);
    stage.server.captivePortal(true);
    const offline = await downloadToItsEnd(page);
    assert.ok(offline.kind === 'paused' || offline.kind === 'failed');
    assert.equal(offline.error?.code, 'download-not-the-file');
    for (const record of await packRecords(page)) assert.equal(record.receivedBytes, 0);

    stage.server.captivePortal(false);
    await act(page, 'startDownload');
    await waitUntilReady(page);

    stage.server.captivePortal(true);
    assert.equal(await lookForUpdate(page), false);
    await page.reload();
    await waitUntilReady(page);
    assert.deepEqual(await askWorker(page, { type: 'get-shell-state' }), { complete: true, missing: [] });
    assert.equal((await appState(page))?.update.kind, 'none');
    assert.doesNotMatch(await page.innerText('body'), /Free Wi-Fi/);
  } finally {
    await stage.close();
  }
});

test('row 8: a first visit behind a portal leaves nothing that outlives it', async () => {
  const stage = await Stage.open();
  try {
    // The page came, then the network fell behind the portal: the rest of the shell is not what its hashes say.
    const loginPage = { body: '<!doctype html><h1>Free Wi-Fi</h1>', contentType: 'text/html' };
    stage.server.fault(/^(icons|examples)\/|\.wasm$/, loginPage);
    const page = await stage.page();
    await waitUntil(() => stage.server.count('sw.js') > 0, 'the app to register');
    const registrations = () => page.evaluate(async () => (await navigator.serviceWorker.getRegistrations()).length);
    await waitUntil(async () => (await registrations()) === 0, 'the install to fail');
    stage.server.clearFaults();
    const later = await stage.page();
    await waitForWorker(later);
    assert.deepEqual(await askWorker(later, { type: 'get-shell-state' }), { complete: true, missing: [] });
  } finally {
    await stage.close();
  }
});
