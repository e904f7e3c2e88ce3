/** What sw/README.md promises, against the real service worker in a real browser. */

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Page } from 'playwright-core';
import type { ServiceWorkerBroadcast } from '../../src/shared/messages.ts';
import { securityHeaders } from '../../src/shared/security-headers.ts';
import {
  askWorker,
  installWorker,
  ledgerEntries,
  packRecords,
  Stage,
  storedHashes,
  waitUntil,
} from '../faults/support.ts';
import { buildTestSite } from '../support/test-site.ts';
import type { TestSite } from '../support/test-site.ts';

const shardBytes = 100_000;
const under = '/chester/';
let site: TestSite;
let stage: Stage;
let page: Page;

before(async () => {
  site = await buildTestSite({
    version: '1.0.0',
    packs: ['alpha', 'beta', 'gamma'].map((id) => ({ id, version: '1.0.0', shardBytes })),
  });
  // The hardest host: no headers of its own, and a folder.
  stage = await Stage.open({ root: site.folder, headers: false, under });
  page = await stage.page();
  await installWorker(page);
});

after(async () => {
  await stage.close();
  await site.remove();
});

test('the first visit is not isolated, the second is, and every header is there', async () => {
  assert.equal(await page.evaluate(() => crossOriginIsolated), false);
  const response = await page.reload();
  assert.equal(response?.fromServiceWorker(), true);
  assert.equal(await page.evaluate(() => crossOriginIsolated), true);
  const headers = response?.headers() ?? {};
  for (const [name, value] of Object.entries(securityHeaders)) assert.equal(headers[name.toLowerCase()], value, name);
  const script = await page.evaluate(async (path) => {
    const answer = await fetch(path);
    return { type: answer.headers.get('Content-Type'), coep: answer.headers.get('Cross-Origin-Embedder-Policy') };
  }, site.script);
  assert.deepEqual(script, { type: 'text/javascript', coep: 'require-corp' });
});

test('the shell is kept with the headers, and an entry without them gets them when it is answered', async () => {
  const name = 'Cross-Origin-Embedder-Policy';
  const found = await page.evaluate(
    async ([path, header]) => {
      const cache = await caches.open((await caches.keys()).find((key) => key.includes('precache')) ?? '');
      const kept = await cache.match(path);
      // As an older version of the app kept it.
      await cache.put(path, new Response('export {};', { headers: { 'Content-Type': 'text/javascript' } }));
      const answered = (await fetch(path)).headers.get(header);
      if (kept !== undefined) await cache.put(path, kept.clone());
      return { kept: kept?.headers.get(header), answered };
    },
    [site.script, name] as const,
  );
  assert.deepEqual(found, { kept: securityHeaders[name], answered: securityHeaders[name] });
});

test('versions and shell state are told', async () => {
  assert.deepEqual(await askWorker(page, { type: 'get-version' }), { appVersion: '1.0.0', buildId: 'build-1.0.0' });
  assert.deepEqual(await askWorker(page, { type: 'get-shell-state' }), { complete: true, missing: [] });
  const unknown = (await askWorker(page, { type: 'format-disk' } as never)) as { error: { code: string } };
  assert.equal(unknown.error.code, 'wrong-usage');
});

test('a lost entry of the shell is fetched again, but never from another version', async () => {
  const lose = () =>
    page.evaluate(async (script) => {
      const cache = await caches.open((await caches.keys()).find((name) => name.includes('precache')) ?? '');
      return cache.delete(script);
    }, site.script);
  assert.equal(await lose(), true);
  assert.deepEqual(await askWorker(page, { type: 'get-shell-state' }), { complete: true, missing: [] });
  assert.equal(await lose(), true);
  stage.server.fault(site.script, { body: 'another version' });
  assert.deepEqual(await askWorker(page, { type: 'get-shell-state' }), { complete: false, missing: [site.script] });
  stage.server.clearFaults();
  assert.equal(await page.evaluate(async (path) => (await fetch(path)).ok, site.script), true);
  await stage.server.stop();
  assert.deepEqual(await askWorker(page, { type: 'get-shell-state' }), { complete: true, missing: [] });
  await stage.server.restart();
});

