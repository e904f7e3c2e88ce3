/**
 * Every test, one word: `npm test`. Builds, runs the browser tests (web-test-runner) and the journeys
 * (node:test and playwright-core), and ends with `N passed, M failed`.
 *
 *   npm test                    everything
 *   npm test -- faults e2e      only these folders
 *   npm test -- --no-build      on what is built already
 */

import { spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { ensureChromium } from './support/install-chromium.ts';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Folders of browser tests (`*.test.ts`) and of Node tests (`*.node.ts`). */
const browserFolders = ['unit', 'components', 'worker', 'storage', 'sw'];
const nodeFolders = ['unit', 'golden', 'cli', 'sw', 'storage', 'e2e', 'faults'];

interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

function runCommand(
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<number> {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd: root, stdio: 'inherit', env: { ...process.env, ...env } });
    child.on('close', (code) => resolve(code ?? 1));
    child.on('error', () => resolve(1));
  });
}

async function readCounts(path: string): Promise<Counts | undefined> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as Counts;
  } catch {
    return undefined;
  }
}

/** A runner that wrote no counts, or failed with none failed, counts as one failure: silence is never a pass. */
async function counted(name: string, exitCode: number, path: string): Promise<Counts> {
  const counts = await readCounts(path);
  if (counts === undefined) {
    console.error(`${name}: ended with ${exitCode} and without a count`);
    return { passed: 0, failed: 1, skipped: 0 };
  }
  return exitCode !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts;
}

async function runBrowserTests(folders: readonly string[], scratch: string): Promise<Counts> {
  const countsPath = join(scratch, 'browser.json');
  const args = ['web-test-runner', '--files', ...folders.map((folder) => `test/${folder}/**/*.test.ts`)];
  return counted('browser tests', await runCommand('npx', args, { CHESTER_TEST_COUNTS: countsPath }), countsPath);
}

async function listNodeTests(folders: readonly string[]): Promise<string[]> {
  const files = await readdir(join(root, 'test'), { recursive: true });
  return files
    .filter((file) => file.endsWith('.node.ts') && folders.includes(file.split(sep)[0] ?? ''))
    .map((file) => join('test', file))
    .sort();
}

async function runNodeTests(folders: readonly string[], scratch: string): Promise<Counts> {
  const files = await listNodeTests(folders);
  if (files.length === 0) return { passed: 0, failed: 0, skipped: 0 };
  const countsPath = join(scratch, 'node.json');
  const reporter = ['--test-reporter=spec', '--test-reporter-destination=stdout'];
  const counter = ['--test-reporter=./test/support/count-reporter.mjs', `--test-reporter-destination=${countsPath}`];
  const args = ['--import', 'tsx', '--test', '--test-concurrency=2', ...reporter, ...counter, ...files];
  return counted('journeys', await runCommand(process.execPath, args), countsPath);
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { 'no-build': { type: 'boolean', default: false } },
  });
  const chosen = (folders: readonly string[]): string[] =>
    positionals.length === 0 ? [...folders] : folders.filter((folder) => positionals.includes(folder));

  ensureChromium();
  if (!values['no-build'] && (await runCommand(process.execPath, ['build.mjs', '--test'])) !== 0) {
    console.error('The build failed; no test was run.');
    console.log('0 passed, 1 failed');
    process.exit(1);
  }

  const scratch = await mkdtemp(join(tmpdir(), 'chester-tests-'));
  const all: Counts[] = [];
  const forBrowser = chosen(browserFolders);
  if (forBrowser.length > 0) all.push(await runBrowserTests(forBrowser, scratch));
  all.push(await runNodeTests(chosen(nodeFolders), scratch));
  await rm(scratch, { recursive: true, force: true });

  const sum = (key: keyof Counts): number => all.reduce((total, counts) => total + counts[key], 0);
  const skipped = sum('skipped') > 0 ? `, ${sum('skipped')} skipped` : '';
  console.log(`\n${sum('passed')} passed, ${sum('failed')} failed${skipped}`);
  process.exit(sum('failed') > 0 || sum('passed') === 0 ? 1 : 0);
}

await main();
