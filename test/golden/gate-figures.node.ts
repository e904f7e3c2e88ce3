import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { dataFolder } from '../../tools/data-folder.ts';
import { gateSets } from '../../tools/gate/gate-sets.ts';
import { measureSet, sharesOf } from '../../tools/gate/measure-set.ts';
import { loadFindingsPack } from '../../tools/read/load-pack-folder.ts';
import { createReader, type Reader } from '../../tools/read/reader.ts';
import { findModelsFolder } from '../../tools/read/run-command-line.ts';

const examples = join(dirname(fileURLToPath(import.meta.url)), '../fixtures/examples');
const data = dataFolder();
/** Pictures a set, spread evenly: the whole data folder takes minutes (`npm run measure-gate`). */
const sampleSize = 40;

const names = (await readdir(examples)).filter((name) => name.endsWith('.png')).sort();
const sets =
  data === undefined
    ? []
    : await gateSets(
        data,
        names.map((name) => join(examples, name)),
      );

describe('the gate', { concurrency: 1 }, () => {
  let reader: Reader;
  before(async () => {
    reader = await createReader({ findings: await loadFindingsPack(findModelsFolder()) });
  });
  after(() => reader.dispose());

  it('passes the four synthetic X-rays outright', async () => {
    const samples = await measureSet({ files: names.map((name) => join(examples, name)) }, reader, () => 0);
    assert.deepEqual(
      samples.map((sample) => [sample?.verdict, sample?.codes]),
      Array.from({ length: 4 }, () => ['pass', []]),
    );
  });

  it('has all sets of the data folder that have a target', { skip: data === undefined && 'no data folder' }, () => {
    const aimed = sets.filter(({ mostRefused, leastQuestioned }) => (mostRefused ?? leastQuestioned) !== undefined);
    assert.equal(aimed.length, 11);
    for (const { name, files } of aimed) assert.ok(files.length >= 4, name);
  });

  for (const { name, files, mostRefused, leastQuestioned } of sets) {
    if (mostRefused === undefined && leastQuestioned === undefined) continue;
    it(`keeps its promise on ${name}`, async () => {
      const every = Math.max(1, Math.floor(files.length / sampleSize));
      const sample = files.filter((_, index) => index % every === 0);
      const { count, refused, questioned } = sharesOf(await measureSet({ files: sample }, reader, () => 0));
      assert.equal(count, sample.length, 'every picture can be decoded');
      if (mostRefused !== undefined) assert.ok(refused <= mostRefused, `${refused} refused`);
      if (leastQuestioned !== undefined) assert.ok(questioned >= leastQuestioned, `${questioned} questioned`);
    });
  }
});
