import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { extname, join, normalize } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import * as esbuild from 'esbuild';
import type { BrowserContext } from 'playwright-core';
import { securityHeaders } from '../../src/shared/security-headers.ts';
import { launchPersistent } from '../support/browser.ts';
import type { ThreadsPageResult } from '../support/threads-page.ts';

/**
 * Threads under all security headers: Content-Security-Policy without `blob:`, Trusted Types, cross-origin isolation.
 * On two cores the app itself never chooses threads, so no other journey sees them.
 * Needs `node build.mjs --test`.
 */

const root = fileURLToPath(new URL('../..', import.meta.url));
const contentTypes: Readonly<Record<string, string>> = {
  '.js': 'text/javascript',
  '.wasm': 'application/wasm',
  '.json': 'application/json',
};
/** Two starts, a time-out of six seconds and four runs, on a machine that may be busy. */
const answerMs = 120_000;

interface Site {
  readonly address: string;
  /** The thread script answers nothing. */
  muteThreads: boolean;
  readonly asked: string[];
  close(): void;
}

async function openSite(): Promise<Site> {
  const { outputFiles } = await esbuild.build({
    absWorkingDir: root,
    entryPoints: ['test/support/threads-page.ts'],
    bundle: true,
    format: 'esm',
    write: false,
    logLevel: 'warning',
    tsconfig: 'src/tsconfig.json',
  });
  const script = outputFiles[0]?.text ?? '';
  const answer = async (path: string): Promise<{ type: string; body: string | Buffer }> => {
    if (path === '/') {
      return {
        type: 'text/html',
        body: '<!doctype html><title>Test</title><script type="module" src="page.js"></script>',
      };
    }
    if (path === '/page.js') return { type: 'text/javascript', body: script };
    if (path.endsWith('/kernel-helper.js') && site.muteThreads) return { type: 'text/javascript', body: '' };
    const folder = path.startsWith('/models/') ? root : join(root, 'dist/test');
    return { type: contentTypes[extname(path)] ?? 'text/plain', body: await readFile(join(folder, normalize(path))) };
  };
  const server: Server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://localhost').pathname;
    site.asked.push(path);
    answer(path).then(
      ({ type, body }) => response.writeHead(200, { ...securityHeaders, 'Content-Type': type }).end(body),
      () => response.writeHead(404).end(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const site: Site = {
    address: `http://127.0.0.1:${port}/`,
    muteThreads: false,
    asked: [],
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
  return site;
}

describe('threads under all security headers', () => {
  let site: Site;
  let context: BrowserContext;
  let profile: string;
  before(async () => {
    site = await openSite();
    profile = await mkdtemp(join(tmpdir(), 'chester-threads-'));
    context = await launchPersistent(profile);
  });
  after(async () => {
    await context.close();
    site.close();
    await rm(profile, { recursive: true, force: true });
  });

  async function start(modes: string): Promise<ThreadsPageResult> {
    const page = await context.newPage();
    await page.goto(`${site.address}?modes=${modes}`);
    const root = page.locator('html[data-result]');
    await root.waitFor({ state: 'attached', timeout: answerMs });
    const result = JSON.parse((await root.getAttribute('data-result')) ?? '') as ThreadsPageResult;
    await page.close();
    return result;
  }

  test('two threads start and keep the known answers', async () => {
    const { isolated, starts, proof } = await start('threads');
    assert.equal(isolated, true);
    const [engine] = starts;
    assert.ok(typeof engine === 'object' && engine.mode === 'threads', JSON.stringify(starts));
    assert.ok(engine.threads >= 2, `${engine.threads} threads`);
    assert.deepEqual([proof?.passed, proof?.mode], [true, 'threads']);
    assert.ok(site.asked.includes('/assets/kernel-helper.js'), 'the static script was not asked for');
  });

  test('threads that do not answer are given up in time, and one thread goes on in the same worker', async () => {
    site.muteThreads = true;
    const { starts, proof } = await start('threads,simd');
    assert.deepEqual(starts, ['engine-timeout', { mode: 'simd', threads: 1, kernels: 'relaxed' }]);
    assert.deepEqual([proof?.passed, proof?.mode], [true, 'simd']);
  });
});
