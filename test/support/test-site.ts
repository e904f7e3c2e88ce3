/**
 * A site with the real service worker and next to nothing else: an empty page, and packs that have the right form
 * and no sense. Service worker tests need no more, and are quick with it.
 */

import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as esbuild from 'esbuild';
import { injectManifest } from 'workbox-build';
import { withIntegrity } from '../../tools/build/with-integrity.mjs';
import { sampleCatalog, samplePack } from './sample-pack.ts';
import type { SamplePack } from './sample-pack.ts';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

export interface TestSiteOptions {
  readonly version: string;
  /** Id and version of what the site offers. */
  readonly packs?: readonly { readonly id: string; readonly version: string; readonly shardBytes?: number }[];
}

export interface TestSite {
  readonly folder: string;
  readonly packs: readonly SamplePack[];
  /** Address of the page's one script, different for each version. */
  readonly script: string;
  remove(): Promise<void>;
}

export async function buildTestSite({ version, packs = [] }: TestSiteOptions): Promise<TestSite> {
  const folder = await mkdtemp(join(tmpdir(), 'chester-site-'));
  const content = `document.documentElement.dataset.version = ${JSON.stringify(version)};\n`;
  const hash = createHash('sha256').update(content).digest('hex').slice(0, 10);
  const script = `assets/main-${hash}.js`;
  const lazy = `assets/lazy-${hash}.js`;
  const page = `<!doctype html><title>Test</title><script type="module" src="${script}"></script>`;
  const samples = await Promise.all(packs.map((pack) => samplePack(pack)));
  await write(folder, script, content);
  await write(folder, lazy, `export const version = ${JSON.stringify(version)};\n`);
  await write(folder, 'index.html', page);
  await write(folder, 'models/catalog.json', JSON.stringify(await sampleCatalog(samples)));
  for (const { manifest, manifestBytes, files } of samples) {
    await write(folder, `models/${manifest.id}/pack.json`, manifestBytes);
    for (const [path, bytes] of files) await write(folder, `models/${manifest.id}/${path}`, bytes);
  }
  await buildServiceWorker(folder, version);
  return { folder, packs: samples, script, remove: () => rm(folder, { recursive: true, force: true }) };
}

async function buildServiceWorker(folder: string, version: string): Promise<void> {
  const bundled = join(folder, 'bundled.js');
  await esbuild.build({
    absWorkingDir: root,
    entryPoints: ['sw/service-worker.ts'],
    outfile: bundled,
    bundle: true,
    format: 'iife',
    minify: true,
    logLevel: 'warning',
    define: {
      'process.env.NODE_ENV': '"production"',
      CHESTER_APP_VERSION: JSON.stringify(version),
      CHESTER_BUILD_ID: JSON.stringify(`build-${version}`),
    },
  });
  await injectManifest({
    swSrc: bundled,
    swDest: join(folder, 'sw.js'),
    globDirectory: folder,
    globPatterns: ['index.html', 'assets/*.js'],
    dontCacheBustURLsMatching: /-[0-9a-f]{10}\./,
    manifestTransforms: [(entries) => withIntegrity(entries, folder)],
  });
  await rm(bundled);
}

async function write(folder: string, path: string, content: string | ArrayBuffer): Promise<void> {
  const file = join(folder, path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, typeof content === 'string' ? content : new Uint8Array(content));
}
