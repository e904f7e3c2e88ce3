import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { decodePicture } from '../../src/imaging/decode-picture.ts';
import { cornerDistance } from '../../src/imaging/photo/quad-candidates.ts';
import type { Analysis } from '../../src/shared/analysis.ts';
import { createNodeCodecs } from '../../tools/read/node-codecs.ts';
import { filmCorners } from '../fixtures/photographs/known-corners.ts';
import { examples, lines, runCli, withFolder } from './run-cli.ts';

const film = join(examples, '../photographs/film.jpg');

function analysisOf(stdout: string): Analysis {
  const [line] = lines(stdout);
  const { analysis } = JSON.parse(line ?? '{}') as { readonly analysis?: Analysis };
  if (analysis === undefined) throw new Error(`no analysis: ${stdout}`);
  return analysis;
}

describe('chester-read --photo', { concurrency: 1 }, () => {
  it('finds the corners, rectifies, checks, and writes what it read', () =>
    withFolder(async (folder) => {
      const out = join(folder, 'rectified');
      const { code, stdout, stderr } = await runCli(['--photo', film, '--rectified', out], examples);
      assert.equal(code, 0, stderr);
      const { image, gate } = analysisOf(stdout);
      assert.equal(image.source.kind, 'photo');
      assert.equal(image.source.inputKind, 'film');
      assert.equal(image.source.photo?.placedBy, 'app');
      const off = cornerDistance(image.source.photo.corners, filmCorners) / Math.hypot(1600, 900);
      assert.ok(off < 0.02, `${off}`);
      for (const reason of image.source.photo.reasons) {
        assert.ok(gate.reasons.some(({ code: told }) => told === reason.code));
      }
      const written = Uint8Array.from(await readFile(join(out, `${film}.png`)));
      const picture = await decodePicture(written, createNodeCodecs());
      assert.deepEqual([picture.width, picture.height], [image.width, image.height]);
    }));

  it('takes the corners that are given, and a monitor', async () => {
    const given = filmCorners.flatMap(({ x, y }) => [x, y]).join(',');
    const { code, stdout, stderr } = await runCli(['--photo', '--monitor', '--corners', given, film], examples);
    assert.equal(code, 0, stderr);
    const { source } = analysisOf(stdout).image;
    assert.deepEqual(source.photo?.corners, filmCorners);
    assert.deepEqual([source.photo.placedBy, source.inputKind], ['person', 'monitor']);
  });

  it('is named where a picture that is read as it is seems to be a photograph', async () => {
    const without = await runCli([film, join(examples, 'demo_effusion.png')], examples);
    assert.equal(without.code, 0, without.stderr);
    assert.match(without.stderr, /^1 of them by their colours photographs .* --photo/mu);
    const asPhotograph = await runCli(['--photo', film], examples);
    assert.doesNotMatch(asPhotograph.stderr, /photographs/u);
  });

  it('refuses what cannot be meant', async () => {
    for (const args of [
      ['--corners', '1,2,3,4,5,6,7,8', film],
      ['--rectified', 'out', film],
      ['--film', film],
      ['--photo', '--film', '--monitor', film],
      ['--photo', '--corners', '1,2,3', film],
      ['--photo', '--corners', '0,0,10,0,0,10,10,10', film],
      ['--photo', '--corners', '0,0,10,,10,10,0,10', film],
    ]) {
      const { code, stderr } = await runCli(args, examples);
      assert.equal(code, 2, `${args.join(' ')}: ${stderr}`);
      assert.match(stderr, /needs|exclude|must go clockwise/u);
    }
  });
});
