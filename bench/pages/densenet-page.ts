/** What bench/densenet.ts drives: workers with a DenseNet-121, the published graph as it is and our packs of it. */

import { proxy, transfer, wrap, type Remote } from 'comlink';
import type { GrayImage } from '../../src/shared/analysis.ts';
import type { EngineMemory, InferenceApi, PackKey } from '../../src/shared/messages.ts';
import type { PackManifest } from '../../src/shared/pack.ts';
import { unwrap } from '../../src/shared/app-error.ts';
import { putPack } from '../../src/storage/packs.ts';
import { closeDatabase } from '../../src/storage/database.ts';
import type { PublishedApi } from './published-worker.ts';

/** One network in one worker. */
interface Runner {
  /** Milliseconds from the open engine to the network that can run. */
  readonly loadMs: number;
  /** Milliseconds of one run. */
  run(): Promise<number>;
  wasmBytes(): Promise<number>;
  end(): void;
}

async function fetchBytes(path: string): Promise<ArrayBuffer> {
  return (await fetch(path)).arrayBuffer();
}

async function storePack(folder: string): Promise<PackKey> {
  const manifestBytes = await fetchBytes(`${folder}/pack.json`);
  const manifest = JSON.parse(new TextDecoder().decode(manifestBytes)) as PackManifest;
  const files = new Map<string, ArrayBuffer>();
  for (const { path } of manifest.files) files.set(path, await fetchBytes(`${folder}/${path}`));
  await putPack(manifest, manifestBytes, files);
  return { id: manifest.id, version: manifest.version };
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
    run: async () => unwrap(await api.warmUp()),
    wasmBytes: async () => unwrap<EngineMemory>(await api.memory()).wasmBytes,
    end: () => worker.terminate(),
  };
}

async function openPublished(): Promise<Runner> {
  const worker = new Worker('published-worker.js', { type: 'module' });
  const api = wrap<PublishedApi>(worker);
  await api.start();
  const loadMs = await api.load();
  return { loadMs, run: () => api.run(), wasmBytes: () => api.wasmBytes(), end: () => worker.terminate() };
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

  /** Both warm, in turns. */
  async runPairs(pack: PackKey, count: number): Promise<{ published: number; ours: number }[]> {
    const [published, ours] = [await openPublished(), await openOurs(pack)];
    for (const runner of [published, ours]) for (let run = 0; run < 3; run += 1) await runner.run();
    const pairs: { published: number; ours: number }[] = [];
    for (let run = 0; run < count; run += 1) pairs.push({ published: await published.run(), ours: await ours.run() });
    published.end();
    ours.end();
    return pairs;
  },

  /** Linear memory after a few runs, bytes. */
  async memory(pack: PackKey): Promise<{ published: number; ours: number }> {
    const measured = { published: 0, ours: 0 };
    for (const name of ['published', 'ours'] as const) {
      const runner = name === 'ours' ? await openOurs(pack) : await openPublished();
      for (let run = 0; run < 3; run += 1) await runner.run();
      measured[name] = await runner.wasmBytes();
      runner.end();
    }
    return measured;
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
