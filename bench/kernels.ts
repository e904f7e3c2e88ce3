/**
 * Our kernels against tfjs's own: rates of the tile beside the processor's peak, and whole networks, in one worker of one
 * Chromium. The engines take turns, so that ratios hold where absolute times move (docs/decisions/0017-own-kernels.md).
 */

import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as esbuild from 'esbuild';
import { chromium, type Page } from 'playwright-core';
import { chromiumArgs, chromiumPath } from '../test/support/browser.ts';
import { compileKernels } from '../tools/build/compile-kernels.mjs';
import type { Engine, GradientTimes, KernelsCommand, KernelsWorkerApi, NetworkTimes, Rates } from './kernels-worker.ts';
import { flopsPerGigaAndMs } from './fma-peak.ts';
import { serveIsolated } from './isolated-server.ts';
import { median, type Figure } from './table.ts';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const require = createRequire(import.meta.url);
const tfjsFolder = join(dirname(require.resolve('@tensorflow/tfjs-backend-wasm/package.json')), 'dist');

/** Shares of the register peak, and of the stock kernels' time (issue: speed). */
const targets = {
  tile: { relaxed: 0.85, plain: 0.75 },
  denseNet: { relaxed: 0.42, plain: 0.5 },
  pocket: { relaxed: 0.54, plain: undefined },
  lungs: { relaxed: undefined, plain: undefined },
  /** Direct-equivalent rate of the whole network over the peak. */
  rate: 1.05,
  memoryMib: 50,
  difference: 1e-4,
  /** There and back, over there. */
  gradient: 2.2,
} as const;
const mebibyte = 2 ** 20;
/** Of one picture of 224 × 224 and 18 outputs, each convolution done the direct way. */
const denseNetFlops = 5.51e9;

export async function measureKernels(): Promise<Figure[]> {
  const files = await makeFiles();
  const server = await serveIsolated(async (path) => {
    const made = files.get(path);
    return made ?? readFile(join(path.startsWith('/models/') ? root : tfjsFolder, normalize(path)));
  });
  const browser = await chromium.launch({ executablePath: chromiumPath(), headless: true, args: [...chromiumArgs] });
  try {
    const page = await browser.newPage();
    await page.goto(server.url);
    const rates = (await ask(page, { measure: 'rates' })) as Rates;
    const denseNet = (await ask(page, { measure: 'denseNet' })) as NetworkTimes;
    const pocket = (await ask(page, { measure: 'pocket' })) as NetworkTimes;
    const lungs = (await ask(page, { measure: 'lungs' })) as NetworkTimes;
    const gradients = (await ask(page, { measure: 'gradients' })) as GradientTimes;
    const memory: Figure[] = [];
    for (const engine of ['stock', 'plain', 'relaxed'] as const) {
      const value = ((await ask(page, { measure: 'memory', engine })) as number) / mebibyte;
      const figure: Figure = { area: 'kernels', name: `DenseNet-121, ${engine}, linear memory`, value, unit: 'MiB' };
      memory.push(engine === 'stock' ? figure : { ...figure, budget: targets.memoryMib });
    }
    const withGradient = ((await ask(page, { measure: 'gradientMemory' })) as number) / mebibyte;
    memory.push({ area: 'kernels', name: 'the same with its input gradient', value: withGradient, unit: 'MiB' });
    return [
      ...rateFigures(rates),
      ...networkFigures('DenseNet-121', denseNet, targets.denseNet),
      ...peakFigures(denseNet, rates),
      ...networkFigures('pocket (MobileNetV2)', pocket, targets.pocket),
      ...networkFigures('lungs (U-Net)', lungs, targets.lungs),
      ...gradientFigures(gradients),
      ...memory,
    ];
  } finally {
    await browser.close();
    server.close();
  }
}

/** One worker a question: its memory is given back with it. */
async function ask(page: Page, command: KernelsCommand): Promise<KernelsWorkerApi[KernelsCommand['measure']]> {
  return page.evaluate(
    (question) =>
      new Promise<KernelsWorkerApi[KernelsCommand['measure']]>((resolve, reject) => {
        const worker = new Worker('kernels-worker.js', { type: 'module' });
        worker.onmessage = ({ data }: MessageEvent<{ value: KernelsWorkerApi['memory']; error?: string }>) => {
          worker.terminate();
          if (data.error === undefined) resolve(data.value);
          else reject(new Error(data.error));
        };
        worker.onerror = ({ message }) => reject(new Error(message));
        worker.postMessage(question);
      }),
    command,
  );
}

