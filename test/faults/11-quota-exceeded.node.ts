/** FAULTS row 11: the quota is exceeded, at each write in turn. Asks to free space; what was there is untouched. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  acceptNotice,
  act,
  downloadToItsEnd,
  offeredPack,
  findingsRecord,
  Stage,
  storedHashes,
  waitForState,
  waitForWorker,
  waitUntilReady,
} from './support.ts';

/** Room for so many bytes more each time: a little over one shard, so that each time another write fails. */
const roomBytes = 600_000;

test('row 11: wherever the room ends, the app says so and goes on when there is room', async () => {
  const stage = await Stage.open();
  try {
    const visit = await stage.page();
    await acceptNotice(visit);
    await waitForWorker(visit);

    // Chromium's IndexedDB asks for the room that is left once and remembers it: the quota has to be there first.
    await stage.relaunch();
    const [blank] = stage.context.pages();
    assert.ok(blank);
    const session = await stage.session(blank);
    const { origin } = stage.server;
    const leaveRoom = async (): Promise<void> => {
      const { usage } = await session.send('Storage.getUsageAndQuota', { origin });
      await session.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: usage + roomBytes });
    };
    await leaveRoom();
    const page = await stage.context.newPage();
    await page.goto(stage.server.url);
    await waitForState(page, ({ offline }) => offline.kind === 'needs-download', 'the app to look');

    const pack = await offeredPack();
    const total = pack.files.reduce((sum, file) => sum + file.bytes, 0);
    let stored: string[] = [];
    let failures = 0;
    for (let written = 0; written < total; written += roomBytes) {
      await leaveRoom();
      const offline = await downloadToItsEnd(page);
      if (offline.kind === 'ready') break;
      assert.ok(offline.kind === 'paused' || offline.kind === 'failed', offline.kind);
      assert.equal(offline.error?.code, 'storage-full');
      failures += 1;
      // Nothing that was there before was lost, and the acceptance is still known.
      const now = Object.keys(await storedHashes(page, pack.id, pack.version).catch(() => ({})));
      for (const path of stored) assert.ok(now.includes(path), path);
      stored = now;
    }
    assert.ok(failures > 0, 'the quota was never exceeded');

    await session.send('Storage.overrideQuotaForOrigin', { origin });
    await page.reload();
    const remembered = await waitForState(page, ({ accepted }) => accepted !== undefined, 'the app to start');
    assert.equal(remembered.accepted, true);
    await act(page, 'startDownload');
    await waitUntilReady(page);
    assert.equal((await findingsRecord(page))?.state, 'installed');
  } finally {
    await stage.close();
  }
});
