/** Main-thread tasks over 50 ms while the workers work and the page runs four times slower, from a trace. */

import type { BrowserContext, CDPSession, Page } from 'playwright-core';
import { analyzeExamples, type BenchStage } from './stage.ts';
import type { Figure } from './table.ts';

const slowdown = 4;
const longTaskMs = 50;
const images = 10;

interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  readonly dur?: number;
  readonly args?: { readonly name?: string };
}

export async function measureLongTasks({ context, page, browserSession }: BenchStage): Promise<Figure[]> {
  const tasks = await slowedTasks(context, page, browserSession, () => analyzeExamples(page, images));
  return taskFigures(tasks, 'page');
}

/** Of every main-thread task while `work` runs and the page is slowed down: how long it took, ms. */
export async function slowedTasks(
  context: BrowserContext,
  page: Page,
  browserSession: CDPSession,
  work: () => Promise<unknown>,
): Promise<readonly number[]> {
  const pageSession = await context.newCDPSession(page);
  await pageSession.send('Emulation.setCPUThrottlingRate', { rate: slowdown });

  const events: TraceEvent[] = [];
  browserSession.on('Tracing.dataCollected', ({ value }) => events.push(...(value as unknown as TraceEvent[])));
  await browserSession.send('Tracing.start', {
    traceConfig: { includedCategories: ['toplevel', 'devtools.timeline', '__metadata'] },
  });
  await work();
  const complete = new Promise<void>((resolve) => browserSession.once('Tracing.tracingComplete', () => resolve()));
  await browserSession.send('Tracing.end');
  await complete;
  await pageSession.send('Emulation.setCPUThrottlingRate', { rate: 1 });

  const mainThreads = new Set(
    events
      .filter(({ name, args }) => name === 'thread_name' && args?.name === 'CrRendererMain')
      .map(({ pid, tid }) => `${pid}/${tid}`),
  );
  const tasks = events.filter(
    ({ name, pid, tid, dur }) => name.endsWith('RunTask') && dur !== undefined && mainThreads.has(`${pid}/${tid}`),
  );
  if (tasks.length === 0) throw new Error('the trace holds no main-thread task: nothing was measured');
  return tasks.map(({ dur }) => (dur ?? 0) / 1000);
}

/** The longest of these tasks and how many are too long, beside their budgets. */
export function taskFigures(tasks: readonly number[], area: string): Figure[] {
  return [
    {
      area,
      name: `longest main-thread task, page ${slowdown} times slower`,
      value: Math.max(...tasks),
      unit: 'ms',
      budget: longTaskMs,
    },
    {
      area,
      name: `main-thread tasks over ${longTaskMs} ms`,
      value: tasks.filter((ms) => ms > longTaskMs).length,
      unit: 'tasks',
      budget: 0,
    },
  ];
}
