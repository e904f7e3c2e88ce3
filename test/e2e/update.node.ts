/** A new version: offered when nothing runs, applied once, when it is asked for. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { appState, buildNextVersion, lookForUpdate, Stage, waitForState } from '../faults/support.ts';
import { install, openExample } from './journey.ts';

test('a new version is offered, applied by one click with one reload, and the pack stays', async () => {
  const next = await buildNextVersion('999.0.0');
  const stage = await Stage.open();
  try {
    const page = await stage.page();
    let loads = 0;
    page.on('load', () => (loads += 1));
    await install(page);
    assert.equal(loads, 0, 'the first install reloads nothing');
    const old = (await appState(page))?.version;

    stage.server.publish(next.root);
    assert.equal(await lookForUpdate(page), true);
    await page.getByRole('heading', { name: 'A new version is ready' }).waitFor();
    assert.equal((await appState(page))?.version, old);

    const downloads = stage.server.count('models/pocket/model.json');
    await page.getByRole('button', { name: 'Update now' }).click();
    const state = await waitForState(
      page,
      ({ version, notice }) => version === '999.0.0' && notice !== undefined,
      'the new version to say that it is one',
    );
    assert.deepEqual(state.notice, { kind: 'updated', version: '999.0.0' });
    await waitForState(page, ({ offline }) => offline.kind === 'ready', 'the new version to be ready');
    assert.equal(loads, 1, 'it is applied with one reload');
    assert.equal(stage.server.count('models/pocket/model.json'), downloads, 'the pack was not downloaded again');

    const ending = await openExample(page);
    assert.equal(ending.analysis?.versions.app, '999.0.0');
  } finally {
    await stage.close();
    await next.remove();
  }
});
