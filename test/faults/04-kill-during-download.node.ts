/** FAULTS row 4: the browser is killed during the download. No half-written file is used; it resumes. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  acceptNotice,
  act,
  offeredPack,
  packRecords,
  Stage,
  storedHashes,
  waitUntil,
  waitUntilReady,
} from './support.ts';

/** Fewer bytes a second than a shard has: the kill falls into the middle of one. */
const slowly = 100_000;

test('row 4: killed during the download, it resumes by itself with what was whole', async () => {
  const stage = await Stage.open();
  try {
    const pack = await offeredPack();
    const large = pack.files.filter((file) => file.bytes > slowly);
    const slow = large[1];
    assert.ok(slow, 'a second large file');
    stage.server.fault(`models/${pack.id}/${slow.path}`, { bytesPerSecond: slowly });
    const page = await stage.page();
    await acceptNotice(page);
    await act(page, 'startDownload');
    await waitUntil(() => stage.server.count(`models/${pack.id}/${slow.path}`) > 0, 'the slow file to begin');
    await stage.kill();

    stage.server.clearFaults();
    stage.server.resetCounts();
    await stage.launch();
    // A page of this origin without the app: what lies there now is what the kill left.
    const inspector = await stage.page('licences.json');
    const [record] = await packRecords(inspector);
    assert.equal(record?.state, 'downloading');
    const hashes = await storedHashes(inspector, pack.id, pack.version);
    assert.equal(slow.path in hashes, false);
    const known = new Map(pack.files.map((file) => [file.path, file.sha256]));
    const stored = Object.keys(hashes).filter((path) => path !== 'pack.json');
    assert.ok(stored.length > 0, 'something was stored before the kill');
    for (const path of stored) assert.equal(hashes[path], known.get(path), path);

    // Agreed to before the kill: nobody is asked again.
    const again = await stage.page();
    await waitUntilReady(again);
    for (const path of stored) assert.equal(stage.server.count(`models/${pack.id}/${path}`), 0, path);
  } finally {
    await stage.close();
  }
});
