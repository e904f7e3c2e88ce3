/** FAULTS row 19: a broken update is published. The app stays on the version that works. */

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Page } from 'playwright-core';
import type { Fault } from '../support/fault-server.ts';
import {
  acceptNotice,
  appState,
  askWorker,
  buildNextVersion,
  builtSite,
  lookForUpdate,
  Stage,
  waitForState,
  waitForWorker,
  waitUntil,
} from './support.ts';

let next: Awaited<ReturnType<typeof buildNextVersion>>;
let stage: Stage;
let page: Page;
let good: string | undefined;
let goodEntries: readonly string[];

before(async () => {
  next = await buildNextVersion('999.0.0');
  stage = await Stage.open();
  page = await stage.page();
  await acceptNotice(page);
  await waitForWorker(page);
  good = (await appState(page))?.version;
  goodEntries = await shellEntries();
});

after(async () => {
  await stage.close();
  await next.remove();
});

const shellEntries = () =>
  page.evaluate(async () => {
    const cache = await caches.open((await caches.keys()).find((name) => name.includes('precache')) ?? '');
    return (await cache.keys()).map((request) => request.url);
  });

/** A failed install leaves the files that were right, for the next try: each case here is to meet its own fault. */
async function forgetHalfInstalled(): Promise<void> {
  await page.evaluate(async (keep) => {
    const cache = await caches.open((await caches.keys()).find((name) => name.includes('precache')) ?? '');
    for (const request of await cache.keys()) if (!keep.includes(request.url)) await cache.delete(request);
  }, goodEntries);
}

const broken: Readonly<Record<string, readonly [path: string | RegExp, fault: Fault]>> = {
  'the service worker is no JavaScript': ['sw.js', { body: 'self.addEventListener(', contentType: 'text/javascript' }],
  'the service worker throws': ['sw.js', { body: 'throw new Error("broken");', contentType: 'text/javascript' }],
  'the service worker is a web page': ['sw.js', { body: '<!doctype html>', contentType: 'text/html' }],
  'the service worker is gone': ['sw.js', { status: 404 }],
  'the server fails': ['sw.js', { status: 500 }],
  'an asset answers 404': [/^assets\/main-.*\.js$/, { status: 404 }],
  'an asset is cut': [/^assets\/style-/, { cutAtByte: 100 }],
  'an asset is another file': [/^assets\/main-.*\.js$/, { body: 'export {};', contentType: 'text/javascript' }],
  'the page is still the old one': ['index.html', { body: '<!doctype html><title>Old</title>' }],
};

for (const [what, [path, fault]] of Object.entries(broken)) {
  test(`row 19: ${what}`, async () => {
    stage.server.publish(next.root);
    stage.server.fault(path, fault);
    await lookForUpdate(page);
    const settled = () =>
      page.evaluate(async () => (await navigator.serviceWorker.getRegistration())?.installing === null);
    await waitUntil(settled, 'the broken version to be given up');
    assert.equal(await page.evaluate(async () => (await navigator.serviceWorker.getRegistration())?.waiting), null);
    assert.equal((await appState(page))?.update.kind, 'none');

    await stage.server.stop();
    await page.reload();
    const state = await waitForState(page, ({ accepted }) => accepted !== undefined, 'the good version to start');
    assert.equal(state.version, good);
    assert.deepEqual(await askWorker(page, { type: 'get-shell-state' }), { complete: true, missing: [] });
    await forgetHalfInstalled();
    await stage.server.restart();
    stage.server.clearFaults();
    stage.server.publish(builtSite);
  });
}

test('row 19: the mended update is offered after all', async () => {
  stage.server.publish(next.root);
  assert.equal(await lookForUpdate(page), true);
  await waitForState(page, ({ update }) => update.kind === 'waiting', 'the update to be offered');
});
