import type { CatalogEntry } from '../shared/pack.ts';
import { listPackRecords } from '../storage/packs.ts';
import { fetchCatalog } from './catalog.ts';

/**
 * The app's own packs: of the site's catalogue, or without a network what was begun here and may still be finished.
 *
 * @param canRead a findings pack answers already
 * @throws AppError where the catalogue cannot be had and nothing was begun
 */
export async function wantedPacks(canRead: boolean, signal: AbortSignal): Promise<readonly CatalogEntry[]> {
  try {
    return (await fetchCatalog(signal)).packs.filter((entry) => entry.embedded);
  } catch (thrown) {
    const begun = await listPackRecords();
    if (begun.length === 0) throw thrown;
    return begun
      .filter(
        ({ state, optional }) => optional !== true && state !== 'installed' && !(canRead && state === 'downloading'),
      )
      .map(({ id, version, totalBytes, manifestSha256, manifest }) => ({
        id,
        version,
        ...(manifest === undefined ? {} : { role: manifest.role }),
        embedded: true,
        bytes: totalBytes,
        sha256: manifestSha256,
      }));
  }
}

/** Without a role it is of an older catalogue, or half here: then the findings are what everything waits for. */
export function isHelper({ role = 'findings' }: CatalogEntry): boolean {
  return role !== 'findings';
}

/** Bytes of the packs that are not installed: whole ones, whatever has arrived of them. */
export async function bytesToCome(wanted: readonly CatalogEntry[]): Promise<number> {
  const records = await listPackRecords();
  const isHere = ({ id, version }: CatalogEntry): boolean =>
    records.some((record) => record.id === id && record.version === version && record.state === 'installed');
  return wanted.reduce((sum, entry) => sum + (isHere(entry) ? 0 : entry.bytes), 0);
}
