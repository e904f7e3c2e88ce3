/** The list that a person can look at: every request that went to the network, added up by method and address. */

import { look, transact, useDatabase } from './database.ts';

export interface LedgerRequest {
  readonly method: string;
  /** Relative to the app's root where it lies there, else the whole address. */
  readonly address: string;
  readonly sameOrigin: boolean;
}

export interface StoredLedgerEntry extends LedgerRequest {
  readonly count: number;
  /** ISO 8601. */
  readonly lastAt: string;
}

/** Addresses are bounded: a page that makes up addresses must not fill the storage. */
const maxAddressLength = 500;

export function recordRequest(request: LedgerRequest): Promise<void> {
  return recordRequests([request]);
}

/** Several at once, in one transaction. */
export async function recordRequests(requests: readonly LedgerRequest[]): Promise<void> {
  if (requests.length === 0) return;
  const lastAt = new Date().toISOString();
  await transact(['ledger'], async (transaction) => {
    const store = transaction.objectStore('ledger');
    for (const { method, address: wholeAddress, sameOrigin } of requests) {
      const address = wholeAddress.slice(0, maxAddressLength);
      const known = await store.get([method, address]);
      const entry: StoredLedgerEntry = { method, address, sameOrigin, lastAt, count: (known?.count ?? 0) + 1 };
      await store.put(entry, [method, address]);
    }
  });
}

/** Newest first. */
export async function readLedger(): Promise<StoredLedgerEntry[]> {
  const entries = await look(['ledger'], (transaction) => transaction.objectStore('ledger').getAll());
  return entries.sort((a, b) => b.lastAt.localeCompare(a.lastAt));
}

export async function clearLedger(): Promise<void> {
  await useDatabase((database) => database.clear('ledger'));
}
