/**
 * Versions of one pack beside each other. At most two are kept for use: the one that answers, and the one before it
 * (`superseded`). Each change is one transaction: a browser that is killed in it finds either all of it or nothing.
 */

import { AppError } from '../shared/app-error.ts';
import { compareVersions } from '../shared/compare-versions.ts';
import type { PackKey } from '../shared/messages.ts';
import { transact } from './database.ts';
import type { ChesterTransaction } from './database.ts';
import { withPackLock } from './pack-lock.ts';
import { filesOf, listPackRecords, packMissing, recordKey, withoutUndefined } from './packs.ts';
import type { PackRecord } from './packs.ts';
import type { Settings } from './settings.ts';

/**
 * The version among `records` that answers for pack `id` when it is used.
 * @param records all of them, or those of this pack
 */
export function answeringVersion(records: readonly PackRecord[], id: string): PackRecord | undefined {
  return newest(records.filter((record) => record.id === id && isInstalled(record) && record.superseded !== true));
}

/** The version before the last update. */
export function previousVersion(records: readonly PackRecord[], id: string): PackRecord | undefined {
  return newest(records.filter((record) => record.id === id && isInstalled(record) && record.superseded === true));
}

/**
 * The known answers of this version held: it answers from now on, the one that answered until now stays as the one
 * before, and what is older or was rejected goes.
 *
 * @throws AppError `pack-missing` where it was removed meanwhile
 */
export function installVersion(key: PackKey, provenBy: string): Promise<PackRecord> {
  return changeVersions(key.id, async (records, change) => {
    const own = records.find(({ version }) => version === key.version);
    if (own === undefined) throw packMissing(key);
    const others = records.filter((record) => record !== own);
    const before = answeringVersion(others, key.id) ?? previousVersion(others, key.id);
    for (const other of others) {
      if (other === before) await change.put({ ...other, superseded: true });
      else if (isInstalled(other) || other.state === 'rejected') await change.remove(other);
    }
    const now = new Date().toISOString();
    const none = { error: undefined, superseded: undefined, fromFile: undefined };
    const installed = withoutUndefined({ ...own, ...none, state: 'installed', provenBy, updatedAt: now });
    await change.put(installed);
    // Somebody asked for the version that a person had gone back from, or a newer one came.
    await change.setting('rolledBack', (refused) =>
      keep(refused, ([pack, refusedVersion]) => pack !== key.id || compareVersions(key.version, refusedVersion) < 0),
    );
    return installed;
  });
}

/**
 * The version before the update answers again; every other one goes, and does not come back by itself.
 * @throws AppError `pack-missing` {pack, reason} where no version was kept
 */
export function rollBackVersion(id: string): Promise<PackRecord> {
  return changeVersions(id, async (records, change) => {
    const previous = previousVersion(records, id);
    if (previous === undefined) throw new AppError('pack-missing', { pack: id, reason: 'no-previous-version' });
    const others = records.filter((record) => record !== previous);
    for (const other of others) await change.remove(other);
    const restored = withoutUndefined({ ...previous, superseded: undefined, updatedAt: new Date().toISOString() });
    await change.put(restored);
    const [highest] = others.map(({ version }) => version).sort((a, b) => compareVersions(b, a));
    if (highest !== undefined) await change.setting('rolledBack', (refused) => ({ ...refused, [id]: highest }));
    return restored;
  });
}

/**
 * Takes all versions of a pack off this device, and out of use. One of the app's own that findings can do without does not
 * come back by itself.
 */
export function removeVersions(id: string): Promise<void> {
  return changeVersions(id, async (records, change) => {
    for (const record of records) await change.remove(record);
    const [unwanted] = records
      .filter(isOwnHelper)
      .map(({ version }) => version)
      .sort((a, b) => compareVersions(b, a));
    await change.setting('rolledBack', (refused) =>
      unwanted === undefined ? keep(refused, ([pack]) => pack !== id) : { ...refused, [id]: unwanted },
    );
    await change.setting('packsInUse', (chosen) => keep(chosen, ([, used]) => used !== id));
  });
}

/** A new, empty version of a pack, in place of whatever lay there under its name. */
export function beginVersion(record: PackRecord): Promise<void> {
  return changeVersions(record.id, async (_records, change) => {
    await change.remove(record);
    await change.put(record);
  });
}

/** Removes what side-loading left half done, wherever nobody is at it any more. */
export async function removeAbandonedFiles(): Promise<void> {
  const isAbandoned = (record: PackRecord): boolean => record.state === 'downloading' && record.fromFile === true;
  const ids = new Set((await listPackRecords()).filter(isAbandoned).map(({ id }) => id));
  for (const id of ids) {
    await withPackLock(id, undefined, () =>
      changeVersions(id, async (records, change) => {
        for (const record of records.filter(isAbandoned)) await change.remove(record);
      }),
    );
  }
}

/** What a transaction on one pack's versions may do. */
interface VersionChange {
  put(record: PackRecord): Promise<unknown>;
  remove(key: PackKey): Promise<void>;
  /** `undefined` from `next` leaves the setting as it is. */
  setting<Name extends 'packsInUse' | 'rolledBack'>(
    name: Name,
    next: (value: Settings[Name] | undefined) => Settings[Name] | undefined,
  ): Promise<void>;
}

function changeVersions<T>(
  id: string,
  work: (records: readonly PackRecord[], change: VersionChange) => Promise<T>,
): Promise<T> {
  return transact(['packs', 'packFiles', 'settings'], async (transaction) => {
    const records = await transaction.objectStore('packs').getAll(IDBKeyRange.bound([id], [id, []]));
    return work(records, versionChange(transaction));
  });
}

function versionChange(transaction: ChesterTransaction<('packs' | 'packFiles' | 'settings')[]>): VersionChange {
  const packs = transaction.objectStore('packs');
  const files = transaction.objectStore('packFiles');
  const settings = transaction.objectStore('settings');
  return {
    put: (record) => packs.put(record, recordKey(record)),
    async remove(key) {
      await packs.delete(recordKey(key));
      await files.delete(filesOf(key));
    },
    async setting(name, next) {
      const value = next((await settings.get(name)) as Settings[typeof name] | undefined);
      if (value !== undefined) await settings.put(value, name);
    },
  };
}

/** The entries that `wanted` says; `undefined` where nothing is left out. */
function keep<Values extends Readonly<Record<string, string>>>(
  values: Values | undefined,
  wanted: (entry: [string, string]) => boolean,
): Values | undefined {
  const entries = Object.entries(values ?? {});
  const kept = entries.filter(wanted);
  return kept.length === entries.length ? undefined : (Object.fromEntries(kept) as Values);
}

function isInstalled({ state }: PackRecord): boolean {
  return state === 'installed';
}

function isOwnHelper({ optional, manifest }: PackRecord): boolean {
  return optional !== true && manifest !== undefined && manifest.role !== 'findings';
}

function newest(records: readonly PackRecord[]): PackRecord | undefined {
  return [...records].sort((a, b) => b.updatedAt.localeCompare(a.updatedAt))[0];
}
