/** `.chesterpack`: what is written is read, and what nobody of ours writes is refused by its reason. */

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { unzipSync, zipSync, type Zippable } from 'fflate';
import type { AppError } from '../../../src/shared/app-error.ts';
import { maxFileBytes } from '../../../src/shared/limits.ts';
import { sha256Hex } from '../../../src/shared/sha256.ts';
import { beginsPackArchive } from '../../../src/storage/archive/begins-pack-archive.ts';
import { openPackArchive } from '../../../src/storage/archive/read-pack-archive.ts';
import type { ArchivedFile } from '../../../src/storage/archive/write-pack-archive.ts';
import { bundlePack, readPackArchive } from '../../../tools/pack/bundle.ts';
import { readPackFolder } from '../../../tools/read/load-pack-folder.ts';
import { archivedFiles, headerOffsets, joined, patched, withManifest, zipOf } from '../../support/hostile-archives.ts';
import { rejection } from '../../support/rejection.ts';
import { samplePack, type SamplePack } from '../../support/sample-pack.ts';

/** Offsets in a local header (APPNOTE 4.3.7) and bytes of the end record. */
const local = { flags: 6, method: 8, crc: 14, stored: 18, bytes: 22, header: 30 } as const;
const endRecordBytes = 22;

function streamOf(bytes: Uint8Array, chunkBytes = 1000): ReadableStream<Uint8Array> {
  let at = 0;
  return new ReadableStream({
    pull(controller) {
      if (at >= bytes.length) controller.close();
      else controller.enqueue(bytes.subarray(at, (at += chunkBytes)));
    },
  });
}

async function readAll(bytes: Uint8Array, chunkBytes?: number): Promise<ArchivedFile[]> {
  const archive = await openPackArchive(streamOf(bytes, chunkBytes));
  const files: ArchivedFile[] = [];
  for await (const file of archive.files()) files.push(file);
  return files;
}

async function assertRefused(bytes: Uint8Array, reason: string, path?: string): Promise<AppError> {
  const error = await rejection(readAll(bytes));
  assert.equal(error.code, 'pack-file-invalid', String(error));
  assert.equal(error.details['reason'], reason);
  if (path !== undefined) assert.equal(error.details['path'], path);
  return error;
}

