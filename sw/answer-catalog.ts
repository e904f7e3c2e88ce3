/** `models/catalog.json` for the page: from the network, else as it was last seen. */

import { validateCatalog } from '../src/storage/validate-pack.ts';
import { catalogPath } from './find-catalog-entry.ts';
import { noteRequest } from './request-ledger.ts';
import { withSecurityHeaders } from './with-security-headers.ts';
import { scopeAddress } from './worker-scope.ts';

export function isCatalogRequest(request: Request): boolean {
  return request.method === 'GET' && request.url === new URL(catalogPath, scopeAddress()).href;
}

/** Without a network and without one seen before, the network's own failure. */
export async function answerCatalog(event: FetchEvent): Promise<Response> {
  const cache = await caches.open(`chester-catalog-${scopeAddress()}`);
  event.waitUntil(noteRequest(event.request));
  try {
    const response = await fetch(event.request, { cache: 'no-store' });
    // Only a real catalog is remembered, and only none is a reason to answer with the old one: a portal answers 200.
    if (await isCatalog(response.clone())) {
      await cache.put(event.request, response.clone());
      return withSecurityHeaders(response);
    }
    return withSecurityHeaders((await cache.match(event.request)) ?? response);
  } catch (thrown) {
    const seen = await cache.match(event.request);
    if (seen === undefined) throw thrown;
    return withSecurityHeaders(seen);
  }
}

async function isCatalog(response: Response): Promise<boolean> {
  if (!response.ok) return false;
  try {
    validateCatalog(await response.json());
    return true;
  } catch {
    return false;
  }
}
