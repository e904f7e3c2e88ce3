import { join } from 'node:path';
import * as esbuild from 'esbuild';
import { injectManifest } from 'workbox-build';
import { commonOptions, hashDigits, root } from './bundle-settings.mjs';
import { withIntegrity } from './with-integrity.mjs';

/** Workbox leaves larger files out of the precache without failing; we fail instead. */
const maxPrecachedBytes = 2 * 1024 * 1024;

/** `sw.js` with the list of what it keeps for offline, after all else of the site is written. */
export async function buildServiceWorker(site, options, define) {
  const bundled = join(options.outDir, 'meta', 'service-worker.js');
  await esbuild.build({
    ...commonOptions(options),
    entryPoints: ['sw/service-worker.ts'],
    outfile: bundled,
    format: 'iife',
    sourcemap: false,
    tsconfig: join(root, 'sw/tsconfig.json'),
    define,
  });
  const { warnings, count, size } = await injectManifest({
    swSrc: bundled,
    swDest: join(site, 'sw.js'),
    globDirectory: site,
    globPatterns: [
      'index.html',
      'manifest.webmanifest',
      'licences.json',
      'assets/*.{js,css,wasm}',
      'icons/*',
      'examples/*',
    ],
    // The pseudo-locale is for tests; nobody needs it offline.
    globIgnores: ['sw.js', '**/*.map', 'assets/en-x-pseudo-*'],
    dontCacheBustURLsMatching: new RegExp(`-([A-Z0-9]{8}|[0-9a-f]{${hashDigits}})\\.`),
    maximumFileSizeToCacheInBytes: maxPrecachedBytes,
    manifestTransforms: [(entries) => withIntegrity(entries, site)],
  });
  if (warnings.length > 0) throw new Error(`precache: ${warnings.join('; ')}`);
  console.log(`service worker: ${count} files precached, ${(size / 1e6).toFixed(2)} MB`);
}
