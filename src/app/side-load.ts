import { AppError } from '../shared/app-error.ts';
import { cleanText } from '../shared/clean-text.ts';
import { maxFileBytes } from '../shared/limits.ts';
import type { CatalogEntry } from '../shared/pack.ts';
import { requestPersistence } from '../storage/estimate.ts';
import { removeAbandonedFiles } from '../storage/pack-versions.ts';
import { getPackRecord, removePack } from '../storage/packs.ts';
import { throwIfAborted } from './abort.ts';
import type { DecodingClient } from './decoding-client.ts';
import type { InferenceClient } from './inference-client.ts';
import type { PackFileStatus } from './model-library.ts';
import { provePack } from './pack-proof.ts';

/** `.chesterpack` files on their way in, one after another. */
export interface SideLoad {
  open(file: File): void;
  cancel(): void;
  dismiss(): void;
  readonly status: PackFileStatus;
}

export interface SideLoadPorts {
  readonly decoding: DecodingClient;
  readonly inference: InferenceClient;
  /** Whose names are taken: the app's own list and the site's catalogue, as far as it is known. */
  readonly knownPacks: (signal: AbortSignal) => Promise<readonly CatalogEntry[]>;
  /** The same pack comes from the network at the moment: the file is faster. */
  readonly pauseDownload: (id: string) => Promise<void>;
  readonly onStatus: () => void;
  /** A version was installed or rejected. */
  readonly onChange: () => Promise<void>;
}

export function createSideLoad(ports: SideLoadPorts): SideLoad {
  const { decoding, inference } = ports;
  let status: PackFileStatus = { kind: 'none' };
  let waiting: readonly File[] = [];
  let isRunning = false;
  let controller: AbortController | undefined;

  function set(next: PackFileStatus): void {
    status = next;
    ports.onStatus();
  }

  async function bringIn(file: File, fileName: string, signal: AbortSignal): Promise<PackFileStatus> {
    const reading = { kind: 'reading', fileName, totalBytes: file.size } as const;
    set({ ...reading, receivedBytes: 0 });
    if (file.size > maxFileBytes) {
      throw new AppError('pack-file-invalid', { reason: 'too-large', bytes: file.size, maxBytes: maxFileBytes });
    }
    const known = await ports.knownPacks(signal);
    throwIfAborted(signal);
    let replaces = false;
    const pack = await decoding.importPack(file, known, {
      signal,
      onBytes: (receivedBytes) => {
        // A late message of one that has ended.
        if (!signal.aborted && status.kind === 'reading') set({ ...reading, receivedBytes });
      },
      onIdentity: async (key) => {
        replaces = (await getPackRecord(key)) !== undefined;
        await requestPersistence();
        await ports.pauseDownload(key.id);
      },
    });
    const { id, version } = pack;
    if (pack.alreadyHere) return { kind: 'done', fileName, id, version, alreadyHere: true };
    set({ kind: 'proving', fileName, id });
    // What had this name before may be loaded still.
    if (replaces) await inference.release();
    const { state, error } = await provePack(pack, inference, signal).catch(async (thrown: unknown) => {
      if (signal.aborted) await removeUnlessInstalled(pack);
      throw thrown;
    });
    if (state === 'installed') return { kind: 'done', fileName, id, version };
    throw error === undefined ? new AppError('pack-invalid', { pack: id }) : AppError.fromPlain(error);
  }

  async function runWaiting(): Promise<void> {
    isRunning = true;
    for (let [file] = waiting; file !== undefined; [file] = waiting) {
      waiting = waiting.slice(1);
      const fileName = cleanText(file.name);
      controller = new AbortController();
      const { signal } = controller;
      let ending: PackFileStatus;
      try {
        ending = await bringIn(file, fileName, signal);
      } catch (thrown) {
        const error = AppError.from(thrown);
        ending = error.code === 'cancelled' ? { kind: 'none' } : { kind: 'failed', fileName, error: error.toPlain() };
        // What ended it must be read before another one begins.
        waiting = [];
      }
      await removeAbandonedFiles().catch(() => undefined);
      controller = undefined;
      set(ending);
      await ports.onChange();
    }
    isRunning = false;
  }

  return {
    get status() {
      return status;
    },

    open(file) {
      waiting = [...waiting, file];
      if (!isRunning) void runWaiting();
    },

    cancel() {
      waiting = [];
      controller?.abort();
    },

    dismiss() {
      if (!isRunning) set({ kind: 'none' });
    },
  };
}

async function removeUnlessInstalled(key: { readonly id: string; readonly version: string }): Promise<void> {
  const record = await getPackRecord(key);
  if (record !== undefined && record.state !== 'installed') await removePack(record);
}
