/** Sees to it that a Chromium is there before tests run; says in one sentence what to install where it cannot. */

import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { findChromium } from './browser.ts';

function run(command: string, args: readonly string[]): boolean {
  console.log(`> ${command} ${args.join(' ')}`);
  return spawnSync(command, args, { stdio: 'inherit' }).status === 0;
}

function installFromDebian(): boolean {
  const isRoot = process.getuid?.() === 0;
  if (!isRoot || !existsSync('/usr/bin/apt-get')) return false;
  return run('apt-get', ['update', '-qq']) && run('apt-get', ['install', '-y', '-qq', 'chromium']);
}

function installFromPlaywright(): boolean {
  return run('npx', ['playwright-core', 'install', 'chromium']);
}

/** Returns the path of a Chromium; ends the process where none can be had. */
export function ensureChromium(): string {
  const found = findChromium();
  if (found !== undefined) return found;
  console.log('No Chromium found; installing one.');
  if (installFromDebian() || installFromPlaywright()) {
    const installed = findChromium();
    if (installed !== undefined) return installed;
  }
  console.error(
    'The tests need Chromium or Chrome: install one (Debian: apt-get install chromium), or set CHROME_PATH.',
  );
  process.exit(1);
}
