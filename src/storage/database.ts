/**
 * The one database of the app, typed, and the only place that opens it. Any thread.
 *
 * Rules of IndexedDB that the rest of this folder keeps:
 * - a transaction awaits only itself (an awaited `fetch` or hash ends it early);
 * - bytes are stored as `ArrayBuffer`, never as `Blob` (unreliable in WebKit);
 * - another tab may upgrade or delete the database at any time: we close at once, and the next use opens it again.
 */

import { openDB } from 'idb';
import type { DBSchema, IDBPDatabase, IDBPTransaction, StoreNames } from 'idb';
import { AppError } from '../shared/app-error.ts';
import type { StoredSharedFile } from './inbox.ts';
import type { StoredLedgerEntry } from './ledger.ts';
import type { PackRecord } from './packs.ts';
import type { Settings } from './settings.ts';

/** One for an origin: two installations on one host share packs and settings. */
export const databaseName = 'chester';

/** Raise it with every change of the stores, and add the step to `upgrade`. */
export const databaseVersion = 1;

/** Another tab that still holds the old version is asked to close; one that does not answer is frozen or hung. */
const blockedTimeoutMs = 5_000;

/** Opening takes milliseconds; WebKit has left the very first open pending for ever (webkit.org/b/226547). */
const openTimeoutMs = 15_000;

export interface ChesterSchema extends DBSchema {
  /** Key: [pack id, version]. */
  packs: { key: [string, string]; value: PackRecord };
  /** Key: [pack id, version, path within the pack]. */
  packFiles: { key: [string, string, string]; value: ArrayBuffer };
  settings: { key: string; value: Settings[keyof Settings] };
  inbox: { key: number; value: StoredSharedFile };
  /** Key: [method, address]. */
  ledger: { key: [string, string]; value: StoredLedgerEntry };
}

export type ChesterDatabase = IDBPDatabase<ChesterSchema>;

let opening: Promise<ChesterDatabase> | undefined;

/**
 * The open database; opened once a thread, forgotten when opening fails or the connection ends.
 * @throws AppError `storage-unavailable` (none here, or blocked), `storage-newer-version`, `storage-full`
 */
export function openDatabase(): Promise<ChesterDatabase> {
  if (opening !== undefined) return opening;
  const current: Promise<ChesterDatabase> = open(() => {
    if (opening === current) opening = undefined;
  });
  opening = current;
  current.catch(() => {
    if (opening === current) opening = undefined;
  });
  return current;
}

/** Closes this thread's connection, if there is one; the next use opens it again. */
export async function closeDatabase(): Promise<void> {
  const current = opening;
  opening = undefined;
  if (current === undefined) return;
  await current.then(
    (database) => database.close(),
    () => undefined, // It never opened: nothing to close.
  );
}

/**
 * Runs `work` on the open database and makes every failure an `AppError`. A connection that was closed under us
 * (another tab upgraded, the person cleared the site's data) is opened again, once.
 */
export async function useDatabase<T>(work: (database: ChesterDatabase) => Promise<T>): Promise<T> {
  try {
    return await work(await openDatabase());
  } catch (thrown) {
    if (!isClosedConnection(thrown)) throw toStorageError(thrown);
  }
  await closeDatabase();
  try {
    return await work(await openDatabase());
  } catch (thrown) {
    throw toStorageError(thrown);
  }
}

/** The open transaction that `work` of `transact` gets. */
export type ChesterTransaction<Names extends StoreNames<ChesterSchema>[]> = IDBPTransaction<
  ChesterSchema,
  Names,
  'readwrite'
>;

/**
 * Reads of one moment. Not idb's own `database.get`: it leaves the transaction's end unheard, and a storage that is
 * cleared under it ends as an unhandled rejection.
 */
export function look<Names extends StoreNames<ChesterSchema>[], T>(
  names: Names,
  read: (transaction: IDBPTransaction<ChesterSchema, Names, 'readonly'>) => Promise<T>,
): Promise<T> {
  return useDatabase(async (database) => {
    const transaction = database.transaction(names, 'readonly');
    transaction.done.catch(() => undefined); // The requests of `read` reject with the same reason.
    return read(transaction);
  });
}

/** Runs `work` in one transaction: all of it is written, or, where anything throws, nothing. */
export function transact<Names extends StoreNames<ChesterSchema>[], T>(
  names: Names,
  work: (transaction: ChesterTransaction<Names>) => Promise<T>,
): Promise<T> {
  return useDatabase(async (database) => {
    const transaction = database.transaction(names, 'readwrite');
    transaction.done.catch(() => undefined); // Heard below; here only so that it never goes unheard meanwhile.
    try {
      const value = await work(transaction);
      await transaction.done;
      return value;
    } catch (thrown) {
      // A request of a transaction that ran out of room says no more than "aborted".
      const reason = transaction.error ?? thrown;
      abortIfAlive(transaction);
      throw reason;
    }
  });
}

/** A value that cannot be stored throws at once and would leave what was written before it. */
function abortIfAlive(transaction: { abort(): void }): void {
  try {
    transaction.abort();
  } catch {
    // It has ended already.
  }
}

/** Whatever IndexedDB throws, as an `AppError`. */
export function toStorageError(thrown: unknown): AppError {
  if (thrown instanceof AppError) return thrown;
  return new AppError(errorName(thrown) === 'QuotaExceededError' ? 'storage-full' : 'storage-failed', {}, thrown);
}

function open(onEnd: () => void): Promise<ChesterDatabase> {
  if (typeof indexedDB === 'undefined')
    return Promise.reject(new AppError('storage-unavailable', { reason: 'absent' }));
  return new Promise((resolve, reject) => {
    let abandoned = false;
    const giveUp = (reason: string): void => {
      abandoned = true;
      reject(new AppError('storage-unavailable', { reason }));
    };
    let timer = setTimeout(() => giveUp('silent'), openTimeoutMs);
    openDB<ChesterSchema>(databaseName, databaseVersion, {
      upgrade(database, oldVersion) {
        if (oldVersion < 1) createVersion1(database);
      },
      blocked() {
        clearTimeout(timer);
        timer = setTimeout(() => giveUp('blocked'), blockedTimeoutMs);
      },
      blocking(_current, _wanted, event) {
        // Another tab upgrades or deletes the database and cannot go on until we let go.
        (event.target as IDBDatabase).close();
        onEnd();
      },
      terminated: onEnd,
    })
      .then(
        (database) => {
          if (abandoned) database.close();
          else resolve(database);
        },
        (thrown: unknown) => reject(toOpenError(thrown)),
      )
      .finally(() => clearTimeout(timer));
  });
}

function createVersion1(database: ChesterDatabase): void {
  database.createObjectStore('packs');
  database.createObjectStore('packFiles');
  database.createObjectStore('settings');
  database.createObjectStore('inbox', { autoIncrement: true });
  database.createObjectStore('ledger');
}

function toOpenError(thrown: unknown): AppError {
  switch (errorName(thrown)) {
    case 'VersionError':
      return new AppError('storage-newer-version', { wanted: databaseVersion }, thrown);
    case 'QuotaExceededError':
      return new AppError('storage-full', {}, thrown);
    default:
      // Private windows and blocked site data answer with InvalidStateError, SecurityError or UnknownError.
      return new AppError('storage-unavailable', { reason: 'refused' }, thrown);
  }
}

function isClosedConnection(thrown: unknown): boolean {
  return errorName(thrown) === 'InvalidStateError';
}

function errorName(thrown: unknown): string {
  return thrown instanceof Error || thrown instanceof DOMException ? thrown.name : '';
}
