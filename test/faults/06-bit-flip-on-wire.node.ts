/** FAULTS row 6: a shard arrives with a bit flipped. SHA-256 refuses it, it is tried again, then there is a clear message. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { acceptNotice, act, downloadToItsEnd, offeredPack, Stage, storedHashes, waitUntilReady } from './support.ts';

test('row 6: a damaged shard is never stored; once heals by itself, always says so', async () => {
  const stage = await Stage.open();
  try {
    const pack = await offeredPack();
    const [first, last] = [pack.weights.shards[0], pack.weights.shards.at(-1)];
    assert.ok(first !== undefined && last !== undefined);
    stage.server.fault(`models/${pack.id}/${first}`, { corruptByte: 17, times: 1 });
    stage.server.fault(`models/${pack.id}/${last}`, { corruptByte: 17 });
    const page = await stage.page();
    await acceptNotice(page);
    const offline = await downloadToItsEnd(page);
    assert.ok(offline.kind === 'paused' || offline.kind === 'failed');
    assert.equal(offline.error?.code, 'pack-hash-mismatch');
    assert.equal(offline.error?.details['file'], `models/${pack.id}/${last}`);
    assert.equal(stage.server.count(`models/${pack.id}/${first}`), 2);
    assert.ok(stage.server.count(`models/${pack.id}/${last}`) > 1);
    const hashes = await storedHashes(page, pack.id, pack.version);
    assert.equal(last in hashes, false);
    assert.equal(hashes[first], pack.files.find((file) => file.path === first)?.sha256);
    assert.doesNotMatch(await page.innerText('body'), /ready to work offline/i);

    stage.server.clearFaults();
    await act(page, 'startDownload');
    await waitUntilReady(page);
  } finally {
    await stage.close();
  }
});
