/**
 * FAULTS row 2: offline after install, cold start. What exists works (the app, its example, PNG, JPEG, every screen),
 * no request succeeds, and nobody outside is asked. Photographs of films and PDF wait for their features (DICOM: `test/e2e/dicom.node.ts`).
 */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { install, open, openExample } from '../e2e/journey.ts';
import { makeBlockJpeg } from '../fixtures/make-jpegs.ts';
import { startRecordingProxy } from '../support/recording-proxy.ts';
import { Stage, waitForState } from './support.ts';

/** The same for the control run: a browser asks for hosts of its maker some time after its start. */
const watchMs = 20_000;

/** Hosts that an empty page in the same browser is seen to ask for. */
async function hostsOfAnEmptyPage(): Promise<Set<string>> {
  const proxy = await startRecordingProxy();
  const stage = await Stage.open({ browserArgs: proxy.browserArgs });
  try {
    await wait(watchMs);
    return new Set(proxy.hosts);
  } finally {
    await stage.close();
    await proxy.close();
  }
}

test('row 2: cold start offline; no request succeeds, no foreign host is asked', async () => {
  const proxy = await startRecordingProxy();
  const stage = await Stage.open({ browserArgs: proxy.browserArgs });
  try {
    await install(await stage.page());
    assert.ok(proxy.hosts.has(new URL(stage.server.url).host), 'the proxy sees what goes through it');
    await stage.server.stop();
    await stage.relaunch();
    proxy.hosts.clear();
    const startedAt = Date.now();

    const answered: string[] = [];
    const asked: string[] = [];
    stage.context.on('request', (request) => asked.push(request.url()));
    stage.context.on('response', (response) => {
      if (!response.fromServiceWorker()) answered.push(response.url());
    });
    const page = await stage.page();
    await waitForState(page, ({ offline }) => offline.kind === 'ready', 'the app to be ready');
    const example = await openExample(page);
    assert.equal(example.analysis?.findings.length, 14, example.code);
    const png = await open(page, 'test/fixtures/examples/demo_normal.png');
    assert.equal(png.analysis?.findings.length, 14, png.code);
    const bytes = makeBlockJpeg(32, 32, 1, (_component, column, row) => (column * 5 + row * 3) % 256);
    const jpeg = await open(page, { name: 'x.jpg', bytes, type: 'image/jpeg' });
    assert.equal(jpeg.analysis?.findings.length, 14, jpeg.code);
    for (const screen of ['help', 'about', 'storage']) {
      await page.evaluate((name) => (location.hash = `#/${name}`), screen);
      await page.getByRole('heading', { level: 1 }).first().waitFor();
    }
    await wait(Math.max(0, watchMs - (Date.now() - startedAt)));

    assert.deepEqual(
      answered.filter((address) => address.startsWith('http')),
      [],
    );
    const origin = new URL(stage.server.url).origin;
    const foreign = asked.filter((address) => /^(?:https?|wss?):/.test(address) && !address.startsWith(`${origin}/`));
    assert.deepEqual(foreign, [], 'CDP saw requests to our own origin only');
    const usual = await hostsOfAnEmptyPage();
    const unusual = [...proxy.hosts].filter((host) => host !== new URL(origin).host && !usual.has(host));
    assert.deepEqual(unusual, [], 'the proxy saw no host that an empty page does not ask for');
  } finally {
    await stage.close();
    await proxy.close();
  }
});
