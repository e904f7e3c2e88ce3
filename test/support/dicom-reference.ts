/** The reference decoder's figures of the data folder's DICOM files (`dicom/expected.csv`). */

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseRecord } from '../../tools/read/csv.ts';

export interface ReferenceRow {
  /** Relative to the data folder. */
  readonly file: string;
  readonly syntax: string;
  readonly photometric: string;
  readonly bitsStored: number;
  /** Whether the reference could decode it. */
  readonly decoded: boolean;
  readonly minimum: number;
  readonly maximum: number;
  readonly mean: number;
  readonly sha256: string;
}

export async function readReference(folder: string): Promise<ReferenceRow[]> {
  const [head = '', ...lines] = (await readFile(join(folder, 'dicom/expected.csv'), 'utf8')).trim().split(/\r?\n/);
  const columns = head.split(',');
  return lines.map((line) => {
    const cells = parseRecord(line);
    if (cells === undefined) throw new Error(`expected.csv: ${line}`);
    const cell = (name: string): string => cells[columns.indexOf(name)] ?? '';
    return {
      file: cell('file'),
      syntax: cell('transfer_syntax'),
      photometric: cell('photometric'),
      bitsStored: Number(cell('bits').split('/')[0]),
      decoded: cell('decoded') === 'yes',
      minimum: Number(cell('minimum')),
      maximum: Number(cell('maximum')),
      mean: Number(cell('mean')),
      sha256: cell('sha256_int32le'),
    };
  });
}
