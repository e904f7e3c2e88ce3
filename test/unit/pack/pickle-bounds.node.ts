import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { RefusalReason } from '../../../tools/pack/refused-file.ts';
import * as write from '../../support/pickle-writer.ts';
import { expectPickleRefused, expectRefused } from '../../support/hostile-files.ts';

/** Pickles that want to fill the memory, the stack or the day: each refused by name, and early. */

const twoGigabytes = 0x7fffffff;

describe('a pickle', { concurrency: 1 }, () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'chester-hostile-'));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  test('with a length of 2 GB is refused without allocating it', async () => {
    const length = write.u32(twoGigabytes);
    const cases: [pickle: Buffer, reason: RefusalReason][] = [
      [write.pickle(Buffer.from('X'), length), 'truncated'],
      [write.pickle(Buffer.from('T'), length), 'truncated'],
      [write.pickle(Buffer.from('T'), write.u32(0xffffffff)), 'malformed'],
      [write.pickle(Buffer.from('B'), length), 'truncated'],
      [write.pickle([0x8b], length), 'truncated'],
      [write.pickle([0x8b], write.u32(0x80000000)), 'malformed'],
      [write.pickle([0x8d], write.u64(2n ** 62n)), 'truncated'],
      [write.pickle([0x8e], write.u64(2n ** 64n - 1n)), 'truncated'],
      [write.pickle([0x95], write.u64(2n ** 31n)), 'truncated'],
      // They fit the file, but no network has them.
      [write.pickle(write.text('x'.repeat(2 ** 20 + 1))), 'too-large'],
      [write.pickle([0x8a, 17], Buffer.alloc(17)), 'too-large'],
      [write.pickle(write.global('o'.repeat(300), 'system')), 'too-large'],
    ];
    for (const [bytes, reason] of cases) await expectPickleRefused(folder, bytes, reason);
  });

  test('that nests ten thousand deep is refused', async () => {
    const times = 10_000;
    const repeat = (part: Uint8Array, count = times): Buffer => Buffer.concat(Array<Uint8Array>(count).fill(part));
    const one = write.text('x');
    const cases = [
      write.pickle(repeat(write.emptyList), repeat(write.append, times - 1)),
      write.pickle(repeat(write.mark), repeat(write.tuple)),
      write.pickle(repeat(write.mark), repeat(write.pop), write.none),
      write.pickle(write.none, repeat(write.tuple1)),
      write.pickle(write.emptyDict, repeat(write.bytes(one, write.emptyDict)), repeat(write.setItem)),
      write.pickle(
        repeat(write.bytes(write.global('torch.nn.modules.linear', 'Linear'), write.emptyTuple, write.newObject)),
        repeat(write.build, times - 1),
      ),
      write.pickle(
        write.emptyList,
        repeat(write.bytes(write.global('torch', 'Size'), write.put(0), write.pop), 1),
        repeat(
          write.bytes(write.tuple1, write.put(1), write.pop, write.get(0), write.get(1), write.tuple1, write.reduce),
        ),
      ),
    ];
    for (const pickle of cases) await expectPickleRefused(folder, pickle, 'too-deep');
  });

  test('whose memo stands for more than the file is refused', async () => {
    await expectPickleRefused(folder, write.pickle(write.none, write.put(0xfffffff0)), 'too-large', 'memorises');
    await expectPickleRefused(folder, write.pickle(write.get(7)), 'malformed', 'recalls 7');
    // A million operations would be read, one more is not.
    await expectPickleRefused(folder, write.pickle(Buffer.alloc(1 << 20, 'N')), 'too-large', 'operations');

    // Modules that hold the one before twice: 2²⁸ tensors, or as many empty modules, in a few kilobytes.
    const leaves = [
      write.torchModule({ parameters: { weight: write.tensor({ key: '0', count: 1, shape: [1], strides: [1] }) } }),
      write.torchModule({}),
    ];
    for (const leaf of leaves) {
      let parts = write.bytes(write.emptyTuple, leaf, write.put(0), write.pop);
      for (let level = 1; level <= 28; level += 1) {
        const before = write.get(level - 1);
        parts = write.bytes(
          parts,
          write.torchModule({ modules: { a: before, b: before } }),
          write.put(level),
          write.pop,
        );
      }
      const storage = { key: '0', count: 1, bytes: write.floats(1) };
      const root = write.pickle(parts, write.pop, write.get(28));
      await expectRefused(
        folder,
        write.legacyFile(root, leaf === leaves[0] ? [storage] : []),
        'too-large',
        'modules and tensors',
      );
    }

    // A module that holds itself.
    const circle = write.pickle(
      write.global('torchxrayvision.models', 'DenseNet'),
      write.emptyTuple,
      write.newObject,
      write.put(0),
      write.dict({ _modules: write.dict({ again: write.get(0) }) }),
      write.build,
    );
    await expectRefused(folder, write.legacyFile(circle), 'too-deep', 'modules');
  });

  test('that takes what is not there is refused', async () => {
    const cases = [
      write.pickle(),
      write.pickle(write.none, write.none),
      write.pickle(write.none, write.mark),
      write.pickle(write.none, write.mark, write.dup),
      write.pickle(write.none, write.mark, write.put(0), write.pop),
      write.pickle(write.pop),
      write.pickle(write.tuple),
      write.pickle(write.none, write.tuple2),
      write.pickle(write.emptyList, write.append),
      write.pickle(write.none, write.none, write.append),
      write.pickle(write.emptyDict, write.none, write.setItem),
      write.pickle(write.emptyDict, write.mark, write.none, write.setItems),
      write.pickle(write.emptyList, write.none, write.none, write.setItem),
      write.pickle(write.reduce),
      write.pickle(write.persistentId),
      write.bytes(write.proto(4), write.none, write.none, write.stackGlobal, write.stop),
    ];
    for (const pickle of cases) await expectPickleRefused(folder, pickle, 'malformed');
  });
});
