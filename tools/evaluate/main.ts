/** `npm run evaluate`: see `arguments.ts`. */

import { runEvaluate } from './run-evaluate.ts';

const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  // Once: a second signal ends the process at once, as it does by default.
  process.once(signal, () => stop.abort());
}
// npm changes into the project's root; paths are meant as they were typed.
if (process.env.INIT_CWD !== undefined) process.chdir(process.env.INIT_CWD);
process.exitCode = await runEvaluate(process.argv.slice(2), stop.signal);
