import { proxy, transfer, type Remote } from 'comlink';
import type { ImageSource, PhotoChoice, PictureLook, PictureReading } from '../shared/analysis.ts';
import { AppError, unwrap, type ErrorCode, type Outcome } from '../shared/app-error.ts';
import type { CameraFrame, FrameSigns } from '../shared/camera-frame.ts';
import type { DeidentifiedCopy } from '../shared/deidentified-copy.ts';
import { decodeTimeoutMs } from '../shared/limits.ts';
import {
  isOpenedPhoto,
  type DecodeApi,
  type DecodedFile,
  type DecodeStage,
  type ImportedPack,
  type OpenedPhoto,
  type PackFileListener,
  type PhotoPixels,
  type SeenPicture,
} from '../shared/messages.ts';
import type { CatalogEntry } from '../shared/pack.ts';
import type { PictureBox } from '../shared/picture-box.ts';
import { onAbort, throwIfAborted } from './abort.ts';
import { withCallback } from './with-callback.ts';
import { openWorker, type LivingWorker } from './worker-client.ts';

export interface DecodeOptions {
  readonly signal?: AbortSignal;
  readonly onStage?: (stage: DecodeStage) => void;
  readonly reading?: PictureReading;
}

/** A photograph in which a person has said where the film is. */
export interface PlacedPhoto {
  readonly choice: PhotoChoice;
  /** Where its pixels are still at hand. */
  readonly opened?: PhotoPixels | undefined;
}

export interface ImportOptions extends PackFileListener {
  readonly signal?: AbortSignal;
}

/** Looks at the frames of a live camera, in a worker of its own: no file that is decoded waits for them, nor they for one. */
export interface FrameReader {
  /** Rejects with `decode-timeout`, `decode-crashed`; the next frame opens another worker. */
  look(frame: CameraFrame): Promise<FrameSigns>;
  /** The frame as a JPEG file. Rejects as `look` does. */
  keep(frame: CameraFrame): Promise<Blob>;
  /** Ends the worker. */
  close(): void;
}

/**
 * The page's side of the decode worker. A file is hostile and a decoder may hang, so the worker is opened when a file
 * comes, has a wall clock, and is ended without regret on a time-out, a crash, lack of memory, or Cancel.
 */
export interface DecodingClient {
  /** Rejects with an `AppError`: `decode-timeout`, `decode-crashed`, `cancelled`, or what the worker found. */
  decode(file: Blob, options?: DecodeOptions): Promise<DecodedFile>;
  /** Another frame or window of a file, to look at. Rejects as `decode` does. */
  look(file: Blob, look: PictureLook): Promise<SeenPicture>;
  /** A copy of a DICOM file without its patient. Rejects as `decode`. */
  deidentify(file: Blob, boxes: readonly PictureBox[], signal?: AbortSignal): Promise<DeidentifiedCopy>;
  /** A photograph in colour, and where its film may be. Rejects as `decode` does. */
  openPhoto(file: Blob, options?: DecodeOptions): Promise<OpenedPhoto>;
  /** A file as what it seems to be, a picture or a photograph. Rejects as `decode` does. */
  open(file: Blob, options?: Omit<DecodeOptions, 'reading'>): Promise<DecodedFile | OpenedPhoto>;
  /** The same photograph, rectified; what was opened of it is given away. Rejects as `decode` does. */
  rectify(file: Blob, { choice, opened }: PlacedPhoto, options?: DecodeOptions): Promise<DecodedFile>;
  /**
   * Brings a `.chesterpack` into storage, in a worker of its own that ends with it: Cancel and a file that hangs disturb
   * no picture. Rejects with what `decoding/import-pack-file.ts` throws, `decode-timeout`, `decode-crashed`, `cancelled`.
   */
  importPack(file: Blob, known: readonly CatalogEntry[], options: ImportOptions): Promise<ImportedPack>;
  /** For one visit to the camera; the worker is opened with the first frame. */
  readFrames(): FrameReader;
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

