import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, describe, test } from 'node:test';
import { createDownloadBar } from '../../tools/pack/published/download-bar.ts';
import { DownloadError } from '../../tools/pack/published/download-error.ts';
import type { Patience } from '../../tools/pack/published/download-file.ts';
import { gitBlobId } from '../../tools/pack/published/git-blob-id.ts';
import { obtainModel, type DownloadProgress, type ObtainOptions } from '../../tools/pack/published/obtain-published.ts';
import { TransferRate } from '../../tools/pack/published/transfer-rate.ts';
import { seededNumbers } from '../../tools/pack/seeded-numbers.ts';
import { startFaultServer, type FaultServer } from '../support/fault-server.ts';

/** A server of ours plays the published place: whatever goes wrong, a download ends whole and right, or refused by name. */

const shardBytes = 200_000;
const shards = Array.from({ length: 7 }, (_, index) => `group1-shard${index + 1}of7.bin`);
const paths = ['model.json', 'config.json', ...shards];
const loginPage = '<!doctype html><title>Welcome</title><form>Sign in</form>';
const patience: Patience = { attempts: 3, firstPauseMs: 5, silenceMs: 250 };

const scratch = await mkdtemp(join(tmpdir(), 'published-download-'));
const site = join(scratch, 'site');
const contents = new Map<string, Buffer>();
let server: FaultServer;
let model: { id: string; baseUrl: string; files: { path: string; bytes: number; gitBlobId: string }[] };
let folder: string;
let runs = 0;

before(async () => {
  const next = seededNumbers(7);
  await mkdir(join(site, 'models'), { recursive: true });
  for (const path of paths) {
    const random = Buffer.from(Uint8Array.from({ length: shardBytes }, () => next() * 256));
    contents.set(path, path.endsWith('.json') ? Buffer.from(JSON.stringify({ path })) : random);
    await writeFile(join(site, 'models', path), contents.get(path)!);
  }
  server = await startFaultServer({ root: site });
  const files = [...contents].map(async ([path, bytes]) => {
    return { path, bytes: bytes.length, gitBlobId: await gitBlobId(bytes.length, [bytes]) };
  });
  model = { id: 'sample', baseUrl: `${server.url}models/`, files: await Promise.all(files) };
});
after(async () => {
  await server.close();
  await rm(scratch, { recursive: true, force: true });
});
beforeEach(() => {
  server.clearFaults();
  server.captivePortal(false);
  server.resetCounts();
  runs += 1;
  folder = join(scratch, `run-${runs}`);
});

const obtain = (options: ObtainOptions = {}) => obtainModel(model, { cacheFolder: folder, patience, ...options });
const served = (path: string): string => `models/${path}`;

async function assertWhole(options: ObtainOptions = {}): Promise<void> {
  const { files } = await obtain(options);
  assert.deepEqual(
    files,
    model.files.map((file) => ({ ...file, verified: true })),
  );
  for (const [path, bytes] of contents) {
    assert.ok(bytes.equals(await readFile(join(folder, path))), path);
    assert.ok(!existsSync(join(folder, `${path}.part`)), path);
  }
}

async function assertRefused(
  reason: DownloadError['reason'],
  file: string,
  options: ObtainOptions = {},
): Promise<void> {
  const thrown: unknown = await obtain(options).then(
    () => new Error('it was not refused'),
    (error: unknown) => error,
  );
  if (!(thrown instanceof DownloadError)) throw thrown;
  assert.deepEqual([thrown.reason, thrown.file], [reason, file], thrown.message);
  // A sentence of what happened and one of what to do.
  assert.match(thrown.message, /^\S+: .+\. .+\.$/);
  assert.ok(!existsSync(join(folder, file)), 'nothing may lie under its name');
}

async function leavePart(path: string, bytes: Uint8Array): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, `${path}.part`), bytes);
}

describe('what goes well', () => {
  test('every file comes once, and never again', async () => {
    await assertWhole();
    for (const path of paths) assert.equal(server.count(served(path)), 1, path);
    server.resetCounts();
    await assertWhole();
    assert.equal(server.counts.size, 0);
  });

  test('a mirror is as good as the published place', async () => {
    const elsewhere = { ...model, baseUrl: 'http://localhost:9/' };
    const { files } = await obtainModel(elsewhere, { cacheFolder: folder, patience, from: `${server.url}models` });
    assert.ok(files.every(({ verified }) => verified));
  });

  test('progress counts every byte, with those that were there', async () => {
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, shards[0]!), contents.get(shards[0]!)!);
    await leavePart(shards[1]!, contents.get(shards[1]!)!.subarray(0, 50_000));
    const seen: DownloadProgress[] = [];
    await assertWhole({ onProgress: (progress) => seen.push(progress) });
    const total = model.files.reduce((sum, { bytes }) => sum + bytes, 0);
    assert.ok(seen.every(({ bytes, totalBytes }) => totalBytes === total && bytes <= total));
    assert.equal(seen.at(-1)!.bytes, total);
    seen.forEach(({ bytes }, index) => assert.ok(bytes >= (seen[index - 1]?.bytes ?? 0), 'it never goes back'));
    const second = seen.find(({ file }) => file === shards[1]);
    const before = model.files.slice(0, 3).reduce((sum, { bytes }) => sum + bytes, 0);
    assert.equal(second!.bytes, before + 50_000);
  });
});

