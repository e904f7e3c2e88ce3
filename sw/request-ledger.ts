/**
 * Notes every request that goes to the network, for the list that a person can look at: the page's and its workers'
 * that we pass on, and our own. Not seen from here: the browser's own checks for a newer sw.js, and the first visit's
 * requests before this worker is in control.
 */

import type { LedgerRequest } from '../src/storage/ledger.ts';
import { recordRequests } from '../src/storage/ledger.ts';
import { scopeAddress } from './worker-scope.ts';

/** Requests come in bursts: one transaction a burst. */
const batchDelayMs = 100;

let waiting: LedgerRequest[] = [];
let flushing: Promise<void> | undefined;

/** Resolves when the line is written; give it to `waitUntil`. Never rejects: a full disk must not break a request. */
export function noteRequest(request: { readonly method: string; readonly url: string }): Promise<void> {
  if (!/^https?:/.test(request.url)) return Promise.resolve();
  const scope = scopeAddress();
  const address = request.url.startsWith(scope) ? `./${request.url.slice(scope.length)}` : request.url;
  const sameOrigin = new URL(request.url).origin === new URL(scope).origin;
  waiting.push({ method: request.method, address, sameOrigin });
  flushing ??= flushSoon();
  return flushing;
}

async function flushSoon(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, batchDelayMs));
  const batch = waiting;
  waiting = [];
  flushing = undefined;
  await recordRequests(batch).catch(() => undefined);
}
