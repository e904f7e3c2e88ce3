import { AppError, unwrap } from '../shared/app-error.ts';
import { throwIfAborted, wait } from './abort.ts';
import type { ServiceWorkerClient } from './sw-client.ts';

export interface DownloadTimes {
  /** After so long without word the service worker is asked again: browsers stop it whenever they like. */
  readonly askAgainMs: number;
  /** A worker that is there answers this much sooner. */
  readonly pingMs: number;
  /** Unanswered pings in a row before the download counts as stopped. */
  readonly maxSilentPings: number;
}

const defaultTimes: DownloadTimes = { askAgainMs: 30_000, pingMs: 5_000, maxSilentPings: 4 };

/**
 * Has the service worker download a pack until it is stored. Asking again joins a download that runs and resumes one
 * that was cut, so it is asked again whenever it was silent: after a kill, a stop or a reload nothing is lost.
 * @throws AppError what ended the download: `download-failed`, `storage-full`, `cancelled`, `service-worker-silent`, …
 */
export async function downloadPack(
  id: string,
  worker: ServiceWorkerClient,
  signal: AbortSignal,
  times: DownloadTimes = defaultTimes,
): Promise<{ readonly version: string }> {
  let silentPings = 0;
  for (;;) {
    throwIfAborted(signal);
    try {
      return unwrap(await worker.ask({ type: 'download-pack', id }, { timeoutMs: times.askAgainMs, signal }));
    } catch (thrown) {
      const error = AppError.from(thrown, 'download-failed');
      if (error.code !== 'service-worker-silent') throw error;
      if (await answers(worker, times.pingMs, signal)) {
        silentPings = 0;
      } else {
        silentPings += 1;
        if (silentPings >= times.maxSilentPings) throw error;
        await wait(times.pingMs, signal);
      }
    }
  }
}

async function answers(worker: ServiceWorkerClient, timeoutMs: number, signal: AbortSignal): Promise<boolean> {
  try {
    await worker.ask({ type: 'get-version' }, { timeoutMs, signal });
    return true;
  } catch (thrown) {
    if (AppError.from(thrown).code === 'cancelled') throw thrown;
    return false;
  }
}