describe('what breaks is resumed', () => {
  test('cut at every shard: the next attempt asks for the rest only', async () => {
    shards.forEach((path, index) => {
      // The first byte comes wrong the second time: it would be noticed if it were asked for again.
      server.fault(served(path), { corruptByte: 0, times: 1 });
      server.fault(served(path), { cutAtByte: 10_000 + index * 25_000, times: 1 });
    });
    await assertWhole();
    for (const path of shards) assert.equal(server.count(served(path)), 2, path);
  });

  test('cut at every shard and every attempt: as long as bytes come it goes on', async () => {
    server.fault(/\.bin$/, { cutAtByte: 30_000 });
    await assertWhole();
    for (const path of shards) assert.equal(server.count(served(path)), Math.ceil(shardBytes / 30_000), path);
  });

  test('a run that was ended goes on in the next', async () => {
    server.fault(served(shards[3]!), { cutAtByte: 60_000, times: 1 });
    server.fault(served(shards[3]!), { drop: true });
    server.fault(served(shards[3]!), { cutAtByte: 60_000, times: 1 });
    await assertRefused('unreachable', shards[3]!);
    assert.equal((await readFile(join(folder, `${shards[3]!}.part`))).length, 60_000);
    server.clearFaults();
    server.resetCounts();
    server.fault(served(shards[3]!), { corruptByte: 0, times: 1 });
    await assertWhole();
    assert.deepEqual([...server.counts.keys()], shards.slice(3).map(served));
  });

  test('a server that ignores ranges sends everything anew', async () => {
    server.fault(/\.bin$/, { ignoreRange: true });
    for (const path of shards) server.fault(served(path), { cutAtByte: 90_000, times: 1 });
    await assertWhole();
  });

  test('a server that falls silent is left and asked again', async () => {
    server.fault(served(shards[2]!), { hangAtByte: 70_000, times: 1 });
    await assertWhole();
    assert.equal(server.count(served(shards[2]!)), 2);
  });

  test('a server that is busy is asked again', async () => {
    server.fault(served(shards[0]!), { status: 503, times: 1 });
    server.fault(served(shards[1]!), { status: 429, times: 2 });
    await assertWhole();
  });

  test('416 for a part that the server does not know: the file starts anew', async () => {
    await leavePart(shards[4]!, contents.get(shards[4]!)!.subarray(0, 5_000));
    server.fault(served(shards[4]!), { status: 416, times: 1 });
    await assertWhole();
  });

  test('a part of something else, or longer than the file, is thrown away', async () => {
    await leavePart(shards[0]!, Buffer.alloc(5_000));
    await leavePart(shards[1]!, Buffer.alloc(shardBytes));
    await leavePart(shards[2]!, Buffer.alloc(shardBytes + 1));
    await assertWhole();
  });

  test('one byte flipped on the way is noticed and the file loaded anew', async () => {
    server.fault(served(shards[6]!), { corruptByte: 199_999, times: 1 });
    await assertWhole();
    assert.equal(server.count(served(shards[6]!)), 2);
  });

  test('one byte flipped on the disk is noticed and the file loaded anew', async () => {
    await assertWhole();
    const damaged = Buffer.from(contents.get(shards[5]!)!);
    damaged[7]! ^= 1;
    await writeFile(join(folder, shards[5]!), damaged);
    server.resetCounts();
    await assertWhole();
    assert.deepEqual([...server.counts.keys()], [served(shards[5]!)]);
  });
});

