/** FAULTS rows 3, 6, 8 and 9 for a model that the site offers beside the embedded one, and its updates. */

import assert from 'node:assert/strict';
import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, beforeEach, describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import type { Model } from '../../src/app/model-library.ts';
import type { PackManifest } from '../../src/shared/pack.ts';
import { updateCatalog } from '../../tools/pack/write-pack.ts';
import { install } from '../e2e/journey.ts';
import type { Fault } from '../support/fault-server.ts';
import { actOn, assertWholeStorage, model, models, readExample, waitForModel, Workshop } from './models.ts';
import {
  builtSite,
  helperPacks,
  packRecords,
  pocketVersion,
  Stage,
  storedHashes,
  waitForState,
  waitUntil,
} from './support.ts';

const id = 'offered';

describe('a model of the site', { concurrency: 1 }, () => {
  let stage: Stage;
  let workshop: Workshop;
  let page: Page;
  let site: string;
  let manifest: PackManifest;

  before(async () => {
    workshop = await Workshop.open();
    site = await workshop.site('site', [{ id, ballastFiles: 2 }]);
    manifest = JSON.parse(await readFile(join(site, 'models', id, 'pack.json'), 'utf8')) as PackManifest;
    stage = await Stage.open({ root: site });
    page = await stage.page();
    await install(page);
  });
  after(async () => {
    await stage.close();
    await workshop.close();
  });
  beforeEach(() => {
    stage.server.clearFaults();
    stage.server.resetCounts();
  });

  const address = (path: string): string => `models/${id}/${path}`;

  async function installOffered(): Promise<void> {
    await actOn(page, 'downloadModel', id);
    await waitForModel(
      page,
      id,
      ({ installed, activity }) => installed !== undefined && activity.kind === 'none',
      'it',
    );
  }

  test('is offered with what it is, and nothing of it comes unasked', async () => {
    const offered = await waitForModel(page, id, (each) => each.offered?.manifest !== undefined, 'its manifest');
    assert.equal(offered.origin, 'unverified');
    assert.equal(offered.role, 'findings');
    assert.equal(offered.installed, undefined);
    for (const { path } of manifest.files) assert.equal(stage.server.count(address(path)), 0, path);
    assert.equal((await packRecords(page)).length, 1 + Object.keys(await helperPacks()).length);
  });

  test('row 3: cut once in every file, each is fetched twice and no more', async () => {
    for (const { path, bytes } of manifest.files) {
      stage.server.fault(address(path), { cutAtByte: Math.floor(bytes / 2), times: 1 });
    }
    await installOffered();
    for (const { path } of manifest.files) assert.equal(stage.server.count(address(path)), 2, path);
    assert.equal((await model(page, id))?.inUse, false);
    await actOn(page, 'useModel', id);
    assert.deepEqual((await readExample(page)).versions.packs, { ...(await helperPacks()), [id]: '1.0.0' });
    await actOn(page, 'removeModel', id);
  });

  const shard = 'weights-01.bin';
  const faults: readonly (readonly [string, Fault, string])[] = [
    ['a login page', { body: '<!doctype html><h1>Wi-Fi</h1>', contentType: 'text/html' }, 'download-not-the-file'],
    ['a login page that calls itself binary', { body: '<!doctype html><h1>Wi-Fi</h1>' }, 'pack-hash-mismatch'],
    ['416', { status: 416 }, 'download-failed'],
    ['more bytes than it has', { body: new Uint8Array(100_000) }, 'download-not-the-file'],
    ['fewer bytes than it has', { body: new Uint8Array(3) }, 'pack-hash-mismatch'],
    ['one flipped byte', { corruptByte: 5 }, 'pack-hash-mismatch'],
    ['nothing', { drop: true }, 'download-failed'],
  ];
  for (const [name, fault, code] of faults) {
    test(`rows 6, 8, 9: answered with ${name}, it pauses with the reason and goes on with that file`, async () => {
      stage.server.fault(address(shard), fault);
      await actOn(page, 'downloadModel', id);
      const paused = await waitForModel(page, id, ({ activity }) => activity.kind === 'paused', 'the pause');
      assert.equal(paused.activity.kind === 'paused' && paused.activity.error?.code, code);
      assert.equal(paused.installed, undefined);
      const stored = Object.keys(await storedHashes(page, id, '1.0.0'));
      assert.equal(stored.includes(shard), false);
      assert.ok(stored.length > 1);
      await waitForState(page, ({ offline }) => offline.kind === 'ready', 'the app to stay ready');

      stage.server.clearFaults();
      stage.server.resetCounts();
      await installOffered();
      for (const path of stored) assert.equal(stage.server.count(address(path)), 0, path);
      assert.equal(stage.server.count(address(shard)), 1);
      await actOn(page, 'removeModel', id);
    });
  }

  test('paused by the person it stays so over a restart, and goes on when asked', async () => {
    stage.server.fault(address(shard), { hangAtByte: 100 });
    await actOn(page, 'downloadModel', id);
    const hasBegun = ({ activity }: Model): boolean => activity.kind === 'downloading' && activity.receivedBytes > 0;
    await waitForModel(page, id, hasBegun, 'the download');
    await actOn(page, 'pauseModel', id);
    await waitForModel(page, id, ({ activity }) => activity.kind === 'paused', 'the pause');
    const isWritten = async (): Promise<boolean> =>
      (await packRecords(page)).some((record) => record.id === id && record.error?.code === 'cancelled');
    await waitUntil(isWritten, 'the pause to be written down');
    stage.server.clearFaults();
    await stage.relaunch();
    page = await stage.page();
    await waitForState(page, ({ offline }) => offline.kind === 'ready', 'the app');
    const paused = await model(page, id);
    assert.deepEqual(
      [paused?.activity.kind, paused?.activity.kind === 'paused' && paused.activity.error],
      ['paused', undefined],
    );
    await installOffered();
  });

  test('its update comes only when asked, keeps the version before, and can be taken back', async () => {
    const next = await workshop.site('next', [{ id, version: '1.1.0', threshold: 0.8 }]);
    stage.server.publish(next);
    const offered = await waitForModel(page, id, (each) => each.offered?.version === '1.1.0', 'the offer');
    assert.equal(offered.installed?.version, '1.0.0');
    assert.equal(stage.server.count(address('model.json')), 0);

    await actOn(page, 'downloadModel', id);
    const updated = await waitForModel(page, id, (each) => each.previous !== undefined, 'the update');
    assert.equal(updated.installed?.version, '1.1.0');
    assert.equal(updated.difference?.thresholds[0]?.to, 0.8);
    await actOn(page, 'rollBackModel', id);
    const back = await waitForModel(page, id, (each) => each.previous === undefined, 'the way back');
    assert.deepEqual([back.installed?.version, back.offered?.version], ['1.0.0', '1.1.0']);
    await assertWholeStorage(page);
  });

  test('no room: said before a byte of it comes', async () => {
    await actOn(page, 'removeModel', id);
    // Chromium states room that it does not have (src/storage/estimate.ts); this is what Firefox and Safari would say.
    await page.evaluate(() => {
      navigator.storage.estimate = () => Promise.resolve({ usage: 5_000_000, quota: 5_001_000 });
    });
    stage.server.resetCounts();
    await actOn(page, 'downloadModel', id);
    const paused = await waitForModel(page, id, ({ activity }) => activity.kind === 'paused', 'the refusal');
    assert.equal(paused.activity.kind === 'paused' && paused.activity.error?.code, 'storage-full');
    assert.ok(paused.activity.kind === 'paused' && Number(paused.activity.error?.details['missingBytes']) > 0);
    assert.equal(stage.server.count(address('model.json')), 0);
  });

  test('the catalogue that was seen last is listed without a network', async () => {
    await models(page);
    await stage.server.stop();
    await page.reload();
    await waitForState(page, ({ offline }) => offline.kind === 'ready', 'the app');
    const offered = await waitForModel(page, id, (each) => each.offered !== undefined, 'the offer');
    assert.equal(offered.offered?.version, '1.1.0');
    await stage.server.restart();
  });
});