function rateFigures(rates: Rates): Figure[] {
  const peak = rates['peak relaxed'] ?? Number.NaN;
  return Object.entries(rates).flatMap(([name, value]): Figure[] => {
    const rate: Figure = { area: 'kernels', name, value, unit: 'GFLOP/s' };
    if (name.startsWith('peak') || name.includes('Winograd')) return [rate];
    const atLeast = name.startsWith('relaxed') ? targets.tile.relaxed : targets.tile.plain;
    return [rate, { area: 'kernels', name: `${name}, over the relaxed peak`, value: value / peak, unit: '', atLeast }];
  });
}

/** The whole network's rate, whatever it skips, over what the processor can do on registers. */
function peakFigures({ ms }: NetworkTimes, rates: Rates): Figure[] {
  const peak = rates['peak relaxed'] ?? Number.NaN;
  const value = denseNetFlops / Math.min(...ms.relaxed) / flopsPerGigaAndMs / peak;
  return [
    {
      area: 'kernels',
      name: 'DenseNet-121, relaxed, rate over the relaxed peak',
      value,
      unit: '',
      atLeast: targets.rate,
    },
  ];
}

function networkFigures(
  network: string,
  { loadMs, ms, difference }: NetworkTimes,
  budgets: Readonly<Record<'plain' | 'relaxed', number | undefined>>,
): Figure[] {
  const figure = (name: string, value: number, unit: string): Figure => ({
    area: 'kernels',
    name: `${network}, ${name}`,
    value,
    unit,
  });
  const times = (['stock', 'plain', 'relaxed'] as const).flatMap((engine: Engine) => [
    figure(`${engine}, minimum`, Math.min(...ms[engine]), 'ms'),
    figure(`${engine}, median`, median(ms[engine]), 'ms'),
    figure(`${engine}, weights to network`, loadMs[engine], 'ms'),
  ]);
  const ratios = (['plain', 'relaxed'] as const).flatMap((engine) => {
    const pairs = ms[engine].map((took, round) => took / ms.stock[round]!);
    const budget = budgets[engine];
    const middle = figure(`${engine} over stock, median of pairs`, median(pairs), '');
    return [
      budget === undefined ? middle : { ...middle, budget },
      figure(`${engine} over stock, minima`, Math.min(...ms[engine]) / Math.min(...ms.stock), ''),
      { ...figure(`${engine}, farthest logit / deviation`, difference[engine], ''), budget: targets.difference },
    ];
  });
  return [...times, ...ratios];
}

/** `gradient_over_forward` of each network, pairs of one round. */
function gradientFigures(gradients: GradientTimes): Figure[] {
  const area = 'kernels';
  return Object.entries({ 'DenseNet-121': gradients.denseNet, pocket: gradients.pocket }).flatMap(([network, times]) =>
    (['plain', 'relaxed'] as const).flatMap((flavour): Figure[] => {
      const { loadMs, forwardMs, gradientMs } = times[flavour];
      const name = `gradient_over_forward, ${network}, ${flavour}`;
      const pairs = gradientMs.map((took, round) => took / forwardMs[round]!);
      return [
        { area, name: `${name}, median of pairs`, value: median(pairs), unit: '', budget: targets.gradient },
        { area, name: `${name}, minima`, value: Math.min(...gradientMs) / Math.min(...forwardMs), unit: '' },
        { area, name: `input gradient, ${network}, ${flavour}, minimum`, value: Math.min(...gradientMs), unit: 'ms' },
        { area, name: `input gradient, ${network}, ${flavour}, weights to network`, value: loadMs, unit: 'ms' },
      ];
    }),
  );
}

async function makeFiles(): Promise<ReadonlyMap<string, string | Uint8Array>> {
  const { outputFiles } = await esbuild.build({
    absWorkingDir: root,
    entryPoints: ['bench/kernels-worker.ts'],
    bundle: true,
    format: 'esm',
    write: false,
    logLevel: 'warning',
    tsconfig: 'src/tsconfig.json',
    external: ['fs', 'path', 'os', 'crypto', 'util', 'worker_threads', 'perf_hooks', 'ws', 'string_decoder'],
  });
  const files = new Map<string, string | Uint8Array>([
    ['/', '<!doctype html><title>Bench</title>'],
    ['/kernels-worker.js', outputFiles[0]?.text ?? ''],
  ]);
  for (const flavour of ['plain', 'relaxed'] as const) {
    const relaxed = flavour === 'relaxed';
    files.set(`/kernels-${flavour}.wasm`, await compileKernels({ relaxed }));
    files.set(`/fma-peak-${flavour}.wasm`, await compileKernels({ relaxed, entry: 'bench/assembly/fma-peak.ts' }));
  }
  return files;
}
