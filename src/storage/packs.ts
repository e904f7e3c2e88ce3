/**
 * Model packs at rest. A record says how far a pack is (`downloading → stored → proving → installed | rejected`);
 * its files lie beside it, `pack.json` among them. Versions of one pack lie side by side, so that an old one
 * stays until the new one has proved itself.
 *
 * The service worker writes `downloading` and `stored`, and the decode worker for packs that come in a file; `app` writes
 * the rest; the inference worker only reads.
 */

import { AppError } from '../shared/app-error.ts';
import type { PlainError } from '../shared/app-error.ts';
import type { PackKey } from '../shared/messages.ts';
import { manifestPath } from '../shared/pack.ts';
import type { PackContents, PackManifest, PackState } from '../shared/pack.ts';
import { sha256Hex } from '../shared/sha256.ts';
import { look, transact, useDatabase } from './database.ts';

export interface PackRecord extends PackKey {
  readonly state: PackState;
  /** Absent until `pack.json` was received and found right. */
  readonly manifest?: PackManifest;
  /** SHA-256 of `pack.json`, as the catalog (or the person's file) states it. */
  readonly manifestSha256: string;
  /** Bytes of the files that are stored, `pack.json` included. */
  readonly receivedBytes: number;
  readonly totalBytes: number;
  /** Engine mode and app build under which the known answers held. */
  readonly provenBy?: string;
  /** Why the last download or proof ended; `cancelled` = a person paused it. */
  readonly error?: PlainError;
  /** Not one of the app's own packs: it answers only where it was chosen (packs-in-use.ts). */
  readonly optional?: true;
  /** Installed, and replaced by a newer version that proved itself: kept for going back (pack-versions.ts). */
  readonly superseded?: true;
  /** Half of it came from a file: it cannot be resumed, and is removed where nobody writes it any more. */
  readonly fromFile?: true;
  /** ISO 8601. */
  readonly updatedAt: string;
}

/** What `setPackState` may change besides the state; `undefined` takes a field away. */
export type PackRecordChange = {
  readonly [Field in Exclude<keyof PackRecord, 'id' | 'version' | 'state' | 'updatedAt'>]?:
    PackRecord[Field] | undefined;
};

/** All records, by id and version. */
export function listPackRecords(): Promise<PackRecord[]> {
  return look(['packs'], (transaction) => transaction.objectStore('packs').getAll());
}

export function getPackRecord(key: PackKey): Promise<PackRecord | undefined> {
  return look(['packs'], (transaction) => transaction.objectStore('packs').get(recordKey(key)));
}

export async function putPackRecord(record: PackRecord): Promise<void> {
  await useDatabase((database) => database.put('packs', record, recordKey(record)));
}

/**
 * Changes a record's state in one transaction.
 * @throws AppError `pack-missing` where there is no such record
 */
export function setPackState(key: PackKey, state: PackState, change: PackRecordChange = {}): Promise<PackRecord> {
  return transact(['packs'], async (transaction) => {
    const store = transaction.objectStore('packs');
    const record = await store.get(recordKey(key));
    if (record === undefined) throw packMissing(key);
    const changed = withoutUndefined({ ...record, ...change, state, updatedAt: new Date().toISOString() });
    await store.put(changed, recordKey(key));
    return changed;
  });
}

/** Stores one file of a pack, whole; the caller has checked its hash. */
export async function putPackFile(key: PackKey, path: string, bytes: ArrayBuffer): Promise<void> {
  await useDatabase((database) => database.put('packFiles', bytes, [key.id, key.version, path]));
}

export function readPackFile(key: PackKey, path: string): Promise<ArrayBuffer | undefined> {
  return look(['packFiles'], (transaction) => transaction.objectStore('packFiles').get([key.id, key.version, path]));
}

/** Paths of the files that are stored, whether or not the pack is complete. */
export async function storedPaths(key: PackKey): Promise<string[]> {
  const keys = await look(['packFiles'], (transaction) =>
    transaction.objectStore('packFiles').getAllKeys(filesOf(key)),
  );
  return keys.map(([, , path]) => path);
}

/**
 * A whole pack at once, in one transaction, as `stored`: for packs that do not come through the service worker.
 * `files` holds every file of the manifest, hashes checked by the caller.
 */
