/** Files that the system's share sheet handed to the service worker, until the page takes them. */

import { transact } from './database.ts';

export interface StoredSharedFile {
  /** As the sharing app gave it: hostile text. */
  readonly name: string;
  readonly type: string;
  readonly bytes: ArrayBuffer;
}

/** Adds files in one transaction: all or none. */
export async function putSharedFiles(files: readonly StoredSharedFile[]): Promise<void> {
  await transact(['inbox'], async (transaction) => {
    const store = transaction.objectStore('inbox');
    for (const file of files) await store.add(file);
  });
}

/** What lies there, in the order of arrival; taken out in the same transaction, so that two tabs never both open it. */
export function takeSharedFiles(): Promise<StoredSharedFile[]> {
  return transact(['inbox'], async (transaction) => {
    const store = transaction.objectStore('inbox');
    const [files] = await Promise.all([store.getAll(), store.clear()]);
    return files;
  });
}
