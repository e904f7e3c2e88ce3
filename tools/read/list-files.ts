import { readdir, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../../src/shared/app-error.ts';

/**
 * All files under `paths`: files as they are named, folders walked to the bottom. Sorted by code units (the same on
 * every machine, whatever its language), each path once. In folders, names that begin with a dot and what is neither
 * file nor folder (pipes, devices) are left out; links are followed, but no folder is walked twice, so loops end.
 *
 * @returns paths that begin as they were typed
 * @throws AppError `wrong-usage` where a path does not exist or cannot be looked at
 */
export async function listFiles(paths: readonly string[]): Promise<string[]> {
  const files = new Set<string>();
  for (const path of paths) {
    let isFolder: boolean;
    try {
      isFolder = (await stat(path)).isDirectory();
    } catch (thrown) {
      throw new AppError('wrong-usage', { reason: `${path} cannot be found` }, thrown);
    }
    if (isFolder) await walk(path, files, new Set());
    else files.add(path);
  }
  return [...files].sort(byCodeUnits);
}

/** @param walked real paths of the folders that were entered under the same named path */
async function walk(folder: string, files: Set<string>, walked: Set<string>): Promise<void> {
  const real = await realpath(folder);
  if (walked.has(real)) return;
  walked.add(real);
  // Sorted already here: which of two links to one folder is followed must not depend on the disk's order.
  for (const name of (await readdir(folder)).sort(byCodeUnits)) {
    if (name.startsWith('.')) continue;
    const path = join(folder, name);
    const found = await stat(path).catch(() => undefined);
    // A link that leads nowhere is kept: its line will say so.
    if (found === undefined || found.isFile()) files.add(path);
    else if (found.isDirectory()) await walk(path, files, walked);
  }
}

function byCodeUnits(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
