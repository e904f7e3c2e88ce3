/** FAULTS row 3: the server dies in the middle of shard n, for each n. Only that shard is fetched again. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  acceptNotice,
  act,
  downloadToItsEnd,
  offeredPack,
  packRecords,
  Stage,
  storedHashes,
  waitUntilReady,
} from './support.ts';

test('row 3: each file of the pack is cut once; each is fetched twice and no more', async () => {
  const stage = await Stage.open();
  try {
    const pack = await offeredPack();
    for (const file of pack.files) {
      stage.server.fault(`models/${pack.id}/${file.path}`, { cutAtByte: Math.floor(file.bytes / 2), times: 1 });
    }
    const page = await stage.page();
    await acceptNotice(page);
    stage.server.resetCounts();
    await act(page, 'startDownload');
    await waitUntilReady(page);
    for (const file of pack.files) assert.equal(stage.server.count(`models/${pack.id}/${file.path}`), 2, file.path);
  } finally {
    await stage.close();
  }
});

test('row 3: the server stays away; the download pauses with its reason and resumes at that shard', async () => {
  const stage = await Stage.open();
  try {
    const pack = await offeredPack();
    const middle = pack.files[Math.floor(pack.files.length / 2)];
    assert.ok(middle);
    const path = `models/${pack.id}/${middle.path}`;
    stage.server.fault(path, { cutAtByte: Math.floor(middle.bytes / 3) });
    const page = await stage.page();
    await acceptNotice(page);
    const stopped = await downloadToItsEnd(page);
    assert.ok(stopped.kind === 'paused');
    assert.equal(stopped.error?.code, 'download-failed');
    const [record] = await packRecords(page);
    assert.equal(record?.state, 'downloading');
    assert.equal(record.receivedBytes, stopped.receivedBytes);
    const before = Object.keys(await storedHashes(page, pack.id, pack.version));
    assert.equal(before.includes(middle.path), false);
    assert.ok(before.length > 1);

    stage.server.clearFaults();
    stage.server.resetCounts();
    await act(page, 'startDownload');
    await waitUntilReady(page);
    for (const stored of before) assert.equal(stage.server.count(`models/${pack.id}/${stored}`), 0, stored);
    assert.equal(stage.server.count(path), 1);
  } finally {
    await stage.close();
  }
});
