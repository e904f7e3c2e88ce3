import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { decodePicture } from '../../src/imaging/decode-picture.ts';
import type { Analysis } from '../../src/shared/analysis.ts';
import { parseRecord } from '../../tools/read/csv.ts';
import { createNodeCodecs } from '../../tools/read/node-codecs.ts';
import { chestDicom } from '../fixtures/dicom/chest.ts';
import { makeDicom, syntaxes, testValues } from '../fixtures/make-dicom.ts';
import { copyExample, examples, lines, program, runCli, withFolder } from './run-cli.ts';

interface Line {
  readonly file: string;
  readonly analysis?: Analysis;
  readonly error?: { readonly code: string; readonly message: string };
  readonly features?: readonly number[];
}

const parse = (text: string): Line[] => lines(text).map((line) => JSON.parse(line) as Line);

/** Bytes of a lossless WebP of one pixel (RIFF header and VP8L chunk). */
const webp = Buffer.from('UklGRhoAAABXRUJQVlA4TA0AAAAvAAAAEAcQERGIiP4HAA==', 'base64');

async function fillWithBadFiles(folder: string): Promise<void> {
  await writeFile(join(folder, 'empty.png'), '');
  await writeFile(join(folder, 'text.jpg'), 'This is a letter, not a picture.\n');
  await writeFile(join(folder, 'drawing.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>');
  await writeFile(join(folder, 'picture.webp'), webp);
  const whole = await readFile(join(examples, 'demo_normal.png'));
  await writeFile(join(folder, 'cut.png'), whole.subarray(0, whole.length / 2));
}

describe('chester-read', { concurrency: 1 }, () => {
  it('passes the four synthetic X-rays, as JSON Lines without maps', async () => {
    const { code, stdout, stderr } = await runCli([examples, '--features'], examples);
    assert.equal(code, 0, stderr);
    const found = parse(stdout).filter(({ file }) => file.endsWith('.png'));
    assert.deepEqual(
      found.map(({ file }) => file.slice(examples.length + 1)),
      ['demo_cardiomegaly.png', 'demo_effusion.png', 'demo_nodule.png', 'demo_normal.png'],
    );
    for (const { analysis, features } of found) {
      assert.equal(analysis?.gate.verdict, 'pass');
      assert.deepEqual(analysis.gate.reasons, []);
      assert.equal(analysis.findings.length, 14);
      assert.equal(analysis.maps, undefined);
      assert.equal(features?.length, 1280);
      assert.match(analysis.image.sha256, /^[0-9a-f]{64}$/u);
      assert.deepEqual(Object.keys(analysis.versions.packs).sort(), ['gate', 'lungs', 'pocket']);
    }
    const score = (name: string): number =>
      found.find(({ file }) => file.includes(name))?.analysis?.findings.find(({ id }) => id === 'Effusion')?.score ??
      NaN;
    assert.ok(score('effusion') > score('normal') * 2, 'the drawn effusion is seen');
  });

  it('prints the stored values of DICOM files, to compare decoders', () =>
    withFolder(async (folder) => {
      const values = testValues(5, 4, 1, 32, false);
      const dicom = { width: 5, height: 4, bitsAllocated: 32, values };
      await writeFile(join(folder, 'a'), makeDicom({ ...dicom, syntax: syntaxes.bigEndian }));
      await writeFile(join(folder, 'b.dcm'), makeDicom({ ...dicom, without: [0x7fe0_0010] }));
      await writeFile(join(folder, 'c.txt'), 'a letter');
      const { code, stdout, stderr } = await runCli(['--stored-values', '--json', '.'], folder);
      assert.equal(code, 0, stderr);
      const littleEndian = Buffer.alloc(values.length * 4);
      values.forEach((value, index) => littleEndian.writeInt32LE(value, index * 4));
      const [first, second, third] = lines(stdout).map((line) => JSON.parse(line) as Record<string, unknown>);
      assert.deepEqual(first, {
        file: 'a',
        minimum: Math.min(...values),
        maximum: Math.max(...values),
        mean: values.reduce((sum, value) => sum + value, 0) / values.length,
        sha256: createHash('sha256').update(littleEndian).digest('hex'),
      });
      assert.equal((second?.error as { code: string }).code, 'dicom-no-image');
      assert.equal((third?.error as { code: string }).code, 'format-is-text');
      for (const other of [['--csv'], ['--features'], ['--pack', 'pocket'], ['--maps', 'x']]) {
        assert.equal((await runCli(['--stored-values', ...other, '.'], folder)).code, 2, other[0]);
      }
    }));

  it('reads a DICOM file as it reads its PNG', () =>
    withFolder(async (folder) => {
      const picture = await decodePicture(
        Uint8Array.from(await readFile(join(examples, 'demo_normal.png'))),
        createNodeCodecs(),
      );
      await copyExample('normal', join(folder, 'a.png'));
      await writeFile(join(folder, 'b'), chestDicom(picture));
      await writeFile(join(folder, 'c'), chestDicom(picture, { elements: [[0x0008_0060, 'CS', 'MR']] }));
      const [png, dicom, mr] = parse((await runCli(['.'], folder)).stdout);
      assert.equal(dicom?.analysis?.image.source.kind, 'dicom');
      assert.deepEqual(dicom.analysis.gate, png?.analysis?.gate);
      png?.analysis?.findings.forEach(({ score }, index) => {
        assert.ok(Math.abs(score - (dicom.analysis?.findings[index]?.score ?? NaN)) < 1e-3);
      });
      assert.equal(mr?.analysis?.gate.verdict, 'refuse');
      const table = lines((await runCli(['--csv', 'b', 'c'], folder)).stdout);
      assert.match(table[1] ?? '', /^b,pass,/u);
      assert.match(table[2] ?? '', /^c,refuse,header-modality/u);
    }));

  it('gives every bad file a line, and ends well', () =>
    withFolder(async (folder) => {
      await fillWithBadFiles(folder);
      await copyExample('normal', join(folder, 'good.png'));
      const { code, stdout } = await runCli(['--json', '.'], folder);
      assert.equal(code, 0);
      const codes = Object.fromEntries(parse(stdout).map(({ file, error }) => [file, error?.code]));
      assert.deepEqual(codes, {
        'cut.png': 'image-truncated',
        'drawing.svg': 'format-is-svg',
        'empty.png': 'file-empty',
        'good.png': undefined,
        'picture.webp': 'needs-browser',
        'text.jpg': 'format-is-text',
      });
      for (const { error } of parse(stdout)) assert.ok(error === undefined || error.message.length > 10);
    }));

  it('writes a table whose rows have all columns, whatever a file is called', () =>
    withFolder(async (folder) => {
      const names = ['=cmd.png', 'a,b "c".png', 'x.png'];
      await mkdir(join(folder, 'in'));
      for (const name of names.slice(0, 2)) await copyExample('effusion', join(folder, 'in', name));
      await writeFile(join(folder, 'in/x.png'), '');
      const { code, stdout } = await runCli(['--csv', ...names.map((name) => join('in', name)), '--', 'in'], folder);
      assert.equal(code, 0);
      const [header = [], ...rows] = lines(stdout).map((line) => parseRecord(line) ?? []);
      assert.equal(header.length, 3 + 14 * 2 + 4);
      assert.deepEqual(header.slice(0, 3), ['file', 'verdict', 'reasons']);
      assert.deepEqual(header.slice(-4), ['pack', 'packVersion', 'appVersion', 'error']);
      assert.deepEqual(
        rows.map(([file]) => file),
        names.map((name) => join('in', name)),
      );
      for (const row of rows) assert.equal(row.length, header.length);
      assert.equal(rows[0]?.[1], 'pass');
      assert.equal(rows[0][header.indexOf('Effusion_band')], 'above');
      assert.equal(rows[2]?.at(-1), 'file-empty');
    }));

  it('neutralises a name that a spreadsheet would compute', () =>
    withFolder(async (folder) => {
      await writeFile(join(folder, '=1+1.png'), '');
      const { stdout } = await runCli(['--csv', '=1+1.png'], folder);
      assert.ok(lines(stdout)[1]?.startsWith("'=1+1.png,"));
    }));

  it('splits into shards that together are the whole', () =>
    withFolder(async (folder) => {
      for (const name of ['a', 'b', 'c', 'd', 'e']) await writeFile(join(folder, `${name}.png`), '');
      const parts = await Promise.all(
        [1, 2, 3].map(async (index) => parse((await runCli(['--shard', `${index}/3`, '.'], folder)).stdout)),
      );
      assert.deepEqual(
        parts.map((part) => part.map(({ file }) => file)),
        [['a.png', 'd.png'], ['b.png', 'e.png'], ['c.png']],
      );
    }));

  for (const format of ['--json', '--csv']) {
    it(`resumes after a cut as if it had never happened (${format})`, () =>
      withFolder(async (folder) => {
        await mkdir(join(folder, 'in'));
        for (const name of ['a', 'b', 'c'])
          await cp(join(examples, 'demo_nodule.png'), join(folder, 'in', `${name}.png`));
        assert.equal((await runCli([format, 'in', '--resume', 'out'], folder)).code, 0);
        const whole = await readFile(join(folder, 'out'), 'utf8');
        const kept = lines(whole).slice(0, -2).join('\n');
        const cut = lines(whole).at(-2)?.slice(0, 40) ?? '';
        await writeFile(join(folder, 'out'), `${kept}\n${cut}`);

        const again = await runCli([format, 'in', '--resume', 'out'], folder);
        assert.equal(again.code, 0);
        assert.equal(again.stdout, '');
        const resumed = await readFile(join(folder, 'out'), 'utf8');
        assert.ok(resumed.startsWith(`${kept}\n`));
        assert.equal(lines(resumed).length, lines(whole).length);
        if (format === '--csv') assert.equal(resumed, whole);
        else
          assert.deepEqual(
            parse(resumed).map(({ file }) => file),
            ['in/a.png', 'in/b.png', 'in/c.png'],
          );

        const third = await runCli([format, 'in', '--resume', 'out'], folder);
        assert.equal(third.code, 0);
        assert.equal(await readFile(join(folder, 'out'), 'utf8'), resumed);
      }));
  }

  it('writes the maps of each file, whose mean and bias are the logit', () =>
    withFolder(async (folder) => {
      await mkdir(join(folder, 'in'));
      await copyExample('effusion', join(folder, 'in/a.png'));
      const { code, stdout } = await runCli(['in', '--maps', 'maps'], folder);
      assert.equal(code, 0);
      const written = JSON.parse(await readFile(join(folder, 'maps/in/a.png.json'), 'utf8')) as {
        file: string;
        sha256: string;
        maps: Record<string, { width: number; height: number; values: number[] }>;
      };
      const [line] = parse(stdout);
      assert.equal(written.file, 'in/a.png');
      assert.equal(written.sha256, line?.analysis?.image.sha256);
      assert.equal(Object.keys(written.maps).length, 14);
      const map = written.maps.Effusion;
      assert.equal(map?.values.length, map!.width * map!.height);
      const pack = JSON.parse(await readFile(join(program, '../../../models/pocket/pack.json'), 'utf8')) as {
        findings: { id: string; bias: number }[];
      };
      const bias = pack.findings.find(({ id }) => id === 'Effusion')?.bias ?? NaN;
      const logit = map.values.reduce((sum, value) => sum + value, 0) / map.values.length + bias;
      const score = line?.analysis?.findings.find(({ id }) => id === 'Effusion')?.score ?? NaN;
      assert.ok(Math.abs(1 / (1 + Math.exp(-logit)) - score) < 1e-3);
    }));

  it('ends with 2 and the usage where it is used wrongly', () =>
    withFolder(async (folder) => {
      await writeFile(join(folder, 'notes'), 'My notes\n');
      for (const args of [
        [],
        ['missing.png'],
        ['.', '--shard', '3/2'],
        ['.', '--json', '--csv'],
        ['.', '--resume', 'notes'],
      ]) {
        const { code, stdout, stderr } = await runCli(args, folder);
        assert.equal(code, 2, args.join(' '));
        assert.equal(stdout, '');
        assert.match(stderr, /Usage: chester-read/u);
      }
      assert.equal(await readFile(join(folder, 'notes'), 'utf8'), 'My notes\n');
    }));

  it('ends with 1 and whole lines where it is interrupted', () =>
    withFolder(async (folder) => {
      for (let index = 0; index < 200; index += 1) await copyExample('normal', join(folder, `${index}.png`));
      const child = spawn(process.execPath, [program, '.'], { cwd: folder, stdio: ['ignore', 'pipe', 'ignore'] });
      let stdout = '';
      child.stdout.setEncoding('utf8');
      child.stdout.on('data', (text: string) => {
        if (stdout === '') child.kill('SIGINT');
        stdout += text;
      });
      const [code, signal] = await new Promise<[number | null, string | null]>((resolve) =>
        child.on('close', (...ended) => resolve(ended)),
      );
      assert.deepEqual([code, signal], [1, null]);
      assert.ok(stdout.endsWith('\n'));
      assert.ok(parse(stdout).length < 200);
    }));
});
