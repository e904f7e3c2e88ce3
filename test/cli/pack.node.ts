/** `npm run pack`, as a site uses it: a network in, a pack out, proven, compared, bundled and read with. */

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { encode } from 'fast-png';
import { loadFindingsNetwork } from '../../src/inference/findings-network.ts';
import type { Analysis } from '../../src/shared/analysis.ts';
import type { Catalog, FindingsManifest, SecondOpinionManifest } from '../../src/shared/pack.ts';
import { readPackFolder } from '../../tools/read/load-pack-folder.ts';
import { readGraphModel } from '../../tools/pack/published/graph-model.ts';
import { recogniseDenseNet } from '../../tools/pack/published/recognise-densenet.ts';
import { loadAsPublished, startPublishedEngine } from '../../tools/pack/published/run-as-published.ts';
import {
  legacyDensenet,
  readDensenetFixture,
  safetensorsDensenet,
  seededInput,
} from '../golden/torch/seeded-densenet.ts';
import { autoencoderModelJson, densenetModelJson } from '../support/published-style.ts';
import { writeRandomAutoencoder, writeRandomDenseNet } from '../support/random-published.ts';
import { lines, runCli } from './run-cli.ts';

const program = resolve('tools/pack/main.ts');
const size = 224;

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

describe('pack', { concurrency: 1 }, () => {
  let scratch: string;
  let out: string;
  before(async () => {
    scratch = await mkdtemp(join(tmpdir(), 'chester-pack-'));
    out = join(scratch, 'models');
    await mkdir(out);
    await startPublishedEngine();
    await writeRandomDenseNet(join(scratch, 'chester-v3'), densenetModelJson());
    await writeRandomAutoencoder(join(scratch, 'chester-ae'), autoencoderModelJson());
    // A folder of the published model holds its settings too; the digest of these is another one.
    await writeFile(join(scratch, 'chester-v3/config.json'), '{}');
  });
  after(() => rm(scratch, { recursive: true, force: true }));

  function pack(...args: readonly string[]): Promise<Ended> {
    const command = ['--import', 'tsx', program, ...args];
    return new Promise((done) => {
      execFile(process.execPath, command, { maxBuffer: 1e8 }, (error, stdout, stderr) => {
        done({ code: error === null ? 0 : typeof error.code === 'number' ? error.code : -1, stdout, stderr });
      });
    });
  }

  const add = (model: string, ...args: readonly string[]): Promise<Ended> =>
    pack('add', model, '--from', join(scratch, model), '--out', out, ...args);

  async function manifestOf<Manifest>(id: string): Promise<Manifest> {
    return JSON.parse(await readFile(join(out, id, 'pack.json'), 'utf8')) as Manifest;
  }

  test('shows the licence, and writes nothing until it is accepted', async () => {
    const { code, stderr } = await add('chester-v3', '--unverified');
    assert.equal(code, 1);
    assert.match(stderr, /CC-BY-NC-4\.0/);
    assert.match(stderr, /--accept-license/);
    assert.deepEqual(await readdir(out), []);
  });

  test('refuses weights that are not the published ones, by the file that differs', async () => {
    const { code, stderr } = await add('chester-v3', '--accept-license');
    assert.equal(code, 1);
    assert.match(stderr, /model\.json/);
    assert.deepEqual(await readdir(out), []);
  });

  test('takes them where a person says so, and the pack says it for ever', async () => {
    const { code, stdout, stderr } = await add('chester-v3', '--accept-license', '--unverified', '--dtype', 'float32');
    assert.equal(code, 0, stderr);
    assert.match(stdout, /origin not verified/);
    const manifest = await manifestOf<FindingsManifest>('chester-v3');
    assert.equal(manifest.origin?.status, 'unverified');
    assert.equal(manifest.findings.length, 18);
    assert.equal(manifest.input.geometry, 'resize-crop');
    assert.ok(
      manifest.findings.every(({ grade, auc, operatingPoints }) => {
        return grade === 'unmeasured' && auc === undefined && operatingPoints.digital.rule === 'half';
      }),
    );
    const { logit = NaN, inputs } = manifest.origin.parity ?? {};
    assert.equal(inputs, 16);
    assert.ok(logit <= 1e-4, `${logit} in logit`);
    const { packs } = JSON.parse(await readFile(join(out, 'catalog.json'), 'utf8')) as Catalog;
    assert.deepEqual(
      packs.map(({ id, embedded }) => [id, embedded]),
      [['chester-v3', false]],
    );
  });

  test('does not overwrite a version, and leaves nothing of a pack that is too far from its source', async () => {
    const same = await add('chester-v3', '--accept-license', '--unverified');
    assert.equal(same.code, 1);
    assert.match(same.stderr, /--pack-version/);
    // Random weights amplify: int8 is farther away than a trained network may be.
    const int8 = await add('chester-v3', '--accept-license', '--unverified', '--dtype', 'int8', '--id', 'small');
    assert.equal(int8.code, 1);
    assert.match(int8.stderr, /--allow-difference/);
    assert.deepEqual((await readdir(out)).sort(), ['catalog.json', 'chester-v3']);
  });

  test('brings the autoencoder in, which answers as the published one', async () => {
    const { code, stderr } = await add('chester-ae', '--accept-license', '--unverified', '--dtype', 'float32');
    assert.equal(code, 0, stderr);
    const manifest = await manifestOf<SecondOpinionManifest>('chester-ae');
    assert.equal(manifest.role, 'second-opinion');
    assert.equal(manifest.refuseAtSimilarity, 0.6);
    const { relative = NaN } = manifest.origin?.parity ?? {};
    assert.ok(relative <= 1e-4, `${relative} of the pixels' deviation`);
  });

  test('checks, compares and bundles what it made', async () => {
    const checked = await pack('check', ...(await readdir(out)).map((name) => join(out, name)));
    assert.equal(checked.code, 0, checked.stderr);
    assert.match(checked.stdout, /chester-v3 1\.0\.0.*\n.*\n.*known answers[\s\S]*maps: mean \+ bias is the logit/);
    assert.match(checked.stdout, /chester-ae 1\.0\.0/);
    const bundle = join(scratch, 'x.chesterpack');
    assert.equal((await pack('bundle', join(out, 'chester-v3'), '--out', bundle)).code, 0);
    const same = await pack('diff', join(out, 'chester-v3'), bundle);
    assert.match(same.stdout, /nothing differs/);
    const other = await pack('diff', 'models/pocket', bundle);
    assert.match(other.stdout, /finding added: Lung Opacity/);
    assert.match(other.stdout, /scores are not comparable/);
    await writeFile(join(out, 'chester-ae/weights-01.bin'), 'x');
    const damaged = await pack('check', join(out, 'chester-ae'));
    assert.equal(damaged.code, 1);
    assert.match(damaged.stderr, /damaged/);
  });

  test('reads with it what the published graph makes of the same pixels', async () => {
    const pixels = Uint8Array.from({ length: size * size }, (_, at) => (at * 7919) % 251);
    const picture = join(scratch, 'x.png');
    await writeFile(picture, encode({ width: size, height: size, data: pixels, channels: 1, depth: 8 }));
    const { code, stdout, stderr } = await runCli([picture, '--pack', join(out, 'chester-v3'), '--logits'], scratch);
    assert.equal(code, 0, stderr);
    const { analysis } = JSON.parse(lines(stdout)[0] ?? '') as { readonly analysis: Analysis };

    await startPublishedEngine();
    const graph = await readGraphModel(join(scratch, 'chester-v3'));
    const { nodes } = recogniseDenseNet(graph);
    const published = await loadAsPublished(graph);
    const input = Float32Array.from(pixels, (value) => (2 * (value / 255) - 1) * 1024);
    const expected = published.run(input, [nodes.logits])[nodes.logits]!;
    published.dispose();
    assert.equal(analysis.logits?.length, 18);
    analysis.logits.forEach((logit, output) =>
      assert.ok(Math.abs(logit - expected[output]!) <= 1e-4, `output ${output}`),
    );
  });

  test('brings a PyTorch file in by its release, or by labels of one’s own, with PyTorch’s logits', async () => {
    const fixture = await readDensenetFixture();
    const module = join(scratch, 'module.pt');
    await writeFile(module, await legacyDensenet(fixture, 'module'));
    const asRelease = await pack(
      'add',
      module,
      '--as',
      'densenet121-res224-nih',
      '--accept-license',
      '--out',
      out,
      '--dtype',
      'float32',
    );
    assert.equal(asRelease.code, 0, asRelease.stderr);
    const manifest = await manifestOf<FindingsManifest>('densenet121-res224-nih');
    assert.equal(manifest.origin?.status, 'unverified');
    assert.match(manifest.origin.files[0]?.sha256 ?? '', /^[0-9a-f]{64}$/);
    assert.equal(manifest.input.geometry, 'crop-resize');
    // NIH's release has outputs that were never trained: they are left out.
    assert.equal(manifest.findings.length, 14);
    assert.ok(manifest.findings.every(({ operatingPoints }) => operatingPoints.digital.rule === 'youden'));

    const labels = Array.from({ length: 18 }, (_, output) => (output === 3 ? 'Mass' : output === 5 ? 'Effusion' : ''));
    const file = join(scratch, 'state.safetensors');
    await writeFile(file, await safetensorsDensenet(fixture));
    const own = await pack(
      'add',
      file,
      '--labels',
      labels.join(','),
      '--size',
      '224',
      '--id',
      'ours',
      '--accept-license',
      '--out',
      out,
      '--dtype',
      'float32',
    );
    assert.equal(own.code, 0, own.stderr);
    const network = loadFindingsNetwork(await readPackFolder(join(out, 'ours')));
    assert.deepEqual(
      network.manifest.findings.map(({ id }) => id),
      ['Mass', 'Effusion'],
    );
    const [mass = NaN, effusion = NaN] = network.answer(seededInput(1, fixture.logits.length));
    network.dispose();
    assert.ok(Math.abs(mass - fixture.logits[1]![3]!) < 1e-3);
    assert.ok(Math.abs(effusion - fixture.logits[1]![5]!) < 1e-3);
  });

  test('names what is wrong with what was typed', async () => {
    const cases: readonly (readonly [readonly string[], number, RegExp])[] = [
      [[], 2, /no command/],
      [['frobnicate'], 2, /frobnicate/],
      [['add', 'nothing.pt'], 2, /chester-v3/],
      [['add', program, '--accept-license'], 2, /--as RELEASE/],
      [['add', program, '--as', 'densenet121-res224-mars', '--accept-license'], 1, /densenet121-res224-nih/],
      [['add', program, '--labels', 'Broken heart', '--id', 'x', '--accept-license'], 1, /Broken heart/],
      [
        ['add', program, '--as', 'densenet121-res224-nih', '--id', 'x', '--accept-license', '--out', out],
        1,
        /torch\.save|safetensors/,
      ],
      [['add', 'chester-v3', '--dtype', 'float8', '--accept-license'], 2, /float16/],
      [['diff', 'models/pocket'], 2, /two packs/],
      [['diff', 'models/pocket', 'nobody'], 1, /nobody|model/],
    ];
    for (const [args, expected, words] of cases) {
      const { code, stderr } = await pack(...args);
      assert.equal(code, expected, `${args.join(' ')}: ${stderr}`);
      assert.match(stderr, words);
    }
    assert.ok(!existsSync(join(out, 'x')));
  });
});
