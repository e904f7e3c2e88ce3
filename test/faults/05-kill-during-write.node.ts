/** FAULTS row 5: the process is killed during a write into IndexedDB. What was there before is readable. (Migrations wait for a second schema.) */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { install, openExample } from '../e2e/journey.ts';
import { offeredPack, packRecords, Stage, storedHashes, waitForState } from './support.ts';

const rounds = 3;

test('row 5: killed in the middle of writes, the pack and the settings are whole', async () => {
  const stage = await Stage.open();
  try {
    let page = await stage.page();
    await install(page);
    const { id, version } = await offeredPack();
    const before = await storedHashes(page, id, version);
    await stage.server.stop();

    for (let round = 0; round < rounds; round += 1) {
      // Writes without end: a record and large files beside the pack, in one transaction each, and a setting.
      await page.evaluate(async () => {
        const database = await new Promise<IDBDatabase>((resolve) => {
          const opening = indexedDB.open('chester');
          opening.onsuccess = () => resolve(opening.result);
        });
        const write = (count: number): void => {
          const transaction = database.transaction(['packs', 'packFiles', 'settings'], 'readwrite');
          const key = ['half', String(count)];
          const record = { id: 'half', version: key[1], state: 'downloading', manifestSha256: '', totalBytes: 1 };
          transaction.objectStore('packs').put({ ...record, receivedBytes: 0, updatedAt: '' }, key);
          transaction.objectStore('packFiles').put(new ArrayBuffer(512 * 1024), [...key, 'a.bin']);
          transaction.objectStore('settings').put(new Date().toISOString(), 'cameraOpenedAt');
          transaction.oncomplete = () => write(count + 1);
        };
        write(0);
      });
      await page.waitForTimeout(200 + 150 * round);
      await stage.relaunch();
      page = await stage.page();
      const state = await waitForState(page, ({ offline }) => offline.kind === 'ready', 'the app after the kill');
      assert.equal(state.accepted, true);
      assert.deepEqual(await storedHashes(page, id, version), before);
      const records = await packRecords(page);
      assert.equal(records.find((record) => record.id === id)?.state, 'installed');
    }
    const ending = await openExample(page);
    assert.equal(ending.kind, 'done', ending.code);
  } finally {
    await stage.close();
  }
});
