/**
 * FAULTS row 24: a decoder that does not come back. Its worker is ended after 20 s and the X-ray marked; the next file is
 * read, by the networks that were loaded before.
 */

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Page, Worker } from 'playwright-core';
import { endings, give, install, open } from '../e2e/journey.ts';
import { decodeTimeoutMs } from '../../src/shared/limits.ts';
import { Stage, waitForState, waitUntil } from './support.ts';

const picture = 'test/fixtures/examples/demo_effusion.png';
/** What a busy machine may add to the clock before the end is seen. */
const latenessMs = 15_000;

let stage: Stage;
let page: Page;

before(async () => {
  stage = await Stage.open();
  page = await stage.page();
  await install(page);
});

after(() => stage.close());

function workerNamed(part: string): Worker | undefined {
  return page.workers().find((worker) => worker.url().includes(part));
}

async function requireWorker(part: string): Promise<Worker> {
  await waitUntil(() => workerNamed(part) !== undefined, part);
  return workerNamed(part)!;
}

/** At its next file the decoder computes for ever, as one that lost its way in a stream does. */
async function hangAtNextFile(worker: Worker): Promise<void> {
  await worker.evaluate(() => {
    addEventListener(
      'message',
      (event: MessageEvent<{ path?: string[] }>) => {
        if (event.data.path?.at(-1) !== 'decode') return;
        event.stopImmediatePropagation();
        for (;;);
      },
      { capture: true },
    );
  });
}

test('row 24: a decoder that hangs is ended with its worker, and the networks do not notice', async () => {
  const first = await open(page, picture);
  assert.equal(first.kind, 'done', first.code);
  const networks = await requireWorker('inference-worker');
  await networks.evaluate(() => Object.assign(globalThis, { keptSinceBefore: true }));
  const decoder = await requireWorker('decode-worker');
  await hangAtNextFile(decoder);
  const start = Date.now();
  await give(page, [picture, picture]);
  await waitForState(page, ({ queue }) => queue[1]?.kind === 'failed', 'the clock', decodeTimeoutMs + latenessMs);
  assert.ok(Date.now() - start >= decodeTimeoutMs / 2, 'it was waited for');
  await waitForState(page, ({ queue }) => queue.length === 3 && queue[2]?.kind !== 'working', 'the one after it');
  const [, hung, next] = await endings(page);
  assert.equal(hung?.code, 'decode-timeout');
  assert.equal(next?.kind, 'done', next?.code);
  assert.ok(!page.workers().includes(decoder), 'the hung worker is gone');
  assert.equal(workerNamed('inference-worker'), networks);
  assert.equal(await networks.evaluate(() => 'keptSinceBefore' in globalThis), true);
  assert.deepEqual(
    next.analysis?.findings.map(({ id, score }) => [id, score]),
    first.analysis?.findings.map(({ id, score }) => [id, score]),
  );
});

test('row 24: the X-ray itself is read when it is asked for again', async () => {
  // By its address, as a person comes to it from the list.
  const [, hung] = await endings(page);
  await page.evaluate((id) => (location.hash = `#/result/${id}`), hung?.id ?? '');
  await page.getByRole('button', { name: 'Try again' }).first().click();
  await waitForState(page, ({ queue }) => queue[1]?.kind === 'done', 'the X-ray after all');
});
