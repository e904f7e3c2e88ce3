/**
 * All engines in one Chromium, one worker each, taking turns A B C A B C, on one DenseNet-121: the published graph on tfjs as
 * its publisher runs it, our graph on tfjs's kernels, and on ours, and onnxruntime-web. Answers are compared in the same run;
 * ratios of paired timings are what travels to other machines. After `node build.mjs --test`.
 */

import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BrowserContext } from 'playwright-core';
import { launchPersistent } from '../test/support/browser.ts';
import { compareAnswers } from './engines/compare-answers.ts';
import type { ContestantSpec } from './engines/contestant.ts';
import type { EnginesBench } from './engines/engines-page.ts';
import { addOnnx, addPacks, addPeak, addSides, bundleScripts, publishedSide, startSite } from './engines/make-site.ts';
import { ratioOf, ratioTargets, type Ratio, type RatioName, type Ratios } from './engines/ratios.ts';
import type { EnginesReport, EngineTimes } from './engines/report.ts';
import { flopsPerGigaAndMs, peakFlops } from './fma-peak.ts';
import { serveIsolated } from './isolated-server.ts';
import { pageDriver, type PageDriver } from './page-driver.ts';
import { median, type Figure } from './table.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Rounds thrown away: compilation tiers, packing of weights. */
const warmRounds = 5;
export const usualRounds = 25;
/** Of larger pictures, which take up to a second. */
const largeRounds = 9;
const largeSides = [320, 512] as const;
/** Two spinning threads may take so much longer than one and the cores still count as idle. */
const idleFactor = 1.15;
const coldPairs = 11;
const mebibyte = 2 ** 20;
/** Of one picture of 224 × 224 and 18 outputs, each convolution done the direct way, whatever an engine skips. */
const denseNetFlops = 5.51e9;
/** Float32 engines answer alike to this part of the logits' deviation, which lies in `spread`. */
const answerTolerance = 1e-4;
const spread = { least: 1, most: 3 } as const;
/** Slow phones, estimated: Chromium's own throttling does not slow workers. */
const slowerPhones = [4, 6] as const;

const memoryTargetMib = 50;

const chester = 'published graph, tfjs';
const ours = 'our kernels, relaxed';
const oursPlain = 'our kernels, plain';
const oursTwoThreads = 'our kernels, relaxed, two threads';
const ortFloat32 = 'onnxruntime-web, float32';
const logitsAlone = 'logits alone';
const inputGradient = 'input gradient of a logit';
const ortInt8 = 'onnxruntime-web, int8';

/** In the order of the turns. `side` 224 unless said. */
function contestantsOf(logits: string): ReadonlyMap<string, ContestantSpec> {
  const pack = `graphs/${publishedSide}`;
  return new Map<string, ContestantSpec>([
    [chester, { worker: 'published-worker.js', model: `published/${publishedSide}.json`, logits }],
    ['our graph, tfjs', { worker: 'graph-worker.js', kernels: 'stock', pack }],
    [oursPlain, { worker: 'graph-worker.js', kernels: 'plain', pack }],
    [ours, { worker: 'graph-worker.js', kernels: 'relaxed', pack }],
    [ortFloat32, { worker: 'ort-worker.js', model: 'onnx/float32.onnx', side: publishedSide }],
    [ortInt8, { worker: 'ort-worker.js', model: 'onnx/int8.onnx', side: publishedSide }],
    [logitsAlone, { worker: 'graph-worker.js', kernels: 'relaxed', pack, onlyLogits: true }],
    [inputGradient, { worker: 'graph-worker.js', kernels: 'relaxed', pack, onlyLogits: true, gradient: true }],
    ['embedded MobileNetV2', { worker: 'graph-worker.js', kernels: 'relaxed', pack: 'models/pocket' }],
    ['peak', { worker: 'peak-worker.js' }],
  ]);
}

