/** FAULTS row 49: an ad-blocker blocks by name. Nothing that is needed is so named. */

import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { test } from 'node:test';
import { install, openExample } from '../e2e/journey.ts';
import { builtSite, Stage } from './support.ts';

/** Words that filter lists (EasyList, EasyPrivacy) match in addresses, as parts between separators. */
const blockedWords =
  /(?:^|[/._?=&-])(?:ads?|adv|advert|advertisements?|adserver|adsense|affiliate|analytics?|banners?|beacons?|click|collect|counter|doubleclick|events?|fingerprint|gtag|gtm|hit|impressions?|log|logger|matomo|metrics|pixels?|piwik|popup|promo|sponsors?|stats?|statistics|telemetry|track|tracker|tracking|visitor)(?:[/._?=&-]|$)/i;

test('row 49: no file of the site has a name that blockers take for an advertisement or a tracker', async () => {
  const files = (await readdir(builtSite, { recursive: true })).filter((path) => !path.endsWith('.map'));
  assert.ok(files.length > 20);
  assert.ok(blockedWords.test('assets/analytics.js') && blockedWords.test('ad/1.png') && !blockedWords.test('load.js'));
  assert.deepEqual(
    files.filter((path) => blockedWords.test(path)),
    [],
  );
});

test('row 49: with every such name blocked the app installs and reads', async () => {
  const stage = await Stage.open();
  try {
    stage.server.fault(blockedWords, { drop: true });
    const page = await stage.page();
    await install(page);
    const ending = await openExample(page);
    assert.equal(ending.kind, 'done', ending.code);
  } finally {
    await stage.close();
  }
});
