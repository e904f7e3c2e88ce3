/**
 * FAULTS row 24: a decoder that does not come back. Its worker is ended after 20 s and the X-ray marked; the next file is
 * read, by the networks that were loaded before.
 */

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Page, Worker } from 'playwright-core';
import { endings, give, install, open, type Ending } from '../e2e/journey.ts';
import { decodeTimeoutMs } from '../../src/shared/limits.ts';
import { Stage, waitForState, waitUntil } from './support.ts';

const picture = 'test/fixtures/examples/demo_effusion.png';
/** What a busy machine may add to the clock before the end is seen. */
const latenessMs = 40_000;
const attempts = 5;

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

/** Waits for the decoder to be there and makes it compute for ever at its next file, as one that lost its way does. */
async function makeDecoderHang(): Promise<Worker> {
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    // An idle decoder is ended after ten seconds: a file opens another.
    await open(page, picture);
    const worker = workerNamed('decode-worker');
    const hangs = await worker?.evaluate(hangAtNextFile).then(
      () => true,
      () => false,
    );
    if (worker !== undefined && hangs === true) return worker;
  }
  throw new Error('no decode worker lived long enough');
}

/** Runs in the worker. */
function hangAtNextFile(): void {
  addEventListener(
    'message',
    (event: MessageEvent<{ path?: string[] }>) => {
      if (event.data.path?.at(-1) !== 'open') return;
      event.stopImmediatePropagation();
      for (;;);
    },
    { capture: true },
  );
}

test('row 24: a decoder that hangs is ended with its worker, and the networks do not notice', async () => {
  const first = await open(page, picture);
  assert.equal(first.kind, 'done', first.code);
  const networks = workerNamed('inference-worker');
  assert.ok(networks !== undefined);
  await networks.evaluate(() => Object.assign(globalThis, { keptSinceBefore: true }));
  const decoder = await makeDecoderHang();
  const { length } = await endings(page);
  const start = Date.now();
  await give(page, [picture, picture]);
  await waitForState(page, ({ queue }) => queue[length]?.kind === 'failed', 'the clock', decodeTimeoutMs + latenessMs);
  assert.ok(Date.now() - start >= decodeTimeoutMs / 2, 'it was waited for');
  await waitForState(
    page,
    ({ queue }) => queue.length === length + 2 && queue[length + 1]?.kind !== 'working',
    'the one after it',
  );
  const [hung, next] = (await endings(page)).slice(length);
  assert.equal(hung?.code, 'decode-timeout');
  assert.equal(next?.kind, 'done', next?.code);
  await waitUntil(() => !page.workers().includes(decoder), 'the hung worker to be gone');
  assert.equal(workerNamed('inference-worker'), networks);
  assert.equal(await networks.evaluate(() => 'keptSinceBefore' in globalThis), true);
  const scores = ({ analysis }: Ending): unknown => analysis?.findings.map(({ id, score }) => [id, score]);
  assert.deepEqual(scores(next), scores(first));

  // Itself it is read when it is asked for again.
  await page.evaluate((id) => (location.hash = `#/result/${id}`), hung.id);
  await page.getByRole('button', { name: 'Try again' }).first().click();
  await waitForState(page, ({ queue }) => queue[length]?.kind === 'done', 'the X-ray after all');
});
