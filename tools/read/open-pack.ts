import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../../src/shared/app-error.ts';
import type { PackContents } from '../../src/shared/pack.ts';
import { readPackArchive } from '../pack/bundle.ts';
import { readPackFolder } from './load-pack-folder.ts';

/**
 * A pack by what a person typed: a folder that holds `pack.json`, a `.chesterpack` file, or the id of a pack in the models
 * folder. Every file is checked against its SHA-256.
 *
 * @throws AppError `pack-missing`, `pack-invalid`, `pack-damaged`
 */
export async function openPack(place: string, modelsFolder: string): Promise<PackContents> {
  if (await isFile(join(place, 'pack.json'))) return readPackFolder(place);
  if (await isFile(place)) return readPackArchive(place);
  const byId = join(modelsFolder, place);
  if (await isFile(join(byId, 'pack.json'))) return readPackFolder(byId);
  throw new AppError('pack-missing', { pack: place });
}

async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
}
