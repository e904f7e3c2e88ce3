import { AppError } from '../shared/app-error.ts';
import type { ImportedPack, PackFileListener, PackKey } from '../shared/messages.ts';
import { manifestPath, type CatalogEntry } from '../shared/pack.ts';
import { identifyPack, type PackIdentity } from '../shared/pack-identity.ts';
import { releaseBuffer } from '../shared/release-buffer.ts';
import { openPackArchive, type PackArchive } from '../storage/archive/read-pack-archive.ts';
import { requireRoom } from '../storage/estimate.ts';
import { withPackLock } from '../storage/pack-lock.ts';
import { beginVersion } from '../storage/pack-versions.ts';
import { getPackRecord, putPackFile, readPack, removePack, setPackState } from '../storage/packs.ts';
import type { PackRecord } from '../storage/packs.ts';

/**
 * Side-loading: one `.chesterpack` into storage, file by file, each verified before it is written. Until all of it was
 * found right the record says `downloading`, and nobody uses it; whatever goes wrong, it is taken away again.
 *
 * @param known the packs whose names a file may carry only if it is them
 * @throws AppError `pack-name-reserved`, `pack-same-version`, `storage-full`, and those of `openPackArchive`
 */
export async function importPackFile(
  file: Blob,
  known: readonly CatalogEntry[],
  listener: PackFileListener,
): Promise<ImportedPack> {
  const archive = await openPackArchive(file.stream(), listener.onBytes);
  try {
    const identity = identifyPack(archive.manifest, archive.manifestSha256, known);
    await listener.onIdentity({ id: identity.id, version: identity.version });
    return await withPackLock(identity.id, undefined, () => bringIn(archive, identity));
  } finally {
    await archive.close();
  }
}

async function bringIn(archive: PackArchive, identity: PackIdentity): Promise<ImportedPack> {
  const { id, version } = identity;
  const present = await getPackRecord(identity);
  if (present !== undefined && present.state !== 'downloading' && present.state !== 'rejected') {
    if (present.manifestSha256 !== archive.manifestSha256)
      throw new AppError('pack-same-version', { pack: id, version });
    // Damaged at rest: then this very file mends it.
    if (await isWhole(present)) return { id, version, alreadyHere: present.state === 'installed' };
  }
  const record = newRecord(archive, identity);
  // A download of the very same pack that is half done, or the pack that rotted: what is right of it stays.
  const begun = present?.manifestSha256 === record.manifestSha256 && isResumable(present) ? present : undefined;
  await requireRoom(record.totalBytes - (begun?.receivedBytes ?? 0));
  if (begun === undefined) await beginVersion(record);
  else await setPackState(record, 'downloading');
  try {
    await storeFiles(archive, record);
  } catch (thrown) {
    if (begun === undefined) await removePack(record);
    throw thrown;
  }
  return { id, version, alreadyHere: false };
}

/** By the service worker, which checks each file before it believes that it has it. */
function isResumable({ state, fromFile }: PackRecord): boolean {
  return state !== 'rejected' && fromFile !== true;
}

function newRecord({ manifest, manifestBytes, manifestSha256 }: PackArchive, identity: PackIdentity): PackRecord {
  const { id, version, embedded } = identity;
  return {
    id,
    version,
    state: 'downloading',
    manifest: { ...manifest, id },
    manifestSha256,
    receivedBytes: manifestBytes.length,
    totalBytes: manifest.files.reduce((sum, { bytes }) => sum + bytes, manifestBytes.length),
    ...(embedded ? {} : { optional: true }),
    fromFile: true,
    updatedAt: new Date().toISOString(),
  };
}

async function storeFiles(archive: PackArchive, record: PackRecord): Promise<void> {
  await putPackFile(record, manifestPath, archive.manifestBytes.buffer);
  for await (const { path, bytes } of archive.files()) {
    await putPackFile(record, path, bytes.buffer);
    releaseBuffer(bytes.buffer);
  }
  const { manifest, totalBytes } = record;
  await setPackState(record, 'stored', {
    manifest,
    receivedBytes: totalBytes,
    totalBytes,
    fromFile: undefined,
    error: undefined,
  });
}

async function isWhole(key: PackKey): Promise<boolean> {
  try {
    const { files } = await readPack(key);
    for (const bytes of files.values()) releaseBuffer(bytes);
    return true;
  } catch (thrown) {
    const { code } = AppError.from(thrown, 'storage-failed');
    if (code === 'pack-damaged' || code === 'pack-missing') return false;
    throw thrown;
  }
}
