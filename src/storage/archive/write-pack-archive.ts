import { crc32 } from '../../shared/crc32.ts';
import { manifestPath } from '../../shared/pack.ts';
import { writeDirectoryHeader, writeEnd, writeLocalHeader } from './zip-format.ts';
import type { ZipEntry } from './zip-format.ts';

/** A file of a pack, in or out of an archive. */
export interface ArchivedFile {
  readonly path: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/**
 * One pack as one `.chesterpack`, piece by piece: never more than one file of it is in memory. The same pack gives the
 * same bytes.
 *
 * @param files `pack.json`, then the files of the manifest in its order; hashes are the caller's business
 */
export async function* writePackArchive(
  files: AsyncIterable<ArchivedFile> | Iterable<ArchivedFile>,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const written: { readonly entry: ZipEntry; readonly offset: number }[] = [];
  let offset = 0;
  for await (const { path, bytes } of files) {
    if (written.length === 0 && path !== manifestPath) throw new Error(`an archive begins with ${manifestPath}`);
    const entry = { path, bytes: bytes.length, crc32: crc32(bytes) };
    written.push({ entry, offset });
    const header = writeLocalHeader(entry);
    offset += header.length + bytes.length;
    yield header;
    yield bytes;
  }
  let directoryBytes = 0;
  for (const { entry, offset: at } of written) {
    const header = writeDirectoryHeader(entry, at);
    directoryBytes += header.length;
    yield header;
  }
  yield writeEnd(written.length, directoryBytes, offset);
}
