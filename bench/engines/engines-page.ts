/** What bench/engines.ts drives: one worker an engine, all in this page, asked one after another. */

import { wrap, type Remote } from 'comlink';
import type { InferenceApi, PackKey } from '../../src/shared/messages.ts';
import { unwrap } from '../../src/shared/app-error.ts';
import { closeDatabase } from '../../src/storage/database.ts';
import { storePack } from '../pages/store-pack.ts';
import type { ContestantApi, ContestantSpec } from './contestant.ts';
import type { PublishedApi } from './published-worker.ts';

interface Contestant {
  readonly worker: Worker;
  readonly api: Remote<ContestantApi>;
}

const contestants = new Map<string, Contestant>();

function contestant(name: string): Contestant {
  const found = contestants.get(name);
  if (found === undefined) throw new Error(`${name} is not open`);
  return found;
}

/** A worker that cannot be had rejects, where Comlink would wait for ever. */
function openWorker<Api>(address: string): { worker: Worker; api: Remote<Api>; failed: Promise<never> } {
  const worker = new Worker(address, { type: 'module' });
  const failed = new Promise<never>((_, reject) => {
    worker.onerror = ({ message }) => reject(new Error(`${address}: ${message}`));
  });
  failed.catch(() => undefined);
  return { worker, api: wrap<Api>(worker), failed };
}

const bench = {
  storePack,

  async open(name: string, spec: ContestantSpec): Promise<void> {
    const { worker, api, failed } = openWorker<ContestantApi>(spec.worker);
    await Promise.race([api.load(spec), failed]);
    contestants.set(name, { worker, api });
  },

  close(name: string): void {
    contestant(name).worker.terminate();
    contestants.delete(name);
  },

  answers: (name: string) => contestant(name).api.answers(),

  wasmBytes: (name: string) => contestant(name).api.wasmBytes(),

  /** One run of each, in this order: A B C. Milliseconds. */
  async round(names: readonly string[]): Promise<number[]> {
    const took: number[] = [];
    for (const name of names) took.push(await contestant(name).api.run());
    return took;
  },

  /** The same run by all at once. Milliseconds each. */
  together: (names: readonly string[]) => Promise.all(names.map((name) => contestant(name).api.run())),

  async storePublished(): Promise<void> {
    const { worker, api } = openWorker<PublishedApi>('published-worker.js');
    await api.start();
    await api.store();
    worker.terminate();
  },

  /** From `new Worker` to the first answer, weights in IndexedDB, fresh workers one after another. Milliseconds. */
  async coldPair(pack: PackKey): Promise<{ published: number; ours: number }> {
    await closeDatabase();
    let start = performance.now();
    const theirs = openWorker<PublishedApi>('published-worker.js');
    await theirs.api.start();
    await theirs.api.loadStored();
    await theirs.api.run();
    const published = performance.now() - start;
    theirs.worker.terminate();

    start = performance.now();
    const { worker, api } = openWorker<InferenceApi>('assets/inference-worker.js');
    // As the app does it (src/app/inference-client.ts).
    void api.prefetch(pack);
    unwrap(await api.start('simd'));
    unwrap(await api.load(pack));
    unwrap(await api.warmUp());
    const ours = performance.now() - start;
    worker.terminate();
    return { published, ours };
  },
};

export type EnginesBench = typeof bench;

Object.assign(globalThis, { bench });
