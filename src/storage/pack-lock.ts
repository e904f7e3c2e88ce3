import { AppError } from '../shared/app-error.ts';

/**
 * Runs `work` while nobody else brings in a version of this pack: not another tab, not an old and a new service worker
 * beside each other, not the decode worker. The browser lets go by itself when the thread ends.
 *
 * @throws AppError `cancelled` when `signal` aborts before it is this one's turn, and what `work` throws
 */
export async function withPackLock<T>(id: string, signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> {
  try {
    return await navigator.locks.request(`chester:download:${id}`, signal === undefined ? {} : { signal }, work);
  } catch (thrown) {
    if (signal?.aborted === true) throw new AppError('cancelled', {}, thrown);
    throw thrown;
  }
}
