import assert from 'node:assert/strict';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { AppError } from '../../src/shared/app-error.ts';
import { parseArguments } from '../../tools/read/arguments.ts';
import { decodeText, encodeText, parseRecord } from '../../tools/read/csv.ts';
import { listFiles } from '../../tools/read/list-files.ts';
import { mapsPath } from '../../tools/read/maps-folder.ts';
import { lineFormat } from '../../tools/read/result-lines.ts';
import { readEarlierRun } from '../../tools/read/resume.ts';
import { parseShard, takeShard } from '../../tools/read/shard.ts';
import { withFolder } from './run-cli.ts';

const isWrongUsage = (thrown: unknown): boolean => thrown instanceof AppError && thrown.code === 'wrong-usage';
const facts = { findingIds: ['Effusion'], pack: 'p', packVersion: '1', appVersion: '2' };

describe('arguments', () => {
  it('takes files and every option', () => {
    assert.deepEqual(
      parseArguments(
        'a --json --maps m --features --logits --pack p --second-opinion s --shard 2/3 --resume o --frame 3 --window 2 --invert b'.split(
          ' ',
        ),
      ),
      {
        paths: ['a', 'b'],
        format: 'json',
        mapsFolder: 'm',
        features: true,
        logits: true,
        pack: 'p',
        secondOpinion: 's',
        shard: { index: 2, count: 3 },
        resume: 'o',
        storedValues: false,
        look: { frame: 3, voi: 1, inverted: true },
      },
    );
    assert.deepEqual(parseArguments(['--csv', '--', '--odd-name']), {
      paths: ['--odd-name'],
      format: 'csv',
      features: false,
      logits: false,
      shard: { index: 1, count: 1 },
      storedValues: false,
      look: {},
    });
  });

  for (const argv of [[], ['--json', '--csv', 'a'], ['--what', 'a'], ['a', '--maps'], ['a', '--csv', '--features']]) {
    it(`refuses ${JSON.stringify(argv)}`, () => assert.throws(() => parseArguments(argv), isWrongUsage));
  }
});

describe('shards', () => {
  it('are complete and disjoint, for every count', () => {
    const all = Array.from({ length: 17 }, (_, index) => index);
    for (const count of [1, 2, 3, 16, 17, 18, 40]) {
      const parts = Array.from({ length: count }, (_, index) => takeShard(all, { index: index + 1, count }));
      assert.deepEqual(
        parts.flat().sort((a, b) => a - b),
        all,
      );
      const sizes = parts.map((part) => part.length);
      assert.ok(Math.max(...sizes) - Math.min(...sizes) <= 1);
    }
  });

  for (const text of ['0/3', '4/3', '1', '1/0', '-1/2', '1/2/3', 'a/b', '1.5/2']) {
    it(`refuses ${text}`, () => assert.throws(() => parseShard(text), isWrongUsage));
  }
});

describe('listFiles', () => {
  it('walks folders, sorts by code units, skips hidden files, survives loops of links', () =>
    withFolder(async (folder) => {
      await mkdir(join(folder, 'b/deep'), { recursive: true });
      await mkdir(join(folder, '.hidden'));
      for (const name of ['Z.png', 'a.png', 'b/2.png', 'b/10.png', 'b/deep/ä.png', '.dot.png', '.hidden/x.png']) {
        await writeFile(join(folder, name), '');
      }
      await symlink(folder, join(folder, 'b/deep/loop'));
      await symlink(join(folder, 'nowhere'), join(folder, 'dangling.png'));
      const found = (await listFiles([folder])).map((path) => path.slice(folder.length + 1));
      assert.deepEqual(found, ['Z.png', 'a.png', 'b/10.png', 'b/2.png', 'b/deep/ä.png', 'dangling.png']);
    }));

  it('names each path once, and takes a hidden file that is named', () =>
    withFolder(async (folder) => {
      const file = join(folder, '.a.png');
      await writeFile(file, '');
      assert.deepEqual(await listFiles([file, file]), [file]);
      await assert.rejects(listFiles([join(folder, 'missing')]), isWrongUsage);
    }));
});

