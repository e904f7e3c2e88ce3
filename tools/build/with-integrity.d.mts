import type { ManifestTransformResult, ManifestEntry } from 'workbox-build';

export function withIntegrity(
  entries: readonly (ManifestEntry & { size: number })[],
  site: string,
): Promise<ManifestTransformResult>;
