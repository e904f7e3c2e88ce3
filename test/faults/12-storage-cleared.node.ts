/** FAULTS row 12: the site's storage is cleared while the app runs. No crash; it offers the download again. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { acceptNotice, act, installApp, findingsRecord, Stage, waitForState, waitUntilReady } from './support.ts';

test('row 12: cleared under the running app, it offers the download again and recovers', async () => {
  const stage = await Stage.open();
  try {
    const page = await stage.page();
    const crashes: string[] = [];
    page.on('crash', () => crashes.push('crash'));
    page.on('pageerror', (error) => crashes.push(error.message));
    await installApp(page);
    await page.reload(); // No network is loaded now: the next reading has to go to storage.
    await waitUntilReady(page);
    const session = await stage.session(page);
    await session.send('Storage.clearDataForOrigin', { origin: stage.server.origin, storageTypes: 'all' });

    // Either the page noticed (its service worker is gone too) and began anew, or its next reading ends with a reason.
    await act(page, 'openExample').catch(() => undefined);
    const state = await waitForState(
      page,
      ({ accepted, queue }) => accepted === false || queue[0]?.kind === 'failed' || queue[0]?.kind === 'done',
      'the app to notice',
    );
    const failure = state.queue[0]?.error;
    if (failure !== undefined) {
      assert.match(failure.code, /^(pack-missing|pack-damaged|storage-failed|storage-unavailable)$/);
      await waitForState(page, ({ offline }) => offline.kind !== 'ready', 'the app not to say ready any more');
    }
    assert.deepEqual(crashes, []);

    await page.reload();
    await acceptNotice(page);
    const asked = await waitForState(page, ({ offline }) => offline.kind !== 'checking', 'the app to look');
    assert.equal(asked.offline.kind, 'needs-download');
    await act(page, 'startDownload');
    await waitUntilReady(page);
    assert.equal((await findingsRecord(page))?.state, 'installed');
    assert.deepEqual(crashes, []);
  } finally {
    await stage.close();
  }
});
