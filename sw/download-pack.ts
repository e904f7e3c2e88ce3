/**
 * One model pack from our host into storage, file by file. Nothing in memory matters: what is stored is the state,
 * and asking again resumes. Every file is checked against its SHA-256 before it is stored, and what is stored is
 * checked again before it is skipped, so that asking again also heals a pack that rotted at rest.
 */

import { AppError } from '../src/shared/app-error.ts';
import { maxManifestBytes } from '../src/shared/limits.ts';
import type { PackKey } from '../src/shared/messages.ts';
import { manifestPath } from '../src/shared/pack.ts';
import type { CatalogEntry, PackFile, PackManifest } from '../src/shared/pack.ts';
import { releaseBuffer } from '../src/shared/release-buffer.ts';
import { sha256Hex } from '../src/shared/sha256.ts';
import {
  getPackRecord,
  listPackRecords,
  putPackFile,
  putPackRecord,
  readPack,
  readPackFile,
  removePack,
  setPackState,
} from '../src/storage/packs.ts';
import type { PackRecord } from '../src/storage/packs.ts';
import { withPackLock } from '../src/storage/pack-lock.ts';
import { validatePack } from '../src/storage/validate-pack.ts';
import { broadcast } from './broadcast.ts';
import { fetchFile } from './fetch-file.ts';
import type { WantedFile } from './fetch-file.ts';
import { findCatalogEntry } from './find-catalog-entry.ts';
import { scopeAddress } from './worker-scope.ts';

/** Often enough for a bar that moves, seldom enough to cost nothing. */
const progressIntervalMs = 200;

/** Only to join and to pause; a download that was stopped together with this worker needs neither. */
const running = new Map<
  string,
  { readonly controller: AbortController; readonly done: Promise<{ version: string }> }
>();

/**
 * Resolves when the pack lies in storage, complete and checked, with its version. One download of a pack at a time:
 * whoever asks while it runs gets its outcome. A page asks again now and then, which keeps this worker alive.
 * @throws AppError, also broadcast as `pack-failed` and kept in the record
 */
export function downloadPack(id: string): Promise<{ readonly version: string }> {
  const joined = running.get(id);
  if (joined !== undefined) return joined.done;
  const controller = new AbortController();
  const done = downloadAlone(id, controller.signal).finally(() => running.delete(id));
  running.set(id, { controller, done });
  return done;
}

async function downloadAlone(id: string, signal: AbortSignal): Promise<{ version: string }> {
  try {
    // A lock besides the map: an old and a new service worker may run at the same time.
    return await withPackLock(id, signal, () => download(id, signal));
  } catch (thrown) {
    const error = signal.aborted ? new AppError('cancelled', {}, thrown) : AppError.from(thrown, 'download-failed');
    await keepError(id, error);
    broadcast({ type: 'pack-failed', id, error: error.toPlain() });
    throw error;
  }
}

/** Stops a pack's downloads; what is stored stays, and the record says that a person paused it. */
export async function pausePack(id: string): Promise<void> {
  const current = running.get(id);
  current?.controller.abort();
  // Its last write first, so that what the record says does not depend on who was faster.
  await current?.done.catch(() => undefined);
  await keepError(id, new AppError('cancelled'));
}

async function download(id: string, signal: AbortSignal): Promise<{ version: string }> {
  const entry = await findCatalogEntry(id, { signal }).catch(async (thrown: unknown) => {
    // Offline, a pack that is here needs no catalog.
    const version = await completeVersion(id);
    if (version === undefined || signal.aborted) throw thrown;
    return version;
  });
  if (typeof entry === 'string') return { version: entry };
  const known = await getPackRecord(entry);
  if (known !== undefined && known.manifestSha256 === entry.sha256 && (await isComplete(known))) {
    return { version: entry.version };
  }
  await removeUnfinishedOthers(entry);
  await begin(entry, known);
  const manifest = await storeManifest(entry, signal);
  await storeFiles(entry, manifest, signal);
  broadcast({ type: 'pack-state', id, version: entry.version, state: 'stored' });
  return { version: entry.version };
}

async function begin(entry: CatalogEntry, known: PackRecord | undefined): Promise<void> {
  const sameFiles = known !== undefined && known.manifestSha256 === entry.sha256;
  await putPackRecord({
    id: entry.id,
    version: entry.version,
    state: 'downloading',
    ...(sameFiles && known.manifest !== undefined ? { manifest: known.manifest } : {}),
    manifestSha256: entry.sha256,
    receivedBytes: sameFiles ? known.receivedBytes : 0,
    totalBytes: entry.bytes,
    ...(entry.embedded ? {} : { optional: true }),
    updatedAt: new Date().toISOString(),
  });
  broadcast({ type: 'pack-state', id: entry.id, version: entry.version, state: 'downloading' });
}

