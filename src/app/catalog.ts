import { AppError } from '../shared/app-error.ts';
import type { Catalog, CatalogEntry } from '../shared/pack.ts';

/**
 * What this site offers. The service worker answers from the network, else with what it last saw.
 * @throws AppError `download-failed` {address, status?}, `download-not-the-file`, `catalog-invalid`
 */
export async function fetchCatalog(signal?: AbortSignal): Promise<Catalog> {
  const address = 'models/catalog.json';
  let response: Response;
  try {
    response = await fetch(new URL(address, document.baseURI), signal === undefined ? {} : { signal });
  } catch (thrown) {
    throw AppError.from(thrown, 'download-failed', { address });
  }
  if (!response.ok) throw new AppError('download-failed', { address, status: response.status });
  // A captive portal answers 200 with its login page.
  if (/^text\/html\b/i.test(response.headers.get('Content-Type') ?? '')) {
    throw new AppError('download-not-the-file', { address, reason: 'html' });
  }
  let value: unknown;
  try {
    value = await response.json();
  } catch (thrown) {
    throw AppError.from(thrown, 'catalog-invalid', { address });
  }
  if (!isCatalog(value)) throw new AppError('catalog-invalid', { address });
  return value;
}

function isCatalog(value: unknown): value is Catalog {
  if (!isRecord(value) || value['formatVersion'] !== 1) return false;
  const packs: unknown = value['packs'];
  return Array.isArray(packs) && packs.every(isCatalogEntry);
}

function isCatalogEntry(value: unknown): value is CatalogEntry {
  return (
    isRecord(value) &&
    typeof value['id'] === 'string' &&
    typeof value['version'] === 'string' &&
    typeof value['embedded'] === 'boolean' &&
    Number.isSafeInteger(value['bytes']) &&
    typeof value['sha256'] === 'string'
  );
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
