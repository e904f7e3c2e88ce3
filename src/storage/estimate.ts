/** How much lies here, how much may, and whether the browser keeps it. Not knowing is an answer, and no error. */

import { AppError } from '../shared/app-error.ts';

export interface StorageEstimateReport {
  /** Bytes of everything of this origin; absent where the browser does not tell. */
  readonly usageBytes?: number;
  readonly quotaBytes?: number;
  /** Whether the browser promised not to clear it by itself. */
  readonly persisted: boolean;
}

export async function storageEstimate(): Promise<StorageEstimateReport> {
  const persisted = await quietly(() => navigator.storage.persisted(), false);
  const unknown: StorageEstimate = {};
  const { usage, quota } = await quietly(() => navigator.storage.estimate(), unknown);
  return {
    ...(usage === undefined ? {} : { usageBytes: usage }),
    ...(quota === undefined ? {} : { quotaBytes: quota }),
    persisted,
  };
}

/** Databases need some room beside what is put into them: pages that are half full, a log. */
const roomFactor = 1.1;

/**
 * Before a large pack comes in: is there room for it? Where the browser does not tell, the write itself will: Chromium
 * has stated 10 GiB more than is used since version 138, whatever it enforces (chromestatus.com/feature/4977371751645184).
 * @throws AppError `storage-full` {neededBytes, freeBytes, missingBytes}
 */
export async function requireRoom(bytes: number): Promise<void> {
  const { usageBytes, quotaBytes } = await storageEstimate();
  if (usageBytes === undefined || quotaBytes === undefined) return;
  const neededBytes = Math.ceil(bytes * roomFactor);
  const freeBytes = Math.max(0, quotaBytes - usageBytes);
  if (freeBytes >= neededBytes) return;
  throw new AppError('storage-full', { neededBytes, freeBytes, missingBytes: neededBytes - freeBytes });
}

/** Pages have it, workers have not. */
type PersistentStorage = StorageManager & { readonly persist?: () => Promise<boolean> };

/** Asks the browser to keep our storage; false where it will not (the app works all the same). Page only. */
export function requestPersistence(): Promise<boolean> {
  return quietly(async () => {
    const storage: PersistentStorage = navigator.storage;
    return (await storage.persisted()) || ((await storage.persist?.()) ?? false);
  }, false);
}

/** Bytes of the bodies in the caches of this origin whose name ends with `scope`: the app itself. */
export function shellBytes(scope: string): Promise<number> {
  return quietly(async () => {
    let sum = 0;
    for (const name of await caches.keys()) {
      if (!name.endsWith(scope)) continue;
      const cache = await caches.open(name);
      for (const request of await cache.keys()) {
        const response = await cache.match(request);
        if (response !== undefined) sum += (await response.blob()).size;
      }
    }
    return sum;
  }, 0);
}

async function quietly<T>(ask: () => Promise<T>, otherwise: T): Promise<T> {
  try {
    return await ask();
  } catch {
    // Absent (insecure context, old WebKit) or forbidden (opaque origin).
    return otherwise;
  }
}
