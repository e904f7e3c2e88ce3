/**
 * Which pack answers for a role: the one that a person chose, else the app's own, where it has one. Every thread asks
 * here, so that page, warm-up and offline status never disagree.
 */

import { packRoles } from '../shared/pack.ts';
import type { PackRole } from '../shared/pack.ts';
import { look, transact } from './database.ts';
import { answeringVersion, previousVersion } from './pack-versions.ts';
import { listPackRecords, packMissing } from './packs.ts';
import type { PackRecord } from './packs.ts';
import { getSetting } from './settings.ts';
import type { Settings } from './settings.ts';

type Choices = Settings['packsInUse'];

/** The pack that answers for a role, read in one moment; `undefined` where none can. */
export async function installedPack(role: PackRole): Promise<PackRecord | undefined> {
  const { records, choices } = await look(['packs', 'settings'], async (transaction) => {
    const [all, chosen] = await Promise.all([
      transaction.objectStore('packs').getAll(),
      transaction.objectStore('settings').get('packsInUse'),
    ]);
    return { records: all, choices: (chosen ?? {}) as Choices };
  });
  return packFor(role, records, choices);
}

/** The same over records that were read before. Pure. */
export function packFor(role: PackRole, records: readonly PackRecord[], choices: Choices): PackRecord | undefined {
  return chosenPack(role, records, choices) ?? ownPack(role, records);
}

export async function packsInUse(): Promise<Choices> {
  return (await getSetting('packsInUse')) ?? {};
}

/**
 * From now on this pack answers for its role.
 * @throws AppError `pack-missing` where it is not installed
 */
export async function choosePack(id: string): Promise<void> {
  await changeChoices((choices, records) => {
    const record = answeringVersion(records, id);
    const role = record?.manifest?.role;
    if (record === undefined || role === undefined) throw packMissing({ id, version: '' });
    return { ...choices, [role]: id };
  });
}

/** Nothing that a person chose answers for this pack's role any more. */
export async function unchoosePack(id: string): Promise<void> {
  await changeChoices((choices) => Object.fromEntries(Object.entries(choices).filter(([, used]) => used !== id)));
}

/**
 * Takes choices back that cannot be kept: the pack was damaged, rejected or removed, and there is one that answers in its
 * place (or none is needed: only findings must be read).
 *
 * @returns the ids that were given up
 */
export async function dropBrokenChoices(): Promise<string[]> {
  const dropped: string[] = [];
  // Mostly there is nothing to do, and reading is enough to know it.
  const [records, choices] = await Promise.all([listPackRecords(), packsInUse()]);
  if (brokenRoles(records, choices).length === 0) return dropped;
  await changeChoices((current, all) => {
    const broken = brokenRoles(all, current);
    dropped.push(...broken.map((role) => current[role] ?? ''));
    return Object.fromEntries(Object.entries(current).filter(([role]) => !broken.includes(role as PackRole)));
  });
  return dropped;
}

function brokenRoles(records: readonly PackRecord[], choices: Choices): PackRole[] {
  return packRoles.filter(
    (role) =>
      choices[role] !== undefined &&
      chosenPack(role, records, choices) === undefined &&
      (role !== 'findings' || ownPack(role, records) !== undefined),
  );
}

function chosenPack(role: PackRole, records: readonly PackRecord[], choices: Choices): PackRecord | undefined {
  const id = choices[role];
  const record = id === undefined ? undefined : answeringVersion(records, id);
  return record?.manifest?.role === role ? record : undefined;
}

/** The app's own pack of that role; the version before, where the newer one is damaged or was rejected. */
function ownPack(role: PackRole, records: readonly PackRecord[]): PackRecord | undefined {
  const own = records.filter((record) => record.optional !== true && record.manifest?.role === role);
  const ids = [...new Set(own.map(({ id }) => id))];
  const answering = ids.flatMap((id) => answeringVersion(own, id) ?? previousVersion(own, id) ?? []);
  return answering.sort((a, b) => b.updatedAt.localeCompare(a.updatedAt))[0];
}

function changeChoices(next: (choices: Choices, records: readonly PackRecord[]) => Choices): Promise<void> {
  return transact(['packs', 'settings'], async (transaction) => {
    const settings = transaction.objectStore('settings');
    const [records, choices] = await Promise.all([
      transaction.objectStore('packs').getAll(),
      settings.get('packsInUse'),
    ]);
    await settings.put(next((choices ?? {}) as Choices, records), 'packsInUse');
  });
}