test('without the server every page address opens the app, and a file that is not ours fails', async () => {
  await stage.server.stop();
  for (const path of ['./', './?shared', 'index.html', './#here']) {
    const visitor = await stage.page(path);
    assert.equal(await visitor.evaluate(() => document.documentElement.dataset['version']), '1.0.0', path);
    await visitor.close();
  }
  const missing = await page.evaluate(() => fetch('nowhere.txt').then(String, () => 'failed'));
  assert.equal(missing, 'failed');
  await stage.server.restart();
});

test('a pack is downloaded, checked and stored; progress only grows', async () => {
  await listen(page);
  const reply = await askWorker(page, { type: 'download-pack', id: 'alpha' });
  assert.deepEqual(reply, { ok: true, value: { version: '1.0.0' } });
  const [record] = await packRecords(page);
  assert.equal(record?.state, 'stored');
  assert.equal(record.receivedBytes, record.totalBytes);
  assert.equal(record.error, undefined);
  const pack = site.packs.find(({ manifest }) => manifest.id === 'alpha');
  assert.deepEqual(record.manifest, pack?.manifest);
  const hashes = await storedHashes(page, 'alpha', '1.0.0');
  for (const file of pack?.manifest.files ?? []) assert.equal(hashes[file.path], file.sha256, file.path);

  const heard = await heardBroadcasts(page);
  const states = heard.filter((message) => message.type === 'pack-state').map(({ state }) => state);
  assert.deepEqual(states, ['downloading', 'stored']);
  const progress = heard.filter((message) => message.type === 'pack-progress');
  const received = progress.map((message) => message.receivedBytes);
  assert.deepEqual(
    received,
    [...received].sort((a, b) => a - b),
  );
  assert.equal(received.at(-1), progress.at(-1)?.totalBytes);
  assert.equal(progress.at(-1)?.totalBytes, record.totalBytes);
});

test('a stored pack is not downloaded again, with the server and without', async () => {
  stage.server.resetCounts();
  assert.deepEqual(await askWorker(page, { type: 'download-pack', id: 'alpha' }), {
    ok: true,
    value: { version: '1.0.0' },
  });
  assert.deepEqual([...stage.server.counts.keys()], ['models/catalog.json']);
  await stage.server.stop();
  assert.deepEqual(await askWorker(page, { type: 'download-pack', id: 'alpha' }), {
    ok: true,
    value: { version: '1.0.0' },
  });
  await stage.server.restart();
});

test('two tabs that ask at once cause one download', async () => {
  stage.server.resetCounts();
  const other = await stage.page();
  const replies = await Promise.all(
    [page, other].map((asker) => askWorker(asker, { type: 'download-pack', id: 'beta' })),
  );
  for (const reply of replies) assert.equal(reply.ok, true);
  assert.equal(stage.server.count('models/beta/weights-1.bin'), 1);
  await other.close();
});

test('a paused download keeps what it has and goes on when asked again', async () => {
  stage.server.fault('models/gamma/weights-2.bin', { hangAtByte: 100, times: 1 });
  const answer = askWorker(page, { type: 'download-pack', id: 'gamma' });
  await waitUntil(async () => Object.keys(await storedHashes(page, 'gamma', '1.0.0')).length === 4, 'the first shard');
  assert.equal((await askWorker(page, { type: 'pause-pack', id: 'gamma' })).ok, true);
  assert.equal((await answer).ok, false);
  const paused = (await packRecords(page)).find(({ id }) => id === 'gamma');
  assert.equal(paused?.state, 'downloading');
  assert.equal(paused.error?.code, 'cancelled');
  stage.server.resetCounts();
  assert.equal((await askWorker(page, { type: 'download-pack', id: 'gamma' })).ok, true);
  assert.equal(stage.server.count('models/gamma/weights-1.bin'), 0);
  assert.equal(stage.server.count('models/gamma/pack.json'), 0);
  assert.equal(stage.server.count('models/gamma/weights-2.bin'), 1);
});

