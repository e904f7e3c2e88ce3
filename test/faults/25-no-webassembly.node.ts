/**
 * FAULTS row 25: no WebAssembly at all. The engine in plain JavaScript gives the same answers.
 *
 * `--noexpose-wasm` has no effect on Chromium any more; `--jitless` takes WebAssembly away, and compiles no JavaScript
 * either, as the lockdown mode of phones does. So it is slow, and must be patient.
 */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readByCommandLine, worstDifference } from '../e2e/command-line.ts';
import { endings, give } from '../e2e/journey.ts';
import { Stage, waitForState } from './support.ts';

const picture = 'test/fixtures/examples/demo_effusion.png';
const patienceMs = 600_000;
const tolerance = 1e-3;

test('row 25: without WebAssembly X-rays are read in plain JavaScript, with the same scores', async () => {
  const stage = await Stage.open({ browserArgs: ['--js-flags=--jitless'] });
  try {
    const page = await stage.page();
    assert.equal(await page.evaluate(() => typeof WebAssembly), 'undefined');
    // Who agrees before the size is known has not agreed to the download.
    await waitForState(page, ({ offline }) => offline.kind === 'needs-download', 'the size', patienceMs);
    await page.getByRole('button', { name: /I understand/ }).click();
    await waitForState(page, ({ offline }) => offline.kind === 'ready', 'the pack to be proven', patienceMs);
    await give(page, [picture]);
    await waitForState(
      page,
      ({ queue }) => queue[0] !== undefined && queue[0].kind !== 'working',
      'the end',
      patienceMs,
    );
    const [ending] = await endings(page);
    assert.equal(ending?.kind, 'done', ending?.code);
    assert.equal(ending?.engine, 'js');
    const [expected] = await readByCommandLine([picture]);
    assert.ok(worstDifference(ending?.analysis, expected) <= tolerance);
  } finally {
    await stage.close();
  }
});
