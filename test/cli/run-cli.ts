/** Runs the command line as a user does: the built program, in a folder of its own. */

import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
export const program = join(root, 'dist/cli/read.js');
export const examples = join(root, 'test/fixtures/examples');

export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** @param args words after the program's name */
export function runCli(args: readonly string[], cwd: string): Promise<Ended> {
  if (!existsSync(program)) throw new Error('dist/cli/read.js is missing: node build.mjs --only-cli');
  return new Promise((resolve) => {
    execFile(process.execPath, [program, ...args], { cwd }, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : -1;
      resolve({ code, stdout, stderr });
    });
  });
}

/** Calls `work` with a new folder, which is gone afterwards. */
export async function withFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'chester-read-'));
  try {
    await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

export function copyExample(name: string, to: string): Promise<void> {
  return cp(join(examples, `demo_${name}.png`), to);
}

export function lines(text: string): string[] {
  return text.split('\n').filter((line) => line !== '');
}
