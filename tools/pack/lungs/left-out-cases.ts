/** X-rays with drawn lungs and hearts that the shipped network has not been trained on. */

import { readFile } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import { decodePicture } from '../../../src/imaging/decode-picture.ts';
import type { Mask } from '../../../src/imaging/mask-parts.ts';
import type { GrayImage } from '../../../src/shared/analysis.ts';
import { crc32 } from '../../../src/shared/crc32.ts';
import { parseRecord } from '../../read/csv.ts';
import { createNodeCodecs, readPictureFile } from '../../read/node-codecs.ts';

export interface DrawnCase {
  readonly source: string;
  readonly image: GrayImage;
  readonly lungs: Mask;
  /** Drawn in JSRT only. */
  readonly heart?: Mask;
}

/** As training/chester_training/lungs_data.py: a picture's name decides its fold. */
const folds = 5;
const testFold = 0;
const lungGrey = 100;
const heartGrey = 200;
const maxByte = 255;
/** The v7labs masks follow another convention: they include the lung behind the heart. */
const comparable: ReadonlySet<string> = new Set(['JSRT', 'Montgomery', 'Shenzhen']);

/** One after another, so that only one picture is in memory. @param data the data folder */
export async function* leftOutCases(data: string): AsyncGenerator<DrawnCase> {
  const codecs = createNodeCodecs();
  const text = await readFile(join(data, 'lungs', 'labels.csv'), 'utf8');
  const [header = [], ...rows] = text
    .split(/\r?\n/u)
    .filter((line) => line !== '')
    .map((line) => parseRecord(line) ?? []);
  for (const row of rows) {
    const cell = (name: string): string => row[header.indexOf(name)] ?? '';
    if (!comparable.has(cell('source')) || foldOf(cell('file')) !== testFold) continue;
    const image = await decodePicture(await readPictureFile(join(data, cell('file'))), codecs);
    const drawn = await decodePicture(await readPictureFile(join(data, cell('mask'))), codecs);
    const where = (grey: number): Mask => ({
      width: drawn.width,
      height: drawn.height,
      inside: Uint8Array.from(drawn.data, (value) => (Math.round(value * maxByte) === grey ? 1 : 0)),
    });
    const heart = cell('heart') === '1' ? { heart: where(heartGrey) } : {};
    yield { source: cell('source'), image, lungs: where(lungGrey), ...heart };
  }
}

function foldOf(file: string): number {
  return crc32(new TextEncoder().encode(basename(file, extname(file)))) % folds;
}
