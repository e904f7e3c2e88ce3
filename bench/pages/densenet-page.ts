/** What bench/densenet.ts drives: workers with a DenseNet-121, the published graph as it is and our packs of it. */

import { proxy, transfer, wrap, type Remote } from 'comlink';
import type { GrayImage } from '../../src/shared/analysis.ts';
import type { InferenceApi, PackKey } from '../../src/shared/messages.ts';
import { unwrap } from '../../src/shared/app-error.ts';
import { closeDatabase } from '../../src/storage/database.ts';
import type { PublishedApi } from '../engines/published-worker.ts';
import { storePack } from './store-pack.ts';

/** One network in one worker. */
interface Runner {
  /** Milliseconds from the open engine to the network that can run. */
  readonly loadMs: number;
  end(): void;
}

async function openOurs(pack: PackKey): Promise<Runner & { readonly api: Remote<InferenceApi> }> {
  const worker = new Worker('assets/inference-worker.js', { type: 'module' });
  const api = wrap<InferenceApi>(worker);
  unwrap(await api.start('simd'));
  const start = performance.now();
  unwrap(await api.load(pack));
  const loadMs = performance.now() - start;
  return {
    api,
    loadMs,
    end: () => worker.terminate(),
  };
}

async function openPublished(): Promise<Runner> {
  const worker = new Worker('published-worker.js', { type: 'module' });
  const api = wrap<PublishedApi>(worker);
  await api.start();
  return { loadMs: await api.loadStored(), end: () => worker.terminate() };
}

/** An X-ray of the usual size: noise, so that nothing is skipped. */
function someImage(): GrayImage {
  const [width, height] = [2048, 2048];
  const data = Float32Array.from({ length: width * height }, (_, at) => ((at * 7919) % 1009) / 1009);
  return {
    width,
    height,
    data,
    source: {
      kind: 'raster',
      inputKind: 'digital',
      format: 'png',
      storedWidth: width,
      storedHeight: height,
      orientation: 1,
      bitsPerSample: 8,
    },
  };
}

const bench = {
  storePack,

  async storePublished(): Promise<void> {
    const worker = new Worker('published-worker.js', { type: 'module' });
    const api = wrap<PublishedApi>(worker);
    await api.start();
    await api.store();
    worker.terminate();
  },

  /** Fresh workers, one after another. */
  async loadPair(pack: PackKey): Promise<{ published: number; ours: number }> {
    await closeDatabase();
    const published = await openPublished();
    published.end();
    const ours = await openOurs(pack);
    ours.end();
    return { published: published.loadMs, ours: ours.loadMs };
  },

  /** Whole readings in the inference worker: gate, scores, maps. Milliseconds each; the worker stays until `end`. */
  async readings(pack: PackKey, count: number): Promise<number[]> {
    const { api, end } = await openOurs(pack);
    const times: number[] = [];
    for (let run = 0; run < count; run += 1) {
      const image = someImage();
      const start = performance.now();
      unwrap(
        await api.analyze(
          transfer(image, [image.data.buffer]),
          {},
          proxy(() => undefined),
        ),
      );
      times.push(performance.now() - start);
    }
    end();
    return times;
  },
};

export type DenseNetBench = typeof bench;

Object.assign(globalThis, { bench });
