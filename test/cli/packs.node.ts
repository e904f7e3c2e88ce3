/** `--pack`, `--logits` and `--second-opinion` of the command line. */

import assert from 'node:assert/strict';
import { cp, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { describe, it } from 'node:test';
import type { Analysis } from '../../src/shared/analysis.ts';
import type { PackManifest } from '../../src/shared/pack.ts';
import { bundlePack } from '../../tools/pack/bundle.ts';
import { writeManifest } from '../../tools/pack/write-pack.ts';
import { writeTinyOpinion } from '../support/tiny-opinion.ts';
import { examples, lines, runCli, withFolder } from './run-cli.ts';

const pocket = resolve('models/pocket');
const picture = join(examples, 'demo_effusion.png');

async function readWith(...args: readonly string[]): Promise<Analysis> {
  const { code, stdout, stderr } = await runCli([picture, ...args], examples);
  assert.equal(code, 0, stderr);
  const [line = ''] = lines(stdout);
  return (JSON.parse(line) as { readonly analysis: Analysis }).analysis;
}

describe('packs of the command line', { concurrency: 1 }, () => {
  it('reads with a pack by id, by folder and by file, and with the embedded one without a word', async () => {
    await withFolder(async (folder) => {
      const bundle = join(folder, 'pocket.chesterpack');
      await bundlePack(pocket, bundle);
      const embedded = await readWith();
      for (const place of ['pocket', pocket, bundle]) {
        const { findings, versions } = await readWith('--pack', place);
        assert.deepEqual(findings, embedded.findings, place);
        assert.deepEqual(versions, embedded.versions, place);
      }
    });
  });

  it('prints the raw outputs in the pack’s order', async () => {
    const { findings } = JSON.parse(await readFile(join(pocket, 'pack.json'), 'utf8')) as Extract<
      PackManifest,
      { role: 'findings' }
    >;
    const { logits, findings: scores } = await readWith('--logits');
    assert.equal(logits?.length, findings.length);
    findings.forEach(({ id }, index) => {
      const { score } = scores.find((each) => each.id === id)!;
      assert.ok(Math.abs(score - 1 / (1 + Math.exp(-logits[index]!))) < 1e-6, id);
    });
    assert.equal((await readWith()).logits, undefined);
  });

  it('another pack answers under its own name and version', async () => {
    await withFolder(async (folder) => {
      const copy = join(folder, 'copy');
      await cp(pocket, copy, { recursive: true });
      const manifest = JSON.parse(await readFile(join(copy, 'pack.json'), 'utf8')) as PackManifest;
      await writeManifest(copy, { ...manifest, id: 'ward-model', version: '2.1.0' });
      const { packs } = (await readWith('--pack', copy)).versions;
      assert.equal(packs['ward-model'], '2.1.0');
      assert.equal(packs['pocket'], undefined);
    });
  });

  it('asks a second opinion, whose refusal is a reason with its source', async () => {
    await withFolder(async (folder) => {
      const agrees = join(folder, 'agrees');
      await writeTinyOpinion(agrees, { id: 'agrees', gain: 1 });
      const agreed = await readWith('--second-opinion', agrees);
      assert.equal(agreed.gate.verdict, 'pass');
      assert.equal(agreed.gate.secondOpinion?.similarity, 1);
      assert.equal(agreed.gate.secondOpinion.reconstructionError, 0);
      assert.equal(agreed.versions.packs['agrees'], '1.0.0');

      const differs = join(folder, 'differs');
      await writeTinyOpinion(differs, { id: 'differs', gain: -1 });
      const refused = await readWith('--second-opinion', differs);
      assert.equal(refused.gate.verdict, 'refuse');
      const [reason] = refused.gate.reasons;
      assert.equal(reason?.code, 'far-from-training');
      assert.equal(reason.source, 'differs@1.0.0');
      assert.ok((reason.value ?? 1) <= 0.6);
    });
  });

  it('says what is wrong with what it was given', async () => {
    await withFolder(async (folder) => {
      const opinion = join(folder, 'opinion');
      await writeTinyOpinion(opinion, { id: 'opinion', gain: 1 });
      const damaged = join(folder, 'damaged');
      await cp(pocket, damaged, { recursive: true });
      await writeFile(join(damaged, 'weights-02.bin'), 'x');
      const cases: readonly (readonly [readonly string[], number, RegExp])[] = [
        [['--pack', 'nobody'], 1, /nobody|model/iu],
        [['--pack', opinion], 2, /second-opinion/u],
        [['--second-opinion', pocket], 2, /findings/u],
        [['--pack', damaged], 1, /damaged/iu],
        [['--pack', picture], 1, /./u],
        [['--logits', '--csv'], 2, /--json/u],
      ];
      for (const [args, expected, words] of cases) {
        const { code, stderr, stdout } = await runCli([picture, ...args], examples);
        assert.equal(code, expected, `${args.join(' ')}: ${stderr}`);
        assert.match(stderr, words);
        assert.equal(stdout, '');
      }
    });
  });
});
