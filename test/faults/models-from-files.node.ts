/** Models in files: side-loaded, updated, rolled back, saved and removed with the server stopped. */

import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import type { ChesterApp } from '../../src/app/app-model.ts';
import { writeTinyOpinion } from '../support/tiny-opinion.ts';
import { bundlePack } from '../../tools/pack/bundle.ts';
import { install, shareToApp } from '../e2e/journey.ts';
import { actOn, giveFile, assertWholeStorage, model, models, readExample, sideLoad, Workshop } from './models.ts';
import {
  appState,
  damageStoredFile,
  helperPacks,
  packRecords,
  pocketVersion,
  Stage,
  storedHashes,
  waitForState,
  waitUntil,
} from './support.ts';

const id = 'local/ward';

describe('models from files, offline', { concurrency: 1 }, () => {
  let stage: Stage;
  let workshop: Workshop;
  let page: Page;
  let first: string;

  before(async () => {
    workshop = await Workshop.open();
    first = await workshop.packFile({ id: 'ward' });
    stage = await Stage.open();
    page = await stage.page();
    await install(page);
    await stage.server.stop();
  });
  after(async () => {
    await stage.close();
    await workshop.close();
  });

  test('an unknown pack becomes local/<id>, is proven, and answers only when it is chosen', async () => {
    const ended = await sideLoad(page, first);
    assert.deepEqual(ended, { kind: 'done', fileName: 'ward-1.0.0.chesterpack', id, version: '1.0.0' });
    const ward = await model(page, id);
    assert.equal(ward?.origin, 'unknown');
    assert.equal(ward.inUse, false);
    assert.equal(ward.installed?.manifest?.id, id);
    assert.deepEqual((await readExample(page)).versions.packs, { ...(await helperPacks()), pocket: pocketVersion });

    await actOn(page, 'useModel', id);
    const analysis = await readExample(page);
    assert.deepEqual(analysis.versions.packs, { ...(await helperPacks()), [id]: '1.0.0' });
    assert.deepEqual(analysis.findings.map((finding) => finding.id).sort(), ['Effusion', 'Nodule']);
    assert.equal((await model(page, 'pocket'))?.inUse, false);
  });

  test('the same file again: nothing is done, and that is said', async () => {
    const recordsBefore = await packRecords(page);
    const ended = await sideLoad(page, first);
    assert.equal(ended.kind === 'done' && ended.alreadyHere, true);
    assert.deepEqual(await packRecords(page), recordsBefore);
  });

  test('other content under the same version is refused, and the old one answers', async () => {
    const other = await workshop.packFile({ id: 'ward', threshold: 0.9 });
    const ended = await sideLoad(page, other);
    assert.equal(ended.kind === 'failed' && ended.error.code, 'pack-same-version');
    assert.deepEqual((await readExample(page)).versions.packs, { ...(await helperPacks()), [id]: '1.0.0' });
  });

  test('an update keeps the version before, tells the difference, and can be taken back', async () => {
    const update = await workshop.packFile({ id: 'ward', version: '1.1.0', threshold: 0.7 });
    assert.equal((await sideLoad(page, update)).kind, 'done');
    const updated = await model(page, id);
    assert.deepEqual(
      [updated?.installed?.version, updated?.previous?.version, updated?.inUse],
      ['1.1.0', '1.0.0', true],
    );
    assert.deepEqual(updated?.difference?.thresholds, [
      { id: 'Effusion', from: 0.5, to: 0.7 },
      { id: 'Nodule', from: 0.5, to: 0.7 },
    ]);
    assert.equal(updated.difference.weightsChanged, false);
    assert.deepEqual((await readExample(page)).versions.packs, { ...(await helperPacks()), [id]: '1.1.0' });

    await actOn(page, 'rollBackModel', id);
    const back = await model(page, id);
    assert.deepEqual([back?.installed?.version, back?.previous], ['1.0.0', undefined]);
    assert.deepEqual((await readExample(page)).versions.packs, { ...(await helperPacks()), [id]: '1.0.0' });
    assert.equal(
      (await packRecords(page)).some(({ version }) => version === '1.1.0'),
      false,
    );
  });

  test('an update whose known answers do not hold leaves the old one in use', async () => {
    const wrong = await workshop.packFile({ id: 'ward', version: '2.0.0', wrongAnswers: true });
    const ended = await sideLoad(page, wrong);
    assert.equal(ended.kind === 'failed' && ended.error.code, 'known-answer-mismatch');
    assert.equal((await model(page, id))?.installed?.version, '1.0.0');
    assert.deepEqual((await readExample(page)).versions.packs, { ...(await helperPacks()), [id]: '1.0.0' });
    // The next good version takes the failed one away.
    await sideLoad(page, await workshop.packFile({ id: 'ward', version: '2.0.1' }));
    assert.deepEqual(
      (await packRecords(page)).filter((record) => record.id === id).map(({ version }) => version),
      ['1.0.0', '2.0.1'],
    );
    await actOn(page, 'rollBackModel', id);
  });

  test('what was chosen is remembered by a cold start, and saved it is the file that came', async () => {
    await stage.relaunch();
    page = await stage.page();
    await waitForState(page, ({ offline }) => offline.kind === 'ready', 'the app to be ready');
    assert.deepEqual((await readExample(page)).versions.packs, { ...(await helperPacks()), [id]: '1.0.0' });
    const saved = await page.evaluate(async (modelId) => {
      const app = document.querySelector<HTMLElement & { app?: ChesterApp }>('chester-app')?.app;
      const file = await app?.savePackFile(modelId);
      return {
        name: file?.fileName,
        type: file?.blob.type,
        bytes: [...new Uint8Array(await file!.blob.arrayBuffer())],
      };
    }, id);
    assert.equal(saved.name, 'ward-1.0.0.chesterpack');
    assert.ok(Buffer.from(saved.bytes).equals(await readFile(first)));
  });

  test('the embedded pack goes only while another one answers, and comes back from a file', async () => {
    await actOn(page, 'useModel', 'pocket');
    await actOn(page, 'removeModel', 'pocket');
    const { notice } = (await appState(page))!;
    assert.equal(notice?.kind === 'error' && notice.error.code, 'pack-in-use');
    assert.ok((await model(page, 'pocket'))?.installed);

    await actOn(page, 'useModel', id);
    await actOn(page, 'removeModel', 'pocket');
    assert.equal((await model(page, 'pocket'))?.installed, undefined);
    await waitForState(page, ({ offline }) => offline.kind === 'ready', 'the app to stay ready');
    assert.deepEqual((await readExample(page)).versions.packs, { ...(await helperPacks()), [id]: '1.0.0' });

    const pocket = join(workshop.folder, 'pocket.chesterpack');
    await bundlePack('models/pocket', pocket);
    assert.deepEqual(await sideLoad(page, pocket), {
      kind: 'done',
      fileName: 'pocket.chesterpack',
      id: 'pocket',
      version: pocketVersion,
    });
    assert.equal((await model(page, 'pocket'))?.origin, 'embedded');
  });

  test('the chosen pack rots at rest: the embedded one answers, with a word, and the file mends it', async () => {
    await page.evaluate(() =>
      document.querySelector<HTMLElement & { app?: ChesterApp }>('chester-app')?.app?.dismissNotice(),
    );
    await damageStoredFile(page, id, '1.0.0', 'weights-01.bin');
    await page.reload();
    await waitForState(page, ({ offline }) => offline.kind === 'ready', 'the app to be ready');
    assert.deepEqual((await readExample(page)).versions.packs, { ...(await helperPacks()), pocket: pocketVersion });
    await waitForState(
      page,
      ({ notice }) => notice?.kind === 'error' && notice.error.code === 'pack-replaced',
      'the notice of the fallback',
    );
    const damaged = await model(page, id);
    assert.equal(damaged?.activity.kind === 'failed' && damaged.activity.error.code, 'pack-damaged');
    assert.equal((await sideLoad(page, first)).kind, 'done');
    await actOn(page, 'useModel', id);
    assert.deepEqual((await readExample(page)).versions.packs, { ...(await helperPacks()), [id]: '1.0.0' });
  });

  test('removed, it leaves nothing, and the embedded one answers again', async () => {
    await actOn(page, 'removeModel', id);
    assert.equal(
      (await packRecords(page)).some((record) => record.id === id),
      false,
    );
    assert.equal(
      (await models(page)).models.some((each) => each.id === id),
      false,
    );
    assert.deepEqual((await readExample(page)).versions.packs, { ...(await helperPacks()), pocket: pocketVersion });
    await assertWholeStorage(page);
  });

  test('cancelled in the middle, it leaves nothing', async () => {
    const large = await workshop.packFile({ id: 'large', ballastFiles: 20 });
    await page.evaluate(() => {
      const app = document.querySelector<HTMLElement & { app?: ChesterApp }>('chester-app')?.app;
      const stop = app?.subscribe(() => {
        const { models } = app.state;
        if (models.kind !== 'ready' || models.packFile.kind !== 'reading' || models.packFile.receivedBytes === 0)
          return;
        stop?.();
        document.documentElement.dataset['cancelledAt'] = String(models.packFile.receivedBytes);
        app.cancelPackFile();
      });
    });
    await giveFile(page, large);
    await page.waitForFunction(() => document.documentElement.dataset['cancelledAt'] !== undefined);
    await waitUntil(async () => (await models(page)).packFile.kind === 'none', 'the cancelled file to end');
    assert.equal(
      (await packRecords(page)).some((record) => record.id === 'local/large'),
      false,
    );
    assert.deepEqual(await storedHashes(page, 'local/large', '1.0.0'), {});
  });

  test('by its content it is known as a model, whatever its name: shared, and dropped among pictures', async () => {
    const bytes = [...(await readFile(first))];
    const landed = page.waitForEvent('load');
    const isBroughtIn = async (): Promise<boolean> => (await model(page, id))?.installed !== undefined;
    await shareToApp(page, { name: 'attachment', bytes: Uint8Array.from(bytes), type: 'application/zip' });
    await landed;
    await waitUntil(isBroughtIn, 'the shared model');
    assert.deepEqual((await appState(page))?.queue, []);
    await actOn(page, 'removeModel', id);

    const picture = [...(await readFile('test/fixtures/examples/demo_normal.png'))];
    await page.evaluate(
      ([content, pixels]) => {
        const dropped = new DataTransfer();
        dropped.items.add(new File([new Uint8Array(content)], 'ward.png', { type: 'image/png' }));
        dropped.items.add(new File([new Uint8Array(pixels)], 'normal.png', { type: 'image/png' }));
        window.dispatchEvent(new DragEvent('drop', { dataTransfer: dropped, bubbles: true, cancelable: true }));
      },
      [bytes, picture] as const,
    );
    await waitUntil(isBroughtIn, 'the dropped model');
    const state = await waitForState(page, ({ queue }) => queue.every(({ kind }) => kind === 'done'), 'the picture');
    assert.equal(state.queue.length, 1);
  });

  test('a second opinion is asked when it is chosen, damaged it is left out, and the findings stay', async () => {
    const folder = join(workshop.folder, 'opinion');
    await writeTinyOpinion(folder, { id: 'opinion', gain: 1 });
    const file = `${folder}.chesterpack`;
    await bundlePack(folder, file);
    assert.equal((await sideLoad(page, file)).kind, 'done');
    assert.equal((await readExample(page)).gate.secondOpinion, undefined);

    await actOn(page, 'useModel', 'local/opinion');
    const asked = await readExample(page);
    assert.equal(asked.gate.secondOpinion?.pack, 'local/opinion@1.0.0');
    assert.deepEqual(asked.versions.packs, {
      ...(await helperPacks()),
      pocket: pocketVersion,
      'local/opinion': '1.0.0',
    });
    await actOn(page, 'stopUsingModel', 'local/opinion');
    assert.equal((await readExample(page)).gate.secondOpinion, undefined);

    await actOn(page, 'useModel', 'local/opinion');
    await damageStoredFile(page, 'local/opinion', '1.0.0', 'weights-01.bin');
    await page.reload();
    await waitForState(page, ({ offline }) => offline.kind === 'ready', 'the app');
    const without = await readExample(page);
    assert.deepEqual(without.versions.packs, { ...(await helperPacks()), pocket: pocketVersion });
    assert.equal((await model(page, 'local/opinion'))?.activity.kind, 'failed');
    await actOn(page, 'removeModel', 'local/opinion');
  });

  test('a zip that is no model is told from a picture and from a model', async () => {
    const zip = join(workshop.folder, 'photos.zip');
    await writeFile(zip, 'PK\x03\x04\x14\0\0\0\0\0');
    await giveFile(page, zip);
    const state = await waitForState(page, ({ queue }) => queue.at(-1)?.kind === 'failed', 'the zip to be refused');
    assert.equal(state.queue.at(-1)?.error?.code, 'format-is-archive');
  });
});
