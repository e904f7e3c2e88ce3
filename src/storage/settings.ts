/** Small things to remember on this device. Not `localStorage`: what was just written there is lost when the browser is killed. */

import type { EngineMode } from '../shared/messages.ts';
import type { PackRole } from '../shared/pack.ts';
import type { SitePrevalences } from '../shared/site-prevalences.ts';
import { look, useDatabase } from './database.ts';

export interface Settings {
  /** Not for medical use: which wording (app version) was accepted, and when (ISO 8601). */
  readonly acceptedNotice: { readonly at: string; readonly version: string };
  readonly theme: 'light' | 'dark' | 'system';
  /** The engine mode that was measured fastest, and for which app build, browser and number of cores that holds. */
  readonly threadChoice: {
    readonly mode: EngineMode;
    readonly threads: number;
    readonly buildId: string;
    readonly userAgent: string;
    /** Absent in what older versions wrote. */
    readonly cores?: number;
  };
  /** ISO 8601; there while the camera app is open, so that a killed page can be told from a new visit. */
  readonly cameraOpenedAt: string;
  /** Whether the live camera shoots by itself; absent: it does. */
  readonly automaticShot: boolean;
  /** BCP 47. */
  readonly language: string;
  /** The app version that ran last; another one now means that an update was applied. */
  readonly lastVersion: string;
  /** Pack ids that a person chose for a role. Without one the app's own pack answers, where it has one. */
  readonly packsInUse: Readonly<Partial<Record<PackRole, string>>>;
  /** Pack id → the version that a person went back from, or removed: it does not come again by itself. */
  readonly rolledBack: Readonly<Record<string, string>>;
  /** What a site states of its patients; findings that it says nothing of are left out. */
  readonly sitePrevalences: SitePrevalences;
}

export async function getSetting<Name extends keyof Settings>(name: Name): Promise<Settings[Name] | undefined> {
  // The store holds under each name only what `setSetting` put there.
  return (await look(['settings'], (transaction) => transaction.objectStore('settings').get(name))) as
    Settings[Name] | undefined;
}

/** `undefined` forgets it. */
export async function setSetting<Name extends keyof Settings>(
  name: Name,
  value: Settings[Name] | undefined,
): Promise<void> {
  await useDatabase<unknown>((database) =>
    value === undefined ? database.delete('settings', name) : database.put('settings', value, name),
  );
}
