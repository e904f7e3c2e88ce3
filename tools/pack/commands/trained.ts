import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startEngine } from '../../../src/inference/engine.ts';
import { nodeEnginePaths } from '../../read/reader.ts';
import type { PackOptions } from '../command-line.ts';
import { importTrained, writePackSchema } from '../import-trained.ts';
import type { MeasuredFinding } from '../trained-network.ts';
import { updateCatalog } from '../write-pack.ts';
import { UsageError } from './usage-error.ts';

const defaultOut = 'models';
const defaultId = 'pocket';

/** Makes a pack of a network that `training/` exported. */
export async function trainedCommand(words: readonly string[], given: PackOptions): Promise<string> {
  const { from, calibration, embedded, id = defaultId, out = defaultOut } = given;
  const version = given['pack-version'];
  if (words.length > 0) throw new UsageError('trained takes no further words');
  if (from === undefined) throw new UsageError('trained needs --from');
  if (version === undefined || !/^\d+\.\d+\.\d+$/.test(version)) {
    throw new UsageError('--pack-version looks like 2.0.0, and another content needs another one');
  }
  await startEngine('simd', nodeEnginePaths());
  const manifest = await importTrained({
    from,
    folder: join(out, id),
    id,
    version,
    ...(calibration === undefined ? {} : { measured: await readMeasured(calibration) }),
  });
  // Packs of single folds are for measuring; only what a site offers stands in its catalogue.
  if (out === defaultOut) {
    await writePackSchema(out);
    await updateCatalog(out, manifest, embedded);
  }
  const megabytes = manifest.files.reduce((sum, { bytes }) => sum + bytes, 0) / 1e6;
  return `${manifest.id} ${manifest.version}: ${megabytes.toFixed(2)} MB in ${join(out, id)}`;
}

async function readMeasured(path: string): Promise<readonly MeasuredFinding[]> {
  const { findings } = JSON.parse(await readFile(path, 'utf8')) as { readonly findings: readonly MeasuredFinding[] };
  return findings;
}
