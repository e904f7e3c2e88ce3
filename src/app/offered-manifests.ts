import { maxManifestBytes } from '../shared/limits.ts';
import { knownFormatVersions, manifestPath } from '../shared/pack.ts';
import type { CatalogEntry, PackManifest } from '../shared/pack.ts';
import { sha256Hex } from '../shared/sha256.ts';

/**
 * The `pack.json` of packs that are only offered, so that a person can read what they are before downloading them:
 * SHA-256 → content. The site's catalogue names the hash, so nothing else is checked here; the download checks the rest.
 * Without a network the list is simply shorter.
 */
export interface OfferedManifests {
  readonly manifests: ReadonlyMap<string, PackManifest>;
  read(entries: readonly CatalogEntry[]): Promise<void>;
}

export function createOfferedManifests(): OfferedManifests {
  const manifests = new Map<string, PackManifest>();

  async function readOne({ id, sha256 }: CatalogEntry): Promise<void> {
    const response = await fetch(new URL(`models/${id}/${manifestPath}`, document.baseURI), { redirect: 'error' });
    const announced = Number(response.headers.get('Content-Length') ?? 0);
    if (!response.ok || announced > maxManifestBytes) return;
    const bytes = await response.arrayBuffer();
    if ((await sha256Hex(bytes)) !== sha256) return;
    const manifest = JSON.parse(new TextDecoder().decode(bytes)) as PackManifest;
    if (knownFormatVersions.includes(manifest.formatVersion)) manifests.set(sha256, manifest);
  }

  return {
    manifests,
    async read(entries) {
      const unread = entries.filter(({ sha256 }) => !manifests.has(sha256));
      await Promise.all(unread.map((entry) => readOne(entry).catch(() => undefined)));
    },
  };
}
