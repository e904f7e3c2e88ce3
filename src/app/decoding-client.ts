import { proxy, type Remote } from 'comlink';
import { AppError, unwrap, type ErrorCode, type Outcome } from '../shared/app-error.ts';
import { decodeTimeoutMs } from '../shared/limits.ts';
import type { PhotoChoice } from '../shared/analysis.ts';
import type {
  DecodeApi,
  DecodedFile,
  DecodeStage,
  ImportedPack,
  OpenedPhoto,
  PackFileListener,
} from '../shared/messages.ts';
import type { CatalogEntry } from '../shared/pack.ts';
import { onAbort, throwIfAborted } from './abort.ts';
import { openWorker, type LivingWorker } from './worker-client.ts';

export interface DecodeOptions {
  readonly signal?: AbortSignal;
  readonly onStage?: (stage: DecodeStage) => void;
}

export interface ImportOptions extends PackFileListener {
  readonly signal?: AbortSignal;
}

/**
 * The page's side of the decode worker. A file is hostile and a decoder may hang, so the worker is opened when a file
 * comes, has a wall clock, and is ended without regret on a time-out, a crash, lack of memory, or Cancel.
 */
export interface DecodingClient {
  /** Rejects with an `AppError`: `decode-timeout`, `decode-crashed`, `cancelled`, or what the worker found. */
  decode(file: Blob, options?: DecodeOptions): Promise<DecodedFile>;
  /** A photograph in colour, and where its film may be. Rejects as `decode` does. */
  openPhoto(file: Blob, options?: DecodeOptions): Promise<OpenedPhoto>;
  /** The same photograph, rectified. Rejects as `decode` does. */
  rectify(file: Blob, choice: PhotoChoice, options?: DecodeOptions): Promise<DecodedFile>;
  /**
   * Brings a `.chesterpack` into storage, in a worker of its own that ends with it: Cancel and a file that hangs disturb
   * no picture. Rejects with what `decoding/import-pack-file.ts` throws, `decode-timeout`, `decode-crashed`, `cancelled`.
   */
  importPack(file: Blob, known: readonly CatalogEntry[], options: ImportOptions): Promise<ImportedPack>;
  /** Gives the worker's memory back now. */
  close(): void;
}

export interface DecodingLimits {
  readonly timeoutMs: number;
  /** An idle decoder keeps the largest picture's memory: WASM memory never shrinks. */
  readonly idleMs: number;
  /** After so many pixels, in one picture or in several, the worker is ended and the next file opens another. */
  readonly pixelsALife: number;
}

/** Nothing was read of a pack's file for so long: the card is gone or the worker hangs. */
const packStallMs = 60_000;

const defaultLimits: DecodingLimits = {
  timeoutMs: decodeTimeoutMs,
  // Long enough to keep the worker between the files of one queue.
  idleMs: 10_000,
  // 4 megapixels: RGBA, grey floats and the codec's copies come to about 50 MB, which the collector lets lie.
  pixelsALife: 4e6,
};

/** Failures after which the worker's insides cannot be trusted. */
const endsWorker: ReadonlySet<ErrorCode> = new Set(['decode-out-of-memory', 'decode-crashed', 'unexpected']);

export function createDecodingClient(workerAddress: string, limits: DecodingLimits = defaultLimits): DecodingClient {
  let worker: LivingWorker<DecodeApi> | undefined;
  let idleTimer: ReturnType<typeof setTimeout> | undefined;
  let running = 0;
  /** Decoded by the worker that runs. */
  let decodedPixels = 0;

  function open(): LivingWorker<DecodeApi> {
    const opened = openWorker<DecodeApi>(workerAddress, 'chester-decode', 'decode-crashed', () => {
      if (worker === opened) worker = undefined;
    });
    worker = opened;
    decodedPixels = 0;
    return opened;
  }

  function close(): void {
    clearTimeout(idleTimer);
    worker?.end(new AppError('cancelled'));
  }

  /** One call of the worker with its wall clock; `pixelsOf` says how many pixels it decoded. */
  async function ask<T>(
    { signal, onStage = () => undefined }: DecodeOptions,
    work: (remote: Remote<DecodeApi>, onStage: (stage: DecodeStage) => void) => Promise<Outcome<T>>,
    pixelsOf: (value: T) => number,
  ): Promise<T> {
    throwIfAborted(signal);
    clearTimeout(idleTimer);
    const current = worker ?? open();
    running += 1;
    const clock = setTimeout(
      () => current.end(new AppError('decode-timeout', { seconds: inSeconds(limits.timeoutMs) })),
      limits.timeoutMs,
    );
    const stopListening = onAbort(signal, () => current.end(new AppError('cancelled')));
    try {
      const decoded = unwrap(await current.call((remote) => work(remote, proxy(onStage))));
      decodedPixels += pixelsOf(decoded);
      if (running === 1 && decodedPixels > limits.pixelsALife) current.end(new AppError('cancelled'));
      return decoded;
    } catch (thrown) {
      const error = AppError.from(thrown, 'decode-crashed');
      if (endsWorker.has(error.code)) current.end(error);
      throw error;
    } finally {
      clearTimeout(clock);
      stopListening();
      running -= 1;
      if (running === 0) idleTimer = setTimeout(close, limits.idleMs);
    }
  }

  async function importPack(
    file: Blob,
    known: readonly CatalogEntry[],
    { signal, onBytes, onIdentity }: ImportOptions,
  ): Promise<ImportedPack> {
    throwIfAborted(signal);
    const own = openWorker<DecodeApi>(workerAddress, 'chester-pack', 'decode-crashed', () => undefined);
    const expire = (): void => own.end(new AppError('decode-timeout', { seconds: inSeconds(packStallMs) }));
    let clock = setTimeout(expire, packStallMs);
    const listener: PackFileListener = {
      onBytes(received) {
        clearTimeout(clock);
        clock = setTimeout(expire, packStallMs);
        onBytes(received);
      },
      onIdentity,
    };
    const stopListening = onAbort(signal, () => own.end(new AppError('cancelled')));
    try {
      return unwrap(await own.call<Outcome<ImportedPack>>((remote) => remote.importPack(file, known, proxy(listener))));
    } finally {
      clearTimeout(clock);
      stopListening();
      own.end(new AppError('cancelled'));
    }
  }

  const storedPixels = ({ image: { source } }: DecodedFile): number => source.storedWidth * source.storedHeight;
  return {
    decode: (file, options = {}) =>
      ask<DecodedFile>(options, (remote, onStage) => remote.decode(file, onStage), storedPixels),
    openPhoto: (file, options = {}) =>
      ask<OpenedPhoto>(
        options,
        (remote, onStage) => remote.openPhoto(file, onStage),
        ({ photo }) => photo.width * photo.height,
      ),
    rectify: (file, choice, options = {}) =>
      ask<DecodedFile>(options, (remote, onStage) => remote.rectify(file, choice, onStage), storedPixels),
    importPack,
    close,
  };
}

function inSeconds(ms: number): number {
  const msPerSecond = 1000;
  return Math.round(ms / msPerSecond);
}
