/** Type-checks every thread with its own tsconfig: the DOM library for the page, the WebWorker library for the rest. */

import { spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';

const compiler = createRequire(import.meta.url).resolve('typescript/lib/tsc.js');
const { references } = JSON.parse(await readFile('tsconfig.json', 'utf8'));
const failed = references.filter(({ path }) => {
  return spawnSync(process.execPath, [compiler, '-p', path], { stdio: 'inherit' }).status !== 0;
});
if (failed.length > 0) {
  console.error(`types: ${failed.map(({ path }) => path).join(', ')} failed`);
  process.exit(1);
}
