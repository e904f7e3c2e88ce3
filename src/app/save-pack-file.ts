import { AppError } from '../shared/app-error.ts';
import { bareId } from '../shared/pack-identity.ts';
import { manifestPath, packFileExtension, packFileType } from '../shared/pack.ts';
import { releaseBuffer } from '../shared/release-buffer.ts';
import { sha256Hex } from '../shared/sha256.ts';
import { writePackArchive, type ArchivedFile } from '../storage/archive/write-pack-archive.ts';
import { answeringVersion } from '../storage/pack-versions.ts';
import { listPackRecords, readPackFile, type PackRecord } from '../storage/packs.ts';

/**
 * The installed version of a pack as one file for another device. File by file out of storage and into a Blob, which the
 * browser keeps outside of the page: never more than one file of the pack is in the page's memory.
 *
 * @throws AppError `pack-missing`, `pack-damaged` {pack, path}: what is damaged is not passed on
 */
export async function savePackFile(id: string): Promise<{ readonly fileName: string; readonly blob: Blob }> {
  const record = answeringVersion(await listPackRecords(), id);
  if (record === undefined) throw new AppError('pack-missing', { pack: id });
  const parts: Blob[] = [];
  for await (const piece of writePackArchive(storedFiles(record))) {
    parts.push(new Blob([piece]));
    releaseBuffer(piece.buffer);
  }
  const fileName = `${bareId(id)}-${record.version}${packFileExtension}`;
  return { fileName, blob: new Blob(parts, { type: packFileType }) };
}

async function* storedFiles(record: PackRecord): AsyncGenerator<ArchivedFile> {
  const files = record.manifest?.files ?? [];
  for (const { path, sha256 } of [{ path: manifestPath, sha256: record.manifestSha256 }, ...files]) {
    const bytes = await readPackFile(record, path);
    if (!(bytes instanceof ArrayBuffer) || (await sha256Hex(bytes)) !== sha256) {
      throw new AppError('pack-damaged', { pack: `${record.id}@${record.version}`, path });
    }
    yield { path, bytes: new Uint8Array(bytes) };
  }
}
