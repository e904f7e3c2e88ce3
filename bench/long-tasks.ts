/** Main-thread tasks over 50 ms while the workers work and the page runs four times slower, from a trace. */

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

export async function measureLongTasks(stage: BenchStage): Promise<Figure[]> {
  const { page, browserSession } = stage;
  const pageSession = await stage.context.newCDPSession(page);
  await pageSession.send('Emulation.setCPUThrottlingRate', { rate: slowdown });

  const events: TraceEvent[] = [];
  browserSession.on('Tracing.dataCollected', ({ value }) => events.push(...(value as unknown as TraceEvent[])));
  await browserSession.send('Tracing.start', {
    traceConfig: { includedCategories: ['toplevel', 'devtools.timeline', '__metadata'] },
  });
  await analyzeExamples(page, images);
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
  const longest = Math.max(...tasks.map(({ dur }) => (dur ?? 0) / 1000));
  const count = tasks.filter(({ dur }) => (dur ?? 0) / 1000 > longTaskMs).length;
  return [
    {
      area: 'page',
      name: `longest main-thread task, page ${slowdown} times slower`,
      value: longest,
      unit: 'ms',
      budget: longTaskMs,
    },
    { area: 'page', name: `main-thread tasks over ${longTaskMs} ms`, value: count, unit: 'tasks', budget: 0 },
  ];
}
