import { readFile } from 'node:fs/promises';
import { dataFolder } from '../../data-folder.ts';
import type { PackOptions } from '../command-line.ts';
import { importLungs } from '../lungs/import-lungs.ts';
import type { LeftOutFigures } from '../lungs/lungs-card.ts';
import { makeOwnPack } from './own-network.ts';

const leftOutFigures = 'training/figures/lungs.json';

/** Makes the pack of lungs and heart of what `training/` exported, and measures it on left-out patients. */
export function lungsCommand(words: readonly string[], given: PackOptions): Promise<string> {
  return makeOwnPack('lungs', words, given, async (network) => {
    const data = dataFolder();
    if (data === undefined) throw new Error('The data folder is missing: set CHESTER_DATA.');
    const leftOut = JSON.parse(await readFile(leftOutFigures, 'utf8')) as LeftOutFigures;
    return importLungs({ ...network, data, leftOut });
  });
}