test('what this site does not offer, and what it should not, is refused', async () => {
  const unknown = await askWorker(page, { type: 'download-pack', id: 'nowhere' });
  assert.equal(!unknown.ok && unknown.error.code, 'pack-missing');
  stage.server.fault('models/catalog.json', { body: '{"packs": 3}' });
  const broken = await askWorker(page, { type: 'download-pack', id: 'nowhere' });
  assert.equal(!broken.ok && broken.error.code, 'catalog-invalid');
  stage.server.clearFaults();
});

test('the page gets the last catalog that was one', async () => {
  const ids = () =>
    page.evaluate(async () => {
      const catalog = (await (await fetch('models/catalog.json')).json()) as { packs: { id: string }[] };
      return catalog.packs.map(({ id }) => id);
    });
  assert.deepEqual(await ids(), ['alpha', 'beta', 'gamma']);
  stage.server.captivePortal(true);
  assert.deepEqual(await ids(), ['alpha', 'beta', 'gamma']);
  stage.server.captivePortal(false);
  await stage.server.stop();
  assert.deepEqual(await ids(), ['alpha', 'beta', 'gamma']);
  await stage.server.restart();
});

test('shared pictures reach the inbox, and nothing goes to the server', async () => {
  stage.server.resetCounts();
  const visitor = await stage.page();
  await visitor.evaluate(() => {
    const form = document.createElement('form');
    form.method = 'post';
    form.action = 'share-target';
    form.enctype = 'multipart/form-data';
    const input = document.createElement('input');
    input.type = 'file';
    input.name = 'pictures';
    const transfer = new DataTransfer();
    transfer.items.add(new File([new Uint8Array([1, 2, 3])], 'film.png', { type: 'image/png' }));
    input.files = transfer.files;
    form.append(input);
    document.body.append(form);
    form.submit();
  });
  await visitor.waitForURL(`${stage.server.url}?shared`);
  const files = await visitor.evaluate(() =>
    new Promise<{ name: string; type: string; bytes: ArrayBuffer }[]>((resolve) => {
      const open = indexedDB.open('chester');
      open.onsuccess = () => {
        const request = open.result.transaction('inbox').objectStore('inbox').getAll();
        request.onsuccess = () => resolve(request.result as { name: string; type: string; bytes: ArrayBuffer }[]);
      };
    }).then((all) => all.map(({ name, type, bytes }) => ({ name, type, bytes: [...new Uint8Array(bytes)] }))),
  );
  assert.deepEqual(files, [{ name: 'film.png', type: 'image/png', bytes: [1, 2, 3] }]);
  assert.equal(stage.server.count('share-target'), 0);
  await visitor.close();
});

test('the ledger names what went to the network and nothing else', async () => {
  await page.evaluate(() => fetch('nowhere.txt?why=1'));
  await waitUntil(
    async () => (await ledgerEntries(page)).some(({ address }) => address === './nowhere.txt?why=1'),
    'a line',
  );
  const entries = await ledgerEntries(page);
  const addresses = entries.map(({ address }) => address);
  for (const address of ['./sw.js', './index.html', './models/catalog.json', './models/alpha/weights-1.bin']) {
    assert.ok(addresses.includes(address), address);
  }
  assert.ok(entries.every(({ method, sameOrigin }) => method === 'GET' && sameOrigin));
  // Served from the cache many times by now, asked for once, at install (and twice more by the repair above).
  assert.ok(entries.every(({ count }) => count < 20));
  assert.equal(addresses.includes('./share-target'), false);
});

async function listen(target: Page): Promise<void> {
  await target.evaluate((name) => {
    const heard: unknown[] = [];
    Object.assign(window, { heard });
    new BroadcastChannel(name).addEventListener('message', (event) => heard.push(event.data));
  }, `chester:${stage.server.url}`);
}

async function heardBroadcasts(target: Page): Promise<ServiceWorkerBroadcast[]> {
  return target.evaluate(() => (window as unknown as { heard: ServiceWorkerBroadcast[] }).heard);
}
