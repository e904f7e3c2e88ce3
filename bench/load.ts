/** How long the first visit, the installation and a later start take. */

import { waitForState } from '../test/faults/support.ts';
import { acceptAndInstall, type BenchStage } from './stage.ts';
import type { Figure } from './table.ts';

async function firstPaint(stage: BenchStage): Promise<number> {
  return stage.page.evaluate(() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? Number.NaN);
}

/** Leaves the stage with the app installed, on its second start: cross-origin isolated, from the service worker. */
export async function measureLoad(stage: BenchStage): Promise<Figure[]> {
  const { page, url } = stage;
  await page.goto(url);
  await waitForState(page, ({ accepted }) => accepted !== undefined, 'the app to start');
  const paint = await firstPaint(stage);
  const install = await acceptAndInstall(page);

  await page.reload();
  await waitForState(page, ({ offline }) => offline.kind === 'ready', 'the app to be ready');
  const again = await firstPaint(stage);
  const ready = await page.evaluate(() => performance.now());
  return [
    { area: 'load', name: 'first visit, first contentful paint', value: paint, unit: 'ms' },
    { area: 'load', name: 'agreed until ready to work offline (local server)', value: install, unit: 'ms' },
    { area: 'load', name: 'second start, first contentful paint', value: again, unit: 'ms' },
    { area: 'load', name: 'second start until ready is known', value: ready, unit: 'ms' },
  ];
}