/** @param rounds fewer than `usualRounds` only to see whether everything runs */
export async function measureEngines(rounds = usualRounds): Promise<EnginesReport> {
  const site = await mkdtemp(join(tmpdir(), 'chester-bench-'));
  const profile = await mkdtemp(join(tmpdir(), 'chester-bench-profile-'));
  try {
    const { logits, isUpstream } = await makeSite(site);
    const server = await serveIsolated((path) => {
      const file = path === '/' ? 'index.html' : normalize(path);
      return readFile(join(path.startsWith('/models/') ? root : site, file));
    });
    let context: BrowserContext | undefined;
    try {
      context = await launchPersistent(profile);
      const page = await context.newPage();
      const driver = await pageDriver<EnginesBench>(page, server.url);
      const report = await compete(driver, logits, rounds);
      const topology = isUpstream ? 'the published topology' : 'a topology of its kind';
      console.error(`engines: Chester's graph is ${topology} with random weights`);
      return report;
    } finally {
      await context?.close();
      server.close();
    }
  } finally {
    await rm(site, { recursive: true, force: true });
    await rm(profile, { recursive: true, force: true });
  }
}

async function makeSite(site: string): ReturnType<typeof startSite> {
  await bundleScripts(site, {
    page: 'bench/engines/engines-page.ts',
    'published-worker': 'bench/engines/published-worker.ts',
    'graph-worker': 'bench/engines/graph-worker.ts',
    'ort-worker': 'bench/engines/ort-worker.ts',
    'peak-worker': 'bench/engines/peak-worker.ts',
  });
  const made = await startSite(site);
  await addSides(site, [publishedSide, ...largeSides]);
  await addPacks(site, ['float16', 'int8']);
  await addOnnx(site, publishedSide);
  await addPeak(site);
  return made;
}

async function compete(driver: PageDriver<EnginesBench>, logits: string, rounds: number): Promise<EnginesReport> {
  const contestants = contestantsOf(logits);
  const names = [...contestants.keys()];
  for (const [name, spec] of contestants) await driver('open', name, spec);
  const answers = await answerFigures(driver, names.slice(0, names.indexOf(logitsAlone)));
  const took = await takeTurns(driver, names, rounds);
  const memory = {
    published_mib: (await driver('wasmBytes', chester)) / mebibyte,
    densenet121_mib: (await driver('wasmBytes', ours)) / mebibyte,
  };
  for (const name of names) await driver('close', name);

  const of = (name: string): readonly number[] => took.get(name)!;
  const relaxed = of(ours);
  const fastestAllowed = of('peak').map((ms) => (denseNetFlops / peakFlops) * ms);
  const ratios: Partial<Record<RatioName, Ratio>> = {
    densenet121_over_chester: ratioOf(relaxed, of(chester)),
    densenet121_plain_over_chester: ratioOf(of(oursPlain), of(chester)),
    flops_over_fma_peak: ratioOf(fastestAllowed, relaxed),
    densenet121_over_ort_fp32: ratioOf(relaxed, of(ortFloat32)),
    densenet121_over_ort_int8: ratioOf(relaxed, of(ortInt8)),
    pocket_over_chester: ratioOf(of('embedded MobileNetV2'), of(chester)),
    maps_over_forward: ratioOf(relaxed, of(logitsAlone)),
    gradient_over_forward: ratioOf(of(inputGradient), of(logitsAlone)),
  };
  const times = names.filter((name) => name !== 'peak').map((name) => timesOf(name, publishedSide, of(name)));
  const threads = await twoThreads(driver, logits, rounds);
  if (threads.ratio !== undefined) ratios.two_threads_over_chester = threads.ratio;
  const large = await largerPictures(driver, logits, Math.min(rounds, largeRounds));
  const cold = await coldStarts(driver, Math.min(rounds, coldPairs));
  ratios.cold_over_chester = cold.ratio;
  const engines = [...times, ...large];
  return {
    figures: [
      ...engines.flatMap(timeFigures),
      { area: 'engines', name: 'peak of fused multiply-adds', value: peakRate(of('peak')), unit: 'GFLOP/s' },
      ...answers,
      ...threads.figures,
      ...cold.figures,
      { area: 'engines', name: 'published graph, linear memory', value: memory.published_mib, unit: 'MiB' },
      {
        area: 'engines',
        name: 'DenseNet-121, our kernels, linear memory',
        value: memory.densenet121_mib,
        unit: 'MiB',
        budget: memoryTargetMib,
      },
      ...slowPhoneFigures(engines),
      ...ratioFigures(ratios),
    ],
    ratios,
    memory,
    engines,
  };
}

