/**
 * Tests in a real Chromium: unit, components, worker, storage, service worker.
 * Modules are transpiled one by one; what cannot be loaded unbundled (tfjs) is driven through the worker
 * bundles of `node build.mjs --test`.
 */

import { createReadStream } from 'node:fs';
import { stat, writeFile } from 'node:fs/promises';
import { dirname, extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { esbuildPlugin } from '@web/dev-server-esbuild';
import { defaultReporter } from '@web/test-runner';
import { chromeLauncher } from '@web/test-runner-chrome';
import { tsImport } from 'tsx/esm/api';

const root = dirname(fileURLToPath(import.meta.url));
const { chromiumPath, chromiumArgs } = await tsImport('./test/support/browser.ts', import.meta.url);
const { dataFolder } = await tsImport('./tools/data-folder.ts', import.meta.url);

/** The pages are cross-origin isolated, as the app is from its second start on. */
function isolate(context, next) {
  context.set('Cross-Origin-Opener-Policy', 'same-origin');
  context.set('Cross-Origin-Embedder-Policy', 'require-corp');
  context.set('Cross-Origin-Resource-Policy', 'same-origin');
  return next();
}

/** The path of a file of the data folder; `undefined` where there is none, or no such folder. */
async function dataFile(name) {
  const folder = dataFolder();
  if (folder === undefined) return undefined;
  const path = normalize(join(folder, name));
  const found = path.startsWith(folder) ? await stat(path).catch(() => undefined) : undefined;
  return found?.isFile() === true ? path : undefined;
}

/** `/data/…` is the data folder where there is one; tests skip what they do not find. */
async function serveData(context, next) {
  if (!context.path.startsWith('/data/')) return next();
  const path = await dataFile(decodeURIComponent(context.path.slice('/data/'.length)));
  if (path === undefined) {
    context.status = 404;
    context.body = '';
    return undefined;
  }
  context.type = extname(path) || 'application/octet-stream';
  context.body = createReadStream(path);
  return undefined;
}

/** Counts for test/run.ts, which adds them to those of the journeys. */
function countReporter() {
  return {
    async onTestRunFinished({ sessions }) {
      const path = process.env.CHESTER_TEST_COUNTS;
      if (path === undefined) return;
      const counts = { passed: 0, failed: 0, skipped: 0 };
      const add = (suite) => {
        for (const test of suite.tests) counts[test.skipped ? 'skipped' : test.passed ? 'passed' : 'failed'] += 1;
        suite.suites.forEach(add);
      };
      for (const session of sessions) {
        if (session.testResults !== undefined) add(session.testResults);
        if (session.errors.length > 0) counts.failed += 1;
      }
      await writeFile(path, JSON.stringify(counts));
    },
  };
}

export default {
  rootDir: root,
  files: ['test/{unit,components,worker,storage,sw}/**/*.test.ts'],
  nodeResolve: { exportConditions: ['production', 'browser'] },
  concurrency: 2,
  testsFinishTimeout: 300_000,
  testFramework: { config: { timeout: '30000' } },
  browsers: [
    chromeLauncher({
      launchOptions: { executablePath: chromiumPath(), args: [...chromiumArgs] },
      // Files that run at the same time must not share one database.
      createPage: async ({ context }) => (await context.browser().createBrowserContext()).newPage(),
    }),
  ],
  middleware: [isolate, serveData],
  plugins: [esbuildPlugin({ ts: true, target: 'es2022', tsconfig: join(root, 'src/tsconfig.json') })],
  reporters: [defaultReporter({ reportTestProgress: false }), countReporter()],
};
