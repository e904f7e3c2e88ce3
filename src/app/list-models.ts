import type { CatalogEntry, PackManifest } from '../shared/pack.ts';
import { diffPacks } from '../shared/diff-packs.ts';
import { isOfUnknownOrigin } from '../shared/pack-identity.ts';
import { answeringVersion, previousVersion } from '../storage/pack-versions.ts';
import { packFor } from '../storage/packs-in-use.ts';
import type { PackRecord } from '../storage/packs.ts';
import type { Settings } from '../storage/settings.ts';
import type { Model, ModelActivity, ModelOrigin, ModelVersion } from './model-library.ts';

/** Everything that a list of models is made of, of one moment. */
export interface ModelFacts {
  readonly records: readonly PackRecord[];
  readonly choices: Settings['packsInUse'];
  /** What this site offers; empty where nobody knows. */
  readonly catalog: readonly CatalogEntry[];
  /** The app's own list, made when it was built. */
  readonly own: readonly CatalogEntry[];
  /** SHA-256 of a `pack.json` that is only offered → its content, where it was read. */
  readonly offeredManifests: ReadonlyMap<string, PackManifest>;
  /** What is going on in this page; what is not in here is told by the records. */
  readonly activities: ReadonlyMap<string, ModelActivity>;
}

/** All models, here or offered: the app's own first, then what is installed, then what could be. Pure. */
export function listModels(facts: ModelFacts): readonly Model[] {
  // Half a pack from a file is nothing yet, and nothing for the eye.
  const records = facts.records.filter(({ state, fromFile }) => state !== 'downloading' || fromFile !== true);
  const ids = new Set([...records, ...facts.catalog].map(({ id }) => id));
  return [...ids].map((id) => describeModel(id, records, facts)).sort(inOrder);
}

function describeModel(id: string, records: readonly PackRecord[], facts: ModelFacts): Model {
  const current = answeringVersion(records, id);
  const previous = previousVersion(records, id);
  const entry = facts.catalog.find((offer) => offer.id === id);
  const offered = entry === undefined || entry.version === current?.version ? undefined : entry;
  const offeredManifest = offered === undefined ? undefined : facts.offeredManifests.get(offered.sha256);
  const underway = newestUnderway(records, id);
  const manifest = current?.manifest ?? underway?.manifest ?? previous?.manifest ?? offeredManifest;
  const answering = manifest === undefined ? undefined : packFor(manifest.role, records, facts.choices);
  const difference =
    current?.manifest === undefined || previous?.manifest === undefined
      ? undefined
      : diffPacks(previous.manifest, current.manifest);
  return {
    id,
    role: manifest?.role,
    origin: originOf(id, manifest, facts),
    ...(current === undefined ? {} : { installed: versionOf(current) }),
    inUse: answering?.id === id,
    ...(previous === undefined ? {} : { previous: versionOf(previous) }),
    ...(offered === undefined
      ? {}
      : {
          offered: {
            version: offered.version,
            bytes: offered.bytes,
            ...(offeredManifest === undefined ? {} : { manifest: offeredManifest }),
          },
        }),
    ...(difference === undefined ? {} : { difference }),
    activity: facts.activities.get(id) ?? activityOf(underway),
  };
}

/** A version that is on its way, or that did not make it. */
function newestUnderway(records: readonly PackRecord[], id: string): PackRecord | undefined {
  return records
    .filter((record) => record.id === id && record.state !== 'installed' && record.superseded !== true)
    .sort((a, b) => b.updatedAt.localeCompare(a.updatedAt))[0];
}

/** What storage tells where this page does nothing: a download that nobody goes on with is a paused one. */
function activityOf(record: PackRecord | undefined): ModelActivity {
  switch (record?.state) {
    case 'downloading': {
      const { receivedBytes, totalBytes, error } = record;
      const why = error === undefined || error.code === 'cancelled' ? {} : { error };
      return { kind: 'paused', receivedBytes, totalBytes, ...why };
    }
    case 'stored':
    case 'proving':
      return { kind: 'proving' };
    case 'rejected':
      return { kind: 'failed', error: record.error ?? { code: 'pack-invalid', details: { pack: record.id } } };
    case 'installed':
    case undefined:
      return { kind: 'none' };
  }
}

function originOf(id: string, manifest: PackManifest | undefined, { catalog, own }: ModelFacts): ModelOrigin {
  if (isOfUnknownOrigin(id)) return 'unknown';
  if ([...own, ...catalog].some((entry) => entry.id === id && entry.embedded)) return 'embedded';
  return manifest?.origin?.status === 'published' ? 'published' : 'unverified';
}

function versionOf({ version, receivedBytes, manifest }: PackRecord): ModelVersion {
  return { version, bytes: receivedBytes, ...(manifest === undefined ? {} : { manifest }) };
}

function inOrder(a: Model, b: Model): number {
  return rank(a) - rank(b) || a.id.localeCompare(b.id);
}

function rank({ origin, installed }: Model): number {
  if (origin === 'embedded') return 0;
  return installed === undefined ? 2 : 1;
}
