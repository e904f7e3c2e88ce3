/** axe on every screen of the running app, in both themes. */

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { after, before, test } from 'node:test';
import type { Page } from 'playwright-core';
import { Stage } from '../faults/support.ts';
import { goHome, install, open, openExample } from './journey.ts';
import { makeText } from '../fixtures/make-pictures.ts';

interface AxeResults {
  readonly violations: readonly { readonly id: string; readonly nodes: readonly { readonly html: string }[] }[];
}

const require = createRequire(import.meta.url);
let stage: Stage;
let page: Page;
let axe: string;

before(async () => {
  axe = await readFile(require.resolve('axe-core/axe.min.js'), 'utf8');
  stage = await Stage.open();
  page = await stage.page();
  await page.getByRole('button', { name: /I understand/ }).waitFor();
});

after(() => stage.close());

async function assertAccessible(screen: string): Promise<void> {
  for (const theme of ['light', 'dark'] as const) {
    await page.evaluate((wanted) => {
      // Colours that are just fading in have the contrast of neither theme.
      document.documentElement.style.setProperty('--quick', '0s');
      document.documentElement.dataset['theme'] = wanted;
    }, theme);
    await page.evaluate(axe);
    const { violations } = await page.evaluate(async () => {
      const { axe: checker } = globalThis as unknown as { axe: { run(): Promise<AxeResults> } };
      return checker.run();
    });
    const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' ')}`);
    assert.deepEqual(found, [], `${screen}, ${theme}`);
  }
}

test('the notice', () => assertAccessible('notice'));

test('the start, before and after X-rays', async () => {
  await install(page);
  await assertAccessible('start');
});

test('the example’s result, with and without a map, and its dialog', async () => {
  const ending = await openExample(page);
  assert.equal(ending.kind, 'done', ending.code);
  await page.getByRole('heading', { name: /above their threshold/ }).waitFor();
  await assertAccessible('result');
  await page
    .getByRole('button', { name: /^Effusion/ })
    .first()
    .click();
  await assertAccessible('result with a map');
  await page.getByRole('button', { name: 'Save', exact: true }).first().click();
  await assertAccessible('saving');
  await page.keyboard.press('Escape');
});

test('a failure, and the list', async () => {
  await goHome(page);
  await open(page, { name: 'notes.png', bytes: makeText() });
  await page.getByRole('alert').first().waitFor();
  await assertAccessible('failure');
  await goHome(page);
  await assertAccessible('start with a list');
});

for (const screen of ['help', 'about', 'storage']) {
  test(`the screen “${screen}”`, async () => {
    await page.goto(`${stage.server.url}#/${screen}`);
    await page.getByRole('heading', { level: 1 }).first().waitFor();
    await assertAccessible(screen);
  });
}
