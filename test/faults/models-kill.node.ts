/**
 * The browser is killed at random moments while models are installed, updated and rolled back: from a file with the
 * server stopped, and by the site's download. Each time a working app comes up again, and a whole model answers.
 *
 * CHESTER_SEED=N repeats a run.
 */

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { seededNumbers } from '../../tools/pack/seeded-numbers.ts';
import { install } from '../e2e/journey.ts';
import { actOn, assertWholeStorage, giveFile, model, readExample, sideLoad, Workshop } from './models.ts';
import { helperPacks, packRecords, pocketVersion, Stage, waitForState, waitUntil } from './support.ts';

const seed = Number(process.env['CHESTER_SEED'] ?? Math.floor(Math.random() * 1e6));
const rounds = 20;
type Change = 'install' | 'update' | 'roll back';

/** About as long as each takes here, so that kills fall before, into and after it. */
const latestMs: Readonly<Record<Change, number>> = { install: 280, update: 280, 'roll back': 25 };
/** 5 MB, as the embedded pack has. */
const ballastFiles = 20;

describe(`killed at ${rounds} moments, seed ${seed}`, { concurrency: 1 }, () => {
  const random = seededNumbers(seed);
  let stage: Stage;
  let workshop: Workshop;
  let page: Page;
  let files: Readonly<Record<'1.0.0' | '1.1.0', string>>;
  /** Kills that left something begun. */
  let unfinished = 0;
  const killed: Record<Change, number> = { install: 0, update: 0, 'roll back': 0 };

  before(async () => {
    console.log(`seed ${seed}`);
    workshop = await Workshop.open();
    files = {
      '1.0.0': await workshop.packFile({ id: 'ward', ballastFiles }),
      '1.1.0': await workshop.packFile({ id: 'ward', version: '1.1.0', threshold: 0.7, ballastFiles }),
    };
    stage = await Stage.open({ root: await workshop.site('site', [{ id: 'offered', ballastFiles }]) });
    page = await stage.page();
    await install(page);
  });
  after(async () => {
    await stage.close();
    await workshop.close();
  });

  /** Kills the browser somewhere in `change`, starts it again and finds everything whole. */
  async function killIn(change: Change, begin: () => Promise<void>): Promise<void> {
    const delayMs = Math.floor(random() * latestMs[change]);
    await begin();
    await wait(delayMs);
    await stage.relaunch();
    killed[change] += 1;
    // A page of this origin without the app: what lies there now is what the kill left.
    page = await stage.page('licences.json');
    if ((await packRecords(page)).some(({ state }) => state !== 'installed')) unfinished += 1;
    await page.goto(stage.server.url);
    await waitForState(
      page,
      ({ offline }) => offline.kind === 'ready',
      `the app after a kill ${delayMs} ms into ${change}`,
    );
    // What was stored whole is proven by itself, and half of a file is cleared away.
    const isSettled = async (): Promise<boolean> =>
      (await packRecords(page)).every(({ state }) => state === 'installed' || state === 'downloading') &&
      (await packRecords(page)).every(({ fromFile }) => fromFile !== true);
    await waitUntil(isSettled, 'what was begun to end or to be cleared away');
    await assertWholeStorage(page);
  }

  /** The version of `local/ward` that answers; it is in use, and really reads an X-ray, from the second round on. */
  async function answeringVersion(): Promise<string | undefined> {
    const ward = await model(page, 'local/ward');
    const version = ward?.installed?.version;
    const { packs } = (await readExample(page)).versions;
    const answering = ward?.inUse === true ? { 'local/ward': version ?? '' } : { pocket: pocketVersion };
    assert.deepEqual(packs, { ...(await helperPacks()), ...answering });
    return version;
  }

  /** Brings `local/ward` to a state by whatever is needed, undisturbed. */
  async function reach(version: '1.0.0' | '1.1.0'): Promise<void> {
    const ended = await sideLoad(page, files[version]);
    assert.equal(ended.kind, 'done', JSON.stringify(ended));
    await actOn(page, 'useModel', 'local/ward');
  }

  for (const part of [1, 2]) {
    test(`by files, the server stopped, part ${part}`, async () => {
      await stage.server.stop();
      for (let round = 0; round < 3; round += 1) {
        await killIn('install', () => giveFile(page, files['1.0.0']));
        assert.ok([undefined, '1.0.0'].includes(await answeringVersion()));
        await reach('1.0.0');

        await killIn('update', () => giveFile(page, files['1.1.0']));
        const updated = await answeringVersion();
        assert.ok(updated === '1.0.0' || updated === '1.1.0', updated);
        await reach('1.1.0');
        assert.equal((await model(page, 'local/ward'))?.previous?.version, '1.0.0');

        await killIn('roll back', () => begin(actOn(page, 'rollBackModel', 'local/ward')));
        const back = await model(page, 'local/ward');
        if (back?.installed?.version === '1.1.0') assert.equal(back.previous?.version, '1.0.0');
        else assert.deepEqual([back?.installed?.version, back?.previous], ['1.0.0', undefined]);
        assert.equal(back?.inUse, true);
        assert.equal(await answeringVersion(), back.installed?.version);
        await actOn(page, 'removeModel', 'local/ward');
      }
    });
  }

  test('by the site’s download', async () => {
    await stage.server.restart();
    for (let round = 0; round < 2; round += 1) {
      await killIn('install', () => begin(actOn(page, 'downloadModel', 'offered')));
      // Asked for before the kill: it goes on by itself, unless the kill came before it was written down.
      if ((await packRecords(page)).some(({ id }) => id === 'offered')) {
        await waitUntil(async () => (await model(page, 'offered'))?.installed !== undefined, 'the download to go on');
      }
      await assertWholeStorage(page);
      await actOn(page, 'removeModel', 'offered');
    }
    assert.ok(killed.install + killed.update + killed['roll back'] >= rounds, JSON.stringify(killed));
    console.log(`killed ${JSON.stringify(killed)}, ${unfinished} times with something half done`);
  });
});

/** Begins it and does not wait: the browser is about to be killed. */
function begin(work: Promise<void>): Promise<void> {
  work.catch(() => undefined);
  return Promise.resolve();
}
