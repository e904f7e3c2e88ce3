import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { PublishedModelJson } from './published-style.ts';

/** Topologies, digests and a few files of the published models; not part of the repository. */
const folder = process.env['CHESTER_UPSTREAM'] ?? fileURLToPath(new URL('../../../shared/upstream', import.meta.url));

/** Folder of what is there of one published model; undefined where nothing is. */
export function upstreamFolder(id: string): string | undefined {
  const found = join(folder, id);
  return existsSync(join(found, 'files.csv')) ? found : undefined;
}

/** The published `model.json`; undefined where it is not at hand. */
export async function upstreamModelJson(id: string): Promise<PublishedModelJson | undefined> {
  const found = upstreamFolder(id);
  if (found === undefined) return undefined;
  return JSON.parse(await readFile(join(found, 'model.json'), 'utf8')) as PublishedModelJson;
}
