/**
 * The published networks in the app: a site offers Chester's DenseNet-121 with 18 findings and its autoencoder, a person
 * downloads both, uses them, and reads without a network. Random weights in the published shapes: the real ones may not be
 * redistributed, so both say that their origin is not verified.
 */

import assert from 'node:assert/strict';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { findingIds } from '../../src/shared/finding-ids.ts';
import { addPublished } from '../../tools/pack/add/add-published.ts';
import { publishedModel } from '../../tools/pack/published/published-models.ts';
import { startPublishedEngine } from '../../tools/pack/published/run-as-published.ts';
import { updateCatalog } from '../../tools/pack/write-pack.ts';
import { actOn, waitForModel } from '../faults/models.ts';
import { builtSite, helperPacks, Stage, waitForState } from '../faults/support.ts';
import { autoencoderModelJson, densenetModelJson } from '../support/published-style.ts';
import { writeRandomAutoencoder, writeRandomDenseNet } from '../support/random-published.ts';
import { readByCommandLine, worstDifference } from './command-line.ts';
import { install, openFiles, results } from './journey.ts';

const example = 'test/fixtures/examples/demo_effusion.png';
/** Between two engines, from the same pixels. */
const sameScores = 1e-3;
const mapSide = 7;

describe('the published networks in the app', { concurrency: 1 }, () => {
  let folder: string;
  let site: string;
  let stage: Stage;
  let page: Page;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'chester-published-'));
    site = join(folder, 'site');
    await cp(builtSite, site, { recursive: true });
    await startPublishedEngine();
    await writeRandomDenseNet(join(folder, 'chester-v3'), densenetModelJson());
    await writeRandomAutoencoder(join(folder, 'chester-ae'), autoencoderModelJson());
    await cp('package.json', join(folder, 'chester-v3/config.json'));
    for (const id of ['chester-v3', 'chester-ae']) {
      const manifest = await addPublished(publishedModel(id), {
        from: join(folder, id),
        unverified: true,
        id,
        version: '1.0.0',
        shortening: { precision: 'float16' },
        out: join(site, 'models'),
      });
      await updateCatalog(join(site, 'models'), manifest, false);
    }
    stage = await Stage.open({ root: site });
    page = await stage.page();
    await install(page);
  });
  after(async () => {
    await stage.close();
    await rm(folder, { recursive: true, force: true });
  });

  test('are offered, downloaded when asked, and used when chosen', async () => {
    for (const id of ['chester-v3', 'chester-ae']) {
      const offered = await waitForModel(page, id, ({ offered }) => offered !== undefined, `${id} to be offered`);
      assert.equal(offered.installed, undefined);
      await actOn(page, 'downloadModel', id);
      const brought = await waitForModel(page, id, ({ installed }) => installed !== undefined, `${id} to be installed`);
      assert.equal(brought.origin, 'unverified');
      assert.equal(brought.inUse, false);
      await actOn(page, 'useModel', id);
      await waitForModel(page, id, ({ inUse }) => inUse, `${id} to be in use`);
    }
  });

  test('read without a network what the command line reads, with a map for each of 18 findings', async () => {
    await stage.server.stop();
    await stage.relaunch();
    page = await stage.page();
    await waitForState(page, ({ offline }) => offline.kind === 'ready', 'the app to be ready');
    await openFiles(page, [example]);
    const [found] = await results(page);
    assert.ok(found !== undefined);
    const { analysis, maps } = found;
    assert.deepEqual(analysis.findings.map(({ id }) => id).sort(), [...findingIds].sort());
    assert.deepEqual(analysis.versions.packs, {
      ...(await helperPacks()),
      'chester-v3': '1.0.0',
      'chester-ae': '1.0.0',
    });
    assert.ok(analysis.findings.every(({ grade }) => grade === 'unmeasured'));
    for (const id of findingIds) {
      assert.equal(maps[id]?.width, mapSide, id);
      assert.equal(new Set(maps[id].values).size > 1, true, `${id}: a map with places that differ`);
    }
    const models = join(site, 'models');
    const [twin] = await readByCommandLine([
      example,
      '--pack',
      join(models, 'chester-v3'),
      '--second-opinion',
      join(models, 'chester-ae'),
    ]);
    assert.ok(twin !== undefined);
    const worst = worstDifference(analysis, twin);
    assert.ok(worst <= sameScores, `${worst}`);
    const { similarity = NaN } = analysis.gate.secondOpinion ?? {};
    assert.ok(Math.abs(similarity - (twin.gate.secondOpinion?.similarity ?? NaN)) <= sameScores, `${similarity}`);
  });

  test('say on the result that their origin is not verified, and what the second opinion is', async () => {
    await page.getByText('origin not verified', { exact: false }).first().waitFor();
    await page.getByText('Second opinion', { exact: false }).first().waitFor();
  });
});
