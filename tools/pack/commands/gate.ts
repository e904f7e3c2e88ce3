import { readFile } from 'node:fs/promises';
import type { PackOptions } from '../command-line.ts';
import type { GateFigures } from '../gate/gate-card.ts';
import { importGate } from '../gate/import-gate.ts';
import { makeOwnPack } from './own-network.ts';

const measuredFigures = 'training/figures/gate.json';

/** Makes the gate's pack of what `training/` exported, with the figures that it measured. */
export function gateCommand(words: readonly string[], given: PackOptions): Promise<string> {
  return makeOwnPack('gate', words, given, async (network) => {
    const figures = JSON.parse(await readFile(measuredFigures, 'utf8')) as GateFigures;
    return importGate({ ...network, figures });
  });
}
