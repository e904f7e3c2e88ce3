/** `--frame`, `--window` and `--invert`: which picture of a file is read. */

import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { before, describe, it } from 'node:test';
import { decodePicture } from '../../src/imaging/decode-picture.ts';
import type { Analysis, GrayImage } from '../../src/shared/analysis.ts';
import { createNodeCodecs } from '../../tools/read/node-codecs.ts';
import { chestDicom } from '../fixtures/dicom/chest.ts';
import { copyExample, examples, lines, runCli, withFolder } from './run-cli.ts';

const film = join(examples, '../photographs/film.jpg');
const white = 4095;

interface Line {
  readonly analysis?: Analysis;
  readonly error?: { readonly code: string; readonly message: string };
}

/** The one line of a file that is read with these options. */
async function read(file: string, options: readonly string[], folder: string): Promise<Line> {
  const { code, stdout, stderr } = await runCli([...options, file], folder);
  assert.equal(code, 0, stderr);
  return JSON.parse(lines(stdout)[0]!) as Line;
}

function scoresOf({ analysis }: Line): readonly number[] {
  assert.ok(analysis !== undefined);
  return [...analysis.findings].sort((a, b) => (a.id < b.id ? -1 : 1)).map(({ score }) => score);
}

function farthest(one: readonly number[], other: readonly number[]): number {
  assert.equal(one.length, other.length);
  return Math.max(...one.map((score, index) => Math.abs(score - other[index]!)));
}

describe('chester-read: which picture', { concurrency: 1 }, () => {
  let picture: GrayImage;
  before(async () => {
    const bytes = Uint8Array.from(await readFile(join(examples, 'demo_effusion.png')));
    picture = await decodePicture(bytes, createNodeCodecs());
  });

  it('reads the frame that is named, and the negative inverted', () =>
    withFolder(async (folder) => {
      await copyExample('effusion', join(folder, 'a.png'));
      // The first picture is the negative of the second.
      const stored = Array.from(picture.data, (value) => Math.round(value * white));
      const values = [...stored.map((value) => white - value), ...stored];
      await writeFile(join(folder, 'b.dcm'), chestDicom(picture, { frames: 2, values }));
      const plain = scoresOf(await read('a.png', [], folder));
      const second = await read('b.dcm', ['--frame', '2'], folder);
      assert.deepEqual(
        [second.analysis?.image.source.dicom?.frame, second.analysis?.image.source.inverted],
        [2, undefined],
      );
      assert.ok(farthest(scoresOf(second), plain) < 1e-3);
      const negative = await read('b.dcm', [], folder);
      assert.ok(farthest(scoresOf(negative), plain) > 0.05, 'the negative is another picture to the network');
      const inverted = await read('b.dcm', ['--invert'], folder);
      assert.equal(inverted.analysis?.image.source.inverted, true);
      assert.ok(farthest(scoresOf(inverted), plain) < 1e-3);
      const twice = await read('a.png', ['--invert', '--frame', '1'], folder);
      assert.equal(twice.analysis?.image.source.inverted, true);
      assert.ok(farthest(scoresOf(twice), scoresOf(negative)) < 1e-3);
      const none = await read('b.dcm', ['--frame', '3'], folder);
      assert.equal(none.error?.code, 'dicom-no-frame');
    }));

  it('reads the window that is named, and says which', () =>
    withFolder(async (folder) => {
      await copyExample('effusion', join(folder, 'a.png'));
      const second = String(white / 2);
      const file = chestDicom(picture, {
        elements: [
          [0x0028_1050, 'DS', `${white}\\${second}`],
          [0x0028_1051, 'DS', `${white / 8}\\${white}`],
        ],
      });
      await writeFile(join(folder, 'b.dcm'), file);
      const plain = scoresOf(await read('a.png', [], folder));
      const first = await read('b.dcm', ['--window', '1'], folder);
      assert.ok(farthest(scoresOf(first), plain) > 0.05, 'the first window shows hardly anything');
      const chosen = await read('b.dcm', ['--window', '2'], folder);
      assert.ok(farthest(scoresOf(chosen), plain) < 1e-3);
      const facts = chosen.analysis?.image.source.dicom;
      assert.equal(facts?.voi.center, white / 2);
      assert.deepEqual(facts.voi, facts.voiOffered?.[1]);
      const none = await read('b.dcm', ['--window', '3'], folder);
      assert.match(none.error?.message ?? '', /window 3 of 2/u);
    }));

  it('inverts a photograph that was rectified', async () => {
    const whole = ['--photo', '--corners', '0,0,1599,0,1599,899,0,899'];
    const { analysis } = await read(film, [...whole, '--invert'], examples);
    assert.deepEqual([analysis?.image.source.kind, analysis?.image.source.inverted], ['photo', true]);
    const plain = await read(film, whole, examples);
    assert.equal(plain.analysis?.image.source.inverted, undefined);
    assert.ok(farthest(scoresOf({ analysis: analysis! }), scoresOf(plain)) > 0.01);
  });

  it('gives a file without choice its line, and refuses what is no number', () =>
    withFolder(async (folder) => {
      await copyExample('normal', join(folder, 'a.png'));
      for (const options of [
        ['--frame', '2'],
        ['--window', '2'],
        ['--photo', '--frame', '2'],
      ]) {
        const { error } = await read('a.png', options, folder);
        assert.equal(error?.code, 'wrong-usage', options.join(' '));
        assert.match(error.message, /only DICOM files/u);
      }
      for (const options of [
        ['--frame', '0'],
        ['--frame', '1.5'],
        ['--frame', ''],
        ['--window', 'lung'],
        ['--stored-values', '--frame', '2'],
        ['--stored-values', '--invert'],
      ]) {
        const { code, stderr } = await runCli([...options, 'a.png'], folder);
        assert.equal(code, 2, options.join(' '));
        assert.match(stderr, /Usage: chester-read/u);
      }
    }));
});
