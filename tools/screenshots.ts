/**
 * `npm run screenshots` draws each screen and state at phone and desktop size in both themes, under the app's own
 * Content-Security-Policy, into docs/screenshots/ (WebP).
 *
 *   npm run screenshots -- --out DIR --only result-example,help --all
 *
 * Without `--all` only the screens that the documents show are drawn.
 */

import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';
import { chromium, type Page } from 'playwright-core';
import { allScreens } from '../test/components/screens.ts';
import { chromiumArgs, chromiumPath } from '../test/support/browser.ts';
import { securityHeaders } from '../src/shared/security-headers.ts';
import { examplePath, readExample } from './screenshots/example-result.ts';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const sizes = {
  phone: { width: 360, height: 740 },
  desktop: { width: 1280, height: 800 },
} as const;
const themes = ['light', 'dark'] as const;
/** Sharp enough for text, small enough for a repository. */
const webpQuality = 0.82;
const settleMs = 150;

/** The screens of the documents; with `--all` every state. */
const documented = [
  'acceptance',
  'home-ready',
  'home-downloading',
  'home-ios',
  'home-queue',
  'camera-straighten',
  'working',
  'failed',
  'result-example',
  'result-warned',
  'result-refused',
  'result-zoomed',
  'help',
  'about',
  'models-ready',
  'models-updated',
  'models-side-loading',
  'models-failed',
  'storage',
  'unsupported-in-app-browser',
];

const { values } = parseArgs({
  options: {
    out: { type: 'string', default: join(root, 'docs/screenshots') },
    only: { type: 'string' },
    all: { type: 'boolean', default: false },
    lang: { type: 'string', default: 'en' },
    full: { type: 'boolean', default: false },
  },
});

async function bundlePage(): Promise<
  ReadonlyMap<string, { readonly type: string; readonly body: Uint8Array | string }>
> {
  const result = await build({
    absWorkingDir: root,
    entryPoints: { main: 'tools/screenshots/demo-page.ts', style: 'src/ui/styles/global.css' },
    bundle: true,
    splitting: true,
    format: 'esm',
    target: 'es2022',
    outdir: '/',
    write: false,
    logLevel: 'warning',
  });
  const files = new Map<string, { type: string; body: Uint8Array | string }>();
  for (const { path, contents } of result.outputFiles) {
    files.set(path, { type: path.endsWith('.css') ? 'text/css' : 'text/javascript', body: contents });
  }
  const html = (await readFile(join(root, 'static/index.html'), 'utf8'))
    .replace('<!-- csp -->', '')
    .replace('<chester-app></chester-app>', '')
    .replaceAll('%MAIN_JS%', 'main.js')
    .replaceAll('%MAIN_CSS%', 'style.css');
  files.set('/', { type: 'text/html; charset=utf-8', body: html });
  files.set('/example.png', {
    type: 'image/png',
    body: await readFile(join(root, examplePath)),
  });
  files.set('/example-result.json', { type: 'application/json', body: JSON.stringify(await readExample(root)) });
  files.set('/icons/icon.svg', {
    type: 'image/svg+xml',
    body: await readFile(join(root, 'static/icons/icon.svg')),
  });
  files.set('/manifest.webmanifest', {
    type: 'application/manifest+json',
    body: await readFile(join(root, 'manifest.webmanifest')),
  });
  const licences = [{ name: 'lit', version: '3.3.3', licence: 'BSD-3-Clause' }];
  files.set('/licences.json', { type: 'application/json', body: JSON.stringify(licences) });
  return files;
}

async function serve(): Promise<{ readonly server: Server; readonly address: string }> {
  const files = await bundlePage();
  const server = createServer((request, response) => {
    const file = files.get(new URL(request.url ?? '/', 'http://localhost').pathname);
    if (file === undefined) {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, { ...securityHeaders, 'Content-Type': file.type }).end(file.body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const bound = server.address();
  if (bound === null || typeof bound === 'string') throw new Error('the server has no port');
  return { server, address: `http://127.0.0.1:${bound.port}/` };
}

/** Chromium's own WebP encoder, in a page without a policy. */
async function toWebp(encoder: Page, png: Buffer): Promise<Buffer> {
  const base64 = await encoder.evaluate(
    async ({ source, quality }) => {
      const blob = await (await fetch(`data:image/png;base64,${source}`)).blob();
      const bitmap = await createImageBitmap(blob);
      const canvas = document.createElement('canvas');
      canvas.width = bitmap.width;
      canvas.height = bitmap.height;
      canvas.getContext('2d')?.drawImage(bitmap, 0, 0);
      return canvas.toDataURL('image/webp', quality).split(',')[1] ?? '';
    },
    { source: png.toString('base64'), quality: webpQuality },
  );
  return Buffer.from(base64, 'base64');
}

const only = values.only?.split(',');
const names = allScreens()
  .map(({ name }) => name)
  .filter((name) => (only === undefined ? values.all || documented.includes(name) : only.includes(name)));
const { server, address } = await serve();
const browser = await chromium.launch({ executablePath: chromiumPath(), args: [...chromiumArgs] });
if (only === undefined) await rm(values.out, { recursive: true, force: true });
await mkdir(values.out, { recursive: true });
const encoder = await browser.newPage();
const complaints: string[] = [];
for (const [sizeName, viewport] of Object.entries(sizes)) {
  for (const theme of themes) {
    const context = await browser.newContext({ viewport, colorScheme: theme, reducedMotion: 'reduce' });
    for (const name of names) {
      const page = await context.newPage();
      page.on('console', (message) => {
        if (message.type() === 'error') complaints.push(`${name}: ${message.text()}`);
      });
      page.on('pageerror', (error) => complaints.push(`${name}: ${error.message}`));
      await page.goto(`${address}?screen=${name}&lang=${values.lang}`);
      await page.waitForSelector('html[data-ready]', { state: 'attached' });
      await page.waitForTimeout(settleMs);
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      if (overflow > 0) complaints.push(`${name} at ${sizeName}: ${overflow} px wider than the window`);
      const png = await page.screenshot({ fullPage: values.full });
      await writeFile(join(values.out, `${name}-${sizeName}-${theme}.webp`), await toWebp(encoder, png));
      await page.close();
    }
    await context.close();
  }
}
await browser.close();
server.close();
for (const complaint of new Set(complaints)) console.error(complaint);
if (complaints.length > 0) process.exitCode = 1;
console.log(`${names.length} screens drawn into ${values.out}`);
