/** Where the training images lie in the network's feature space: what the gate's distance is measured against. */

import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { decodePicture } from '../../src/imaging/decode-picture.ts';
import { toNetworkInput } from '../../src/imaging/network-input.ts';
import type { FindingsNetwork } from '../../src/inference/findings-network.ts';
import type { FeatureStatistics, PackInput } from '../../src/shared/pack.ts';
import { createNodeCodecs, readPictureFile } from '../read/node-codecs.ts';
import { leadingDirections } from './eigen.ts';
import { toFloat16 } from './float16.ts';

/** Which images are measured, and what their distances were found to mean. */
export interface StatisticsOptions {
  /** The data folder. */
  readonly data: string;
  /** Was not trained on, so it does not count; null: all folds count. */
  readonly leftOutFold: number | null;
  /** Directions kept; the rest is taken as isotropic. */
  readonly components: number;
  readonly warnAbove: number;
  readonly refuseAbove: number;
}

export interface LabelledFile {
  readonly path: string;
  readonly fold: string;
}

/** Files of `nih/labels.csv` with their fold; the first four columns hold no quotes. */
export async function readNihFiles(dataFolder: string): Promise<LabelledFile[]> {
  const text = await readFile(join(dataFolder, 'nih/labels.csv'), 'utf8');
  const [header = '', ...lines] = text.trim().split('\n');
  const columns = header.split(',');
  const [fileColumn, foldColumn] = [columns.indexOf('file'), columns.indexOf('fold')];
  return lines.map((line) => {
    const cells = line.split(',');
    return { path: join(dataFolder, cells[fileColumn] ?? ''), fold: cells[foldColumn] ?? '' };
  });
}

/** Runs the network over what it was trained on and writes `file` in the layout of `FeatureStatistics`. */
export async function writeFeatureStatistics(
  folder: string,
  file: string,
  { data, leftOutFold, components, warnAbove, refuseAbove }: StatisticsOptions,
  network: FindingsNetwork,
  input: PackInput,
): Promise<FeatureStatistics> {
  const codecs = createNodeCodecs();
  const rows: Float32Array[] = [];
  for (const { path } of (await readNihFiles(data)).filter(({ fold }) => fold !== String(leftOutFold))) {
    const image = await decodePicture(await readPictureFile(path), codecs);
    rows.push(Float32Array.from(network.run(toNetworkInput(image, input)).features));
    if (rows.length % 200 === 0) console.error(`features: ${rows.length} images`);
  }
  const { mean, variances, directions, restVariance } = leadingDirections(rows, components);
  const parts = [
    Buffer.from(Float32Array.from(mean).buffer),
    Buffer.from(Float32Array.from(variances).buffer),
    ...directions.map((direction) => Buffer.from(toFloat16(Float32Array.from(direction)).buffer)),
  ];
  await writeFile(join(folder, file), Buffer.concat(parts));
  return { file, features: mean.length, components, restVariance, warnAbove, refuseAbove };
}