describe('pack archives', () => {
  let pack: SamplePack;
  let files: ArchivedFile[];
  let whole: Uint8Array<ArrayBuffer>;
  let second: number;
  let folder: string;

  before(async () => {
    pack = await samplePack({ id: 'sample', version: '1.0.0' });
    files = archivedFiles(pack);
    whole = await zipOf(files);
    second = headerOffsets(files)[1] ?? 0;
    folder = await mkdtemp(join(tmpdir(), 'chester-archive-'));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  it('gives back every file, however the stream is cut', async () => {
    for (const chunkBytes of [1, 7, 1024, whole.length]) {
      const archive = await openPackArchive(streamOf(whole, chunkBytes));
      assert.deepEqual(archive.manifest, pack.manifest);
      assert.equal(archive.manifestSha256, await sha256Hex(pack.manifestBytes));
      const read: ArchivedFile[] = [];
      for await (const file of archive.files()) read.push(file);
      assert.deepEqual(read, files.slice(1));
    }
  });

  it('is the same file whenever it is written, and any zip program reads it', async () => {
    assert.deepEqual(await zipOf(files), whole);
    const read = unzipSync(whole);
    assert.deepEqual(Object.keys(read), ['pack.json', ...pack.manifest.files.map(({ path }) => path)]);
    for (const { path, bytes } of files) assert.deepEqual(read[path], bytes, path);
  });

  it('reads what another program stored, pack.json first, times and extra fields and all', async () => {
    const others: Zippable = {};
    for (const { path, bytes } of files) others[path] = [bytes, { level: 0, extra: { 0x5455: new Uint8Array(5) } }];
    assert.deepEqual(await readAll(zipSync(others)), files.slice(1));
  });

  it('a folder becomes a file and is read back; a damaged folder does not', async () => {
    const out = join(folder, 'pocket.chesterpack');
    const bytes = await bundlePack('models/pocket', out);
    assert.equal((await stat(out)).size, bytes);
    const [read, expected] = await Promise.all([readPackArchive(out), readPackFolder('models/pocket')]);
    assert.deepEqual(read.manifest, expected.manifest);
    assert.deepEqual([...read.files.keys()], [...expected.files.keys()]);
    for (const [path, content] of expected.files) {
      assert.ok(Buffer.from(content).equals(Buffer.from(read.files.get(path) ?? new ArrayBuffer(0))), path);
    }
    const copy = join(folder, 'damaged');
    execFileSync('cp', ['-r', 'models/pocket', copy]);
    const shard = await readFile(join(copy, 'weights-03.bin'));
    shard[100] = (shard[100] ?? 0) ^ 1;
    await writeFile(join(copy, 'weights-03.bin'), shard);
    const error = await rejection(bundlePack(copy, join(folder, 'damaged.chesterpack')));
    assert.equal(error.code, 'pack-damaged');
    assert.deepEqual(error.details, { pack: 'pocket', path: 'weights-03.bin' });
    await assert.rejects(stat(join(folder, 'damaged.chesterpack')));
    await assert.rejects(stat(join(folder, 'damaged.chesterpack.part')));
    assert.equal((await rejection(readPackArchive(join(folder, 'none.chesterpack')))).code, 'pack-missing');
  });

  it('tells a pack from another zip by its first bytes', () => {
    assert.equal(beginsPackArchive(whole), true);
    assert.equal(beginsPackArchive(whole.subarray(0, 38)), false);
    assert.equal(beginsPackArchive(zipSync({ 'pack.jso': new Uint8Array(30) })), false);
    assert.equal(beginsPackArchive(new Uint8Array(100)), false);
  });

  it('refuses what is no zip, and a zip that does not begin with pack.json', async () => {
    await assertRefused(new Uint8Array(), 'not-a-zip');
    await assertRefused(new TextEncoder().encode('<!doctype html>'), 'not-a-zip');
    await assertRefused(zipSync({}), 'not-a-zip');
    await assertRefused(
      zipSync({ 'model.json': new Uint8Array(9), 'pack.json': new Uint8Array(9) }),
      'manifest-not-first',
    );
  });

  it('refuses every cut, wherever it falls', async () => {
    for (let length = 5; length < whole.length; length += 97) {
      const error = await rejection(readAll(whole.subarray(0, length)));
      assert.equal(error.code, 'pack-file-invalid', `${length}: ${error.message}`);
      assert.equal(error.details['reason'], 'cut-off', `at byte ${length}`);
    }
  });

  it('refuses any single flipped bit of a file, and says which file', async () => {
    const offsets = headerOffsets(files);
    for (const [index, { path, bytes }] of files.entries()) {
      const at = (offsets[index] ?? 0) + local.header + path.length + (bytes.length >> 1);
      const flipped = whole.slice();
      flipped[at] = (flipped[at] ?? 0) ^ 0x10;
      const error = await rejection(readAll(flipped));
      assert.deepEqual([error.details['reason'], error.details['path']], ['changed', path]);
    }
  });

  it('refuses content that has its CRC but not the SHA-256 of the manifest', async () => {
    const other = files.map(({ path, bytes }) => ({ path, bytes: bytes.slice() }));
    other[3]!.bytes[0]! ^= 1;
    await assertRefused(await zipOf(other), 'changed', other[3]!.path);
  });

  it('refuses 300 MB in 300 KB, compressed or declared, before any of it is read', async () => {
    const declaredBytes = 300e6;
    const bomb = zipSync({
      'pack.json': [new Uint8Array(pack.manifestBytes), { level: 0 }],
      'weights-1.bin': [new Uint8Array(declaredBytes), { level: 9 }],
    });
    assert.ok(bomb.length < 400e3, `${bomb.length} bytes`);
    const error = await assertRefused(bomb, 'too-large', 'weights-1.bin');
    assert.equal(error.details['bytes'], declaredBytes);
    // In pack.json itself, and under a name that nobody lists.
    await assertRefused(zipSync({ 'pack.json': [new Uint8Array(9e6), { level: 9 }] }), 'too-large', 'pack.json');
    const surplus = {
      'pack.json': [new Uint8Array(pack.manifestBytes), { level: 0 }],
      'more.bin': new Uint8Array(9e6),
    } as const;
    await assertRefused(zipSync(surplus as unknown as Zippable), 'unlisted', 'more.bin');
    // Stored, with lengths that are not there.
    await assertRefused(
      patched(patched(whole, second + local.bytes, declaredBytes, 4), second + local.stored, declaredBytes, 4),
      'too-large',
    );
    // A manifest whose files are each small enough and together are not.
    const greedy = withManifest(pack, (manifest) => ({
      ...manifest,
      files: [
        ...manifest.files,
        ...Array.from({ length: 300 }, (_, index) => ({
          path: `more-${index}.bin`,
          bytes: 512 * 1024,
          sha256: '0'.repeat(64),
        })),
      ],
    }));
    const sum = await assertRefused(await zipOf(archivedFiles(greedy).slice(0, 1)), 'too-large');
    assert.ok(Number(sum.details['bytes']) > maxFileBytes);
  });

  it('refuses names that leave the folder, surplus and repeated entries', async () => {
    const insert = (path: string): Promise<Uint8Array> =>
      zipOf([files[0]!, { path, bytes: new Uint8Array(3) }, ...files.slice(1)]);
    for (const path of ['../weights-1.bin', '/etc/passwd', 'a/../../b', 'a\\b', 'C:b', './model.json', '..']) {
      await assertRefused(await insert(path), 'unsafe-path', path);
    }
    await assertRefused(await insert('readme.txt'), 'unlisted', 'readme.txt');
    await assertRefused(await insert('weights/'), 'unlisted', 'weights/');
    await assertRefused(await insert('x'.repeat(300)), 'unsafe-path');
    await assertRefused(await insert('pack.json'), 'repeated', 'pack.json');
    await assertRefused(await zipOf([...files, files[2]!]), 'repeated', files[2]!.path);
    await assertRefused(await zipOf(files.slice(0, -1)), 'missing', files.at(-1)!.path);
  });

  it('refuses encrypted and compressed entries, sizes that follow, and sizes that do not fit', async () => {
    for (const flag of [0x1, 0x40, 0x2000]) {
      await assertRefused(patched(whole, second + local.flags, flag, 2), 'encrypted', files[1]!.path);
    }
    await assertRefused(patched(whole, second + local.flags, 0x8, 2), 'sizes-follow');
    await assertRefused(patched(whole, second + local.method, 8, 2), 'compressed');
    await assertRefused(patched(whole, second + local.stored, 1, 4), 'wrong-size');
    await assertRefused(patched(whole, second + local.bytes, files[1]!.bytes.length - 1, 4), 'wrong-size');
    await assertRefused(patched(whole, second + local.crc, 0, 4), 'changed');
  });

  it('refuses an end that says something else, and anything after it', async () => {
    const end = whole.length - endRecordBytes;
    await assertRefused(patched(whole, end + 8, files.length + 1, 2), 'directory');
    await assertRefused(patched(whole, end, 0, 4), 'directory');
    await assertRefused(joined([whole, new Uint8Array(1)]), 'surplus');
    const renamed = whole.slice();
    renamed[end - 1] = 'x'.charCodeAt(0);
    await assertRefused(renamed, 'directory', files.at(-1)!.path);
  });

  it('refuses a manifest that does not follow the format', async () => {
    const withText = (text: string): Promise<Uint8Array> =>
      zipOf([{ path: 'pack.json', bytes: new TextEncoder().encode(text) }]);
    assert.equal((await rejection(readAll(await withText('{')))).code, 'pack-invalid');
    assert.equal((await rejection(readAll(await withText('{}')))).code, 'pack-invalid');
    const future = JSON.stringify({ ...pack.manifest, formatVersion: 3 });
    assert.equal((await rejection(readAll(await withText(future)))).code, 'pack-version-unknown');
  });

  it('a stream that fails is a file that cannot be read', async () => {
    const failing = new ReadableStream<Uint8Array>({ pull: (controller) => controller.error(new Error('gone')) });
    assert.equal((await rejection(openPackArchive(failing))).code, 'file-unreadable');
  });
});
