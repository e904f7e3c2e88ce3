/** FAULTS row 7: a stored shard loses a bit. Found when it is loaded; heals itself online, explains itself offline. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { act, damageStoredFile, installApp, offeredPack, Stage, storedHashes, waitForState } from './support.ts';

test('row 7: rot at rest is found at load, explained offline and mended online', async () => {
  const stage = await Stage.open();
  try {
    const pack = await offeredPack();
    const shard = pack.weights.shards[0] ?? '';
    await installApp(await stage.page());
    await stage.server.stop();
    await stage.relaunch();

    const inspector = await stage.page('licences.json');
    await damageStoredFile(inspector, pack.id, pack.version, shard);
    const page = await stage.page();
    await waitForState(page, ({ offline }) => offline.kind !== 'checking', 'the app to look at its storage');
    await act(page, 'openExample');
    const offline = await waitForState(page, ({ queue }) => queue[0]?.kind === 'failed', 'the example to fail');
    // Damaged, or, where the idle page had found it before, missing until it is mended: both say to connect once.
    assert.match(offline.queue[0]?.error?.code ?? '', /^pack-(damaged|missing)$/);
    await waitForState(page, (state) => state.offline.kind !== 'ready', 'the app not to say ready any more');

    await stage.server.restart();
    await page.reload();
    await waitForState(page, ({ accepted }) => accepted === true, 'the app to start');
    await act(page, 'openExample');
    const online = await waitForState(
      page,
      ({ queue, offline: status }) => queue[0]?.kind === 'done' && status.kind === 'ready',
      'the example to be read with a mended pack',
    );
    assert.equal(online.queue[0]?.error, undefined);
    const hashes = await storedHashes(page, pack.id, pack.version);
    assert.equal(hashes[shard], pack.files.find((file) => file.path === shard)?.sha256);
  } finally {
    await stage.close();
  }
});
