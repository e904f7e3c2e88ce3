/**
 * Memory of the renderer process: private pages (`Private_Clean + Private_Dirty` of smaps_rollup), because
 * resident size counts the browser's own shared code. Linux only; elsewhere there is no figure, and it says so.
 */

import { readFile } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import type { CDPSession } from 'playwright-core';
import { analyzeExamples, type BenchStage } from './stage.ts';
import type { Figure } from './table.ts';

const pollMs = 40;
const mebibyte = 1024 * 1024;
const imagesInARow = 50;
/** From the design: with the embedded packs and images up to 4 megapixels. */
const peakBudgetMib = 150;
const heapGrowthBudgetMb = 2;

async function privateBytes(pid: number): Promise<number> {
  const rollup = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8');
  const kilobytes = [...rollup.matchAll(/^Private_(?:Clean|Dirty):\s+(\d+) kB/gm)].map((match) => Number(match[1]));
  return kilobytes.reduce((sum, value) => sum + value, 0) * 1024;
}

/** The most private bytes that the largest renderer has while `work` runs. @param browser a CDP session on the browser itself */
export async function peakRendererBytes(browser: CDPSession, work: () => Promise<void>): Promise<number> {
  let peak = 0;
  let working = true;
  const polling = (async () => {
    while (working) {
      peak = Math.max(peak, await largestRendererBytes(browser));
      await wait(pollMs);
    }
  })();
  try {
    await work();
  } finally {
    working = false;
    await polling;
  }
  return peak;
}

/** Private bytes of the largest renderer: the app's. */
async function largestRendererBytes(browser: CDPSession): Promise<number> {
  const { processInfo } = await browser.send('SystemInfo.getProcessInfo');
  const pids = processInfo.filter(({ type }) => type === 'renderer').map(({ id }) => id);
  return Math.max(...(await Promise.all(pids.map((pid) => privateBytes(pid).catch(() => 0)))));
}

async function collectedHeap(stage: BenchStage): Promise<number> {
  const session = await stage.context.newCDPSession(stage.page);
  await session.send('HeapProfiler.collectGarbage');
  const { usedSize } = await session.send('Runtime.getHeapUsage');
  await session.detach();
  return usedSize;
}

export async function measureMemory(stage: BenchStage): Promise<Figure[]> {
  if (process.platform !== 'linux') {
    console.error('memory: measured on Linux only');
    return [];
  }
  let heapEarly = 0;
  const peak = await peakRendererBytes(stage.browserSession, async () => {
    await analyzeExamples(stage.page, 5);
    heapEarly = await collectedHeap(stage);
    await analyzeExamples(stage.page, imagesInARow - 5);
  });
  const heapLate = await collectedHeap(stage);
  return [
    {
      area: 'memory',
      name: 'renderer, private, peak over 50 images',
      value: peak / mebibyte,
      unit: 'MiB',
      budget: peakBudgetMib,
    },
    {
      area: 'memory',
      name: 'page heap after 50 images less after 5',
      value: (heapLate - heapEarly) / 1e6,
      unit: 'MB',
      budget: heapGrowthBudgetMb,
    },
  ];
}
