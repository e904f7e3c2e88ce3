/** Model files that nobody should believe: refused with the reason, and everything stays as it was. */

import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { zipSync, type Zippable } from 'fflate';
import type { Page } from 'playwright-core';
import type { PackManifest } from '../../src/shared/pack.ts';
import { readPackArchive } from '../../tools/pack/bundle.ts';
import { install } from '../e2e/journey.ts';
import { zipOf } from '../support/hostile-archives.ts';
import { assertWholeStorage, models, readExample, sideLoad, Workshop } from './models.ts';
import {
  findingsRecord,
  helperPacks,
  packRecords,
  pocketVersion,
  Stage,
  storedHashes,
  waitForState,
} from './support.ts';

describe('hostile model files', { concurrency: 1 }, () => {
  let stage: Stage;
  let workshop: Workshop;
  let page: Page;
  let good: string;

  before(async () => {
    workshop = await Workshop.open();
    good = await workshop.packFile({ id: 'ward', ballastFiles: 4 });
    stage = await Stage.open();
    page = await stage.page();
    await install(page);
    await stage.server.stop();
  });
  after(async () => {
    await stage.close();
    await workshop.close();
  });

  async function assertRefused(file: string, code: string, reason?: string): Promise<void> {
    const before = await packRecords(page);
    const ended = await sideLoad(page, file);
    assert.ok(ended.kind === 'failed', JSON.stringify(ended));
    assert.equal(ended.error.code, code, JSON.stringify(ended.error));
    if (reason !== undefined) assert.equal(ended.error.details['reason'], reason);
    assert.deepEqual(await packRecords(page), before);
  }

  async function write(name: string, bytes: Uint8Array): Promise<string> {
    const path = join(workshop.folder, name);
    await writeFile(path, bytes);
    return path;
  }

  test('a published name on another pack.json is refused, whatever its version', async () => {
    const { summary } = (await findingsRecord(page))?.manifest as PackManifest;
    for (const change of [{ summary: `${summary}!` }, { version: '1.0.1' }, { version: '999.0.0' }]) {
      await assertRefused(await workshop.otherPocket(change), 'pack-name-reserved');
    }
    for (const id of ['local/pocket', 'chester-v3', 'chester-ae', 'densenet121-res224-all']) {
      await assertRefused(await workshop.packFile({ id }), 'pack-name-reserved');
    }
  });

  test('300 MB in 300 KB are refused before they are unpacked', async () => {
    const { manifest } = await readPackArchive(good);
    const manifestBytes = new TextEncoder().encode(JSON.stringify(manifest));
    const bomb: Zippable = {
      'pack.json': [manifestBytes, { level: 0 }],
      'weights-01.bin': [new Uint8Array(300e6), { level: 9 }],
    };
    const bytes = zipSync(bomb);
    assert.ok(bytes.length < 400e3);
    await assertRefused(await write('bomb.chesterpack', bytes), 'pack-file-invalid', 'too-large');
  });

  test('names that leave the folder, cuts and flipped bits are refused', async () => {
    const { manifest, files } = await readPackArchive(good);
    const first = { path: 'pack.json', bytes: new TextEncoder().encode(JSON.stringify(manifest)) };
    const others = [...files].map(([path, bytes]) => ({ path, bytes: new Uint8Array(bytes) }));
    const climbing = await zipOf([first, { path: '../../etc/passwd', bytes: new Uint8Array(4) }, ...others]);
    await assertRefused(await write('climbing.chesterpack', climbing), 'pack-file-invalid', 'unsafe-path');

    const whole = await readFile(good);
    // Late in the file: everything before was stored already, and is taken away again.
    await assertRefused(
      await write('cut.chesterpack', whole.subarray(0, whole.length - 100)),
      'pack-file-invalid',
      'cut-off',
    );
    const flipped = Uint8Array.from(whole);
    const middle = whole.length >> 1;
    flipped[middle] = (flipped[middle] ?? 0) ^ 1;
    await assertRefused(await write('flipped.chesterpack', flipped), 'pack-file-invalid', 'changed');
    // Only the last byte of all: a directory that lies.
    const surplus = Buffer.concat([whole, Buffer.from('x')]);
    await assertRefused(await write('surplus.chesterpack', surplus), 'pack-file-invalid', 'surplus');
    const own = 1 + Object.keys(await helperPacks()).length;
    assert.equal((await models(page)).models.length, own);
  });

  test('the room ends in the middle: said, and what was stored of it is taken away', async () => {
    // Chromium's IndexedDB asks for the room that is left once and remembers it: the quota has to be there first.
    await stage.relaunch();
    const [blank] = stage.context.pages();
    assert.ok(blank);
    const session = await stage.session(blank);
    const { origin } = stage.server;
    const { usage } = await session.send('Storage.getUsageAndQuota', { origin });
    await session.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: usage + 600_000 });
    page = await stage.context.newPage();
    await page.goto(stage.server.url);
    await waitForState(page, ({ offline }) => offline.kind === 'ready', 'the app');
    await assertRefused(good, 'storage-full');
    assert.deepEqual(await storedHashes(page, 'local/ward', '1.0.0'), {});
    await stage.relaunch();
    page = await stage.page();
    await waitForState(page, ({ offline }) => offline.kind === 'ready', 'the app, with room again');
  });

  test('after all of them the good one is taken, and everything is whole', async () => {
    assert.equal((await sideLoad(page, good)).kind, 'done');
    await assertWholeStorage(page);
    assert.deepEqual((await readExample(page)).versions.packs, { ...(await helperPacks()), pocket: pocketVersion });
  });
});
