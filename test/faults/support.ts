/**
 * The stage of the fault and end-to-end tests: a real server that can fail, a real browser on a real profile that can
 * be killed, and a look at what the app has stored.
 */

import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, readlink, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { BrowserContext, CDPSession, Page } from 'playwright-core';
import type { AppState, ChesterApp, LedgerEntry, OfflineStatus, QueueItemState } from '../../src/app/app-model.ts';
import type { PlainError } from '../../src/shared/app-error.ts';
import type { ServiceWorkerReplies, ServiceWorkerRequest } from '../../src/shared/messages.ts';
import type { Catalog, PackManifest } from '../../src/shared/pack.ts';
import type { PackRecord } from '../../src/storage/packs.ts';
import { launchPersistent } from '../support/browser.ts';
import { startFaultServer } from '../support/fault-server.ts';
import type { FaultServer, FaultServerOptions } from '../support/fault-server.ts';

/** The built app; `node build.mjs --test` makes it. */
export const builtSite = 'dist/www';

/** Two cores shared with everything else: long, for it only bounds a test that fails. */
const patienceMs = 60_000;
const pollMs = 50;

export interface StageOptions extends Omit<FaultServerOptions, 'root'> {
  /** Folder of the site; the built app where absent. */
  readonly root?: string;
  readonly browserArgs?: readonly string[];
}

export class Stage {
  readonly server: FaultServer;
  readonly profile: string;
  readonly #args: readonly string[];
  #context: BrowserContext | undefined;

  private constructor(server: FaultServer, profile: string, args: readonly string[]) {
    this.server = server;
    this.profile = profile;
    this.#args = args;
  }

  static async open(options: StageOptions = {}): Promise<Stage> {
    const { root = builtSite, browserArgs = [], ...rest } = options;
    if (!existsSync(join(root, 'sw.js'))) throw new Error(`${root} is not built: node build.mjs --test`);
    const server = await startFaultServer({ root, ...rest });
    const stage = new Stage(server, await mkdtemp(join(tmpdir(), 'chester-profile-')), browserArgs);
    await stage.launch();
    return stage;
  }

