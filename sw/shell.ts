/**
 * The app shell: precached at install by Workbox, answered from the cache ever after. The page that a person sees is
 * always of one version: assets have hashed names, and those of the version before stay while an old page may need them.
 */

import { PrecacheController } from 'workbox-precaching';
import type { PrecacheEntry } from 'workbox-precaching';
import type { ServiceWorkerReplies } from '../src/shared/messages.ts';
import { noteRequest } from './request-ledger.ts';
import { withSecurityHeaders } from './with-security-headers.ts';
import { scopeAddress, workerScope } from './worker-scope.ts';

const indexPath = 'index.html';

export interface Shell {
  /** Fills the cache; one entry that fails, fails the install, and the old version stays. */
  install(event: ExtendableEvent): Promise<unknown>;
  /** Removes what no version needs any more, unless a page of another version or a waiting worker may. */
  cleanUp(event: ExtendableEvent): Promise<void>;
  /** The answer to a GET that belongs to the shell; `undefined` = not ours. */
  answer(event: FetchEvent): Promise<Response> | undefined;
  /** Looks at every entry, fetches again what is gone where its hash is known, and tells what is still missing. */
  state(): Promise<ServiceWorkerReplies['get-shell-state']>;
}

export function createShell(entries: readonly (PrecacheEntry | string)[]): Shell {
  const controller = new PrecacheController({
    plugins: [
      {
        // Kept with our headers, so that nothing of it passes through this script when it is answered.
        cacheWillUpdate: ({ response }) => Promise.resolve(response.ok ? withSecurityHeaders(response) : null),
        requestWillFetch: async ({ request, event }) => {
          event?.waitUntil(noteRequest(request));
          return Promise.resolve(request);
        },
      },
    ],
  });
  controller.addToCacheList([...entries]);
  const openCache = (): Promise<Cache> => caches.open(controller.strategy.cacheName);

  /** From the network into the cache: only bytes that are proven to be this version's. */
  async function repair(address: string, cacheKey: string, event?: ExtendableEvent): Promise<Response | undefined> {
    const integrity = controller.getIntegrityForCacheKey(cacheKey);
    if (integrity === undefined) return undefined;
    const request = new Request(address, { integrity, cache: 'reload', credentials: 'same-origin' });
    const noted = noteRequest(request);
    event?.waitUntil(noted);
    try {
      const response = await fetch(request);
      if (!response.ok) return undefined;
      const kept = withSecurityHeaders(response);
      await (await openCache()).put(cacheKey, kept.clone());
      return kept;
    } catch {
      return undefined; // Offline, another version on the server, or no room: the caller says what is missing.
    }
  }

  async function serve(event: FetchEvent, address: string, cacheKey: string): Promise<Response> {
    const response =
      (await (await openCache()).match(cacheKey)) ?? (await repair(address, cacheKey, event)) ?? (await passOn(event));
    return withSecurityHeaders(response);
  }

  /** Assets of another version of the app: in the cache under their own address, as their names carry a hash. */
  async function serveOther(event: FetchEvent): Promise<Response> {
    const response = (await (await openCache()).match(event.request)) ?? (await passOn(event));
    return withSecurityHeaders(response);
  }

  return {
    install: (event) => controller.install(event),

    async cleanUp(event) {
      const { waiting, installing } = workerScope.registration;
      if (waiting !== null || installing !== null) return;
      const windows = await workerScope.clients.matchAll({ type: 'window', includeUncontrolled: true });
      const arriving = event instanceof FetchEvent ? event.resultingClientId : '';
      if (windows.some((client) => client.id !== arriving)) return;
      await controller.activate(event);
    },

    answer(event) {
      const { request } = event;
      const url = new URL(request.url);
      if (request.method !== 'GET' || !url.href.startsWith(scopeAddress())) return undefined;
      url.search = '';
      url.hash = '';
      const path = url.href.slice(scopeAddress().length);
      const address = request.mode === 'navigate' && isPage(path) ? new URL(indexPath, scopeAddress()).href : url.href;
      const cacheKey = controller.getCacheKeyForURL(address);
      if (cacheKey !== undefined) return serve(event, address, cacheKey);
      return path.startsWith('assets/') ? serveOther(event) : undefined;
    },

    async state() {
      const cache = await openCache();
      const missing: string[] = [];
      for (const [address, cacheKey] of controller.getURLsToCacheKeys()) {
        const found = (await cache.match(cacheKey)) ?? (await repair(address, cacheKey));
        if (found === undefined) missing.push(address.slice(scopeAddress().length));
      }
      return { complete: missing.length === 0, missing };
    },
  };
}

/** The app has one page; whatever looks like a page's address (no file extension) opens it. */
function isPage(path: string): boolean {
  return path === indexPath || !/\.[^/]*$/.test(path);
}

function passOn(event: FetchEvent): Promise<Response> {
  event.waitUntil(noteRequest(event.request));
  return fetch(event.request);
}
