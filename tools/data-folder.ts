import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * The data folder: public X-rays for training, measuring and testing, which are no part of this repository.
 * `CHESTER_DATA` names it; without it a neighbour of the repository is tried. This is the only place that knows.
 *
 * @returns undefined where there is none: tests then skip what needs it
 */
export function dataFolder(): string | undefined {
  const root = join(dirname(fileURLToPath(import.meta.url)), '..');
  const folder = process.env.CHESTER_DATA ?? join(root, '../shared/data');
  return existsSync(folder) ? folder : undefined;
}
