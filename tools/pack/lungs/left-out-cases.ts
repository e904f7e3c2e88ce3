/** X-rays with drawn lungs and hearts that the shipped network has not been trained on. */

import { readFile } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import { crc32 } from '../../../src/shared/crc32.ts';
import { parseRecord } from '../../read/csv.ts';
import { readDrawnCase, type DrawnCase } from './drawn-case.ts';

/** As training/chester_training/lungs_data.py: a picture's name decides its fold. */
const folds = 5;
const testFold = 0;
/** The v7labs masks follow another convention: they include the lung behind the heart. */
const comparable: ReadonlySet<string> = new Set(['JSRT', 'Montgomery', 'Shenzhen']);

/** One after another, so that only one picture is in memory. @param data the data folder */
export async function* leftOutCases(data: string): AsyncGenerator<DrawnCase> {
  const text = await readFile(join(data, 'lungs', 'labels.csv'), 'utf8');
  const [header = [], ...rows] = text
    .split(/\r?\n/u)
    .filter((line) => line !== '')
    .map((line) => parseRecord(line) ?? []);
  for (const row of rows) {
    const cell = (name: string): string => row[header.indexOf(name)] ?? '';
    if (!comparable.has(cell('source')) || foldOf(cell('file')) !== testFold) continue;
    // The heart is drawn in JSRT only.
    yield readDrawnCase({
      source: cell('source'),
      image: join(data, cell('file')),
      mask: join(data, cell('mask')),
      hasHeart: cell('heart') === '1',
    });
  }
}

function foldOf(file: string): number {
  return crc32(new TextEncoder().encode(basename(file, extname(file)))) % folds;
}
