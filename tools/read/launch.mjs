/** `npm run read`: starts the built command line, and builds it first where it is missing. */

import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
const program = join(root, 'dist/cli/read.js');

if (!existsSync(program)) {
  // The build's own words go to standard error: standard output belongs to the results.
  const { status } = spawnSync(process.execPath, [join(root, 'build.mjs'), '--only-cli'], { stdio: ['ignore', 2, 2] });
  if (status !== 0) process.exit(1);
}
// npm changes into the project's root; paths are meant as they were typed.
if (process.env.INIT_CWD !== undefined) process.chdir(process.env.INIT_CWD);
await import(program);
