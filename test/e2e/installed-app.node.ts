/** Installing as the browser does it, and starting from the icon without a network. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CDPSession, Page } from 'playwright-core';
import { Stage, waitForState } from '../faults/support.ts';
import { install, openExample } from './journey.ts';

const launchAttempts = 6;
const attemptsAStart = 2;
const launchTimeoutMs = 15_000;

interface Launched {
  readonly app: Page;
  /** Of a page beside the app, so that there is one to uninstall with. */
  readonly control: CDPSession;
}

/**
 * A browser that has just started may not know its apps yet, and now and then one never opens a window for them however often it is
 * asked: it is asked again, and then started again.
 */
async function launch(stage: Stage, manifestId: string): Promise<Launched> {
  for (let attempt = 1; ; attempt += 1) {
    const control = await stage.session(stage.context.pages()[0] ?? (await stage.context.newPage()));
    const opened = stage.context.waitForEvent('page', { timeout: launchTimeoutMs });
    try {
      await control.send('PWA.launch', { manifestId });
      return { app: await opened, control };
    } catch (thrown) {
      await opened.catch(() => undefined);
      if (attempt === launchAttempts) throw thrown;
      if (attempt % attemptsAStart === 0) await stage.relaunch();
    }
  }
}

for (const under of ['/', '/chester/']) {
  test(`installable, installed, launched and read offline at ${under}`, async () => {
    const stage = await Stage.open({ under });
    try {
      const page = await stage.page();
      await install(page);
      const session = await stage.session(page);
      const { installabilityErrors } = await session.send('Page.getInstallabilityErrors');
      assert.deepEqual(installabilityErrors, []);
      await page.getByRole('button', { name: 'Install' }).first().waitFor();

      const manifestId = stage.server.url;
      await session.send('PWA.install', { manifestId });
      // Without it a tab opens.
      await session.send('PWA.changeAppUserSettings', { manifestId, displayMode: 'standalone' });
      await stage.server.stop();
      await stage.relaunch();
      const { app, control } = await launch(stage, manifestId);
      await waitForState(app, ({ offline }) => offline.kind === 'ready', 'the installed app to be ready');
      assert.equal(await app.evaluate(() => matchMedia('(display-mode: standalone)').matches), true);
      assert.equal(await app.evaluate(() => crossOriginIsolated), true, 'isolated from its second start on');
      const ending = await openExample(app);
      assert.equal(ending.kind, 'done', ending.code);
      assert.equal(ending.analysis?.findings.length, 14);
      await control.send('PWA.uninstall', { manifestId });
    } finally {
      await stage.close();
    }
  });
}
