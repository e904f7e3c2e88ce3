/**
 * Makes and checks model packs.
 *
 *   npm run pack -- check models/pocket
 *   npm run pack -- pocket --from PILOT_FOLDER --reference LOGITS.json    makes models/pocket anew (needs the data folder)
 */

import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { startEngine } from '../../src/inference/engine.ts';
import { dataFolder } from '../data-folder.ts';
import { nodeEnginePaths } from '../read/reader.ts';
import { checkPack } from './check-pack.ts';
import { importPilot } from './import-pilot.ts';

const usage = `usage: npm run pack -- check FOLDER
       npm run pack -- pocket --from PILOT_FOLDER --reference LOGITS.json`;
const wrongUsage = 2;

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { from: { type: 'string' }, reference: { type: 'string' } },
  });
  const [command, folder] = positionals;
  if (command === 'check' && folder !== undefined) {
    await startEngine('simd', nodeEnginePaths());
    console.log((await checkPack(folder)).join('\n'));
    return;
  }
  const data = dataFolder();
  if (command === 'pocket' && values.from !== undefined && values.reference !== undefined) {
    if (data === undefined) throw new Error('The data folder is missing: set CHESTER_DATA.');
    await startEngine('simd', nodeEnginePaths());
    const manifest = await importPilot({
      from: values.from,
      models: 'models',
      data,
      syntheticPicture: 'static/examples/synthetic-effusion.png',
      syntheticLogits: JSON.parse(await readFile(values.reference, 'utf8')) as number[],
    });
    console.log(`${manifest.id} ${manifest.version}: ${manifest.files.length} files`);
    return;
  }
  console.error(usage);
  process.exitCode = wrongUsage;
}

await main();
