/** `npm run evaluate` from pictures and a table to a calibrated pack and its card, with small packs of the tests' own. */

import assert from 'node:assert/strict';
import { appendFile, copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { FindingsManifest } from '../../src/shared/pack.ts';
import { validatePack } from '../../src/storage/validate-pack.ts';
import type { CalibrationFile, Report } from '../../tools/evaluate/report.ts';
import { runEvaluate } from '../../tools/evaluate/run-evaluate.ts';
import type { ScoredImage } from '../../tools/evaluate/scored-image.ts';
import { parseScoresCsv } from '../../tools/evaluate/write/scores-csv.ts';
import { seededNumbers } from '../../tools/pack/seeded-numbers.ts';
import { writeManifest } from '../../tools/pack/write-pack.ts';
import { makePng } from '../fixtures/make-pictures.ts';
import { writeTinyFindings } from '../support/tiny-findings.ts';

const pictures = 120;
const side = 32;
const quick = ['--bootstraps', '100'];

describe('npm run evaluate', { concurrency: 1 }, () => {
  let folder = '';
  const at = (...parts: readonly string[]): string => join(folder, ...parts);
  /** Its words are no part of the test's. */
  const run = (argv: readonly string[], signal = new AbortController().signal): Promise<number> =>
    runEvaluate(argv, signal, { out: () => undefined, err: () => undefined });

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'chester-evaluate-'));
    await mkdir(at('site/images'), { recursive: true });
    const next = seededNumbers(23);
    const lines = ['file,patient,findings,fold,sex,age,boxes'];
    for (let index = 0; index < pictures; index += 1) {
      const brightness = next();
      const noise = seededNumbers(index);
      const sample = (): number => Math.floor(255 * (0.7 * brightness + 0.3 * noise()));
      await writeFile(at(`site/images/${index}.png`), makePng({ width: side, height: side, sample }));
      // Brighter pictures have it more often: the network has something to be right or wrong about.
      const findings = [...(next() < brightness ? ['Effusion'] : []), ...(next() < 0.4 ? ['Nodule'] : [])];
      const labels = findings.length === 0 ? 'No Finding' : findings.join('|');
      const boxes = findings.includes('Nodule') ? `"[[""Nodule"", 0, 0, ${side}, ${side}]]"` : '';
      const patient = Math.floor(index / 2);
      lines.push(
        `images/${index}.png,p${patient},${labels},${patient % 2},${patient % 4 < 2 ? 'F' : 'M'},${20 + index},${boxes}`,
      );
    }
    await writeFile(at('site/images/broken.png'), 'not a picture');
    lines.push('images/broken.png,p999,Nodule,0,F,30,', 'images/gone.png,p998,Nodule,0,F,30,');
    await writeFile(at('site/labels.csv'), `${lines.join('\n')}\n`);
    const examples = join(import.meta.dirname, '../fixtures');
    await mkdir(at('drawn'));
    await copyFile(join(examples, 'photographs/film.jpg'), at('drawn/film.jpg'));
    await copyFile(join(examples, '../../static/examples/synthetic-effusion.png'), at('drawn/chest.png'));
    // Two "lungs" left and right of a "heart", where they would be.
    const drawn = (x: number, y: number): number =>
      y < 60 || y > 190
        ? 0
        : (x > 40 && x < 100) || (x > 156 && x < 216)
          ? 100
          : x > 110 && x < 160 && y > 130
            ? 200
            : 0;
    await writeFile(at('drawn/mask.png'), makePng({ width: 256, height: 256, sample: drawn }));
    await writeFile(
      at('drawn/labels.csv'),
      'file,inputKind,mask,heart,source\nchest.png,,mask.png,1,here\nfilm.jpg,film,,,\n',
    );
    await writeTinyFindings(at('folds/0'), { id: 'tiny-a' });
    await writeTinyFindings(at('folds/1'), { id: 'tiny-b' });
  });
  after(() => rm(folder, { recursive: true, force: true }));

  const json = async <T>(...parts: readonly string[]): Promise<T> =>
    JSON.parse(await readFile(at(...parts), 'utf8')) as T;
  const cached = async (out: string): Promise<ScoredImage[]> =>
    (await readFile(at(out, 'scores.jsonl'), 'utf8'))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as ScoredImage);

  it('measures a pack, and its figures are those of the scores that it wrote', async () => {
    assert.equal(await run([at('site'), '--pack', at('folds/0'), '--out', at('one'), ...quick]), 0);
    const report = await json<Report>('one', 'report.json');
    assert.equal(report.measuredOn, 'site, 120 images of 60 patients');
    assert.deepEqual(report.data, {
      images: 121,
      labelled: 120,
      patients: 60,
      missing: 1,
      unreadable: { 'format-is-text': 1 },
      unlabelledFindings: [],
    });
    const { columns } = parseScoresCsv(await readFile(at('one', 'scores.csv'), 'utf8'), 'scores.csv');
    for (const { id, labels, logits } of columns) {
      const finding = report.findings.find((each) => each.id === id)!;
      // By definition, pair by pair.
      let [won, pairs] = [0, 0];
      labels.forEach((a, i) =>
        labels.forEach((b, j) => {
          if (a !== 1 || b !== 0) return;
          pairs += 1;
          won += logits[i]! > logits[j]! ? 1 : logits[i] === logits[j] ? 0.5 : 0;
        }),
      );
      assert.ok(Math.abs(finding.auc!.value - won / pairs) < 1e-12, id);
      assert.ok(finding.auc!.interval95![0] < finding.auc!.value && finding.auc!.value < finding.auc!.interval95![1]);
      assert.equal(finding.probability, null, 'the pack is not calibrated');
      const hits = labels.reduce((sum, label, row) => sum + (label === 1 && logits[row]! >= 0 ? 1 : 0), 0);
      assert.equal(finding.sensitivity!.value, hits / finding.positives, 'at the threshold of the pack, ½');
    }
    assert.ok(Math.abs(report.findings[0]!.auc!.value - 0.5) > 0.1, 'brightness tells something');
    assert.deepEqual(
      report.groups.map(({ attribute, levels }) => [attribute, levels.map(({ level }) => level)]),
      [
        ['sex', ['F', 'M']],
        ['age', ['18 to 39', '40 to 64', '65 and above']],
      ],
    );
    const { localisation } = report;
    assert.equal(localisation?.hits, localisation?.images, 'the box is the whole picture');
    assert.equal(localisation?.meanBoxShare, 1);
    const markdown = await readFile(at('one', 'report.md'), 'utf8');
    assert.match(markdown, new RegExp(`Effusion \\| ${report.findings[0]!.auc!.value.toFixed(3)} \\(`));
    assert.match(await readFile(at('one', 'roc.svg'), 'utf8'), /^<svg .*Effusion.*<polyline/);
  });

  it('goes on where it was cut, with half a line at the end, and reads nothing twice', async () => {
    const stop = new AbortController();
    const arguments_ = [at('site'), '--pack', at('folds/0'), '--out', at('cut'), ...quick];
    const stopping = setInterval(() => {
      void cached('cut').then(
        (lines) => (lines.length >= 5 ? stop.abort() : undefined),
        () => undefined,
      );
    }, 1);
    assert.equal(await run(arguments_, stop.signal), 1);
    clearInterval(stopping);
    const before = await cached('cut');
    assert.ok(before.length >= 5 && before.length < 121, `${before.length}`);
    await appendFile(at('cut', 'scores.jsonl'), '{"file":"images/7');
    assert.equal(await run(arguments_), 0);
    const lines = await cached('cut');
    assert.equal(lines.length, 121);
    assert.equal(new Set(lines.map(({ file }) => file)).size, 121);
    assert.deepEqual(lines.slice(0, before.length), before);
    const [whole, cut] = [await json<Report>('one', 'report.json'), await json<Report>('cut', 'report.json')];
    assert.deepEqual({ ...cut, createdAt: '' }, { ...whole, createdAt: '' });
  });

  it('reads a picture again that was changed, and only that', async () => {
    await writeFile(at('site/images/3.png'), makePng({ width: side, height: side + 1, sample: () => 9 }));
    assert.equal(await run([at('site'), '--pack', at('folds/0'), '--out', at('cut'), ...quick]), 0);
    const lines = await cached('cut');
    assert.deepEqual(
      lines.slice(121).map(({ file }) => file),
      ['images/3.png'],
    );
  });

  it('never appends to a file that is not its own', async () => {
    await mkdir(at('foreign'));
    await writeFile(at('foreign/scores.jsonl'), 'somebody’s notes\n');
    assert.equal(await run([at('site'), '--pack', at('folds/0'), '--out', at('foreign')]), 1);
    assert.equal(await readFile(at('foreign/scores.jsonl'), 'utf8'), 'somebody’s notes\n');
  });

  it('cross-validates: each pack on its own fold', async () => {
    assert.equal(await run([at('site'), '--folds', '--pack', at('folds'), '--out', at('cv'), ...quick]), 0);
    const report = await json<Report>('cv', 'report.json');
    assert.equal(report.measuredOn, 'site, 120 images of 60 patients, cross-validated, two networks');
    assert.deepEqual(
      report.folds.map(({ fold, pack, images }) => [fold, pack, images]),
      [
        ['0', 'tiny-a@1.0.0', 60],
        ['1', 'tiny-b@1.0.0', 60],
      ],
    );
    const mean = (report.folds[0]!.macroAuc + report.folds[1]!.macroAuc) / 2;
    assert.ok(Math.abs(report.meanOverFolds! - mean) < 1e-12);
    for (const { file, network } of await cached('cv')) {
      const index = /(\d+)\.png$/.exec(file)?.[1];
      const fold = index === undefined ? 0 : Math.floor(Number(index) / 2) % 2;
      assert.ok(network.startsWith(fold === 0 ? 'tiny-a:' : 'tiny-b:'), `${file} ${network}`);
    }
    assert.ok(report.findings.every(({ probability }) => probability !== null));
  });

  it('calibrates: the pack that is made of it is taken, and its probabilities have the right mean', async () => {
    assert.equal(await run(['--calibrate', at('cv'), ...quick]), 0);
    const calibration = await json<CalibrationFile>('cv', 'calibration.json');
    const tiny = await json<FindingsManifest>('folds', '0', 'pack.json');
    const findings = tiny.findings.map(({ id, bias }) => ({
      ...calibration.findings.find((each) => each.id === id)!,
      bias,
    }));
    await writeTinyFindings(at('models/tiny-a'), { id: 'tiny-a' });
    // `files` is listed anew.
    await writeManifest(at('models/tiny-a'), { ...tiny, findings, calibrated: true });
    validatePack(await json('models', 'tiny-a', 'pack.json'));

    assert.equal(await run([at('site'), '--pack', at('models/tiny-a'), '--out', at('calibrated'), ...quick]), 0);
    const report = await json<Report>('calibrated', 'report.json');
    for (const { id, probability } of report.findings) {
      assert.ok(Math.abs(probability!.meanProbability - probability!.rate) < 1e-3, id);
      const { slope } = calibration.findings.find((each) => each.id === id)!.calibration.digital;
      // Measured on what it was fitted to (both folds have the same weights), so exactly; one probability for all has none.
      if (slope === 0) assert.equal(probability!.slope, null, id);
      else assert.ok(Math.abs(probability!.slope!.value - 1) < 1e-3, id);
    }
  });

  it('writes the card from the report, and refuses another report’s figures', async () => {
    const before = await readFile(at('models/tiny-a/pack.json'), 'utf8');
    assert.equal(await run(['--card', '--pack', at('models/tiny-a'), '--out', at('one')]), 1);
    assert.equal(await readFile(at('models/tiny-a/pack.json'), 'utf8'), before);
    assert.equal(await run(['--card', '--pack', at('models/tiny-a'), '--out', at('cv')]), 0);
    const card = await readFile(at('models/tiny-a/MODEL_CARD.md'), 'utf8');
    const report = await json<Report>('cv', 'report.json');
    assert.ok(card.includes(report.measuredOn));
    assert.ok(card.includes(`mean over the folds' own means: **${report.meanOverFolds!.toFixed(3)}**`));
    const manifest = validatePack(await json('models', 'tiny-a', 'pack.json'));
    assert.ok(manifest.files.some(({ path }) => path === 'MODEL_CARD.md'));
  });

  it('reads photographs as such, and measures outlines where lungs are drawn', async () => {
    assert.equal(await run([at('drawn'), '--pack', at('folds/0'), '--out', at('outlines')]), 0);
    const [chest, film] = (await cached('outlines')).map(({ answer }) => {
      assert.ok('inputKind' in answer);
      return answer;
    });
    assert.deepEqual([chest?.inputKind, film?.inputKind], ['digital', 'film']);
    const [x, y] = chest!.lungsCentre!;
    assert.ok(Math.abs(x - 0.5) < 0.06 && Math.abs(y - 0.5) < 0.15, `${x} ${y}`);
    const { lungs } = await json<Report>('outlines', 'report.json');
    const { mean, count } = lungs!.lungs.here!;
    assert.equal(count, 1);
    assert.ok(mean > 0.5 && mean < 0.99, `${mean}`);
    assert.ok(lungs!.heart!.mean > 0.3 && lungs!.ratio!.mean < 0.3, JSON.stringify(lungs));
    assert.match(await readFile(at('outlines/report.md'), 'utf8'), /lungs, here \| 1 \|/);
    // Another kind of input is another answer.
    await writeFile(at('drawn/labels.csv'), 'file,inputKind\nfilm.jpg,monitor\n');
    assert.equal(await run([at('drawn'), '--pack', at('folds/0'), '--out', at('outlines')]), 0);
    const answers = (await cached('outlines')).map(({ answer }) => answer);
    assert.equal(answers.length, 3);
    assert.ok(answers.some((answer) => 'inputKind' in answer && answer.inputKind === 'monitor'));
  });

  it('says what is wrong with its words', async () => {
    assert.equal(await run(['--card']), 2);
    assert.equal(await run(['--limit', 'few']), 2);
    assert.equal(await run([at('site'), '--folds', '--fold', '1']), 2);
    assert.equal(await run([at('nowhere')]), 1);
    assert.equal(await run([at('site'), '--folds', '--pack', at('site')]), 1);
    assert.equal(await run(['--calibrate', at('site')]), 1);
    assert.equal(await run(['--calibrate', at('cv'), '--photographs', at('one'), ...quick]), 1, 'another network');
    assert.equal(await run(['--photographs', at('cv')]), 2);
    assert.equal(await run(['--help']), 0);
  });
});
