import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { zipSync } from 'fflate';
import { RefusedFileError, type RefusalReason } from '../../../tools/pack/refused-file.ts';
import { parseTorchFile } from '../../../tools/pack/torch/read-torch-file.ts';
import { seeded } from '../../golden/torch/seeded-densenet.ts';
import * as write from '../../support/pickle-writer.ts';
import { expectRefused } from '../../support/hostile-files.ts';

/** Files whose parts do not fit one another, in either layout of PyTorch: each refused by name. */

const goldenFolder = new URL('../../golden/torch/', import.meta.url);
const twoGigabytes = 0x7fffffff;
const floatBytes = write.floats(1, 2, 3, 4);

describe('a file', { concurrency: 1 }, () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'chester-hostile-'));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  test('whose tensors are not what their storages are is refused', async () => {
    const storage = { key: 'k', count: 4, bytes: floatBytes };
    const part = { key: 'k', count: 4, shape: [4], strides: [1] };
    const one = (tensor: Partial<write.TensorParts>): Buffer =>
      write.pickle(write.dict({ w: write.tensor({ ...part, ...tensor }) }));
    const cases: [object: Buffer, storages: readonly write.LegacyStorage[], reason: RefusalReason, sentence: string][] =
      [
        [one({ shape: [5] }), [storage], 'malformed', 'w reaches beyond'],
        [one({ offset: 1 }), [storage], 'malformed', 'w reaches beyond'],
        [one({ shape: [2, 2], strides: [4, 1] }), [storage], 'malformed', 'w reaches beyond'],
        [one({ shape: [2n ** 52n, 2n ** 52n], strides: [0, 0] }), [storage], 'too-large', 'w'],
        [one({ shape: [2 ** 27], strides: [0] }), [storage], 'too-large', 'w'],
        [one({ shape: [-1] }), [storage], 'malformed', '_rebuild_tensor_v2'],
        [one({ shape: [4], strides: [-1] }), [storage], 'malformed', '_rebuild_tensor_v2'],
        [one({ shape: [2, 2], strides: [1] }), [storage], 'malformed', '_rebuild_tensor_v2'],
        [one({ view: ['v', 3, 2] }), [storage], 'malformed', 'storage k'],
        [one({}), [], 'malformed', 'storage k'],
        [one({ count: 3, shape: [3] }), [storage], 'malformed', 'storage k'],
        [one({}), [storage, { ...storage, key: 'other' }], 'malformed', 'storage other'],
        [one({}), [storage, storage], 'malformed', 'list of its storages'],
        [one({}), [{ ...storage, count: -1 }], 'malformed', 'storage k'],
        [one({ count: twoGigabytes }), [{ ...storage, count: twoGigabytes }], 'truncated', 'storage k'],
        [one({ count: 2n ** 52n }), [{ ...storage, count: 2n ** 52n }], 'truncated', 'storage k'],
        [one({ count: 2n ** 62n }), [{ ...storage, count: 2n ** 62n }], 'operation-refused', 'persistent id'],
        [one({ type: 'UntypedStorage' }), [storage], 'global-refused', 'torch.UntypedStorage'],
        [
          write.pickle(write.dict({ a: write.tensor(part), b: write.tensor({ ...part, type: 'IntStorage' }) })),
          [storage],
          'malformed',
          'in two ways',
        ],
      ];
    for (const [object, storages, reason, sentence] of cases) {
      await expectRefused(folder, write.legacyFile(object, storages), reason, sentence);
    }

    // Ten thousand names for one tensor of 64 KB.
    const count = 1 << 14;
    const names = Array.from({ length: 10_000 }, (_, index) => [`w${index}`, write.get(0)] as const);
    const big = write.tensor({ key: 'k', count, shape: [count], strides: [1] });
    const aliases = write.pickle(big, write.put(0), write.pop, write.dict(Object.fromEntries(names)));
    await expectRefused(
      folder,
      write.legacyFile(aliases, [{ key: 'k', count, bytes: new Uint8Array(4 * count) }]),
      'too-large',
    );
  });

  test('whose zip directory lies is refused', async () => {
    const pickle = write.pickle(write.dict({ w: write.tensor({ key: '0', count: 4, shape: [4], strides: [1] }) }));
    const entries = { 'a/data.pkl': pickle, 'a/data/0': floatBytes };
    const whole = zipSync(entries, { level: 0 });
    assert.equal(parseTorchFile(whole).tensors.get('w')?.data[3], 4);

    const directory = Buffer.from(whole).indexOf(Buffer.from('PK\x01\x02'));
    const second = Buffer.from(whole).indexOf(Buffer.from('PK\x01\x02'), directory + 1);
    const end = Buffer.from(whole).indexOf(Buffer.from('PK\x05\x06'));
    const changed = (change: (copy: Buffer) => void): Buffer => {
      const copy = Buffer.from(whole);
      change(copy);
      return copy;
    };
    const both = (copy: Buffer, value: number): void => {
      copy.writeUInt32LE(value, second + 20);
      copy.writeUInt32LE(value, second + 24);
    };
    const cases: [bytes: Uint8Array, reason: RefusalReason, sentence: string][] = [
      [changed((copy) => both(copy, twoGigabytes)), 'truncated', 'a/data/0'],
      [changed((copy) => both(copy, 0xffffffff)), 'truncated', 'a/data/0'],
      [changed((copy) => copy.writeUInt32LE(8, second + 24)), 'malformed', 'two sizes'],
      [changed((copy) => both(copy, 8)), 'malformed', 'Storage 0'],
      [changed((copy) => copy.writeUInt32LE(twoGigabytes, second + 42)), 'truncated', 'a/data/0'],
      [changed((copy) => copy.writeUInt32LE(1, second + 42)), 'malformed', 'not where the directory says'],
      [changed((copy) => copy.writeUInt16LE(1, second + 8)), 'unsupported', 'a/data/0'],
      [changed((copy) => copy.writeUInt32LE(0, second)), 'malformed', 'directory'],
      [changed((copy) => copy.writeUInt16LE(3, end + 10)), 'truncated', 'directory'],
      [changed((copy) => copy.writeUInt32LE(twoGigabytes, end + 12)), 'truncated', 'directory'],
      [changed((copy) => copy.writeUInt32LE(twoGigabytes, end + 16)), 'truncated', 'directory'],
      [changed((copy) => copy.writeUInt8(copy.readUInt8(directory - 1) ^ 1, directory - 1)), 'damaged', 'a/data/0'],
      [zipSync(entries, { level: 9 }), 'unsupported', 'compressed'],
      [zipSync({ 'a/b/data.pkl': pickle }, { level: 0 }), 'not-a-model-file', 'zip file'],
      [zipSync({ 'a/data.pkl': pickle, 'b/data.pkl': pickle }, { level: 0 }), 'not-a-model-file', 'zip file'],
      [zipSync({ 'a/data.pkl': pickle }, { level: 0 }), 'malformed', 'storage 0'],
      [zipSync({ ...entries, 'a/byteorder': Buffer.from('big') }, { level: 0 }), 'unsupported', 'big-endian'],
      [zipSync({ ...entries, 'a/constants.pkl': pickle }, { level: 0 }), 'unsupported', 'TorchScript'],
    ];
    for (const [bytes, reason, sentence] of cases) await expectRefused(folder, bytes, reason, sentence);
  });

  test('whose zip directory names an entry twice is refused', async () => {
    const twice = Buffer.from(
      zipSync({ 'a/data.pkl': write.pickle(write.none), 'a/data/0': floatBytes, 'a/data/1': floatBytes }, { level: 0 }),
    );
    twice.write('a/data/0', twice.lastIndexOf('a/data/1'));
    await expectRefused(folder, twice, 'malformed', 'a/data/0 is there twice');
  });

  test('whose sizes stand in zip64 fields is read', () => {
    const pickle = write.pickle(write.dict({ w: write.tensor({ key: '0', count: 4, shape: [4], strides: [1] }) }));
    const whole = Buffer.from(zipSync({ 'a/data.pkl': pickle, 'a/data/0': floatBytes }, { level: 0 }));
    const second = whole.lastIndexOf('PK\x01\x02');
    const end = whole.lastIndexOf('PK\x05\x06');
    const extra = write.bytes(
      [1, 0, 24, 0],
      ...[16, 16, whole.readUInt32LE(second + 42)].map((value) => write.u64(BigInt(value))),
    );
    for (const place of [20, 24, 42]) whole.writeUInt32LE(0xffffffff, second + place);
    whole.writeUInt16LE(extra.length, second + 30);
    whole.writeUInt32LE(whole.readUInt32LE(end + 12) + extra.length, end + 12);
    const file = parseTorchFile(write.bytes(whole.subarray(0, end), extra, whole.subarray(end)));
    assert.deepEqual(file.tensors.get('w')?.data, Float32Array.of(1, 2, 3, 4));
  });

  test('of another protocol or byte order is refused', async () => {
    const object = write.pickle(write.dict({}));
    await expectRefused(folder, write.legacyFile(object, [], { protocol: 1000 }), 'unsupported', 'protocol');
    await expectRefused(folder, write.legacyFile(object, [], { littleEndian: false }), 'unsupported', 'big-endian');
  });

  test('whose zip64 fields lie is refused', async () => {
    // PyTorch's own files have a zip64 end record.
    const whole = await readFile(new URL('small-zip.pt', goldenFolder));
    const zip64End = whole.indexOf(Buffer.from('PK\x06\x06'));
    const locator = whole.indexOf(Buffer.from('PK\x06\x07'));
    assert.ok(zip64End > 0 && locator > zip64End);
    for (const place of [zip64End + 32, zip64End + 40, zip64End + 48, locator + 8]) {
      for (const value of [2n ** 31n, 2n ** 62n, 2n ** 64n - 1n]) {
        const copy = Buffer.from(whole);
        copy.writeBigUInt64LE(value, place);
        await expectRefused(folder, copy, place === zip64End + 32 ? 'too-large' : 'truncated');
      }
    }
  });

  test('that is cut at any 1/32 is refused as cut off', async () => {
    for (const name of ['small-legacy.pt', 'small-zip.pt']) {
      const whole = await readFile(new URL(name, goldenFolder));
      assert.ok(parseTorchFile(whole).tensors.size > 0);
      for (let part = 1; part < 32; part += 1) {
        await expectRefused(folder, whole.subarray(0, Math.floor((whole.length * part) / 32)), 'truncated');
      }
      await expectRefused(folder, whole.subarray(0, whole.length - 1), 'truncated');
    }
  });

  test('with some bytes changed is read or refused by name, and nothing else happens', async () => {
    const tries = 1000;
    let refusals = 0;
    for (const name of ['small-legacy.pt', 'small-zip.pt']) {
      const whole = await readFile(new URL(name, goldenFolder));
      for (let one = 0; one < tries; one += 1) {
        const copy = Uint8Array.from(whole);
        const [place = 0, value = 0, more = 0] = seeded(one, 3).map((random) => Math.abs(random));
        const changes = 1 + Math.floor(more * 3);
        for (let change = 0; change < changes; change += 1) {
          copy[Math.floor((place * copy.length + change * 7) % copy.length)] = Math.floor(value * 256) + change;
        }
        try {
          parseTorchFile(copy);
        } catch (thrown) {
          assert.ok(thrown instanceof RefusedFileError, `${name}, try ${one}: ${String(thrown)}`);
          refusals += 1;
        }
      }
    }
    assert.ok(refusals > tries / 2, `only ${refusals} were refused`);
  });

  test('that is no network at all is refused as such', async () => {
    const notOne: Uint8Array[] = [
      new Uint8Array(),
      Buffer.from('<!doctype html><title>Sign in</title>'),
      Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
      write.pickle(write.emptyDict),
      write.legacyFile(write.pickle(write.none)),
      write.legacyFile(write.pickle(write.emptyDict)),
      write.legacyFile(write.pickle(write.list(write.none))),
      write.legacyFile(write.pickle(write.dict({ state_dict: write.dict({ epoch: write.int(3) }) }))),
      zipSync({ 'readme.txt': Buffer.from('no') }, { level: 0 }),
    ];
    for (const bytes of notOne) await expectRefused(folder, bytes, 'not-a-model-file');
  });
});
