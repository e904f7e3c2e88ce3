/** The stage of every measurement: the built site on a local server, a real browser on a real profile. */

import type { BrowserContext, CDPSession, Page } from 'playwright-core';
import type { ChesterApp } from '../src/app/app-model.ts';
import { Stage, waitForState } from '../test/faults/support.ts';

/** Longest wait for a download, a proof or a batch before the bench gives up. */
const patienceMs = 180_000;

export interface BenchStage {
  readonly context: BrowserContext;
  readonly page: Page;
  readonly url: string;
  /** A CDP session on the browser itself. */
  readonly browserSession: CDPSession;
  close(): Promise<void>;
}

/** Starts server and browser, as the tests do; the page is still empty. */
export async function openStage(): Promise<BenchStage> {
  const stage = await Stage.open();
  const { context } = stage;
  const page = context.pages()[0] ?? (await context.newPage());
  const browser = context.browser();
  const browserSession = browser === null ? await context.newCDPSession(page) : await browser.newBrowserCDPSession();
  return { context, page, url: stage.server.url, browserSession, close: () => stage.close() };
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