describe('what cannot be is refused by name', () => {
  test('a login page in place of everything', async () => {
    server.captivePortal(true);
    await assertRefused('login-page', 'model.json');
  });

  for (const [name, fault] of [
    ['that says so', { body: loginPage, contentType: 'text/html; charset=utf-8' }],
    ['that claims to be bytes', { body: loginPage, contentType: 'application/octet-stream' }],
    ['of the very length', { body: loginPage.padEnd(shardBytes, ' '), contentType: 'application/octet-stream' }],
    ['to which the network sends the browser', { redirectTo: '/login.html' }],
  ] as const) {
    test(`a login page ${name} costs nothing of what is there`, async () => {
      await writeFile(join(site, 'login.html'), loginPage);
      await leavePart(shards[1]!, contents.get(shards[1]!)!.subarray(0, 150_000));
      server.fault(served(shards[1]!), { ignoreRange: true, ...fault });
      await assertRefused('login-page', shards[1]!);
      server.clearFaults();
      server.resetCounts();
      server.fault(served(shards[1]!), { corruptByte: 0, times: 1 });
      await assertWhole();
      assert.equal(server.count(served(shards[0]!)), 0);
      assert.equal(server.count(served(shards[1]!)), 1);
    });
  }

  test('a wrong length, shorter or longer', async () => {
    server.fault(served(shards[2]!), { body: contents.get(shards[2]!)!.subarray(1) });
    await assertRefused('wrong-length', shards[2]!);
    server.clearFaults();
    server.fault(served(shards[3]!), { body: Buffer.concat([contents.get(shards[3]!)!, Buffer.alloc(1)]) });
    await assertRefused('wrong-length', shards[3]!);
  });

  test('a range from another place than asked for is not taken', async () => {
    const sent: (string | undefined)[] = [];
    const bytes = contents.get(shards[0]!)!;
    const stubborn = createServer((request, response) => {
      sent.push(request.headers.range);
      if (request.headers.range === undefined) return void response.end(bytes);
      response.writeHead(206, { 'Content-Range': `bytes 0-${shardBytes - 1}/${shardBytes}` });
      return void response.end(bytes);
    });
    await new Promise<void>((done) => stubborn.listen(0, 'localhost', done));
    const { port } = stubborn.address() as AddressInfo;
    await mkdir(folder, { recursive: true });
    await leavePart(shards[0]!, bytes.subarray(0, 1_000));
    const files = model.files.filter(({ path }) => path === shards[0]);
    await obtainModel({ id: 'one', baseUrl: `http://localhost:${port}/`, files }, { cacheFolder: folder, patience });
    assert.deepEqual(sent, ['bytes=1000-', undefined]);
    stubborn.closeAllConnections();
    stubborn.close();
  });

  test('a wrong length that shows in the answer to a range', async () => {
    await leavePart(shards[2]!, contents.get(shards[2]!)!.subarray(0, 1_000));
    server.fault(served(shards[2]!), { body: contents.get(shards[2]!)!.subarray(1) });
    await assertRefused('wrong-length', shards[2]!);
  });

  test('416 again and again', async () => {
    server.fault(served(shards[0]!), { status: 416 });
    await assertRefused('not-there', shards[0]!);
  });

  test('one byte other than published, at every shard', async () => {
    for (const [index, path] of shards.entries()) {
      server.clearFaults();
      server.fault(served(path), { corruptByte: index * 28_571 });
      await assertRefused('not-as-published', path);
    }
  });

  test('a file that is not there, and a server that is not', async () => {
    server.fault(served(shards[0]!), { status: 404 });
    await assertRefused('not-there', shards[0]!);
    server.clearFaults();
    server.fault(served(shards[0]!), { status: 503 });
    await assertRefused('unreachable', shards[0]!);
    await server.stop();
    await assertRefused('unreachable', shards[0]!);
    server.clearFaults();
    await server.restart();
    await assertWhole();
  });
});

describe('other weights of the same topology', () => {
  test('are taken when asked for, and reported', async () => {
    server.fault(served(shards[1]!), { corruptByte: 5 });
    server.fault(served('model.json'), { body: '{"other":"topology, longer than the published one"}' });
    const { files } = await obtain({ unverified: true });
    const others = files.filter(({ verified }) => !verified).map(({ path }) => path);
    assert.deepEqual(others, ['model.json', shards[1]]);
  });

  test('are loaded anew: what an earlier run left may belong to others', async () => {
    await leavePart(shards[1]!, Buffer.alloc(1_000));
    await writeFile(join(folder, shards[2]!), Buffer.alloc(shardBytes));
    const { files } = await obtain({ unverified: true });
    assert.ok(files.every(({ verified }) => verified));
  });

  test('are refused where a shard has another length', async () => {
    server.fault(served(shards[1]!), { body: contents.get(shards[1]!)!.subarray(4) });
    await assertRefused('wrong-length', shards[1]!, { unverified: true });
  });
});

describe('what is shown', () => {
  test('the rate is that of the last seconds', () => {
    const rate = new TransferRate();
    assert.equal(rate.at(0, 0), 0);
    assert.equal(rate.at(100, 1_000), 0, 'too early to say');
    assert.equal(rate.at(1_000, 10_000), 10_000);
    assert.equal(rate.at(9_000, 10_000), 0, 'nothing came for longer than the window');
    assert.equal(rate.at(10_000, 110_000), 100_000);
  });

  test('a terminal sees a bar with bytes and time left, a log a line every ten seconds', () => {
    const progress: DownloadProgress = {
      file: 'group1-shard4of7.bin',
      bytes: 14e6,
      totalBytes: 28e6,
      bytesPerSecond: 200_000,
      secondsLeft: 70,
    };
    const draw = (isTTY: boolean): string[] => {
      const lines: string[] = [];
      let clock = 0;
      const stream = { isTTY, write: (text: string) => lines.push(text) > 0 };
      const bar = createDownloadBar(stream, () => clock);
      for (; clock < 15_000; clock += 50) bar.show(progress);
      bar.finish();
      return lines;
    };
    const line = '14.0 of 28.0 MB, 0.2 MB/s, 1 min 10 s left (group1-shard4of7.bin)';
    assert.deepEqual(draw(false), [`${line}\n`, `${line}\n`, `${line}\n`]);
    const drawn = draw(true);
    assert.equal(drawn[0], `\r\x1b[K[############............] ${line}`);
    assert.equal(drawn.at(-1), '\n');
  });
});
