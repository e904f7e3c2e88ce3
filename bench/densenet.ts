/**
 * DenseNet-121 in Chromium on one thread of WASM SIMD: our packs of it beside the published graph, run as it is.
 * Random weights; the published topology where it is at hand, else one of its kind.
 */

import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as esbuild from 'esbuild';
import type { PackKey } from '../src/shared/messages.ts';
import { launchPersistent } from '../test/support/browser.ts';
import { startFaultServer } from '../test/support/fault-server.ts';
import { densenetModelJson } from '../test/support/published-style.ts';
import { writeRandomDenseNet } from '../test/support/random-published.ts';
import { upstreamModelJson } from '../test/support/upstream.ts';
import { addPublished } from '../tools/pack/add/add-published.ts';
import { publishedModel } from '../tools/pack/published/published-models.ts';
import { startPublishedEngine } from '../tools/pack/published/run-as-published.ts';
import type { DenseNetBench } from './pages/densenet-page.ts';
import { peakRendererBytes } from './memory.ts';
import { median, type Figure } from './table.ts';

const model = publishedModel('chester-v3');
const precisions = ['float16', 'int8'] as const;
const loadPairs = 9;
const forwardPairs = 15;
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
  await esbuild.build({
    entryPoints: { page: 'bench/pages/densenet-page.ts', 'published-worker': 'bench/pages/published-worker.ts' },
    outdir: site,
    bundle: true,
    format: 'esm',
    logLevel: 'warning',
    define: { 'process.env.NODE_ENV': '"production"' },
    external: ['fs', 'path', 'os', 'crypto', 'util', 'worker_threads', 'perf_hooks', 'ws', 'string_decoder'],
    tsconfig: 'src/tsconfig.json',
  });
  await writeFile(
    join(site, 'index.html'),
    '<!doctype html><title>Bench</title><script type="module" src="page.js"></script>',
  );
  await cp('dist/test/assets', join(site, 'assets'), { recursive: true });
  const published = join(site, 'published');
  await mkdir(published);
  await startPublishedEngine();
  await writeRandomDenseNet(published, (await upstreamModelJson(model.id)) ?? densenetModelJson());
  for (const precision of precisions) {
    await addPublished(model, {
      from: published,
      unverified: true,
      id: precision,
      version: '1.0.0',
      // Random weights amplify what rounding does; how much is the tests' business.
      shortening: { precision, allowedDifference: 1 },
      out: join(site, 'packs'),
    });
  }
}

async function measureOn(site: string): Promise<Figure[]> {
  const server = await startFaultServer({ root: site, headers: false });
  const profile = await mkdtemp(join(tmpdir(), 'chester-bench-profile-'));
  const context = await launchPersistent(profile);
  try {
    const page = await context.newPage();
    // tsx wraps named functions in `__name(…)`, also those that `evaluate` sends to the page.
    await page.addInitScript('globalThis.__name ??= (named) => named');
    await page.goto(server.url);
    await page.waitForFunction(() => 'bench' in globalThis);
    const call = <Name extends keyof DenseNetBench>(name: Name, ...args: unknown[]) =>
      page.evaluate(
        ([method, values]) => {
          const { bench } = globalThis as unknown as { bench: Record<string, (...all: unknown[]) => unknown> };
          return bench[method]!(...values);
        },
        [name, args] as const,
      ) as Promise<Awaited<ReturnType<DenseNetBench[Name]>>>;

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
    const runs = await call('runPairs', keys['float16'], forwardPairs);
    add('forward, published graph, median', median(runs.map((run) => run.published)), 'ms');
    add('forward, ours, median', median(runs.map((run) => run.ours)), 'ms');
    add('forward, ours over published, median of pairs', median(runs.map((run) => run.ours / run.published)), '×');
    const memory = await call('memory', keys['float16']);
    add('linear memory, published graph', memory.published / mebibyte, 'MiB');
    add('linear memory, ours', memory.ours / mebibyte, 'MiB');
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
