/**
 * DenseNet-121 in Chromium on one thread of WASM SIMD: loading our packs of it beside the published graph, whole readings, and
 * what the renderer takes. Random weights. Speed of the networks themselves: engines.ts.
 */

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PackKey } from '../src/shared/messages.ts';
import { launchPersistent } from '../test/support/browser.ts';
import { startFaultServer } from '../test/support/fault-server.ts';
import { addPacks, bundleScripts, startSite } from './engines/make-site.ts';
import type { DenseNetBench } from './pages/densenet-page.ts';
import { peakRendererBytes } from './memory.ts';
import { pageDriver } from './page-driver.ts';
import { median, type Figure } from './table.ts';

const precisions = ['float16', 'int8'] as const;
const loadPairs = 9;
const readings = 5;
const mebibyte = 1024 * 1024;
/** Issue of the packs: loading from IndexedDB, hashing and dequantising included. */
const loadBudget = 1.1;
/** From the design, with DenseNet-121. */
const rendererBudgetMib = 300;

export async function measureDenseNet(): Promise<Figure[]> {
  const site = await mkdtemp(join(tmpdir(), 'chester-bench-'));
  try {
    await makeSite(site);
    return await measureOn(site);
  } finally {
    await rm(site, { recursive: true, force: true });
  }
}

async function makeSite(site: string): Promise<void> {
  await bundleScripts(site, {
    page: 'bench/pages/densenet-page.ts',
    'published-worker': 'bench/engines/published-worker.ts',
  });
  await startSite(site);
  await addPacks(site, precisions);
}

async function measureOn(site: string): Promise<Figure[]> {
  const server = await startFaultServer({ root: site, headers: false });
  const profile = await mkdtemp(join(tmpdir(), 'chester-bench-profile-'));
  const context = await launchPersistent(profile);
  try {
    const page = await context.newPage();
    const call = await pageDriver<DenseNetBench>(page, server.url);
    await call('storePublished');
    const keys: Record<string, PackKey> = {};
    for (const precision of precisions) keys[precision] = await call('storePack', `packs/${precision}`);

    const figures: Figure[] = [];
    const add = (name: string, value: number, unit: string, budget?: number): void => {
      figures.push({ area: 'DenseNet', name, value, unit, ...(budget === undefined ? {} : { budget }) });
    };
    for (const precision of precisions) {
      const pairs = [];
      for (let pair = 0; pair < loadPairs; pair += 1) pairs.push(await call('loadPair', keys[precision]));
      if (precision === 'float16')
        add('load, published graph, median', median(pairs.map((pair) => pair.published)), 'ms');
      add(`load, ${precision}, median`, median(pairs.map((pair) => pair.ours)), 'ms');
      add(
        `load, ${precision} over published, median of pairs`,
        median(pairs.map((pair) => pair.ours / pair.published)),
        '×',
        loadBudget,
      );
    }
    const browser = context.browser();
    const session = browser === null ? await context.newCDPSession(page) : await browser.newBrowserCDPSession();
    let wall: number[] = [];
    const peak = await peakRendererBytes(session, async () => {
      wall = await call('readings', keys['float16'], readings);
    });
    add('reading of 4 megapixels (gate, scores, maps), first', wall[0] ?? Number.NaN, 'ms');
    add('reading of 4 megapixels, median', median(wall.slice(1)), 'ms');
    add('renderer, private, peak', peak / mebibyte, 'MiB', rendererBudgetMib);
    return figures;
  } finally {
    await context.close();
    await server.close();
    await rm(profile, { recursive: true, force: true });
  }
}