/** Milliseconds of each round after the warm ones, by engine. */
async function takeTurns(
  driver: PageDriver<EnginesBench>,
  names: readonly string[],
  count: number,
): Promise<ReadonlyMap<string, readonly number[]>> {
  const took = names.map((): number[] => []);
  const warm = Math.min(warmRounds, count);
  for (let round = 0; round < warm + count; round += 1) {
    const ms = await driver('round', names);
    if (round >= warm) ms.forEach((value, index) => took[index]!.push(value));
  }
  return new Map(names.map((name, index) => [name, took[index]!]));
}

/** How far each engine's logits are from the published graph's, and whether comparing them says anything. */
async function answerFigures(driver: PageDriver<EnginesBench>, names: readonly string[]): Promise<Figure[]> {
  const published = await driver('answers', chester);
  const figures: Figure[] = [];
  for (const name of names.filter((each) => each !== chester)) {
    const { deviation, farthest } = compareAnswers(await driver('answers', name), published);
    if (deviation < spread.least || deviation > spread.most) {
      throw new Error(`the logits' deviation is ${deviation}: engines cannot be compared on such answers`);
    }
    const figure: Figure = {
      area: 'engines',
      name: `${name}, farthest logit / deviation ${deviation.toFixed(1)}`,
      value: farthest / deviation,
      unit: '',
    };
    figures.push(name === ortInt8 ? figure : { ...figure, budget: answerTolerance });
  }
  return figures;
}

/**
 * Our kernels on two threads beside the published graph on one. Rounds count only where both cores were idle otherwise: what
 * one does on registers alone, two must do at the same time.
 */
async function twoThreads(
  driver: PageDriver<EnginesBench>,
  logits: string,
  rounds: number,
): Promise<{ figures: Figure[]; ratio: Ratio | undefined }> {
  const specs: Readonly<Record<string, ContestantSpec>> = {
    [chester]: { worker: 'published-worker.js', model: `published/${publishedSide}.json`, logits },
    [oursTwoThreads]: { worker: 'graph-worker.js', kernels: 'relaxed', pack: `graphs/${publishedSide}`, threads: 2 },
    peak: { worker: 'peak-worker.js' },
    'second peak': { worker: 'peak-worker.js' },
  };
  const names = Object.keys(specs);
  for (const name of names) await driver('open', name, specs[name]);
  const answers = await answerFigures(driver, [chester, oursTwoThreads]);
  const measured: { readonly published: number; readonly ours: number; readonly together: number }[] = [];
  let alone = Infinity;
  const warm = Math.min(warmRounds, rounds);
  for (let round = 0; round < warm + rounds; round += 1) {
    const [published = NaN, ours = NaN, peak = NaN] = await driver('round', [chester, oursTwoThreads, 'peak']);
    const together = Math.max(...(await driver('together', ['peak', 'second peak'])));
    alone = Math.min(alone, peak);
    if (round >= warm) measured.push({ published, ours, together });
  }
  for (const name of names) await driver('close', name);
  const idle = measured.filter(({ together }) => together <= idleFactor * alone);
  const figure = (name: string, value: number, unit: string): Figure => ({ area: 'threads', name, value, unit });
  return {
    figures: [
      ...answers,
      figure(`rounds of ${rounds} with two idle cores`, idle.length, ''),
      figure(
        'both cores together over one alone, median',
        median(measured.map(({ together }) => together)) / alone,
        '×',
      ),
      figure('our kernels on two threads, minimum', Math.min(...measured.map(({ ours }) => ours)), 'ms'),
    ],
    ratio:
      idle.length === 0
        ? undefined
        : ratioOf(
            idle.map(({ ours }) => ours),
            idle.map(({ published }) => published),
          ),
  };
}

