import { AppError, settle, type ErrorCode, type Outcome } from '../shared/app-error.ts';
import type { EngineInfo, InferenceApi, PackKey } from '../shared/messages.ts';
import type { PackContents } from '../shared/pack.ts';
import { releaseBuffer } from '../shared/release-buffer.ts';
import { readPack } from '../storage/packs.ts';
import { engineMemory, startEngine, type EnginePaths } from './engine.ts';
import { loadFindingsNetwork, type FindingsNetwork } from './findings-network.ts';
import { goldenInput, provePack, readGolden } from './prove-pack.ts';
import { readImage } from './read-image.ts';

/** What is loaded; a pack that failed its proof answers nothing any more. */
interface LoadedPack {
  readonly key: PackKey;
  /** Without the weights: they are in the engine now. */
  readonly contents: PackContents;
  readonly network: FindingsNetwork;
  readonly rejected: boolean;
}

/**
 * The inference worker without the worker: one engine, one findings pack. Calls come one at a time; the page's side
 * (app/inference-client.ts) sees to that.
 */
export function createInferenceService(paths: EnginePaths): InferenceApi {
  let engine: EngineInfo | undefined;
  let loaded: LoadedPack | undefined;

  function loadedPack(key?: PackKey): LoadedPack {
    const isOther = key !== undefined && (loaded?.key.id !== key.id || loaded.key.version !== key.version);
    if (loaded === undefined || isOther) throw new AppError('pack-missing', { pack: key ? nameOf(key) : 'findings' });
    return loaded;
  }

  async function start(mode: EngineInfo['mode'] | undefined): Promise<EngineInfo> {
    // Its tensors belong to the engine that is about to end.
    loaded?.network.dispose();
    loaded = undefined;
    engine = undefined;
    engine = await startEngine(mode, paths);
    return engine;
  }

  return {
    start: (mode) => guarded(() => start(mode), 'engine-start-failed'),

    load: (key) =>
      guarded(async () => {
        if (engine === undefined) await start(undefined);
        const contents = await readPack(key);
        loaded?.network.dispose();
        loaded = undefined;
        const network = loadFindingsNetwork(contents);
        loaded = { key, contents: withoutWeights(contents), network, rejected: false };
      }),

    prove: (key) =>
      guarded(() => {
        const pack = loadedPack(key);
        const proof = provePack(pack.network, pack.contents, engine?.mode ?? 'js');
        loaded = { ...pack, rejected: !proof.passed };
        return proof;
      }),

    warmUp: () =>
      guarded(() => {
        const { contents, network } = loadedPack();
        const [input] = readGolden(contents).inputs;
        if (input === undefined) throw new AppError('pack-invalid', { reason: 'golden.json is empty' });
        const start = performance.now();
        network.run(goldenInput(input, contents));
        return performance.now() - start;
      }),

    analyze: (image, options, onStage) =>
      guarded(async () => {
        const { key, network, rejected } = loadedPack();
        if (rejected) throw new AppError('known-answer-mismatch', { pack: nameOf(key) });
        try {
          return await readImage(image, network, options, onStage);
        } finally {
          // It was transferred: nobody else holds it.
          releaseBuffer(image.data.buffer);
        }
      }),

    memory: () => guarded(() => engineMemory()),
  };
}

/** What the known answers need; the weights' bytes are given back. */
function withoutWeights({ manifest, files }: PackContents): PackContents {
  const shards = new Set(manifest.weights.shards);
  for (const path of shards) releaseBuffer(files.get(path) ?? new ArrayBuffer(0));
  return { manifest, files: new Map([...files].filter(([path]) => !shards.has(path))) };
}

/** Failures as values, those of the engine's insides under their own codes. */
function guarded<T>(work: () => T | Promise<T>, fallback: ErrorCode = 'unexpected'): Promise<Outcome<T>> {
  return settle<T>(async () => {
    try {
      return await work();
    } catch (thrown) {
      throw AppError.from(thrown, engineFailure(thrown) ?? fallback);
    }
  });
}

/** What WebAssembly, Emscripten and typed arrays say when memory ends or the module is broken. */
function engineFailure(thrown: unknown): ErrorCode | undefined {
  const text = thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown);
  if (/out of memory|OOM|enlarge memory|allocation failed|Array buffer allocation/i.test(text)) {
    return 'engine-out-of-memory';
  }
  // A RangeError of a typed array: its view lies outside of what the memory could grow to.
  if (thrown instanceof RangeError) return 'engine-out-of-memory';
  if (thrown instanceof WebAssembly.RuntimeError || /abort/i.test(text)) return 'engine-crashed';
  return undefined;
}

function nameOf({ id, version }: PackKey): string {
  return `${id}@${version}`;
}
