/** FAULTS row 17: two tabs, one applies an update. Both are of one version, and no file is missed. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  act,
  acceptNotice,
  appState,
  buildNextVersion,
  lookForUpdate,
  Stage,
  waitForState,
  waitForWorker,
} from './support.ts';

test('row 17: one tab applies the update, both end on it, nothing answers 404', async () => {
  const next = await buildNextVersion('999.0.0');
  const stage = await Stage.open();
  try {
    const missed: string[] = [];
    stage.context.on('response', (response) => {
      if (response.status() >= 400) missed.push(response.url());
    });
    const one = await stage.page();
    await acceptNotice(one);
    await waitForWorker(one);
    const two = await stage.context.newPage();
    await two.goto(stage.server.url);
    await waitForState(two, ({ accepted }) => accepted === true, 'the second tab');
    const old = (await appState(one))?.version;

    stage.server.publish(next.root);
    assert.equal(await lookForUpdate(one), true);
    for (const tab of [one, two]) {
      await waitForState(tab, ({ update }) => update.kind === 'waiting' && !update.busy, 'the update to be offered');
      assert.equal((await appState(tab))?.version, old, 'nobody updates unasked');
    }
    await act(two, 'applyUpdate').catch(() => undefined); // The page may be gone before it can answer.
    for (const tab of [one, two]) {
      await waitForState(tab, ({ version }) => version === '999.0.0', 'the tab to be of the new version');
    }
    // A part that is loaded when it is asked for.
    await one.goto(`${stage.server.url}#/help`);
    await stage.server.stop();
    for (const tab of [one, two]) {
      await tab.reload();
      await waitForState(tab, ({ version }) => version === '999.0.0', 'the new version without a server');
    }
    assert.deepEqual(missed, []);
  } finally {
    await stage.close();
    await next.remove();
  }
});
