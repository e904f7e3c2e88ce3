import { transfer, type Remote } from 'comlink';
import type { Explanation, GrayImage, Reading } from '../shared/analysis.ts';
import { AppError, unwrap, type ErrorCode, type Outcome } from '../shared/app-error.ts';
import type {
  AnalyzeOptions,
  EngineInfo,
  EngineMemory,
  EngineMode,
  ExplainRequest,
  InferenceApi,
  InferenceStage,
  PackKey,
  Proof,
} from '../shared/messages.ts';
import type { PackRole } from '../shared/pack.ts';
import { abortable, onAbort, throwIfAborted } from './abort.ts';
import { withCallback } from './with-callback.ts';
import { openWorker, type LivingWorker } from './worker-client.ts';

/**
 * The page's side of the inference worker. Loading the networks is costly, so the worker stays warm; it is ended only
 * when it crashed, is silent for too long, or does not stop for Cancel, and opened again by the next call.
 * Calls run one after another: a pack that is being proved never answers for another one.
 */
export interface InferenceClient {
  /** The engine that runs now; `undefined` before the first start and after an end. */
  readonly engine: EngineInfo | undefined;
  /** Starts the engine and loads the pack, where that is not done yet. */
  ready(pack: PackKey, signal?: AbortSignal): Promise<EngineInfo>;
  /** Runs the pack's known answers in the engine that runs. */
  prove(pack: PackKey, signal?: AbortSignal): Promise<{ readonly proof: Proof; readonly engine: EngineInfo }>;
  /** A throw-away run. Milliseconds it took. */
  warmUp(pack: PackKey, signal?: AbortSignal): Promise<number>;
  /** `image` is transferred: its data is gone from the page afterwards, whatever the outcome. */
  analyze(
    pack: PackKey,
    image: GrayImage,
    options: AnalyzeOptions,
    signal?: AbortSignal,
    onStage?: (stage: InferenceStage) => void,
  ): Promise<Reading>;
  /** Explains a finding in detail; a cancelled run that does not stop soon costs the worker. */
  explain(
    pack: PackKey,
    request: ExplainRequest,
    signal?: AbortSignal,
    onProgress?: (share: number) => void,
  ): Promise<Explanation>;
  memory(): Promise<EngineMemory>;
  /** Ends the worker; callers get `cancelled`. The next call opens another. */
  close(): void;
  /** The same once the calls before are done: what is loaded was removed, and its name may mean another pack soon. */
  release(): Promise<void>;
}

export interface InferenceLimits {
  /** Longer than the worker's own time-outs for each mode together, shorter than a person's patience. */
  readonly startMs: number;
  /** Reading and hashing a pack of some MB and compiling its graph on a slow phone. */
  readonly loadMs: number;
  /** Without a stage message or an answer for so long the worker is taken for dead (it may have closed itself). */
  readonly silentMs: number;
  /** The plain JavaScript engine is slower by this factor: it also serves browsers that compile nothing (lockdown modes). */
  readonly jsFactor: number;
  /** How long a cancelled run may go on before its worker is ended. */
  readonly cancelMs: number;
}

const defaultLimits: InferenceLimits = {
  startMs: 60_000,
  loadMs: 60_000,
  silentMs: 60_000,
  jsFactor: 10,
  cancelMs: 200,
};

export interface EngineWish {
  readonly mode: EngineMode;
  /** How many, in mode `threads`. */
  readonly threads?: number;
}

/** Which engine to ask for, the next more modest after each start that failed (engine-choice.ts). */
export interface EngineChoice {
  readonly maxAttempts: number;
  /** `undefined` leaves it to the worker. */
  choose(failedStarts: number): Promise<EngineWish | undefined>;
  remember(engine: EngineInfo): Promise<void>;
}

/** Failures after which the worker's insides cannot be trusted, though it answered. */
const endsWorker: ReadonlySet<ErrorCode> = new Set([
  'engine-crashed',
  'engine-out-of-memory',
  'engine-timeout',
  'unexpected',
]);

