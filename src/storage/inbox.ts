/** Files that the system's share sheet handed to the service worker, until the page takes them. */

import { useDatabase } from './database.ts';

export interface StoredSharedFile {
  /** As the sharing app gave it: hostile text. */
  readonly name: string;
  readonly type: string;
  readonly bytes: ArrayBuffer;
}

/** Adds files in one transaction: all or none. */
export async function putSharedFiles(files: readonly StoredSharedFile[]): Promise<void> {
  await useDatabase(async (database) => {
    const transaction = database.transaction('inbox', 'readwrite');
    await Promise.all([...files.map((file) => transaction.store.add(file)), transaction.done]);
  });
}

/** What lies there, in the order of arrival; taken out in the same transaction, so that two tabs never both open it. */
export function takeSharedFiles(): Promise<StoredSharedFile[]> {
  return useDatabase(async (database) => {
    const transaction = database.transaction('inbox', 'readwrite');
    const [files] = await Promise.all([transaction.store.getAll(), transaction.store.clear(), transaction.done]);
    return files;
  });
}
