/** Steps that journeys share: what a person does, in the words that are on the screen. */

import type { Page } from 'playwright-core';
import type { ChesterApp } from '../../src/app/app-model.ts';
import type { Analysis, FindingMap } from '../../src/shared/analysis.ts';
import { waitForState } from '../faults/support.ts';

/** Accepts the notice, lets it download, waits until the app itself says that it is ready. */
export async function install(page: Page): Promise<void> {
  await page.getByRole('button', { name: /I understand/ }).click();
  await waitForState(page, ({ offline }) => offline.kind === 'ready', 'the app to be ready to work offline');
}

/** Gives files to the picker behind "Open X-ray" and waits until all of them have ended. */
export async function openFiles(page: Page, paths: readonly string[]): Promise<void> {
  const before = (await waitForState(page, () => true, 'the app')).queue.length;
  await page.locator('input[type=file][multiple]').first().setInputFiles([...paths]);
  await waitForState(
    page,
    ({ queue }) => queue.length === before + paths.length && queue.every(({ kind }) => kind !== 'working'),
    `${paths.length} files to end`,
  );
}

export interface SeenResult {
  readonly analysis: Analysis;
  readonly maps: Readonly<Record<string, FindingMap>>;
}

/** Analyses and maps of all finished items, in order. */
export async function results(page: Page): Promise<SeenResult[]> {
  return page.evaluate(() => {
    const app = document.querySelector<HTMLElement & { app?: ChesterApp }>('chester-app')?.app;
    return (app?.state.queue ?? []).flatMap(({ state }) =>
      state.kind === 'done' ? [{ analysis: state.result.analysis, maps: state.result.maps }] : [],
    );
  });
}
