/** Steps that journeys share: what a person does, in the words that are on the screen. */

import type { Page } from 'playwright-core';
import type { ChesterApp } from '../../src/app/app-model.ts';
import type { Analysis, FindingMap } from '../../src/shared/analysis.ts';
import { waitForState, type Stage } from '../faults/support.ts';

/** Accepts the notice, lets it download, waits until the app itself says that it is ready. */
export async function install(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'I understand: download' }).click();
  await waitForState(page, ({ offline }) => offline.kind === 'ready', 'the app to be ready to work offline');
}

/** Gives files to the picker behind "Open X-ray" and waits until all of them have ended. */
export async function openFiles(page: Page, paths: readonly string[]): Promise<void> {
  const before = (await waitForState(page, () => true, 'the app')).queue.length;
  await page
    .locator('input[type=file][multiple]')
    .first()
    .setInputFiles([...paths]);
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

export interface Ending {
  readonly id: string;
  readonly name: string;
  readonly kind: 'working' | 'corners' | 'done' | 'failed' | 'cancelled';
  /** The error's code, where it failed. */
  readonly code?: string;
  readonly analysis?: Analysis;
  readonly engine?: string;
}

/** How each item of the queue stands, in order. */
export async function endings(page: Page): Promise<Ending[]> {
  return page.evaluate(() => {
    const app = document.querySelector<HTMLElement & { app?: ChesterApp }>('chester-app')?.app;
    return (app?.state.queue ?? []).map(({ id, name, state }) => ({
      id,
      name,
      kind: state.kind,
      ...(state.kind === 'failed' ? { code: state.error.code } : {}),
      ...(state.kind === 'done' ? { analysis: state.result.analysis, engine: state.result.engine.mode } : {}),
    }));
  });
}

/** Gives bytes, or files of this disk, to the picker; does not wait. */
export async function give(page: Page, files: readonly string[] | readonly NamedBytes[]): Promise<void> {
  const input = page.locator('input[type=file][multiple]').first();
  const [first] = files;
  if (typeof first === 'string') await input.setInputFiles([...(files as readonly string[])]);
  else {
    const payloads = (files as readonly NamedBytes[]).map(({ name, bytes, type = 'image/png' }) => ({
      name,
      mimeType: type,
      buffer: Buffer.from(bytes),
    }));
    await input.setInputFiles(payloads);
  }
}

export interface NamedBytes {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** What the browser is told; never believed. */
  readonly type?: string;
}

/** Opens one file by the picker and resolves with how it ended. */
export async function open(page: Page, file: string | NamedBytes): Promise<Ending> {
  const before = (await endings(page)).length;
  await give(page, [file] as readonly string[] | readonly NamedBytes[]);
  return endingOf(page, before);
}

/**
 * The same for what Playwright does not hand to a picker (a folder) or would read first (3 GB): the browser is asked
 * directly.
 */
export async function openByCdp(stage: Stage, page: Page, path: string): Promise<Ending> {
  const before = (await endings(page)).length;
  const session = await stage.session(page);
  const { result } = await session.send('Runtime.evaluate', {
    expression: `(function find(root) {
      for (const element of root.querySelectorAll('*')) {
        if (element.matches('input[type=file][multiple]')) return element;
        const found = element.shadowRoot && find(element.shadowRoot);
        if (found) return found;
      }
      return null;
    })(document)`,
  });
  await session.send('DOM.setFileInputFiles', { files: [path], objectId: result.objectId ?? '' });
  await session.detach();
  return endingOf(page, before);
}

/** How the item at `index` of the queue ends. */
async function endingOf(page: Page, index: number): Promise<Ending> {
  await waitForState(
    page,
    ({ queue }) => queue.length === index + 1 && queue[index]?.kind !== 'working',
    'the X-ray to end',
  );
  const ending = (await endings(page))[index];
  if (ending === undefined) throw new Error('it is not in the list');
  return ending;
}

/** The built-in example, opened by its button, and how it ended. */
export async function openExample(page: Page): Promise<Ending> {
  const before = (await endings(page)).length;
  await page.getByRole('button', { name: 'Try the example' }).click();
  return endingOf(page, before);
}

/** Back to the start, whatever is open; "Leave without keeping" where it is asked. */
export async function goHome(page: Page): Promise<void> {
  const home = page.getByRole('button', { name: 'Open X-ray' }).first();
  if (await home.isVisible()) return;
  await page.getByRole('link', { name: 'Back' }).click();
  const leave = page.getByRole('button', { name: 'Leave without keeping' });
  await home.or(leave).first().waitFor();
  if (await leave.isVisible()) await leave.click();
  await home.waitFor();
}

/** What the browser does with the manifest's share target: a POST that navigates. Does not wait for what comes of it. */
export async function shareToApp(page: Page, { name, bytes, type = 'image/png' }: NamedBytes): Promise<void> {
  await page.evaluate(
    ([fileName, content, fileType]) => {
      const files = new DataTransfer();
      files.items.add(new File([new Uint8Array(content)], fileName, { type: fileType }));
      const form = document.createElement('form');
      form.method = 'post';
      form.enctype = 'multipart/form-data';
      form.action = './share-target';
      const input = document.createElement('input');
      input.type = 'file';
      input.name = 'files';
      input.files = files.files;
      form.append(input);
      document.body.append(form);
      form.submit();
    },
    [name, [...bytes], type] as const,
  );
}
