/** The stage of every measurement: the built site on a local server, a real browser on a real profile. */

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BrowserContext, CDPSession, Page } from 'playwright-core';
import type { ChesterApp } from '../src/app/app-model.ts';
import { waitForState } from '../test/faults/support.ts';
import { launchPersistent } from '../test/support/browser.ts';
import { startFaultServer, type FaultServer } from '../test/support/fault-server.ts';

/** Longest wait for a download, a proof or a batch before the bench gives up. */
const patienceMs = 180_000;

export interface Stage {
  readonly context: BrowserContext;
  readonly page: Page;
  readonly server: FaultServer;
  /** A CDP session on the browser itself. */
  readonly browserSession: CDPSession;
  close(): Promise<void>;
}

/** Starts server and browser; the page is still empty. */
export async function openStage(): Promise<Stage> {
  const server = await startFaultServer({ root: 'dist/www' });
  const profile = await mkdtemp(join(tmpdir(), 'chester-bench-'));
  const context = await launchPersistent(profile);
  const page = context.pages()[0] ?? (await context.newPage());
  const browser = context.browser();
  const browserSession = browser === null ? await context.newCDPSession(page) : await browser.newBrowserCDPSession();
  return {
    context,
    page,
    server,
    browserSession,
    async close() {
      await context.close();
      await server.close();
      await rm(profile, { recursive: true, force: true });
    },
  };
}

type WithApp = HTMLElement & { app: ChesterApp };

/** Accepts the notice and waits until the app is ready to work offline. Milliseconds it took. */
export async function acceptAndInstall(page: Page): Promise<number> {
  await waitForState(page, ({ accepted }) => accepted !== undefined, 'the app to start');
  const start = performance.now();
  await page.evaluate(() => document.querySelector<WithApp>('chester-app')?.app.acceptNotForMedicalUse());
  await page.evaluate(() => document.querySelector<WithApp>('chester-app')?.app.startDownload());
  await waitForState(page, ({ offline }) => offline.kind === 'ready', 'the app to be ready');
  return performance.now() - start;
}

/** Opens the built-in example `count` times and returns the timings of each analysis, milliseconds a stage. */
export async function analyzeExamples(page: Page, count: number): Promise<Readonly<Record<string, number>>[]> {
  const all: Readonly<Record<string, number>>[] = [];
  for (let index = 0; index < count; index += 1) {
    const timings = await page.evaluate(async (timeoutMs) => {
      const app = document.querySelector<WithApp>('chester-app')?.app;
      if (app === undefined) throw new Error('the app is not there');
      const start = performance.now();
      const before = new Set(app.state.queue.map((item) => item.id));
      app.openExample();
      return new Promise<Record<string, number>>((resolve, reject) => {
        const check = (): void => {
          const item = app.state.queue.find((candidate) => !before.has(candidate.id));
          if (item?.state.kind === 'failed') reject(new Error(item.state.error.code));
          if (item?.state.kind !== 'done') {
            if (performance.now() - start > timeoutMs) reject(new Error('the example did not end'));
            return;
          }
          unsubscribe();
          const wall = performance.now() - start;
          app.dismiss(item.id);
          resolve({ ...item.state.result.analysis.timings, wall });
        };
        const unsubscribe = app.subscribe(check);
        check();
      });
    }, patienceMs);
    all.push(timings);
  }
  return all;
}
