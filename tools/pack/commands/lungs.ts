import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startEngine } from '../../../src/inference/engine.ts';
import { dataFolder } from '../../data-folder.ts';
import { nodeEnginePaths } from '../../read/reader.ts';
import type { PackOptions } from '../command-line.ts';
import { writePackSchema } from '../import-trained.ts';
import { importLungs } from '../lungs/import-lungs.ts';
import type { LeftOutFigures } from '../lungs/lungs-card.ts';
import { updateCatalog } from '../write-pack.ts';
import { UsageError } from './usage-error.ts';

const defaultOut = 'models';
const defaultId = 'lungs';
const leftOutFigures = 'training/figures/lungs.json';

/** Makes the pack of lungs and heart of what `training/` exported, and measures it on left-out patients. */
export async function lungsCommand(words: readonly string[], given: PackOptions): Promise<string> {
  const { from, embedded, id = defaultId, out = defaultOut } = given;
  const version = given['pack-version'];
  if (words.length > 0) throw new UsageError('lungs takes no further words');
  if (from === undefined) throw new UsageError('lungs needs --from');
  if (version === undefined || !/^\d+\.\d+\.\d+$/.test(version)) {
    throw new UsageError('--pack-version looks like 1.0.0, and another content needs another one');
  }
  const data = dataFolder();
  if (data === undefined) throw new Error('The data folder is missing: set CHESTER_DATA.');
  const leftOut = JSON.parse(await readFile(leftOutFigures, 'utf8')) as LeftOutFigures;
  await startEngine('simd', nodeEnginePaths());
  const manifest = await importLungs({ from, folder: join(out, id), id, version, data, leftOut });
  if (out === defaultOut) {
    await writePackSchema(out);
    await updateCatalog(out, manifest, embedded);
  }
  const megabytes = manifest.files.reduce((sum, { bytes }) => sum + bytes, 0) / 1e6;
  return `${manifest.id} ${manifest.version}: ${megabytes.toFixed(2)} MB in ${join(out, id)}`;
}
