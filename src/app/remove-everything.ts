import { AppError } from '../shared/app-error.ts';
import { deleteDatabase } from '../storage/wipe.ts';
import type { ServiceWorkerClient } from './sw-client.ts';

/**
 * Takes everything of this installation off the device: service worker, caches, database. Other apps of the same host
 * keep theirs: a cache is ours when its name ends with our address.
 * @throws AppError `storage-failed` where another tab does not let go
 */
export async function removeEverything(worker: ServiceWorkerClient | undefined): Promise<void> {
  const root = new URL('./', document.baseURI).href;
  try {
    // First, for it would write again.
    await worker?.unregister();
    const names = await caches.keys();
    await Promise.all(names.filter((name) => name.endsWith(root)).map((name) => caches.delete(name)));
    sessionStorage.clear();
    await deleteDatabase();
  } catch (thrown) {
    throw AppError.from(thrown, 'storage-failed');
  }
}
