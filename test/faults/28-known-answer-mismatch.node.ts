/** FAULTS row 28: the known answers do not come out. No result is shown, and the app says why. */

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { install, open } from '../e2e/journey.ts';
import type { Catalog, PackManifest } from '../../src/shared/pack.ts';
import { builtSite, offeredPack, packRecords, Stage, waitForState } from './support.ts';

const picture = 'test/fixtures/examples/demo_effusion.png';

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** The site with other weights under the same known answers; every hash is right. */
async function siteWithOtherWeights(version: string): Promise<string> {
  const site = await mkdtemp(join(tmpdir(), 'chester-tampered-'));
  await cp(builtSite, site, { recursive: true });
  const { id } = await offeredPack();
  const folder = join(site, 'models', id);
  const manifest = JSON.parse(await readFile(join(folder, 'pack.json'), 'utf8')) as PackManifest;
  // Not the last: a map's size lies there, too, and who changes that gets another fault.
  const [shard = ''] = manifest.weights.shards;
  const bytes = await readFile(join(folder, shard));
  // The sign of every other 16-bit weight.
  for (let at = 1; at < bytes.length; at += 4) bytes[at] = (bytes[at] ?? 0) ^ 0x80;
  await writeFile(join(folder, shard), bytes);
  const files = manifest.files.map((file) => (file.path === shard ? { ...file, sha256: sha256(bytes) } : file));
  const packJson = Buffer.from(JSON.stringify({ ...manifest, version, files }));
  await writeFile(join(folder, 'pack.json'), packJson);
  const catalogPath = join(site, 'models/catalog.json');
  const catalog = JSON.parse(await readFile(catalogPath, 'utf8')) as Catalog;
  const packs = catalog.packs.map((entry) =>
    entry.id === id ? { ...entry, version, sha256: sha256(packJson) } : entry,
  );
  await writeFile(catalogPath, JSON.stringify({ ...catalog, packs }));
  return site;
}

test('row 28: a pack that computes other answers is rejected, and nothing is shown', async () => {
  const { version } = await offeredPack();
  const site = await siteWithOtherWeights(version);
  const stage = await Stage.open({ root: site });
  try {
    const page = await stage.page();
    await page.getByRole('button', { name: /I understand/ }).click();
    const state = await waitForState(page, ({ offline }) => offline.kind === 'failed', 'the proof to fail');
    assert.equal(state.offline.kind === 'failed' && state.offline.error.code, 'known-answer-mismatch');
    assert.equal((await packRecords(page))[0]?.state, 'rejected');
    await page.getByText('Not ready to work offline').waitFor();

    const ending = await open(page, picture);
    assert.equal(ending.code, 'known-answer-mismatch');
    await page
      .getByRole('alert')
      .getByText(/computes wrong answers/)
      .waitFor();

    // The site is mended: another try brings the right weights in.
    stage.server.publish(builtSite);
    await page.goto(`${stage.server.url}#/`);
    await page.getByRole('button', { name: 'Try again' }).first().click();
    await waitForState(page, ({ offline }) => offline.kind === 'ready', 'the right pack to be installed');
    assert.equal((await open(page, picture)).kind, 'done');
  } finally {
    await stage.close();
    await rm(site, { recursive: true, force: true });
  }
});

test('row 28: a newer version that fails its proof leaves the old one in use', async () => {
  const site = await siteWithOtherWeights('999.0.0');
  const stage = await Stage.open();
  try {
    const page = await stage.page();
    await install(page);
    const { id, version } = await offeredPack();
    stage.server.publish(site);
    await page.reload();
    const states = async (): Promise<Record<string, string>> =>
      Object.fromEntries(
        (await packRecords(page)).filter((record) => record.id === id).map(({ version: each, state }) => [each, state]),
      );
    for (let tries = 0; tries < 200 && (await states())['999.0.0'] !== 'rejected'; tries += 1)
      await page.waitForTimeout(200);
    assert.deepEqual(await states(), { [version]: 'installed', '999.0.0': 'rejected' });
    await waitForState(page, ({ offline }) => offline.kind === 'ready', 'the app to stay ready');
    const ending = await open(page, picture);
    assert.equal(ending.analysis?.versions.packs[id], version, ending.code);
  } finally {
    await stage.close();
    await rm(site, { recursive: true, force: true });
  }
});
