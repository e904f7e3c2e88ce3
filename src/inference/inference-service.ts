import { AppError, settle, type ErrorCode, type Outcome } from '../shared/app-error.ts';
import type { EngineInfo, InferenceApi, PackKey } from '../shared/messages.ts';
import { packRoles, type PackContents, type PackRole } from '../shared/pack.ts';
import { releaseBuffer } from '../shared/release-buffer.ts';
import { readPack } from '../storage/packs.ts';
import { engineMemory, loadOnEngine, startEngine, type EnginePaths } from './engine.ts';
import type { Explainer } from './explainer.ts';
import { graphPath, parseGraph } from './graph-definition.ts';
import { loadFindingsNetwork, type FindingsNetwork } from './findings-network.ts';
import { loadPictureGate, type PictureGateNetwork } from './picture-gate-network.ts';
import { loadLungsNetwork, type LungsNetwork } from './lungs-network.ts';
import { goldenInput, provePack, readGolden } from './prove-pack.ts';
import { readImage } from './read-image.ts';
import { loadSecondOpinion, type SecondOpinionNetwork } from './second-opinion.ts';

/** What is loaded; a pack that failed its proof answers nothing any more. */
interface LoadedPack<Network> {
  readonly key: PackKey;
  /** Without the weights: they are in the engine now. */
  readonly contents: PackContents;
  readonly network: Network;
  readonly rejected: boolean;
}

/** One pack of each role at the most. */
interface LoadedPacks {
  findings?: LoadedPack<FindingsNetwork>;
  gate?: LoadedPack<PictureGateNetwork>;
  lungs?: LoadedPack<LungsNetwork>;
  'second-opinion'?: LoadedPack<SecondOpinionNetwork>;
}

/**
 * The inference worker without the worker: one engine, one pack of each role. Calls come one at a time; the page's side
 * (app/inference-client.ts) sees to that.
 */
export function createInferenceService(paths: EnginePaths): InferenceApi {
  let engine: EngineInfo | undefined;
  const loaded: LoadedPacks = {};
  let explainer: Explainer | undefined;
  let reading: { readonly key: PackKey; readonly contents: Promise<PackContents> } | undefined;

  function loadedPack<Role extends PackRole>(role: Role, key?: PackKey): NonNullable<LoadedPacks[Role]> {
    const pack = loaded[role];
    if (pack === undefined || (key !== undefined && !isSame(pack.key, key))) {
      throw new AppError('pack-missing', { pack: key ? nameOf(key) : role });
    }
    return pack;
  }

  /** Loaded, and not found to answer wrongly. */
  function trusted<Role extends PackRole>(role: Role, key?: PackKey): NonNullable<LoadedPacks[Role]> {
    const pack = loadedPack(role, key);
    if (pack.rejected) throw new AppError('known-answer-mismatch', { pack: nameOf(pack.key) });
    return pack;
  }

  function unload(role: PackRole): void {
    if (role === 'findings') explainer?.forget();
    loaded[role]?.network.dispose();
    Reflect.deleteProperty(loaded, role);
  }

  async function start(mode: EngineInfo['mode'] | undefined, threads?: number): Promise<EngineInfo> {
    // Their tensors belong to the engine that is about to end.
    for (const role of packRoles) unload(role);
    engine = undefined;
    engine = await startEngine(mode, paths, threads);
    return engine;
  }

  /** What is being read already is taken once: the pack may be another one the next time. */
  function read(key: PackKey): Promise<PackContents> {
    const early = reading;
    reading = undefined;
    return early !== undefined && isSame(early.key, key) ? early.contents : readPack(key, parseEarly);
  }

  return {
    prefetch: (key) => {
      const contents = readPack(key, parseEarly);
      // `load` tells.
      contents.catch(() => undefined);
      reading = { key, contents };
      return Promise.resolve();
    },

    start: (mode, threads) => guarded(() => start(mode, threads), 'engine-start-failed'),

    load: (key) =>
      guarded(async () => {
        if (engine === undefined) await start(undefined);
        const contents = await read(key);
        const { role } = contents.manifest;
        unload(role);
        const parts = { key, rejected: false };
        switch (role) {
          case 'findings': {
            const network = await loadOnEngine(() => loadFindingsNetwork(contents));
            loaded.findings = { ...parts, network, contents: withoutWeights(contents) };
            break;
          }
          case 'gate': {
            const network = await loadOnEngine(() => loadPictureGate(contents));
            loaded.gate = { ...parts, network, contents: withoutWeights(contents) };
            break;
          }
          case 'lungs': {
            const network = await loadOnEngine(() => loadLungsNetwork(contents));
            loaded.lungs = { ...parts, network, contents: withoutWeights(contents) };
            break;
          }
          case 'second-opinion': {
            const network = await loadOnEngine(() => loadSecondOpinion(contents));
            loaded['second-opinion'] = { ...parts, network, contents: withoutWeights(contents) };
            break;
          }
        }
        return role;
      }),

    prove: (key) =>
      guarded(() => {
        const role = packRoles.find((each) => isSame(loaded[each]?.key, key));
        if (role === undefined) throw new AppError('pack-missing', { pack: nameOf(key) });
        const pack = loadedPack(role, key);
        const proof = provePack(pack.network, pack.contents, engine?.mode ?? 'js');
        Object.assign(loaded, { [role]: { ...pack, rejected: !proof.passed } });
        return proof;
      }),

    warmUp: () =>
      guarded(() => {
        const { contents, network } = loadedPack('findings');
        const [input] = readGolden(contents).inputs;
        if (input === undefined) throw new AppError('pack-invalid', { reason: 'golden.json is empty' });
        const start = performance.now();
        network.run(goldenInput(input, contents));
        return performance.now() - start;
      }),

    analyze: (image, options, onStage) =>
      guarded(async () => {
        try {
          const { network: findings } = trusted('findings');
          const { secondOpinion, gate, lungs } = options;
          const networks = {
            findings,
            ...(secondOpinion && { secondOpinion: trusted('second-opinion', secondOpinion).network }),
            ...(gate && { gate: trusted('gate', gate).network }),
            ...(lungs && { lungs: trusted('lungs', lungs).network }),
          };
          return await readImage(image, networks, options, onStage);
        } finally {
          // It was transferred: nobody else holds it.
          releaseBuffer(image.data.buffer);
        }
      }),

    explain: (key, request, onProgress) =>
      guarded(async () => {
        const { network } = trusted('findings', key);
        const { createExplainer } = await import('./explainer.ts');
        explainer ??= createExplainer(paths.loadKernels);
        // Its weights' bytes were given back when it was loaded: they are read again, and checked again.
        return explainer.explain(request, network, () => readPack(key), onProgress);
      }),

    memory: () => guarded(() => engineMemory()),
  };
}

/** The graph is parsed while the shards are still being read. */
function parseEarly(path: string, bytes: unknown): void {
  if (path !== graphPath || !(bytes instanceof ArrayBuffer)) return;
  try {
    parseGraph(bytes);
  } catch {
    // Damaged, or no graph: said when the pack is loaded, by what is found then.
  }
}

/** What the known answers need; the weights' bytes are given back. */
function withoutWeights({ manifest, files }: PackContents): PackContents {
  const shards = new Set(manifest.weights.shards);
  releaseBuffer(...[...files].flatMap(([path, bytes]) => (shards.has(path) ? [bytes] : [])));
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

function isSame(a: PackKey | undefined, b: PackKey): boolean {
  return a?.id === b.id && a.version === b.version;
}

function nameOf({ id, version }: PackKey): string {
  return `${id}@${version}`;
}
