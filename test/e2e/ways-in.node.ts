/** Pictures from outside: the share sheet and the file handler. Each is opened once. */

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { after, before, test } from 'node:test';
import type { Page } from 'playwright-core';
import { Stage, waitForState } from '../faults/support.ts';
import { endings, install, shareToApp } from './journey.ts';

const picture = 'test/fixtures/examples/demo_nodule.png';
let stage: Stage;
let page: Page;

before(async () => {
  stage = await Stage.open();
  page = await stage.page();
  page.on('dialog', (dialog) => void dialog.accept());
  await install(page);
});

after(() => stage.close());

test('a shared picture is opened once, and the address tells nothing of it', async () => {
  await shareToApp(page, { name: 'shared.png', bytes: await readFile(picture) });
  await waitForState(page, ({ queue }) => queue[0]?.kind === 'done', 'the shared picture to be read');
  assert.deepEqual(
    (await endings(page)).map(({ name }) => name),
    ['shared.png'],
  );
  assert.equal(new URL(page.url()).search, '');

  await page.reload();
  await waitForState(page, ({ offline }) => offline.kind === 'ready', 'the app after a reload');
  assert.deepEqual(await endings(page), []);
});

test('a picture that the system opens with the app is opened once, and not again by a reload', async () => {
  const other = await stage.context.newPage();
  other.on('dialog', (dialog) => void dialog.accept());
  const bytes = [...(await readFile(picture))];
  // Headless Chromium has no file manager to start it: the launch itself is stood in for, consumer and all. As the real
  // one does, it is repeated after a reload.
  await other.addInitScript((content) => {
    const file = new File([new Uint8Array(content)], 'handled.png', { type: 'image/png', lastModified: 1 });
    const launch = { files: [{ getFile: () => Promise.resolve(file) }] };
    Object.defineProperty(globalThis, 'launchQueue', {
      value: { setConsumer: (consumer: (params: unknown) => void) => setTimeout(() => consumer(launch), 50) },
    });
  }, bytes);
  await other.goto(stage.server.url);
  await waitForState(other, ({ queue }) => queue[0]?.kind === 'done', 'the handled picture to be read');
  assert.deepEqual(
    (await endings(other)).map(({ name }) => name),
    ['handled.png'],
  );
  await other.reload();
  await waitForState(other, ({ offline }) => offline.kind === 'ready', 'the app after a reload');
  await other.waitForTimeout(500);
  assert.deepEqual(await endings(other), []);
  await other.close();
});

test('the manifest’s file handler is one that the browser takes, and names this address', async () => {
  const session = await stage.session(page);
  const { data, errors } = await session.send('Page.getAppManifest');
  assert.deepEqual(errors, []);
  const manifest = JSON.parse(data ?? '{}') as {
    file_handlers: { action: string; accept: Record<string, string[]> }[];
  };
  const [handler] = manifest.file_handlers;
  assert.equal(new URL(handler?.action ?? '', stage.server.url).href, stage.server.url);
  assert.deepEqual(Object.keys(handler?.accept ?? {}).sort(), [
    'application/dicom',
    'application/x-chesterpack',
    'image/jpeg',
    'image/png',
    'image/webp',
  ]);
});

test('several pictures at once, dropped on the page, are all read in their order', async () => {
  await page.goto(`${stage.server.url}#/`);
  const names = ['demo_normal.png', 'demo_nodule.png'];
  const paths = names.map((name) => resolve('test/fixtures/examples', name));
  const contents = await Promise.all(paths.map(async (path) => [...(await readFile(path))]));
  await page.evaluate(
    ([given, called]) => {
      const dropped = new DataTransfer();
      for (const [index, content] of given.entries()) {
        dropped.items.add(new File([new Uint8Array(content)], called[index] ?? '', { type: 'image/png' }));
      }
      window.dispatchEvent(new DragEvent('drop', { dataTransfer: dropped, bubbles: true, cancelable: true }));
    },
    [contents, names] as const,
  );
  await waitForState(page, ({ queue }) => queue.length === 2 && queue.every(({ kind }) => kind === 'done'), 'both');
  assert.deepEqual(
    (await endings(page)).map(({ name }) => name),
    names,
  );
});
