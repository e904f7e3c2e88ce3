import { AppError } from '../src/shared/app-error.ts';
import type { CatalogEntry } from '../src/shared/pack.ts';
import { validateCatalog } from '../src/storage/validate-pack.ts';
import { fetchFile } from './fetch-file.ts';
import type { FetchProgress } from './fetch-file.ts';
import { scopeAddress } from './worker-scope.ts';

/** Relative to the scope. */
export const catalogPath = 'models/catalog.json';

/** A catalog is a few hundred bytes a pack. */
const maxCatalogBytes = 1024 * 1024;

/**
 * What this site offers under a pack id, always asked anew.
 * @throws AppError `catalog-invalid`, `pack-missing` (not offered), and those of `fetchFile`
 */
export async function findCatalogEntry(id: string, progress: FetchProgress): Promise<CatalogEntry> {
  const address = new URL(catalogPath, scopeAddress()).href;
  const bytes = await fetchFile({ address, name: catalogPath, maxBytes: maxCatalogBytes }, progress);
  const entry = validateCatalog(parse(bytes)).packs.find((offered) => offered.id === id);
  if (entry === undefined) throw new AppError('pack-missing', { pack: id });
  return entry;
}

function parse(bytes: ArrayBuffer): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch (thrown) {
    throw new AppError('catalog-invalid', {}, thrown);
  }
}
