import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { findingIds } from '../../../src/shared/finding-ids.ts';
import { releases } from '../../../tools/pack/torch/releases.ts';

const upstream = new URL('../../../../shared/upstream/chester-v3/config.json', import.meta.url);

test('the seven releases have eighteen outputs each, with a threshold exactly where there is a label', () => {
  assert.deepEqual(
    releases.map(({ id }) => id.replace('densenet121-res224-', '')),
    ['all', 'nih', 'pc', 'chex', 'rsna', 'mimic_nb', 'mimic_ch'],
  );
  for (const { id, labels, thresholds, url } of releases) {
    assert.equal(labels.length, findingIds.length, id);
    assert.equal(thresholds.length, findingIds.length, id);
    labels.forEach((label, output) => {
      assert.ok(label === '' || label === findingIds[output], `${id} ${output}`);
      const threshold = thresholds[output];
      assert.equal(label === '', threshold === null, `${id} ${output}`);
      assert.ok(threshold === null || (threshold! > 0 && threshold! < 1), `${id} ${output}`);
    });
    assert.match(url, /\/v1\/[a-z_-]+-densenet121-d121-tw-lr001-rot45-tr15-sc15-seed0-best\.pt$/);
  }
  assert.equal(new Set(releases.map(({ url }) => url)).size, releases.length);
});

test('what was not trained has no label', () => {
  const blanks = Object.fromEntries(
    releases.map(({ id, labels }) => [
      id.replace('densenet121-res224-', ''),
      findingIds.filter((_, output) => labels[output] === ''),
    ]),
  );
  const hospitals = ['Infiltration', 'Emphysema', 'Fibrosis', 'Pleural_Thickening', 'Nodule', 'Mass', 'Hernia'];
  assert.deepEqual(blanks, {
    all: [],
    nih: ['Lung Lesion', 'Fracture', 'Lung Opacity', 'Enlarged Cardiomediastinum'],
    pc: ['Lung Lesion', 'Lung Opacity', 'Enlarged Cardiomediastinum'],
    chex: hospitals,
    rsna: findingIds.filter((id) => id !== 'Pneumonia' && id !== 'Lung Opacity'),
    mimic_nb: hospitals,
    mimic_ch: hospitals,
  });
});

test("the thresholds of -all are those that Chester's own site publishes", async (context) => {
  if (!existsSync(upstream)) return context.skip('the published files are not here');
  const { OP_POINT } = JSON.parse(await readFile(upstream, 'utf8')) as { OP_POINT: number[] };
  assert.deepEqual(releases[0]?.thresholds, OP_POINT);
  return undefined;
});
