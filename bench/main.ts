/**
 * `npm run bench`: what it costs, after `node build.mjs --test`. Prints a table; `--json --out FILE` writes the same
 * figures as JSON, with the ratios by name (engines/ratios.ts); `--only app,camera,engines,files,sizes` measures less. `--only kernels`,
 * ours against tfjs's, needs no build; `--rounds 2` only tries whether the engines run. `--chart FILE` measures nothing: it writes
 * docs/performance.md and .svg from such a file.
 * Run it on an otherwise idle machine; figures are for that machine, ratios travel better.
 */

import { writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { budgets, measureSizes } from '../tools/build/site-sizes.ts';
import { measureCamera } from './camera.ts';
import { measureDenseNet } from './densenet.ts';
import { measureEngines } from './engines.ts';
import { readReport, type EnginesReport } from './engines/report.ts';
import { writePerformance } from './engines/write-performance.ts';
import { measureFiles } from './files.ts';
import { measureInference } from './inference.ts';
import { measureKernels } from './kernels.ts';
import { measureLoad } from './load.ts';
import { measureLongTasks } from './long-tasks.ts';
import { measureMemory } from './memory.ts';
import { openStage } from './stage.ts';
import { formatTable, type Figure } from './table.ts';

const kilobyte = 1000;

async function sizeFigures(): Promise<Figure[]> {
  const sizes = await measureSizes('dist');
  return Object.entries(sizes).flatMap(([part, size]) =>
    (['raw', 'gzip', 'brotli'] as const).map((form): Figure => {
      const budget = budgets[part]?.of === form ? budgets[part].bytes / kilobyte : undefined;
      const figure = { area: 'size', name: `${part}, ${form}`, value: size[form] / kilobyte, unit: 'KB' };
      return budget === undefined ? figure : { ...figure, budget };
    }),
  );
}

async function appFigures(): Promise<Figure[]> {
  const stage = await openStage();
  try {
    const figures: Figure[] = [];
    for (const measure of [measureLoad, measureInference, measureMemory, measureLongTasks]) {
      figures.push(...(await measure(stage)));
    }
    return figures;
  } finally {
    await stage.close();
  }
}

/** What a group may measure besides figures for the table. */
type Report = { readonly figures: readonly Figure[] } & Partial<EnginesReport>;

const figuresOf = (measure: () => Promise<Figure[]>) => async (): Promise<Report> => ({ figures: await measure() });

/** What `--only a,b` names. */
const groups: Readonly<Record<string, (rounds?: number) => Promise<Report>>> = {
  app: figuresOf(appFigures),
  camera: figuresOf(measureCamera),
  engines: measureEngines,
  densenet: figuresOf(measureDenseNet),
  files: figuresOf(measureFiles),
  kernels: figuresOf(measureKernels),
  sizes: figuresOf(sizeFigures),
};

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      json: { type: 'boolean', default: false },
      out: { type: 'string' },
      only: { type: 'string' },
      chart: { type: 'string' },
      rounds: { type: 'string' },
    },
  });
  if (values.chart !== undefined) return writePerformance('docs', await readReport(values.chart));
  const names = values.only?.split(',') ?? Object.keys(groups);
  const figures: Figure[] = [];
  let report: Report = { figures };
  for (const name of names) {
    const group = Object.hasOwn(groups, name) ? groups[name] : undefined;
    if (group === undefined) throw new Error(`--only takes ${Object.keys(groups).join(', ')}, not ${name}`);
    const measured = await group(values.rounds === undefined ? undefined : Number(values.rounds));
    figures.push(...measured.figures);
    report = { ...report, ...measured, figures };
  }

  const machine = { processor: cpus()[0]?.model ?? 'unknown', cores: cpus().length, date: new Date().toISOString() };
  const json = JSON.stringify({ machine, ...report }, null, 2);
  if (values.out !== undefined) await writeFile(values.out, `${json}\n`);
  console.log(values.json && values.out === undefined ? json : formatTable(figures));
}

await main();
