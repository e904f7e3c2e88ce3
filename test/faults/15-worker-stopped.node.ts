/** FAULTS row 15: the service worker is stopped or unregistered. The next load recovers. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  acceptNotice,
  act,
  askWorker,
  installApp,
  offeredPack,
  findingsRecord,
  Stage,
  waitUntil,
  waitUntilReady,
} from './support.ts';

test('row 15: stopped in the middle of a download, the next load resumes it', async () => {
  const stage = await Stage.open();
  try {
    const pack = await offeredPack();
    const shard = `models/${pack.id}/${pack.weights.shards.at(-1)}`;
    stage.server.fault(shard, { bytesPerSecond: 20_000 });
    const page = await stage.page();
    await acceptNotice(page);
    await act(page, 'startDownload');
    await waitUntil(() => stage.server.count(shard) > 0, 'the last shard to begin');
    const session = await stage.session(page);
    await session.send('ServiceWorker.enable');
    await session.send('ServiceWorker.stopAllWorkers');
    stage.server.clearFaults();
    stage.server.resetCounts();
    await page.reload();
    await waitUntilReady(page);
    assert.equal(stage.server.count(`models/${pack.id}/${pack.weights.shards[0]}`), 0);
  } finally {
    await stage.close();
  }
});

test('row 15: stopped or unregistered after the install, nothing is lost', async () => {
  const stage = await Stage.open();
  try {
    const page = await stage.page();
    await installApp(page);
    const before = await findingsRecord(page);
    const session = await stage.session(page);
    await session.send('ServiceWorker.enable');

    await session.send('ServiceWorker.stopAllWorkers');
    assert.equal((await askWorker(page, { type: 'get-shell-state' })).complete, true);
    await session.send('ServiceWorker.stopAllWorkers');
    await stage.server.stop();
    await page.reload();
    await waitUntilReady(page);

    await stage.server.restart();
    await session.send('ServiceWorker.unregister', { scopeURL: stage.server.url });
    await page.reload();
    await waitUntilReady(page);
    const after = await findingsRecord(page);
    assert.equal(after?.state, 'installed');
    assert.equal(after.manifestSha256, before?.manifestSha256);
    assert.equal((await askWorker(page, { type: 'get-shell-state' })).complete, true);
    await stage.server.stop();
    await page.reload();
    await waitUntilReady(page);
  } finally {
    await stage.close();
  }
});
