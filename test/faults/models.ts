/** What tests of the library of models share: packs in files, a site that offers more, a look at what the app lists. */

import { createHash } from 'node:crypto';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import type { ChesterApp } from '../../src/app/app-model.ts';
import type { Model, ModelActions, ModelLibrary, PackFileStatus } from '../../src/app/model-library.ts';
import type { Analysis } from '../../src/shared/analysis.ts';
import type { PackManifest } from '../../src/shared/pack.ts';
import { bundlePack } from '../../tools/pack/bundle.ts';
import { updateCatalog } from '../../tools/pack/write-pack.ts';
import { writeTinyFindings, type TinyFindingsOptions } from '../support/tiny-findings.ts';
import { builtSite, packRecords, storedHashes, waitUntil } from './support.ts';

/** A folder for packs and sites, gone with its test. */
export class Workshop {
  readonly folder: string;
  #made = 0;

  private constructor(folder: string) {
    this.folder = folder;
  }

  static async open(): Promise<Workshop> {
    return new Workshop(await mkdtemp(join(tmpdir(), 'chester-models-')));
  }

  close(): Promise<void> {
    return rm(this.folder, { recursive: true, force: true });
  }

  /** A tiny pack as a `.chesterpack`. */
  async packFile(options: TinyFindingsOptions): Promise<string> {
    this.#made += 1;
    const folder = join(this.folder, String(this.#made), `${options.id}-${options.version ?? '1.0.0'}`);
    await writeTinyFindings(folder, options);
    const file = `${folder}.chesterpack`;
    await bundlePack(folder, file);
    return file;
  }

  /** The embedded pack under another version and summary, made anew: its `pack.json` is none that anybody names. */
  async otherPocket(change: Partial<Pick<PackManifest, 'id' | 'version' | 'summary'>>): Promise<string> {
    const folder = join(this.folder, `pocket-${Object.values(change).join('-').replaceAll(/\W/g, '')}`);
    await cp('models/pocket', folder, { recursive: true });
    const path = join(folder, 'pack.json');
    const manifest = JSON.parse(await readFile(path, 'utf8')) as PackManifest;
    await writeFile(path, JSON.stringify({ ...manifest, ...change }));
    await bundlePack(folder, `${folder}.chesterpack`);
    return `${folder}.chesterpack`;
  }

  /** The built site that also offers these tiny packs, to be asked for. */
  async site(name: string, packs: readonly TinyFindingsOptions[]): Promise<string> {
    const site = join(this.folder, name);
    await cp(builtSite, site, { recursive: true });
    for (const pack of packs) {
      const manifest = await writeTinyFindings(join(site, 'models', pack.id), pack);
      await updateCatalog(join(site, 'models'), manifest, false);
    }
    return site;
  }
}

/** The library as the screen sees it, looked at anew. */
export async function models(page: Page): Promise<Extract<ModelLibrary, { kind: 'ready' }>> {
  await page.evaluate(() => {
    document.querySelector<HTMLElement & { app?: ChesterApp }>('chester-app')?.app?.refreshModels();
  });
  await waitUntil(async () => (await seenModels(page))?.kind === 'ready', 'the library of models');
  const library = await seenModels(page);
  if (library?.kind !== 'ready') throw new Error('it was ready just now');
  return library;
}

export function seenModels(page: Page): Promise<ModelLibrary | undefined> {
  return page.evaluate(
    () => document.querySelector<HTMLElement & { app?: ChesterApp }>('chester-app')?.app?.state.models,
  );
}

export async function model(page: Page, id: string): Promise<Model | undefined> {
  return (await models(page)).models.find((each) => each.id === id);
}

/** Resolves with the model once it is as wanted. */
export async function waitForModel(
  page: Page,
  id: string,
  condition: (model: Model) => boolean,
  what: string,
): Promise<Model> {
  let last: Model | undefined;
  await models(page);
  await waitUntil(async () => {
    const library = await seenModels(page);
    last = library?.kind === 'ready' ? library.models.find((each) => each.id === id) : undefined;
    return last !== undefined && condition(last);
  }, what).catch((error: Error) => {
    throw new Error(`${error.message}; last seen: ${JSON.stringify({ ...last, installed: last?.installed?.version })}`);
  });
  return last!;
}

type ActionOnId = 'downloadModel' | 'pauseModel' | 'useModel' | 'stopUsingModel' | 'rollBackModel' | 'removeModel';

export async function actOn(page: Page, action: ActionOnId & keyof ModelActions, id: string): Promise<void> {
  await page.evaluate(
    async ([name, modelId]) => {
      const app = document.querySelector<HTMLElement & { app?: ChesterApp }>('chester-app')?.app;
      if (app === undefined) throw new Error('the app is not there');
      await app[name](modelId);
    },
    [action, id] as const,
  );
}

/** Opens a file as the pickers of all screens do, from a real one that is on every screen; does not wait. */
export async function giveFile(page: Page, path: string): Promise<void> {
  await page.evaluate(() => {
    document.querySelector('#given')?.remove();
    const input = document.createElement('input');
    input.id = 'given';
    input.type = 'file';
    input.addEventListener('change', () => {
      const app = document.querySelector<HTMLElement & { app?: ChesterApp }>('chester-app')?.app;
      app?.open([...(input.files ?? [])]);
    });
    document.body.append(input);
  });
  await page.locator('#given').setInputFiles([path]);
}

type EndedPackFile = Extract<PackFileStatus, { kind: 'done' | 'failed' }>;

/** Opens a `.chesterpack` and resolves with how it ended. */
export async function sideLoad(page: Page, path: string): Promise<EndedPackFile> {
  await page.evaluate(() => {
    document.querySelector<HTMLElement & { app?: ChesterApp }>('chester-app')?.app?.dismissPackFile();
  });
  await giveFile(page, path);
  let last: PackFileStatus = { kind: 'none' };
  await waitUntil(async () => {
    const library = await seenModels(page);
    last = library?.kind === 'ready' ? library.packFile : last;
    return last.kind === 'done' || last.kind === 'failed';
  }, 'the model file to end');
  return last as unknown as EndedPackFile;
}

/** Reads the built-in example and resolves with its analysis. */
export async function readExample(page: Page): Promise<Analysis> {
  const analysis = await page.evaluate(
    () =>
      new Promise<Analysis | string>((resolve) => {
        const app = document.querySelector<HTMLElement & { app?: ChesterApp }>('chester-app')?.app;
        const before = new Set(app?.state.queue.map(({ id }) => id));
        const stop = app?.subscribe(() => {
          const item = app.state.queue.find(({ id }) => !before.has(id));
          if (item === undefined || item.state.kind === 'working') return;
          stop?.();
          resolve(item.state.kind === 'done' ? item.state.result.analysis : JSON.stringify(item.state));
        });
        app?.openExample();
      }),
  );
  if (typeof analysis === 'string') throw new Error(`the example ended as ${analysis}`);
  return analysis;
}

/** Every version that may answer is whole, bit for bit, and at most two of a pack are; half of one is nowhere. */
export async function assertWholeStorage(page: Page): Promise<void> {
  const records = await packRecords(page);
  const installed = records.filter(({ state }) => state === 'installed');
  for (const { id, version, manifest, manifestSha256 } of installed) {
    const expected = Object.fromEntries((manifest?.files ?? []).map(({ path, sha256 }) => [path, sha256]));
    const found = await storedHashes(page, id, version);
    const wanted = { ...expected, 'pack.json': manifestSha256 };
    if (JSON.stringify(sorted(found)) !== JSON.stringify(sorted(wanted)))
      throw new Error(`${id} ${version} is not whole`);
  }
  for (const { id } of installed) {
    const answering = installed.filter((record) => record.id === id && record.superseded !== true);
    if (answering.length !== 1) throw new Error(`${answering.length} versions of ${id} answer`);
  }
}

function sorted(hashes: Readonly<Record<string, string>>): [string, string][] {
  return Object.entries(hashes).sort(([a], [b]) => a.localeCompare(b));
}

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