export function createInferenceClient(
  workerAddress: string,
  choice: EngineChoice,
  limits: InferenceLimits = defaultLimits,
): InferenceClient {
  let worker: LivingWorker<InferenceApi> | undefined;
  let engine: EngineInfo | undefined;
  /** What the worker holds for each role. */
  const loadedPacks = new Map<PackRole, string>();
  let failures = 0;
  let lastTurn: Promise<unknown> = Promise.resolve();

  /** How long a run may be silent in the engine that runs. */
  function patienceMs(): number {
    return engine?.mode === 'js' ? limits.silentMs * limits.jsFactor : limits.silentMs;
  }

  function forget(): void {
    worker = undefined;
    engine = undefined;
    loadedPacks.clear();
  }

  function open(): LivingWorker<InferenceApi> {
    const opened = openWorker<InferenceApi>(workerAddress, 'chester-inference', 'engine-crashed', (reason) => {
      if (reason.code !== 'cancelled') failures += 1;
      if (worker === opened) forget();
    });
    worker = opened;
    return opened;
  }

  /** Waits until the calls before are done; the caller is told of Cancel at once, the turn ends when its work has. */
  function inTurn<T>(signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> {
    const turn = lastTurn.then(() => {
      throwIfAborted(signal);
      return work();
    });
    lastTurn = turn.catch(() => undefined);
    return abortable(turn, signal);
  }

  /** One call of the worker: time-out after `ms` without `touch()`, Cancel, and failures that end it. */
  async function ask<T>(
    ms: number,
    signal: AbortSignal | undefined,
    work: (remote: Remote<InferenceApi>, touch: () => void) => Promise<Outcome<T>>,
  ): Promise<T> {
    throwIfAborted(signal);
    const current = worker ?? open();
    const expire = (): void => current.end(new AppError('engine-timeout', { ms }));
    let clock = setTimeout(expire, ms);
    const touch = (): void => {
      clearTimeout(clock);
      clock = setTimeout(expire, ms);
    };
    let cancelClock: ReturnType<typeof setTimeout> | undefined;
    const stopListening = onAbort(signal, () => {
      cancelClock = setTimeout(() => current.end(new AppError('cancelled')), limits.cancelMs);
    });
    try {
      return unwrap(await current.call((remote) => work(remote, touch)));
    } catch (thrown) {
      const error = AppError.from(thrown, 'engine-crashed');
      if (endsWorker.has(error.code)) current.end(error);
      throw error;
    } finally {
      clearTimeout(clock);
      clearTimeout(cancelClock);
      stopListening();
    }
  }

  /** @param pack is read meanwhile, for the load that follows */
  async function start(pack: PackKey, signal: AbortSignal | undefined): Promise<EngineInfo> {
    if (engine !== undefined) return engine;
    for (let attempt = Math.min(failures, choice.maxAttempts - 1); ; attempt += 1) {
      try {
        const wish = await choice.choose(attempt);
        const started = await ask(limits.startMs, signal, (remote) => {
          void remote.prefetch({ id: pack.id, version: pack.version });
          return remote.start(wish?.mode, wish?.threads);
        });
        engine = started;
        void choice.remember(started);
        return started;
      } catch (thrown) {
        const error = AppError.from(thrown, 'engine-start-failed');
        // Threads that hang are the known case (docs/decisions): try again, more modestly.
        if (error.code === 'cancelled' || attempt + 1 >= choice.maxAttempts) throw error;
      }
    }
  }

  async function load(pack: PackKey, signal: AbortSignal | undefined): Promise<EngineInfo> {
    const info = await start(pack, signal);
    const key = `${pack.id}@${pack.version}`;
    if (![...loadedPacks.values()].includes(key)) {
      try {
        const role = await ask(limits.loadMs, signal, (remote) => remote.load({ id: pack.id, version: pack.version }));
        loadedPacks.set(role, key);
      } catch (thrown) {
        // What was loaded for its role may be gone already.
        loadedPacks.clear();
        throw thrown;
      }
    }
    return info;
  }

  return {
    get engine() {
      return engine;
    },

    ready: (pack, signal) => inTurn(signal, () => load(pack, signal)),

    prove: (pack, signal) =>
      inTurn(signal, async () => {
        const info = await load(pack, signal);
        const key = { id: pack.id, version: pack.version };
        const proof = await ask(patienceMs(), signal, (remote) => remote.prove(key));
        failures = 0;
        return { proof, engine: info };
      }),

    warmUp: (pack, signal) =>
      inTurn(signal, async () => {
        await load(pack, signal);
        return ask(patienceMs(), signal, (remote) => remote.warmUp());
      }),

    analyze: (pack, image, options, signal, onStage = () => undefined) =>
      inTurn(signal, async () => {
        await load(pack, signal);
        for (const helper of [options.gate, options.lungs, options.secondOpinion]) {
          if (helper !== undefined) await load(helper, signal);
        }
        const reading = await ask(patienceMs(), signal, (remote, touch) => {
          const hearStage = (stage: InferenceStage): void => {
            touch();
            // A late message of a cancelled run is dropped here.
            if (signal?.aborted !== true) onStage(stage);
          };
          return withCallback<[InferenceStage], void, Outcome<Reading>>(hearStage, undefined, (stage) =>
            remote.analyze(transfer(image, [image.data.buffer]), options, stage),
          );
        });
        failures = 0;
        return reading;
      }),

    explain: (pack, request, signal, onProgress = () => undefined) =>
      inTurn(signal, async () => {
        await load(pack, signal);
        return ask(patienceMs(), signal, (remote, touch) => {
          const hearShare = (share: number): boolean => {
            touch();
            if (signal?.aborted === true) return false;
            onProgress(share);
            return true;
          };
          const key = { id: pack.id, version: pack.version };
          return withCallback<[number], boolean, Outcome<Explanation>>(hearShare, false, (share) =>
            remote.explain(key, request, share),
          );
        });
      }),

    memory: () => inTurn(undefined, () => ask(patienceMs(), undefined, (remote) => remote.memory())),

    close() {
      worker?.end(new AppError('cancelled'));
    },

    release: () =>
      inTurn(undefined, () => {
        worker?.end(new AppError('cancelled'));
        return Promise.resolve();
      }),
  };
}
