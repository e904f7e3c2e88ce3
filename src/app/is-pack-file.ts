import { beginsPackArchive, packArchiveHeadBytes } from '../storage/archive/begins-pack-archive.ts';

/** Whether a file is a model, by its first bytes; one that cannot be read is left to those who say why. */
export async function isPackFile(file: File): Promise<boolean> {
  try {
    return beginsPackArchive(new Uint8Array(await file.slice(0, packArchiveHeadBytes).arrayBuffer()));
  } catch {
    return false;
  }
}
