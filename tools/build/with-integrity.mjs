/**
 * Gives each entry of the precache the hash of its bytes (Subresource Integrity): a portal's page, a half-published
 * site or a damaged file fails the install, and a lost entry can be fetched again without mixing versions.
 */

import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A manifest transform of workbox-build; `site` is the folder that the entries' addresses are relative to. */
export async function withIntegrity(entries, site) {
  const manifest = await Promise.all(
    entries.map(async (entry) => {
      const digest = createHash('sha256')
        .update(await readFile(join(site, entry.url)))
        .digest('base64');
      return { ...entry, integrity: `sha256-${digest}` };
    }),
  );
  return { manifest };
}
