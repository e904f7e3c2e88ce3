import { join } from 'node:path';
import { startEngine } from '../../../src/inference/engine.ts';
import type { PackManifest } from '../../../src/shared/pack.ts';
import { nodeEnginePaths } from '../../read/reader.ts';
import type { PackOptions } from '../command-line.ts';
import { writePackSchema } from '../import-trained.ts';
import { updateCatalog } from '../write-pack.ts';
import { UsageError } from './usage-error.ts';

const defaultOut = 'models';

/** What a pack of a network of our own is made of. */
export interface OwnNetwork {
  /** What `training/` exported. */
  readonly from: string;
  readonly folder: string;
  readonly id: string;
  readonly version: string;
}

/**
 * A command that makes a pack of one of our own networks: checks the words, starts the engine, keeps the catalogue.
 *
 * @param name of the command, and of the pack unless another is given
 */
export async function makeOwnPack(
  name: string,
  words: readonly string[],
  given: PackOptions,
  make: (network: OwnNetwork) => Promise<PackManifest>,
): Promise<string> {
  const { from, embedded, id = name, out = defaultOut } = given;
  const version = given['pack-version'];
  if (words.length > 0) throw new UsageError(`${name} takes no further words`);
  if (from === undefined) throw new UsageError(`${name} needs --from`);
  if (version === undefined || !/^\d+\.\d+\.\d+$/.test(version)) {
    throw new UsageError('--pack-version looks like 1.0.0, and another content needs another one');
  }
  await startEngine('simd', nodeEnginePaths());
  const folder = join(out, id);
  const manifest = await make({ from, folder, id, version });
  if (out === defaultOut) {
    await writePackSchema(out);
    await updateCatalog(out, manifest, embedded);
  }
  const megabytes = manifest.files.reduce((sum, { bytes }) => sum + bytes, 0) / 1e6;
  return `${manifest.id} ${manifest.version}: ${megabytes.toFixed(2)} MB in ${folder}`;
}
