/** An inference worker for the faults that the real one cannot be asked for; what it does is told by the pack's id. */

import { expose } from 'comlink';
import type { Reading } from '../../../../src/shared/analysis.ts';
import { AppError, settle } from '../../../../src/shared/app-error.ts';
import type { EngineMode, InferenceApi } from '../../../../src/shared/messages.ts';

let wish = '';
let prefetched = '';
let mode: EngineMode = 'threads';

function spin(ms: number): void {
  const end = performance.now() + ms;
  while (performance.now() < end);
}

const reading = { findings: [], maps: {}, timings: {}, packs: {}, thresholds: '' } as unknown as Reading;

const api: InferenceApi = {
  prefetch: ({ id }) => {
    prefetched = id;
    return Promise.resolve();
  },
  start: (wanted) =>
    settle(async () => {
      mode = wanted ?? 'threads';
      // Threads that never start, as where blob: workers are forbidden.
      if (wanted === undefined && self.location.search === '?threads-hang') await new Promise(() => undefined);
      return { mode, threads: 1, kernels: 'stock' };
    }),
  load: (pack) =>
    settle(() => {
      wish = pack.id;
      if (wish === 'damaged') throw new AppError('pack-damaged', { pack: 'damaged@1', path: 'a.bin' });
      return 'findings' as const;
    }),
  prove: () => settle(() => ({ passed: true, mode, worstLogit: 0, worstProbability: 0, worstInput: prefetched })),
  warmUp: () => settle(() => 1),
  analyze: (_image, _options, onStage) =>
    settle(async () => {
      onStage('gate');
      // Lets the message out before the thread is blocked.
      await new Promise((resolve) => setTimeout(resolve, 5));
      if (wish === 'hang') spin(5_000);
      if (wish === 'short') spin(50);
      if (wish === 'silent') await new Promise(() => undefined);
      if (wish === 'crash') {
        setTimeout(() => {
          throw new Error('nobody catches this');
        });
        await new Promise(() => undefined);
      }
      onStage('findings');
      return reading;
    }),
  explain: (_pack, { finding, kind }, onProgress) =>
    settle(async () => {
      if (wish === 'hang') spin(5_000);
      for (let part = 0; part < 20; part += 1) {
        spin(10);
        if (!(await onProgress(part / 20))) throw new AppError('cancelled');
      }
      return { kind, finding, map: { width: 1, height: 1, values: [1] } };
    }),
  memory: () => settle(() => ({ tensors: 0, wasmBytes: 0 })),
};

expose(api);
