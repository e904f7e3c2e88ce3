/** First install and update are different events; a page is of one version from its first byte to its last. */

import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import type { Page } from 'playwright-core';
import { askWorker, installWorker, Stage, waitUntil } from '../faults/support.ts';
import { buildTestSite } from '../support/test-site.ts';
import type { TestSite } from '../support/test-site.ts';

let first: TestSite;
let second: TestSite;
let stage: Stage;

before(async () => {
  first = await buildTestSite({ version: '1.0.0' });
  second = await buildTestSite({ version: '2.0.0' });
});

beforeEach(async () => {
  stage = await Stage.open({ root: first.folder, headers: false });
});

afterEach(() => stage.close());

after(async () => {
  await first.remove();
  await second.remove();
});

const version = (page: Page) => page.evaluate(() => document.documentElement.dataset['version']);
const lazyVersion = (page: Page, site: TestSite) =>
  page.evaluate(
    (path) => fetch(path).then(async (answer) => (answer.ok ? answer.text() : `${answer.status}`), String),
    site.script.replace('main-', 'lazy-'),
  );
const cachedPaths = (page: Page) =>
  page.evaluate(async () => {
    const cache = await caches.open((await caches.keys()).find((name) => name.includes('precache')) ?? '');
    return (await cache.keys()).map((request) => new URL(request.url).pathname);
  });

async function publishSecond(page: Page): Promise<void> {
  stage.server.publish(second.folder);
  await page.evaluate(async () => (await navigator.serviceWorker.getRegistration())?.update());
  const waits = () => page.evaluate(async () => Boolean((await navigator.serviceWorker.getRegistration())?.waiting));
  await waitUntil(waits, 'the second version to wait');
}

test('a first install takes the open page, an update waits until it is told', async () => {
  const page = await stage.page();
  await installWorker(page); // Waits for control, which only claim() gives without a reload.
  await publishSecond(page);
  await page.reload();
  assert.equal(await version(page), '1.0.0');
  assert.equal((await askWorker(page, { type: 'get-version' })).appVersion, '1.0.0');
  assert.equal((await askWorker(page, { type: 'get-version' }, 'waiting')).appVersion, '2.0.0');

  await askWorker(page, { type: 'skip-waiting' }, 'waiting');
  await waitUntil(async () => (await askWorker(page, { type: 'get-version' })).appVersion === '2.0.0', 'the switch');
  await page.reload();
  assert.equal(await version(page), '2.0.0');
});

test('an old page finds its own files after the switch; they go with the next cold start', async () => {
  const page = await stage.page();
  await installWorker(page);
  const other = await stage.page();
  await publishSecond(page);
  await askWorker(page, { type: 'skip-waiting' }, 'waiting');
  await waitUntil(async () => (await askWorker(other, { type: 'get-version' })).appVersion === '2.0.0', 'the switch');

  assert.match(await lazyVersion(other, first), /1\.0\.0/);
  await page.reload();
  assert.match(await lazyVersion(other, first), /1\.0\.0/);
  assert.match(await lazyVersion(page, second), /2\.0\.0/);

  await stage.relaunch();
  const later = await stage.page();
  assert.equal(await version(later), '2.0.0');
  const gone = async () => !(await cachedPaths(later)).includes(`/${first.script}`);
  await waitUntil(gone, 'the files of the first version to be removed');
  assert.ok((await cachedPaths(later)).includes(`/${second.script}`));
});

test('a waiting version loses nothing to the clean-up of the running one', async () => {
  const page = await stage.page();
  await installWorker(page);
  await publishSecond(page);
  await stage.relaunch();
  const later = await stage.page();
  // Without a client the waiting version may take over by itself at a cold start; with either, its files are there.
  const which = (await version(later)) === '2.0.0' ? 'active' : 'waiting';
  assert.deepEqual(await askWorker(later, { type: 'get-shell-state' }, which), { complete: true, missing: [] });
});