  get context(): BrowserContext {
    if (this.#context === undefined) throw new Error('the browser does not run');
    return this.#context;
  }

  /** Starts the browser on this stage's profile. */
  async launch(): Promise<void> {
    this.#context = await launchPersistent(this.profile, this.#args);
    // tsx wraps named functions in `__name(…)`, also those that `evaluate` sends to the page, where there is none.
    await this.#context.addInitScript('globalThis.__name ??= (named) => named');
  }

  /** SIGKILL to our browser, as a phone does that needs the memory. Nothing is flushed, nobody is asked. */
  async kill(): Promise<void> {
    const context = this.context;
    this.#context = undefined;
    const pid = await this.#browserPid();
    const closed = new Promise((resolve) => context.once('close', resolve));
    process.kill(pid, 'SIGKILL');
    await Promise.race([closed, wait(5_000)]);
    await waitUntil(() => !isAlive(pid), 'the killed browser to be gone');
    await rm(join(this.profile, 'SingletonLock'), { force: true });
  }

  /** Kills and starts again, same profile. */
  async relaunch(): Promise<void> {
    await this.kill();
    await this.launch();
  }

  /** A page at the app's address, or relative to it. */
  async page(path = './'): Promise<Page> {
    const blank = this.context.pages().find((page) => page.url() === 'about:blank');
    const page = blank ?? (await this.context.newPage());
    await page.goto(new URL(path, this.server.url).href);
    return page;
  }

  session(page: Page): Promise<CDPSession> {
    return this.context.newCDPSession(page);
  }

  async close(): Promise<void> {
    await this.#context?.close().catch(() => undefined);
    await this.server.close();
    await rm(this.profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }

  /** Chromium names its own process in the profile's lock: HOST-PID. */
  async #browserPid(): Promise<number> {
    const pid = Number((await readlink(join(this.profile, 'SingletonLock'))).replace(/^.*-/, ''));
    if (!Number.isInteger(pid) || pid < 2) throw new Error('the profile names no browser process');
    return pid;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Polls until `condition` holds; what it waited for is named when it never does. */
export async function waitUntil(
  condition: () => boolean | Promise<boolean>,
  what: string,
  timeoutMs: number = patienceMs,
): Promise<void> {
  const end = Date.now() + timeoutMs;
  while (!(await condition())) {
    if (Date.now() > end) throw new Error(`waited ${timeoutMs} ms in vain for ${what}`);
    await wait(pollMs);
  }
}

// The service worker, from a page that has none of our code

/** Registers `sw.js` and waits until it is active and in control. */
export async function installWorker(page: Page): Promise<void> {
  await page.evaluate(async () => {
    await navigator.serviceWorker.register('./sw.js');
    await navigator.serviceWorker.ready;
    if (navigator.serviceWorker.controller !== null) return;
    await new Promise((resolve) =>
      navigator.serviceWorker.addEventListener('controllerchange', resolve, { once: true }),
    );
  });
}

/** The page's own registration has come to an active worker; the shell is in the cache then. */
export function waitForWorker(page: Page): Promise<void> {
  return page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
}

export async function askWorker<Request extends ServiceWorkerRequest>(
  page: Page,
  request: Request,
  which: 'active' | 'waiting' = 'active',
): Promise<ServiceWorkerReplies[Request['type']]> {
  const reply = await page.evaluate(
    async ([message, target]) => {
      const registration = await navigator.serviceWorker.getRegistration();
      const { port1, port2 } = new MessageChannel();
      const answered = new Promise<unknown>((resolve) => {
        port1.onmessage = (event) => resolve(event.data);
      });
      const worker = registration?.[target];
      if (!worker) throw new Error(`no ${target} service worker`);
      worker.postMessage(message, [port2]);
      return answered;
    },
    [request, which] as const,
  );
  return reply as ServiceWorkerReplies[Request['type']];
}

// What lies in storage, read without our modules

async function readStore<T>(page: Page, store: string): Promise<T[]> {
  return page.evaluate(
    (name) =>
      new Promise<T[]>((resolve, reject) => {
        const open = indexedDB.open('chester');
        open.onupgradeneeded = () => open.transaction?.abort(); // Not there: leave it so.
        open.onerror = () => resolve([]);
        open.onsuccess = () => {
          const request = open.result.transaction(name).objectStore(name).getAll();
          request.onerror = () => reject(new Error(request.error?.message));
          request.onsuccess = () => {
            open.result.close();
            resolve(request.result as T[]);
          };
        };
      }),
    store,
  );
}

export function packRecords(page: Page): Promise<PackRecord[]> {
  return readStore<PackRecord>(page, 'packs');
}

export function ledgerEntries(page: Page): Promise<LedgerEntry[]> {
  return readStore<LedgerEntry>(page, 'ledger');
}

/** Path → SHA-256 of each stored file of a pack. */
export async function storedHashes(page: Page, id: string, version: string): Promise<Record<string, string>> {
  return page.evaluate(
    async ([packId, packVersion]) => {
      const database = await new Promise<IDBDatabase>((resolve, reject) => {
        const open = indexedDB.open('chester');
        open.onerror = () => reject(new Error(open.error?.message));
        open.onsuccess = () => resolve(open.result);
      });
      const range = IDBKeyRange.bound([packId, packVersion], [packId, packVersion, []]);
      const store = database.transaction('packFiles').objectStore('packFiles');
      const ask = <T>(request: IDBRequest<T>): Promise<T> =>
        new Promise((resolve) => {
          request.onsuccess = () => resolve(request.result);
        });
      const [keys, values] = await Promise.all([ask(store.getAllKeys(range)), ask(store.getAll(range))]);
      database.close();
      const hashes: Record<string, string> = {};
      for (const [index, key] of keys.entries()) {
        const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', values[index] as ArrayBuffer));
        hashes[(key as string[])[2] ?? ''] = Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
      }
      return hashes;
    },
    [id, version] as const,
  );
}

/** Inverts the bits of one stored byte: what rot at rest does. */
export async function damageStoredFile(page: Page, id: string, version: string, path: string): Promise<void> {
  await page.evaluate(
    (key) =>
      new Promise<void>((resolve, reject) => {
        const open = indexedDB.open('chester');
        open.onerror = () => reject(new Error(open.error?.message));
        open.onsuccess = () => {
          const transaction = open.result.transaction('packFiles', 'readwrite');
          const store = transaction.objectStore('packFiles');
          const request = store.get(key) as IDBRequest<ArrayBuffer>;
          request.onsuccess = () => {
            const bytes = new Uint8Array(request.result);
            bytes[bytes.length >> 1] = ~(bytes[bytes.length >> 1] ?? 0);
            store.put(bytes.buffer, key);
          };
          transaction.oncomplete = () => {
            open.result.close();
            resolve();
          };
        };
      }),
    [id, version, path],
  );
}

// The app's own page

/** What tests look at of `AppState`: plain and small. */
export interface SeenState extends Pick<AppState, 'version' | 'accepted' | 'offline' | 'update' | 'notice'> {
  readonly queue: readonly {
    readonly id: string;
    readonly kind: QueueItemState['kind'];
    readonly error?: PlainError;
  }[];
}

export async function appState(page: Page): Promise<SeenState | undefined> {
  return page.evaluate(() => {
    const app = document.querySelector<HTMLElement & { app?: ChesterApp }>('chester-app')?.app;
    if (app === undefined) return undefined;
    const { version, accepted, offline, update, notice, queue } = app.state;
    const items = queue.map(({ id, state }) => ({
      id,
      kind: state.kind,
      ...(state.kind === 'failed' ? { error: state.error } : {}),
    }));
    return { version, accepted, offline, update, notice, queue: items };
  });
}

/** Resolves with the state that fulfils `condition`; a page that is just reloading is waited for. */
export async function waitForState(
  page: Page,
  condition: (state: SeenState) => boolean,
  what: string,
  timeoutMs?: number,
): Promise<SeenState> {
  let last: SeenState | undefined;
  const holds = async (): Promise<boolean> => {
    last = await appState(page).catch(() => undefined);
    return last !== undefined && condition(last);
  };
  await waitUntil(holds, what, timeoutMs).catch((error: Error) => {
    throw new Error(`${error.message}; last seen: ${JSON.stringify(last)}`);
  });
  return last as unknown as SeenState;
}

/** Calls an action of the app without arguments. */
export async function act(
  page: Page,
  action: 'acceptNotForMedicalUse' | 'startDownload' | 'pauseDownload' | 'openExample' | 'applyUpdate',
): Promise<void> {
  await page.evaluate(async (name) => {
    const app = document.querySelector<HTMLElement & { app?: ChesterApp }>('chester-app')?.app;
    if (app === undefined) throw new Error('the app is not there');
    await app[name]();
  }, action);
}

/** Accepts the notice and waits until the app says how it stands with the download. */
export async function acceptNotice(page: Page): Promise<void> {
  await waitForState(page, ({ accepted }) => accepted !== undefined, 'the app to start');
  await act(page, 'acceptNotForMedicalUse');
  await waitForState(page, ({ offline }) => offline.kind !== 'checking', 'the app to look at its storage');
}

/** Asks for the download and resolves with what the app says when it has ended, well or not. */
export function downloadToItsEnd(page: Page): Promise<OfflineStatus> {
  return page.evaluate(
    () =>
      new Promise<OfflineStatus>((resolve) => {
        const app = document.querySelector<HTMLElement & { app?: ChesterApp }>('chester-app')?.app;
        const before = app?.state.offline;
        const look = (): void => {
          const now = app?.state.offline;
          if (now === undefined || now === before) return;
          if (now.kind === 'paused' || now.kind === 'failed' || now.kind === 'ready') {
            stop?.();
            resolve(now);
          }
        };
        const stop = app?.subscribe(look);
        app?.startDownload();
      }),
  );
}

export async function waitUntilReady(page: Page): Promise<void> {
  await waitForState(page, ({ offline }) => offline.kind === 'ready', 'the app to be ready to work offline');
}

/** A first visit as a person makes it: accept, download, ready. */
export async function installApp(page: Page): Promise<void> {
  await acceptNotice(page);
  await act(page, 'startDownload');
  await waitUntilReady(page);
}

/** The pack that the built site offers first. */
export async function offeredPack(site: string = builtSite): Promise<PackManifest> {
  const catalog = JSON.parse(await readFile(join(site, 'models/catalog.json'), 'utf8')) as Catalog;
  const id = catalog.packs.find(({ role = 'findings' }) => role === 'findings')?.id ?? '';
  return JSON.parse(await readFile(join(site, 'models', id, 'pack.json'), 'utf8')) as PackManifest;
}

/** Of the app's own findings pack. */
export const pocketVersion = (JSON.parse(await readFile('models/pocket/pack.json', 'utf8')) as PackManifest).version;

/** The packs of the app that answer beside the findings: id → version, as an analysis names them. */
export async function helperPacks(site: string = builtSite): Promise<Readonly<Record<string, string>>> {
  const catalog = JSON.parse(await readFile(join(site, 'models/catalog.json'), 'utf8')) as Catalog;
  const helpers = catalog.packs.filter(({ embedded, role = 'findings' }) => embedded && role !== 'findings');
  return Object.fromEntries(helpers.map(({ id, version }) => [id, version]));
}

/** The stored findings pack, once its manifest is here. */
export async function findingsRecord(page: Page): Promise<PackRecord | undefined> {
  return (await packRecords(page)).find(({ manifest }) => manifest?.role === 'findings');
}

/** The same app as another version, built beside; `remove` it. */
export async function buildNextVersion(version: string): Promise<{ readonly root: string; remove(): Promise<void> }> {
  const out = `dist/next-${process.pid}`;
  await promisify(execFile)(process.execPath, ['build.mjs', '--version', version, '--out', out]);
  return { root: join(out, 'www'), remove: () => rm(out, { recursive: true, force: true }) };
}

/** Asks the browser to look for a new version, as it does by itself now and then. False where the look failed. */
export function lookForUpdate(page: Page): Promise<boolean> {
  return page.evaluate(async () => {
    const registration = await navigator.serviceWorker.getRegistration();
    return (
      registration?.update().then(
        () => true,
        () => false,
      ) ?? false
    );
  });
}
