import { AppError } from '../shared/app-error.ts';
import type { CatalogEntry } from '../shared/pack.ts';
import { requestPersistence, requireRoom } from '../storage/estimate.ts';
import { getPackRecord, listPackRecords, removePack, type PackRecord } from '../storage/packs.ts';
import { createDownloadPace, type DownloadPace } from './download-pace.ts';
import type { InferenceClient } from './inference-client.ts';
import type { ModelActivity } from './model-library.ts';
import { downloadPack } from './pack-download.ts';
import { provePack } from './pack-proof.ts';
import type { ServiceWorkerClient } from './sw-client.ts';

/**
 * Brings in models that a person asked for, or updates of them: download by the service worker, proof by the known
 * answers. The version that answers until then is not touched.
 */
export interface ModelDownloads {
  /** Ends when the model is installed, paused or failed; `activities` says which. */
  start(entry: CatalogEntry): Promise<void>;
  pause(id: string): Promise<void>;
  /** Goes on with what a person had asked for and a kill, a crash or a lost network cut. */
  resume(catalog: readonly CatalogEntry[]): Promise<void>;
  /** What is going on in this page, by id. */
  readonly activities: ReadonlyMap<string, ModelActivity>;
}

export interface ModelDownloadPorts {
  readonly worker: ServiceWorkerClient;
  readonly inference: InferenceClient;
  /** `activities` changed. */
  readonly onActivity: () => void;
  /** Something in storage changed: a model was installed, rejected, paused. */
  readonly onChange: () => Promise<void>;
}

const pauseTimeoutMs = 10_000;

export function createModelDownloads({ worker, inference, onActivity, onChange }: ModelDownloadPorts): ModelDownloads {
  const activities = new Map<string, ModelActivity>();
  const running = new Map<string, AbortController>();
  /** Pauses that are not written down yet: until they are, a record looks as if its download had been cut. */
  const pausing = new Map<string, Promise<void>>();
  const paces = new Map<string, DownloadPace>();

  function set(id: string, activity: ModelActivity | undefined): void {
    if (activity === undefined) activities.delete(id);
    else activities.set(id, activity);
    onActivity();
  }

  // Also of downloads that another tab, or the installer of the app's own packs, has asked for.
  worker.onBroadcast((message) => {
    const { id } = message;
    if (message.type === 'pack-progress') {
      const { receivedBytes, totalBytes } = message;
      const pace = paces.get(id) ?? createDownloadPace();
      paces.set(id, pace);
      const secondsLeft = pace.update(receivedBytes, totalBytes, performance.now());
      const left = secondsLeft === undefined ? {} : { secondsLeft };
      set(id, { kind: 'downloading', receivedBytes, totalBytes, ...left });
      return;
    }
    const isOver = message.type === 'pack-failed' || message.state !== 'downloading';
    if (!isOver || running.has(id)) return;
    paces.delete(id);
    activities.delete(id);
    void onChange();
  });

  async function bringIn(entry: CatalogEntry, signal: AbortSignal): Promise<void> {
    const { id } = entry;
    let record = await getPackRecord(entry);
    if (record?.state === 'rejected') {
      // It may be loaded still, under the same name and version as the one that comes.
      await inference.release();
      await removePack(record);
      record = undefined;
    }
    if (record === undefined || record.state === 'downloading') {
      const receivedBytes = record?.receivedBytes ?? 0;
      set(id, { kind: 'downloading', receivedBytes, totalBytes: entry.bytes });
      await requireRoom(entry.bytes - receivedBytes);
      await requestPersistence();
      await downloadPack(id, worker, signal);
    }
    set(id, { kind: 'proving' });
    await provePack(entry, inference, signal);
  }

  async function start(entry: CatalogEntry): Promise<void> {
    const { id } = entry;
    await pausing.get(id);
    if (running.has(id)) return;
    const controller = new AbortController();
    running.set(id, controller);
    let failure: AppError | undefined;
    try {
      await bringIn(entry, controller.signal);
    } catch (thrown) {
      failure = AppError.from(thrown, 'download-failed');
    }
    running.delete(id);
    paces.delete(id);
    // What was paused or rejected is told by its record; what broke before there was one, only here.
    activities.delete(id);
    if (failure !== undefined && failure.code !== 'cancelled') {
      const record = await getPackRecord(entry).catch(() => undefined);
      const { receivedBytes = 0, totalBytes = entry.bytes } = record ?? {};
      const error = (
        failure.code === 'storage-full' ? withMissing(failure, totalBytes - receivedBytes) : failure
      ).toPlain();
      const isHere = record !== undefined && record.state !== 'downloading';
      activities.set(id, isHere ? { kind: 'failed', error } : { kind: 'paused', receivedBytes, totalBytes, error });
    }
    await onChange();
  }

  return {
    activities,
    start,

    async pause(id) {
      // Ours first: what was not asked yet is never asked, and what was asked lies before the pause in the same queue.
      running.get(id)?.abort();
      const written = worker.ask({ type: 'pause-pack', id }, { timeoutMs: pauseTimeoutMs }).then(
        () => undefined,
        () => undefined,
      );
      pausing.set(id, written);
      await written;
      if (pausing.get(id) === written) pausing.delete(id);
      await onChange();
    },

    async resume(catalog) {
      for (const listed of await listPackRecords()) {
        // As it is now: a pause may have come while another download went on.
        const record = await getPackRecord(listed);
        if (record === undefined || record.optional !== true || pausing.has(record.id)) continue;
        const isCut = record.state === 'downloading' && record.fromFile !== true && record.error?.code !== 'cancelled';
        const isUnproven = record.state === 'stored' || record.state === 'proving';
        if (!isCut && !isUnproven) continue;
        // The site may offer another version by now; what is here already is proven as it is.
        const offered = isCut ? catalog.find(({ id }) => id === record.id) : undefined;
        await start(offered ?? entryOf(record));
      }
    },
  };
}

/** The browser that ran out of room says no figure; what did not fit is known. */
function withMissing(error: AppError, bytes: number): AppError {
  return new AppError('storage-full', { missingBytes: bytes, ...error.details }, error.cause);
}

function entryOf({ id, version, totalBytes, manifestSha256 }: PackRecord): CatalogEntry {
  return { id, version, embedded: false, bytes: totalBytes, sha256: manifestSha256 };
}