  /** One call of the worker under its clock; `work` may end the worker it is given. */
  async function ask<T>(
    signal: AbortSignal | undefined,
    work: (current: LivingWorker<DecodeApi>) => Promise<T>,
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
      return await work(current);
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

  /** A picture of a file; what was decoded counts against the worker's life. */
  function askForPicture<T>(
    call: (remote: Remote<DecodeApi>) => Promise<Outcome<T>>,
    sourceOf: (decoded: T) => Pick<ImageSource, 'storedWidth' | 'storedHeight'>,
    signal?: AbortSignal,
  ): Promise<T> {
    return ask(signal, async (current) => {
      const decoded = unwrap(await current.call<Outcome<T>>(call));
      const { storedWidth, storedHeight } = sourceOf(decoded);
      decodedPixels += storedWidth * storedHeight;
      if (running === 1 && decodedPixels > limits.pixelsALife) current.end(new AppError('cancelled'));
      return decoded;
    });
  }

  function decode(
    file: Blob,
    { signal, onStage = () => undefined, reading = {} }: DecodeOptions = {},
  ): Promise<DecodedFile> {
    return withCallback(onStage, undefined, (stage) =>
      askForPicture((remote) => remote.decode(file, stage, reading), sourceOf, signal),
    );
  }

  function openFile(
    file: Blob,
    { signal, onStage = () => undefined }: DecodeOptions = {},
  ): Promise<DecodedFile | OpenedPhoto> {
    return withCallback(onStage, undefined, (stage) =>
      askForPicture((remote) => remote.open(file, stage), sourceOf, signal),
    );
  }

  function openPhoto(file: Blob, { signal, onStage = () => undefined }: DecodeOptions = {}): Promise<OpenedPhoto> {
    return withCallback(onStage, undefined, (stage) =>
      askForPicture((remote) => remote.openPhoto(file, stage), sourceOf, signal),
    );
  }

  function rectify(
    file: Blob,
    { choice, opened }: PlacedPhoto,
    { signal, onStage = () => undefined, reading = {} }: DecodeOptions = {},
  ): Promise<DecodedFile> {
    return withCallback(onStage, undefined, (stage) =>
      askForPicture(
        (remote) =>
          remote.rectify(file, choice, stage, reading, opened && transfer(opened, [opened.photo.rgba.buffer])),
        sourceOf,
        signal,
      ),
    );
  }

  function look(file: Blob, wanted: PictureLook): Promise<SeenPicture> {
    return askForPicture(
      (remote) => remote.look(file, wanted),
      ({ source }) => source,
    );
  }

  function deidentify(file: Blob, boxes: readonly PictureBox[], signal?: AbortSignal): Promise<DeidentifiedCopy> {
    return ask(signal, async (current) =>
      unwrap(await current.call<Outcome<DeidentifiedCopy>>((remote) => remote.deidentify(file, boxes))),
    );
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

  function readFrames(): FrameReader {
    let own: LivingWorker<DecodeApi> | undefined;

    async function askAbout<T>(
      frame: CameraFrame,
      call: (remote: Remote<DecodeApi>, frame: CameraFrame) => Promise<Outcome<T>>,
    ): Promise<T> {
      const current = (own ??= openWorker<DecodeApi>(workerAddress, 'chester-camera', 'decode-crashed', () => {
        own = undefined;
      }));
      const clock = setTimeout(
        () => current.end(new AppError('decode-timeout', { seconds: inSeconds(limits.timeoutMs) })),
        limits.timeoutMs,
      );
      try {
        return unwrap(await current.call<Outcome<T>>((remote) => call(remote, transfer(frame, [frame.image]))));
      } finally {
        clearTimeout(clock);
      }
    }

    return {
      look: (frame) => askAbout(frame, (remote, moved) => remote.lookAtFrame(moved)),
      keep: (frame) => askAbout(frame, (remote, moved) => remote.keepFrame(moved)),
      close: () => own?.end(new AppError('cancelled')),
    };
  }

  return { decode, open: openFile, openPhoto, rectify, look, deidentify, importPack, readFrames, close };
}

function sourceOf(opened: DecodedFile | OpenedPhoto): ImageSource {
  return isOpenedPhoto(opened) ? opened.source : opened.image.source;
}

function inSeconds(ms: number): number {
  const msPerSecond = 1000;
  return Math.round(ms / msPerSecond);
}
