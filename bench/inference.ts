/** First and warm inference, maps and cancel, on the built-in example. */

import { waitForState } from '../test/faults/support.ts';
import { analyzeExamples, type BenchStage } from './stage.ts';
import { median, type Figure } from './table.ts';
import type { ChesterApp } from '../src/app/app-model.ts';

const warmRuns = 30;
const cancelRuns = 10;
/** Issue of the product: Cancel leaves the app idle, or the worker ended, within this. */
const cancelBudgetMs = 300;

export async function measureInference(stage: BenchStage): Promise<Figure[]> {
  const { page } = stage;
  const [first] = await analyzeExamples(page, 1);
  const warm = await analyzeExamples(page, warmRuns);
  const stageNames = Object.keys(warm[0] ?? {}).filter((name) => name !== 'wall');
  const figures: Figure[] = [
    { area: 'inference', name: 'first example, tap to result', value: first?.['wall'] ?? Number.NaN, unit: 'ms' },
    {
      area: 'inference',
      name: 'warm, tap to result, median',
      value: median(warm.map((run) => run['wall'] ?? 0)),
      unit: 'ms',
    },
  ];
  for (const name of stageNames) {
    const values = warm.map((run) => run[name] ?? Number.NaN);
    figures.push({ area: 'inference', name: `warm, ${name}, median`, value: median(values), unit: 'ms' });
  }
  figures.push({
    area: 'cancel',
    name: 'worst until idle',
    value: await worstCancel(stage),
    unit: 'ms',
    budget: cancelBudgetMs,
  });
  await waitForState(page, ({ offline }) => offline.kind === 'ready', 'the app to be ready');
  return figures;
}

/** Opens the example and cancels at different moments; milliseconds until nothing works any more. */
async function worstCancel({ page }: BenchStage): Promise<number> {
  let worst = 0;
  for (let run = 0; run < cancelRuns; run += 1) {
    const tookMs = await page.evaluate(async (delayMs) => {
      const app = document.querySelector<HTMLElement & { app: ChesterApp }>('chester-app')?.app;
      if (app === undefined) throw new Error('the app is not there');
      app.openExample();
      await new Promise((resolve) => setTimeout(resolve, delayMs));
      const start = performance.now();
      app.cancelAll();
      while (app.state.queue.some((item) => item.state.kind === 'working')) {
        await new Promise((resolve) => setTimeout(resolve, 1));
      }
      const took = performance.now() - start;
      for (const item of app.state.queue) app.dismiss(item.id);
      return took;
    }, run * 6);
    worst = Math.max(worst, tookMs);
  }
  return worst;
}
