/** FAULTS row 13: the browser does not promise to keep our storage. A warning; everything works. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { installApp, Stage, waitForState } from './support.ts';

const answers = {
  'answers false': () => {
    StorageManager.prototype.persist = () => Promise.resolve(false);
    StorageManager.prototype.persisted = () => Promise.resolve(false);
  },
  throws: () => {
    StorageManager.prototype.persist = () => Promise.reject(new TypeError('not here'));
  },
  'is not there': () => {
    Reflect.deleteProperty(StorageManager.prototype, 'persist');
    Reflect.deleteProperty(StorageManager.prototype, 'persisted');
  },
};

for (const [what, stub] of Object.entries(answers)) {
  test(`row 13: persist() ${what}`, async () => {
    const stage = await Stage.open();
    try {
      await stage.context.addInitScript(stub);
      const page = await stage.page();
      await installApp(page);
      const state = await waitForState(page, ({ notice }) => notice !== undefined, 'the warning');
      assert.equal(state.notice?.kind, 'not-persisted');
      assert.equal(state.offline.kind, 'ready');
    } finally {
      await stage.close();
    }
  });
}