/** The built site with the embedded pack under another version: only its manifest is another one. */
async function siteWithPocket(workshop: Workshop, version: string): Promise<string> {
  const site = join(workshop.folder, `pocket-${version}`);
  await cp(builtSite, site, { recursive: true });
  const path = join(site, 'models/pocket/pack.json');
  const manifest = { ...(JSON.parse(await readFile(path, 'utf8')) as PackManifest), version, summary: version };
  await writeFile(path, JSON.stringify(manifest));
  await updateCatalog(join(site, 'models'), manifest, true);
  return site;
}

test('the embedded pack updates by itself, and not again to a version that a person went back from', async () => {
  const workshop = await Workshop.open();
  const stage = await Stage.open();
  try {
    const page = await stage.page();
    await install(page);
    stage.server.publish(await siteWithPocket(workshop, '90.1.0'));
    await page.reload();
    const updated = await waitForModel(page, 'pocket', (each) => each.previous !== undefined, 'the update');
    assert.deepEqual([updated.installed?.version, updated.previous?.version], ['90.1.0', pocketVersion]);
    assert.deepEqual((await readExample(page)).versions.packs, { ...(await helperPacks()), pocket: '90.1.0' });
    await actOn(page, 'rollBackModel', 'pocket');
    assert.deepEqual((await readExample(page)).versions.packs, { ...(await helperPacks()), pocket: pocketVersion });

    stage.server.resetCounts();
    await page.reload();
    const look = (): boolean => stage.server.count('models/catalog.json') > 0;
    await waitForState(page, ({ offline }) => offline.kind === 'ready' && look(), 'another look at the catalogue');
    await page.waitForTimeout(1_000);
    assert.equal((await model(page, 'pocket'))?.installed?.version, pocketVersion);
    assert.equal(stage.server.count('models/pocket/model.json'), 0);

    stage.server.publish(await siteWithPocket(workshop, '90.2.0'));
    await page.reload();
    await waitForModel(page, 'pocket', (each) => each.installed?.version === '90.2.0', 'a still newer one');
    await actOn(page, 'rollBackModel', 'pocket');
    // The person asks for it after all.
    await actOn(page, 'downloadModel', 'pocket');
    await waitForModel(page, 'pocket', (each) => each.installed?.version === '90.2.0', 'what was asked for');
    await assertWholeStorage(page);
  } finally {
    await stage.close();
    await workshop.close();
  }
});
