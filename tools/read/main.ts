import { runCommandLine } from './run-command-line.ts';

const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  // Once: a second signal ends the process at once, as it does by default.
  process.once(signal, () => stop.abort());
}
process.exitCode = await runCommandLine(process.argv.slice(2), stop.signal);
