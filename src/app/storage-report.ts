import { shellBytes, storageEstimate } from '../storage/estimate.ts';
import { listPackRecords } from '../storage/packs.ts';
import type { StorageReport } from './app-model.ts';

/** What this app keeps on this device, in bytes. Where the database cannot be read there are no packs either. */
export async function makeStorageReport(): Promise<StorageReport> {
  const [records, appBytes, estimate] = await Promise.all([
    listPackRecords().catch(() => []),
    shellBytes(new URL('./', document.baseURI).href),
    storageEstimate(),
  ]);
  const packs = records.map(({ id, version, state, receivedBytes, manifest }) => ({
    id,
    version,
    state,
    bytes: receivedBytes,
    ...(manifest === undefined ? {} : { manifest }),
  }));
  return { packs, appBytes, ...estimate };
}