export async function putPack(
  manifest: PackManifest,
  manifestBytes: ArrayBuffer,
  files: ReadonlyMap<string, ArrayBuffer>,
): Promise<PackRecord> {
  const sizes = [manifestBytes.byteLength, ...manifest.files.map((file) => file.bytes)];
  const totalBytes = sizes.reduce((sum, bytes) => sum + bytes, 0);
  const record: PackRecord = {
    id: manifest.id,
    version: manifest.version,
    state: 'stored',
    manifest,
    manifestSha256: await sha256Hex(manifestBytes),
    receivedBytes: totalBytes,
    totalBytes,
    updatedAt: new Date().toISOString(),
  };
  await transact(['packs', 'packFiles'], async (transaction) => {
    const fileStore = transaction.objectStore('packFiles');
    await fileStore.delete(filesOf(record));
    await fileStore.put(manifestBytes, [record.id, record.version, manifestPath]);
    for (const [path, bytes] of files) await fileStore.put(bytes, [record.id, record.version, path]);
    await transaction.objectStore('packs').put(record, recordKey(record));
  });
  return record;
}

/**
 * Everything of a pack, every hash checked again: bits rot at rest. The manifest is the one in the stored
 * `pack.json`, which must have the record's hash, under the record's id: a pack of unknown origin may call itself
 * otherwise. `files` is without `pack.json`.
 *
 * @param onRead told of each file as soon as it is read, **before** its hash is known: for work that is thrown away where the
 *   pack turns out to be damaged. It must not throw.
 * @throws AppError `pack-missing` where it is not complete, `pack-damaged` {pack, path}
 */
export async function readPack(
  key: PackKey,
  onRead: (path: string, bytes: unknown) => void = () => undefined,
): Promise<PackContents> {
  const { record, files } = await look(['packs', 'packFiles'], async (transaction) => {
    const fileStore = transaction.objectStore('packFiles');
    const [found, keys] = await Promise.all([
      transaction.objectStore('packs').get(recordKey(key)),
      fileStore.getAllKeys(filesOf(key)),
    ]);
    // One request a file: each is hashed, on another thread, while the next is still being read.
    const read = await Promise.all(
      keys.map(async (fileKey) => {
        const bytes = await fileStore.get(fileKey);
        const read = [fileKey[2], { bytes, hash: hashOf(bytes) }] as const;
        onRead(fileKey[2], bytes);
        return read;
      }),
    );
    return { record: found, files: new Map(read) };
  });
  if (record === undefined || record.state === 'downloading') throw packMissing(key);

  const checked = async (path: string, sha256: string): Promise<ArrayBuffer> => {
    const file = files.get(path);
    if (file?.bytes === undefined || (await file.hash) !== sha256) throw packDamaged(key, path);
    return file.bytes;
  };
  const manifest = parseManifest(key, await checked(manifestPath, record.manifestSha256));
  const contents = new Map<string, ArrayBuffer>();
  for (const file of manifest.files) contents.set(file.path, await checked(file.path, file.sha256));
  return { manifest: { ...manifest, id: key.id }, files: contents };
}

/** Whatever lies in the store now, it need not be a buffer. */
function hashOf(bytes: unknown): Promise<string | undefined> {
  return bytes instanceof ArrayBuffer ? sha256Hex(bytes) : Promise.resolve(undefined);
}

/** Removes record and files of one version in one transaction. */
export async function removePack(key: PackKey): Promise<void> {
  await transact(['packs', 'packFiles'], async (transaction) => {
    await transaction.objectStore('packs').delete(recordKey(key));
    await transaction.objectStore('packFiles').delete(filesOf(key));
  });
}

/** Of the `packs` store. */
export function recordKey({ id, version }: PackKey): [string, string] {
  return [id, version];
}

/** All keys [id, version, …]; an array sorts after every string (Indexed Database API 3.0, §2.4), so `[]` ends the range. */
export function filesOf({ id, version }: PackKey): IDBKeyRange {
  return IDBKeyRange.bound([id, version], [id, version, []]);
}

/** Its hash was right, so it is what was validated when it came in. */
function parseManifest(key: PackKey, bytes: ArrayBuffer): PackManifest {
  try {
    return JSON.parse(new TextDecoder().decode(bytes)) as PackManifest;
  } catch (thrown) {
    throw new AppError('pack-damaged', { pack: packName(key), path: manifestPath }, thrown);
  }
}

export function withoutUndefined(record: {
  readonly [Field in keyof PackRecord]: PackRecord[Field] | undefined;
}): PackRecord {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined)) as unknown as PackRecord;
}

/** As messages name it. */
function packName({ id, version }: PackKey): string {
  return `${id}@${version}`;
}

export function packMissing(key: PackKey): AppError {
  return new AppError('pack-missing', { pack: packName(key) });
}

function packDamaged(key: PackKey, path: string): AppError {
  return new AppError('pack-damaged', { pack: packName(key), path });
}