describe('CSV', () => {
  const names = [
    'plain.png',
    'a,b.png',
    'say "hi".png',
    'two\nlines.png',
    '=1+1',
    '+x',
    '-x',
    '@x',
    "'x",
    '\tx',
    ' x',
    '',
  ];

  it('gives back what was put in', () => {
    const record = names.map(encodeText).join(',');
    assert.deepEqual(parseRecord(record)?.map(decodeText), names);
  });

  it('never begins a cell as a formula', () => {
    for (const name of names) assert.doesNotMatch(encodeText(name), /^"?[=+\-@\t\r]/u);
  });

  it('knows broken quotes', () => {
    assert.equal(parseRecord('"open,b'), undefined);
    assert.equal(parseRecord('"a"b,c'), undefined);
  });
});

describe('resume', () => {
  const json = lineFormat('json', facts);
  const csv = lineFormat('csv', facts);
  const bad = (file: string) => csv.write({ file, error: { code: 'file-empty', message: '' } });

  it('takes whole lines for done and leaves a cut one out, wherever it was cut', () =>
    withFolder(async (folder) => {
      const path = join(folder, 'out');
      const first = '{"file":"ä.png","error":{}}\n';
      const second = '{"file":"b.png","error":{}}\n';
      for (let cut = 0; cut < Buffer.byteLength(second); cut += 1) {
        await writeFile(path, Buffer.from(first + second).subarray(0, Buffer.byteLength(first) + cut));
        const { finished, wholeBytes } = await readEarlierRun(path, json);
        assert.deepEqual([...finished], ['ä.png']);
        assert.equal(wholeBytes, Buffer.byteLength(first));
      }
      await writeFile(path, first + second);
      assert.deepEqual([...(await readEarlierRun(path, json)).finished], ['ä.png', 'b.png']);
    }));

  it('understands quoted line breaks and neutralised names of CSV, at every cut', () =>
    withFolder(async (folder) => {
      const path = join(folder, 'out');
      const whole = `${csv.header}\n${bad('two\nlines.png')}\n${bad('=x')}\n`;
      await writeFile(path, whole);
      assert.deepEqual([...(await readEarlierRun(path, csv)).finished], ['two\nlines.png', '=x']);
      for (let cut = 0; cut < whole.length; cut += 1) {
        await writeFile(path, whole.slice(0, cut));
        const { finished, hasHeader, wholeBytes } = await readEarlierRun(path, csv);
        assert.ok(finished.size < 2);
        assert.equal(hasHeader, cut > (csv.header ?? '').length);
        assert.ok(wholeBytes <= cut);
      }
    }));

  it('takes a missing file for an empty one', () =>
    withFolder(async (folder) => {
      const { finished, wholeBytes, hasHeader } = await readEarlierRun(join(folder, 'none'), csv);
      assert.deepEqual([finished.size, wholeBytes, hasHeader], [0, 0, false]);
    }));

  it("never takes somebody's file for its own", () =>
    withFolder(async (folder) => {
      const path = join(folder, 'notes.txt');
      for (const text of ['My notes\n', 'My notes', '{"name":"x"}\n', `${csv.header}\n`]) {
        await writeFile(path, text);
        await assert.rejects(readEarlierRun(path, json), isWrongUsage);
      }
      for (const text of ['file,other\n', '{"file":"a"}\n', 'x']) {
        await writeFile(path, text);
        await assert.rejects(readEarlierRun(path, csv), isWrongUsage);
      }
    }));
});

describe('mapsPath', () => {
  it('stays under its folder', () => {
    assert.equal(mapsPath('m', 'a/b.png'), join('m', 'a/b.png.json'));
    assert.equal(mapsPath('m', './a.png'), join('m', 'a.png.json'));
    assert.equal(mapsPath('m', '/etc/a.png'), join('m', 'etc/a.png.json'));
    assert.equal(mapsPath('m', '../../a.png'), join('m', '_up/_up/a.png.json'));
  });
});
