/** Results are not kept: whoever is about to lose one is asked first. */

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, beforeEach, test } from 'node:test';
import type { Dialog, Page } from 'playwright-core';
import type { Analysis } from '../../src/shared/analysis.ts';
import { acceptNotice, appState, Stage, waitForState } from '../faults/support.ts';
import { endings, goHome, install, open } from './journey.ts';

const picture = 'test/fixtures/examples/demo_normal.png';
let stage: Stage;
let page: Page;
const dialogs: string[] = [];
/** What the person answers to the browser's own question. */
let leave = false;

before(async () => {
  stage = await Stage.open();
  page = await stage.page();
  page.on('dialog', (dialog: Dialog) => {
    dialogs.push(dialog.type());
    void (leave ? dialog.accept() : dialog.dismiss());
  });
  await install(page);
});

after(() => stage.close());

beforeEach(() => {
  dialogs.length = 0;
  leave = false;
});

test('Back from a result that is not kept asks, and can be taken back', async () => {
  const { id } = await open(page, picture);
  await page.getByText('Not kept: print or save').waitFor();
  await page.goBack();
  const stay = page.getByRole('button', { name: 'Stay and keep it' });
  await stay.click();
  assert.equal(new URL(page.url()).hash, `#/result/${id}`);
  await page.getByText('Not kept: print or save').waitFor();

  await page.getByRole('link', { name: 'Back' }).click();
  await page.getByRole('button', { name: 'Leave without keeping' }).click();
  await page.getByRole('button', { name: 'Open X-ray' }).first().waitFor();
  assert.equal((await endings(page)).length, 1, 'it is still in the list');
});

test('a reload asks while a result is not kept', async () => {
  await goHome(page);
  // A click of the person is what lets a page ask at all (HTML, sticky activation).
  await page.getByRole('link', { name: 'Show the result' }).first().click();
  await page.reload({ timeout: 3_000 }).catch(() => undefined);
  assert.deepEqual(dialogs, ['beforeunload']);
  assert.equal((await endings(page)).length, 1, 'nothing was lost');
});

test('saving keeps it: the file is the analysis, and nothing is asked any more', async () => {
  await page.getByLabel('Label').fill('Bed 4');
  await page.getByLabel('Label').blur();
  await page.getByRole('button', { name: 'Save', exact: true }).first().click();
  const download = page.waitForEvent('download');
  await page.getByRole('dialog').getByRole('button', { name: 'Save', exact: true }).click();
  const file = await download;
  assert.match(file.suggestedFilename(), /^chester-Bed-4-\d{4}-\d\d-\d\dT[\d-]+\.json$/);
  const saved = JSON.parse(await readFile(await file.path(), 'utf8')) as Analysis;
  const [ending] = await endings(page);
  assert.deepEqual(saved, ending?.analysis);
  assert.equal(saved.label, 'Bed 4');
  await page.getByText('Printed or saved').waitFor();

  await page.reload();
  assert.deepEqual(dialogs, []);
  await acceptNotice(page);
  assert.deepEqual((await appState(page))?.queue, [], 'results are not kept');
});

test('while an analysis runs a reload asks too', async () => {
  await goHomeAfterReload();
  await page
    .locator('input[type=file][multiple]')
    .first()
    .setInputFiles(Array.from({ length: 8 }, () => picture));
  await page.getByRole('heading').first().click();
  await page.reload({ timeout: 3_000 }).catch(() => undefined);
  assert.deepEqual(dialogs, ['beforeunload']);
  await waitForState(page, ({ queue }) => queue.every(({ kind }) => kind === 'done'), 'all eight to be read');
  assert.equal((await endings(page)).length, 8);
});

async function goHomeAfterReload(): Promise<void> {
  await page.goto(`${stage.server.url}#/`);
  await page.getByRole('button', { name: 'Open X-ray' }).first().waitFor();
}
