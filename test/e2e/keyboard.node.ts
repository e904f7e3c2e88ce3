/** The main journey without a mouse: every step by Tab, Enter, Space, arrows and Escape. */

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Page } from 'playwright-core';
import { Stage, waitForState } from '../faults/support.ts';
import { endings } from './journey.ts';

let stage: Stage;
let page: Page;

/** More than any screen has. */
const maxTabs = 80;

before(async () => {
  stage = await Stage.open();
  page = await stage.page();
  await page.getByRole('button', { name: /I understand/ }).waitFor();
});

after(() => stage.close());

/** Accessible words of what has the focus, through all shadow roots. */
function focused(): Promise<string> {
  return page.evaluate(() => {
    let element = document.activeElement;
    while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
    if (!(element instanceof HTMLElement)) return '';
    const label =
      element.getAttribute('aria-label') ?? (element instanceof HTMLInputElement ? element.labels?.[0]?.innerText : '');
    return (label || element.innerText || element.tagName).trim();
  });
}

async function tabTo(words: RegExp): Promise<void> {
  const seen: string[] = [];
  for (let step = 0; step < maxTabs; step += 1) {
    await page.keyboard.press('Tab');
    const now = await focused();
    if (words.test(now)) return;
    seen.push(now.slice(0, 40));
  }
  assert.fail(`${words} is not reached by Tab; seen: ${seen.join(' | ')}`);
}

test('accepting, downloading, reading the example, choosing a map, going back', async () => {
  await tabTo(/^I understand/);
  await page.keyboard.press('Enter');
  await waitForState(page, ({ offline }) => offline.kind === 'ready', 'the app to be ready');

  await tabTo(/^Try the example/);
  await page.keyboard.press('Enter');
  await waitForState(page, ({ queue }) => queue[0]?.kind === 'done', 'the example to be read');

  await tabTo(/^Emphysema|^Effusion/);
  const name = (await focused()).split('\n')[0] ?? '';
  const button = page.getByRole('button', { name: new RegExp(`^${name}`) }).first();
  const before = await button.getAttribute('aria-pressed');
  await page.keyboard.press('Space');
  assert.notEqual(await button.getAttribute('aria-pressed'), before, 'Space chooses a finding');

  await tabTo(/^Save$/);
  await page.keyboard.press('Enter');
  await page.getByRole('dialog').waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'hidden' });

  await tabTo(/Back/);
  await page.keyboard.press('Enter');
  const leave = page.getByRole('button', { name: 'Leave without keeping' });
  const home = page.getByRole('button', { name: 'Open X-ray' }).first();
  await home.or(leave).first().waitFor();
  if (await leave.isVisible()) {
    await tabTo(/^Leave without keeping/);
    await page.keyboard.press('Enter');
  }
  await home.waitFor();
  assert.equal((await endings(page)).length, 1);
});

test('every other screen is reached, and the skip link leads to the content', async () => {
  for (const [link, heading] of [
    [/^Help$/, 'help'],
    [/^About$/, 'about'],
    [/^Storage$/, 'storage'],
  ] as const) {
    await tabTo(link);
    await page.keyboard.press('Enter');
    await page.waitForURL(new RegExp(`#/${heading}$`));
    await page.getByRole('heading', { level: 1 }).first().waitFor();
  }
  await page.keyboard.press('Escape');
  await page.reload();
  await page.getByRole('heading', { level: 1 }).first().waitFor();
  await tabTo(/^Skip to the content/);
  await page.keyboard.press('Enter');
  const inMain = await page.evaluate(
    () => document.querySelector('chester-app')?.shadowRoot?.activeElement?.id === 'main',
  );
  assert.equal(inMain, true);
});

test('Escape cancels what runs', async () => {
  await page.goto(`${stage.server.url}#/`);
  await page.getByRole('button', { name: 'Open X-ray' }).first().waitFor();
  await page.evaluate(() => {
    const { decode } = {
      decode: document.querySelector('chester-app') as HTMLElement & { app?: { openExample(): void } },
    };
    decode.app?.openExample();
  });
  await page.keyboard.press('Escape');
  const state = await waitForState(
    page,
    ({ queue }) => queue[0] !== undefined && queue[0].kind !== 'working',
    'the end',
  );
  assert.ok(['cancelled', 'done'].includes(state.queue[0]?.kind ?? ''));
});
