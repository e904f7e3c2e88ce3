/** Whose name a pack may carry that came in a file: nobody's but its own, unless it is known to be the real one. */

import { AppError } from './app-error.ts';
import type { CatalogEntry, PackManifest } from './pack.ts';

/** Names that people know. A file that is something else may not carry one, whatever its version. */
const reservedIds: readonly string[] = ['pocket', 'chester-v3', 'chester-ae'];
/** TorchXRayVision's releases: `densenet121-res224-all`, `-nih`, `-pc`, … */
const reservedPrefixes: readonly string[] = ['densenet121-res224-'];

/** Ids of packs whose origin nobody here knows begin with it. */
const unknownOriginPrefix = 'local/';

export function isOfUnknownOrigin(id: string): boolean {
  return id.startsWith(unknownOriginPrefix);
}

/** A pack's id without where it came from: as its own `pack.json` says it. */
export function bareId(id: string): string {
  return isOfUnknownOrigin(id) ? id.slice(unknownOriginPrefix.length) : id;
}

export interface PackIdentity {
  /** The id that this device knows the pack by. */
  readonly id: string;
  readonly version: string;
  /** One of the app's own packs, which answer without being chosen. */
  readonly embedded: boolean;
}

/**
 * Who a pack from a file is. It keeps an embedded or published id only if its `pack.json` is, bit for bit, one that this
 * app or this site names; with any other id it becomes `local/<id>`. Pure.
 *
 * @param sha256 of `pack.json`, hexadecimal
 * @param known the app's own list and the site's catalogue
 * @throws AppError `pack-name-reserved` {pack, version}
 */
export function identifyPack(
  { id, version }: Pick<PackManifest, 'id' | 'version'>,
  sha256: string,
  known: readonly CatalogEntry[],
): PackIdentity {
  const genuine = known.find((entry) => entry.id === id && entry.version === version && entry.sha256 === sha256);
  if (genuine !== undefined) return { id, version, embedded: genuine.embedded };
  const bare = bareId(id);
  const isReserved =
    reservedIds.includes(bare) ||
    reservedPrefixes.some((prefix) => bare.startsWith(prefix)) ||
    known.some((entry) => entry.embedded && entry.id === bare);
  if (isReserved) throw new AppError('pack-name-reserved', { pack: id, version });
  return { id: unknownOriginPrefix + bare, version, embedded: false };
}
