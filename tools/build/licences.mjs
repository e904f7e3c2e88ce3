/** The licences of everything that is bundled into the site: the runtime dependencies and what they need. */

import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Walks `dependencies` from the root package.json.
 * @param {string} root
 * @returns {Promise<{ name: string, version: string, licence: string, homepage?: string }[]>} sorted by name
 */
export async function collectLicences(root) {
  const found = new Map();
  const packageJson = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
  const waiting = Object.keys(packageJson.dependencies ?? {});
  while (waiting.length > 0) {
    const name = waiting.pop();
    const path = join(root, 'node_modules', name, 'package.json');
    if (found.has(name) || !existsSync(path)) continue;
    const dependency = JSON.parse(await readFile(path, 'utf8'));
    // Type declarations never reach the bundle.
    if (name.startsWith('@types/')) continue;
    const licence = typeof dependency.license === 'string' ? dependency.license : dependency.license?.type;
    if (licence === undefined) throw new Error(`${name} states no licence`);
    found.set(name, { name, version: dependency.version, licence, homepage: dependency.homepage });
    waiting.push(...Object.keys(dependency.dependencies ?? {}));
  }
  return [...found.values()].sort((a, b) => a.name.localeCompare(b.name));
}
