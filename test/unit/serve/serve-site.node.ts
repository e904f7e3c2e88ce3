/** The server of `npm start`: headers, types, ranges, a folder below the root, and nothing outside of the site. */

import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { securityHeaders } from '../../../src/shared/security-headers.ts';
import { serveSite } from '../../../tools/serve/serve-site.ts';
import type { RunningSite } from '../../../tools/serve/serve-site.ts';

let folder: string;
let site: RunningSite;
let base: string;

before(async () => {
  const outer = await mkdtemp(join(tmpdir(), 'chester-serve-'));
  folder = join(outer, 'www');
  await mkdir(join(folder, 'assets'), { recursive: true });
  await writeFile(join(outer, 'secret.txt'), 'secret');
  await writeFile(join(folder, 'index.html'), '<!doctype html><title>Site</title>');
  await writeFile(join(folder, 'manifest.webmanifest'), '{}');
  await writeFile(join(folder, 'assets/engine-0123456789.wasm'), '0123456789');
  site = await serveSite({ folder, port: 0, host: 'localhost', under: '/chester/' });
  base = `http://localhost:${site.port}/chester/`;
});

after(async () => {
  site.server.close();
  site.server.closeAllConnections();
  await rm(join(folder, '..'), { recursive: true, force: true });
});

/** As it is: `fetch` would tidy the path. */
function statusOf(path: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    request({ host: '127.0.0.1', port: site.port, path }, (response) => {
      response.resume();
      resolve(response.statusCode);
    })
      .on('error', reject)
      .end();
  });
}

test('the page has every security header and is asked for anew', async () => {
  const response = await fetch(base);
  assert.match(await response.text(), /Site/);
  for (const [name, value] of Object.entries(securityHeaders)) assert.equal(response.headers.get(name), value, name);
  assert.equal(response.headers.get('Cache-Control'), 'no-cache');
});

test('types and caching are what hosts must send', async () => {
  const wasm = await fetch(new URL('assets/engine-0123456789.wasm', base));
  assert.equal(wasm.headers.get('Content-Type'), 'application/wasm');
  assert.match(wasm.headers.get('Cache-Control') ?? '', /immutable/);
  const manifest = await fetch(new URL('manifest.webmanifest', base));
  assert.equal(manifest.headers.get('Content-Type'), 'application/manifest+json');
});

test('ranges', async () => {
  const address = new URL('assets/engine-0123456789.wasm', base);
  const part = await fetch(address, { headers: { Range: 'bytes=2-4' } });
  assert.equal(part.status, 206);
  assert.equal(await part.text(), '234');
  assert.equal((await fetch(address, { headers: { Range: 'bytes=99-' } })).status, 416);
});

test('nothing outside of the site, no other method, and a shared picture is not taken', async () => {
  for (const path of [
    '/',
    '/secret.txt',
    '/chester/../secret.txt',
    '/chester/%2e%2e/secret.txt',
    '/chester/..%2fsecret.txt',
  ]) {
    assert.equal(await statusOf(path), 404, path);
  }
  assert.equal(await statusOf('/chester'), 308);
  assert.equal((await fetch(base, { method: 'PUT', body: 'x' })).status, 405);
  const shared = await fetch(new URL('share-target', base), { method: 'POST', body: 'x', redirect: 'manual' });
  assert.equal(shared.status, 303);
  assert.equal(shared.headers.get('Location'), '/chester/');
});

test('a taken port is passed over', async () => {
  const next = await serveSite({ folder, port: site.port, host: 'localhost', under: '/' });
  assert.notEqual(next.port, site.port);
  next.server.close();
});
