/** FAULTS row 22: a worker crashes. It is opened again, the queue goes on, the X-ray that was on it is marked. */

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Page, Worker } from 'playwright-core';
import { endings, give, install } from '../e2e/journey.ts';
import { Stage, waitForState, waitUntil } from './support.ts';

const pictures = ['demo_normal', 'demo_nodule', 'demo_effusion'].map((name) => `test/fixtures/examples/${name}.png`);
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

/** At the next call of `method` the worker throws where nobody catches, before it does anything. */
async function crashAtCall(worker: Worker, method: string): Promise<void> {
  await worker.evaluate((wanted) => {
    addEventListener(
      'message',
      (event: MessageEvent<{ path?: string[] }>) => {
        if (event.data.path?.at(-1) !== wanted) return;
        event.stopImmediatePropagation();
        throw new Error('test: the worker crashes');
      },
      { capture: true },
    );
  }, method);
}

test('row 22: the inference worker crashes', async () => {
  await waitUntil(() => workerNamed('inference-worker') !== undefined, 'the inference worker');
  const worker = workerNamed('inference-worker');
  assert.ok(worker !== undefined);
  await crashAtCall(worker, 'analyze');
  await give(page, pictures);
  await waitForState(
    page,
    ({ queue }) => queue.length === 3 && queue.every(({ kind }) => kind !== 'working'),
    'the end',
  );
  const [first, ...rest] = await endings(page);
  assert.equal(first?.code, 'engine-crashed');
  for (const { kind, code } of rest) assert.equal(kind, 'done', code);
});

test('row 22: the X-ray that was on it is read when asked again', async () => {
  await page.getByRole('button', { name: 'Try again' }).first().click();
  await waitForState(page, ({ queue }) => queue[0]?.kind === 'done', 'the first one after all');
});

test('row 22: the decode worker crashes', async () => {
  await give(page, [pictures[0] ?? '']);
  await waitForState(page, ({ queue }) => queue[3]?.kind === 'done', 'a decode worker to be there');
  await waitUntil(() => workerNamed('decode-worker') !== undefined, 'the decode worker');
  const worker = workerNamed('decode-worker');
  assert.ok(worker !== undefined);
  await crashAtCall(worker, 'open');
  await give(page, pictures);
  await waitForState(
    page,
    ({ queue }) => queue.length === 7 && queue.every(({ kind }) => kind !== 'working'),
    'the end',
  );
  const [first, ...rest] = (await endings(page)).slice(4);
  assert.equal(first?.code, 'decode-crashed');
  for (const { kind, code } of rest) assert.equal(kind, 'done', code);
});
