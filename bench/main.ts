/**
 * `npm run bench`: what it costs. Prints a table; `--json --out FILE` writes the same figures as JSON.
 * `--only kernels` measures only our kernels against tfjs's, which needs no built site.
 * Run it on an otherwise idle machine; figures are for that machine, ratios travel better.
 */

import { writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { budgets, measureSizes } from '../tools/build/site-sizes.ts';
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

async function siteFigures(): Promise<Figure[]> {
  const stage = await openStage();
  const figures: Figure[] = [];
  try {
    for (const measure of [measureLoad, measureInference, measureMemory, measureLongTasks]) {
      figures.push(...(await measure(stage)));
    }
  } finally {
    await stage.close();
  }
  return [...figures, ...(await sizeFigures())];
}

const parts: Readonly<Record<string, () => Promise<Figure[]>>> = { site: siteFigures, kernels: measureKernels };

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { json: { type: 'boolean', default: false }, out: { type: 'string' }, only: { type: 'string' } },
  });
  const chosen = values.only === undefined ? Object.keys(parts) : values.only.split(',');
  const figures: Figure[] = [];
  for (const name of chosen) {
    const measure = parts[name];
    if (measure === undefined) throw new Error(`--only ${name}: it is one of ${Object.keys(parts).join(', ')}`);
    figures.push(...(await measure()));
  }

  const machine = { processor: cpus()[0]?.model ?? 'unknown', cores: cpus().length, date: new Date().toISOString() };
  const json = JSON.stringify({ machine, figures }, null, 2);
  if (values.out !== undefined) await writeFile(values.out, `${json}\n`);
  console.log(values.json && values.out === undefined ? json : formatTable(figures));
}

await main();
