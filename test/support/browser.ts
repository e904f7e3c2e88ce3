/**
 * Finds the Chromium that tests, the bench and the screenshots drive, and launches it on a real profile.
 * `npm test` installs one where it can (test/support/install-chromium.ts); here it is only looked for.
 */

import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromium, type BrowserContext } from 'playwright-core';

const usualNames = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome', 'microsoft-edge'];

const usualPlaces = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
];

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** `CHROME_PATH`, else the usual names on `PATH`, else the usual places, else Playwright's own download. */
export function findChromium(): string | undefined {
  const named = process.env['CHROME_PATH'];
  if (named !== undefined && named !== '') return named;
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  const onPath = usualNames.flatMap((name) => folders.map((folder) => join(folder, name)));
  return [...onPath, ...usualPlaces, chromium.executablePath()].find((path) => existsSync(path) && isExecutable(path));
}

export function chromiumPath(): string {
  const path = findChromium();
  if (path === undefined) {
    throw new Error('No Chromium found: install Chromium or Chrome, or set CHROME_PATH to its program file.');
  }
  return path;
}

/** No sandbox (tests run as root in containers), no traffic of the browser's own. */
export const chromiumArgs: readonly string[] = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-dev-shm-usage',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-quic',
  '--no-first-run',
  '--disable-extensions',
  '--disable-default-apps',
  '--disable-features=OptimizationHints,OptimizationGuideModelDownloading,AutofillServerCommunication,NetworkTimeServiceQuerying',
  '--gaia-url=http://127.0.0.1:9',
];

/**
 * A browser on a profile folder that outlives it: IndexedDB, caches and service workers are on disk,
 * as on a person's device.
 */
export async function launchPersistent(profileDir: string, extraArgs: readonly string[] = []): Promise<BrowserContext> {
  return chromium.launchPersistentContext(profileDir, {
    executablePath: chromiumPath(),
    headless: true,
    args: [...chromiumArgs, ...extraArgs],
    viewport: { width: 412, height: 915 },
    acceptDownloads: true,
  });
}