/** The published graph and ours at the other sizes that hospitals' networks have. */
async function largerPictures(
  driver: PageDriver<EnginesBench>,
  logits: string,
  rounds: number,
): Promise<EngineTimes[]> {
  const times: EngineTimes[] = [];
  for (const side of largeSides) {
    const specs: Readonly<Record<string, ContestantSpec>> = {
      [chester]: { worker: 'published-worker.js', model: `published/${side}.json`, logits },
      [ours]: { worker: 'graph-worker.js', kernels: 'relaxed', pack: `graphs/${side}` },
    };
    const names = Object.keys(specs);
    for (const name of names) await driver('open', name, specs[name]);
    const took = await takeTurns(driver, names, rounds);
    for (const name of names) {
      times.push(timesOf(name, side, took.get(name)!));
      await driver('close', name);
    }
  }
  return times;
}

async function coldStarts(
  driver: PageDriver<EnginesBench>,
  count: number,
): Promise<{ figures: Figure[]; ratio: Ratio }> {
  await driver('storePublished');
  const figures: Figure[] = [];
  const ratios: Record<string, Ratio> = {};
  for (const precision of ['float16', 'int8']) {
    const pack = await driver('storePack', `packs/${precision}`);
    const pairs = [];
    for (let pair = 0; pair < count; pair += 1) pairs.push(await driver('coldPair', pack));
    const own = pairs.map((pair) => pair.ours);
    const published = pairs.map((pair) => pair.published);
    ratios[precision] = ratioOf(own, published);
    const add = (name: string, value: number, unit: string): void => {
      figures.push({ area: 'cold start', name, value, unit });
    };
    if (precision === 'float16') add('published graph, float32, median', median(published), 'ms');
    add(`ours, ${precision}, median`, median(own), 'ms');
    add(`ours, ${precision}, over published, median of pairs`, ratios[precision].median, '×');
  }
  return { figures, ratio: ratios['float16']! };
}

function timesOf(name: string, side: number, ms: readonly number[]): EngineTimes {
  return { name, side, medianMs: median(ms), minMs: Math.min(...ms) };
}

function timeFigures({ name, side, medianMs, minMs }: EngineTimes): Figure[] {
  const label = `${name}, ${side} px`;
  return [
    { area: 'engines', name: `${label}, median`, value: medianMs, unit: 'ms' },
    { area: 'engines', name: `${label}, minimum`, value: minMs, unit: 'ms' },
  ];
}

function slowPhoneFigures(engines: readonly EngineTimes[]): Figure[] {
  return engines
    .filter(({ name, side }) => side === publishedSide && [ours, 'embedded MobileNetV2'].includes(name))
    .flatMap(({ name, medianMs }) =>
      slowerPhones.map((factor) => ({
        area: 'slow phone',
        name: `${name}, estimated: measured × ${factor}`,
        value: medianMs * factor,
        unit: 'ms',
      })),
    );
}

function ratioFigures(ratios: Ratios): Figure[] {
  return Object.entries(ratios).map(([name, ratio]) => ({
    area: 'ratios',
    name,
    value: ratio.median,
    unit: '',
    ...ratioTargets[name as RatioName],
  }));
}

function peakRate(ms: readonly number[]): number {
  return peakFlops / Math.min(...ms) / flopsPerGigaAndMs;
}