async function storeManifest(entry: CatalogEntry, signal: AbortSignal): Promise<PackManifest> {
  let bytes = await readPackFile(entry, manifestPath);
  if (!(await hasHash(bytes, entry.sha256))) {
    bytes = await fetchManifest(entry, signal);
    await putPackFile(entry, manifestPath, bytes);
  }
  const manifest = validatePack(parse(bytes));
  if (manifest.id !== entry.id || manifest.version !== entry.version) {
    throw new AppError('pack-invalid', { pack: entry.id, found: `${manifest.id}@${manifest.version}` });
  }
  return manifest;
}

function fetchManifest(entry: CatalogEntry, signal: AbortSignal): Promise<ArrayBuffer> {
  // The catalog knows its hash, not its length.
  const wanted = wantedFile(entry.id, { path: manifestPath, bytes: maxManifestBytes, sha256: entry.sha256 });
  return fetchFile(wanted, { signal });
}

async function storeFiles(entry: CatalogEntry, manifest: PackManifest, signal: AbortSignal): Promise<void> {
  const manifestBytes = (await readPackFile(entry, manifestPath))?.byteLength ?? 0;
  const missing: PackFile[] = [];
  let storedBytes = manifestBytes;
  for (const file of manifest.files) {
    if (await hasHash(await readPackFile(entry, file.path), file.sha256)) storedBytes += file.bytes;
    else missing.push(file);
  }
  const totalBytes = missing.reduce((sum, file) => sum + file.bytes, storedBytes);
  const report = progressReporter(entry, totalBytes);
  const error = undefined;
  await setPackState(entry, 'downloading', { manifest, receivedBytes: storedBytes, totalBytes, error });
  report(storedBytes, true);
  for (const file of missing) {
    const before = storedBytes;
    const bytes = await fetchFile(wantedFile(entry.id, file), {
      signal,
      onBytes: (received) => report(before + received),
    });
    await putPackFile(entry, file.path, bytes);
    releaseBuffer(bytes);
    storedBytes += file.bytes;
    await setPackState(entry, 'downloading', { receivedBytes: storedBytes });
    report(storedBytes, true);
  }
  await setPackState(entry, 'stored', { receivedBytes: totalBytes, error });
}

function progressReporter({ id, version }: PackKey, totalBytes: number): (received: number, now?: boolean) => void {
  let last = 0;
  return (receivedBytes, now = false) => {
    const time = Date.now();
    if (!now && time - last < progressIntervalMs) return;
    last = time;
    broadcast({ type: 'pack-progress', id, version, receivedBytes, totalBytes });
  };
}

/** Whether all of it is here and right, bit for bit. A rejected pack is: its proof failed, not its bytes. */
async function isComplete(record: PackRecord): Promise<boolean> {
  if (record.state === 'downloading') return false;
  try {
    await readPack(record);
    return true;
  } catch (thrown) {
    const { code } = AppError.from(thrown);
    if (code === 'pack-damaged' || code === 'pack-missing') return false;
    throw thrown;
  }
}

/** The version of `id` that can be used without the network; the one changed last where there are several. */
async function completeVersion(id: string): Promise<string | undefined> {
  const records = (await listPackRecords()).filter((record) => record.id === id);
  for (const record of records.sort((a, b) => b.updatedAt.localeCompare(a.updatedAt))) {
    if (await isComplete(record)) return record.version;
  }
  return undefined;
}

/** The site moved on before an older version was all here: its part is of no use. */
async function removeUnfinishedOthers({ id, version }: PackKey): Promise<void> {
  for (const record of await listPackRecords()) {
    if (record.id === id && record.version !== version && record.state === 'downloading') await removePack(record);
  }
}

/** For the page that opens later. Where even this cannot be written, the broadcast and the answer still tell. */
async function keepError(id: string, error: AppError): Promise<void> {
  try {
    for (const record of await listPackRecords()) {
      if (record.id === id && record.state === 'downloading') {
        await setPackState(record, 'downloading', { error: error.toPlain() });
      }
    }
  } catch {
    // Storage is full or gone: nothing to write into.
  }
}

async function hasHash(bytes: ArrayBuffer | undefined, sha256: string): Promise<boolean> {
  return bytes instanceof ArrayBuffer && (await sha256Hex(bytes)) === sha256;
}

function parse(bytes: ArrayBuffer | undefined): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch (thrown) {
    throw new AppError('pack-invalid', {}, thrown);
  }
}

function wantedFile(id: string, { path, bytes, sha256 }: PackFile): WantedFile {
  const name = `models/${id}/${path}`;
  return { address: new URL(name, scopeAddress()).href, name, maxBytes: bytes, sha256 };
}
