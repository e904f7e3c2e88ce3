/** Removing everything that the app keeps in the database. */

import { deleteDB } from 'idb';
import { AppError } from '../shared/app-error.ts';
import { closeDatabase, databaseName, toStorageError } from './database.ts';

/** Every thread of ours closes when asked; one that does not by then is hung or frozen. */
const deleteTimeoutMs = 5_000;

/**
 * Deletes the database; the next use begins an empty one.
 * @throws AppError `storage-failed` {reason: 'blocked'} where another tab does not let go
 */
export async function deleteDatabase(timeoutMs: number = deleteTimeoutMs): Promise<void> {
  await closeDatabase();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const tooLate = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new AppError('storage-failed', { reason: 'blocked' })), timeoutMs);
  });
  try {
    await Promise.race([deleteDB(databaseName), tooLate]);
  } catch (thrown) {
    throw toStorageError(thrown);
  } finally {
    clearTimeout(timer);
  }
}
