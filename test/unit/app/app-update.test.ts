import { expect } from '@open-wc/testing';
import type { UpdateStatus } from '../../../src/app/app-model.ts';
import { createAppUpdate, type AppUpdatePorts } from '../../../src/app/app-update.ts';
import { downloadPack } from '../../../src/app/pack-download.ts';
import type { ServiceWorkerClient } from '../../../src/app/sw-client.ts';
import { AppError } from '../../../src/shared/app-error.ts';

/** The other end: a service worker that waits and takes over when the test says so. */
function setUp(change: Partial<AppUpdatePorts> = {}) {
  const seen = { reloads: 0, activated: 0 };
  let status: UpdateStatus = { kind: 'none' };
  let waiting = false;
  let tellWaiting = (): void => undefined;
  let tellChange: (hadController: boolean) => void = () => undefined;
  const worker = {
    waiting: () => (waiting ? ({} as ServiceWorker) : undefined),
    activateWaiting: () => {
      seen.activated += 1;
      tellChange(true);
      return Promise.resolve();
    },
    onWaiting: (listener: () => void) => (tellWaiting = listener),
    onControllerChange: (listener: (hadController: boolean) => void) => (tellChange = listener),
  } as unknown as ServiceWorkerClient;
  const update = createAppUpdate({
    worker,
    status: () => status,
    setStatus: (next) => (status = next),
    isBusy: () => false,
    wouldLose: () => false,
    othersHaveWork: () => Promise.resolve(false),
    reload: () => (seen.reloads += 1),
    ...change,
  });
  const newVersion = async (): Promise<void> => {
    waiting = true;
    tellWaiting();
    await tick();
  };
  return { update, seen, newVersion, status: () => status, takeOver: (before: boolean) => tellChange(before) };
}

const tick = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5));

describe('app-update', () => {
  it('offers a version that waits, and reloads once when asked to apply it', async () => {
    const { update, seen, newVersion, status, takeOver } = setUp();
    await update.apply();
    expect(seen.activated).to.equal(0);
    await newVersion();
    expect(status()).to.deep.equal({ kind: 'waiting', busy: false });
    expect(seen.reloads).to.equal(0);
    await update.apply();
    takeOver(true);
    expect(seen).to.deep.equal({ activated: 1, reloads: 1 });
    expect(status()).to.deep.equal({ kind: 'applying' });
  });

  it('does not reload for the first install', () => {
    const { seen, takeOver } = setUp();
    takeOver(false);
    expect(seen.reloads).to.equal(0);
  });

  it('is not offered, and cannot be applied, while an analysis runs', async () => {
    const busy = { value: true };
    const { update, seen, newVersion, status } = setUp({ isBusy: () => busy.value });
    await newVersion();
    expect(status()).to.deep.equal({ kind: 'waiting', busy: true });
    await update.apply();
    expect(seen.activated).to.equal(0);
    busy.value = false;
    update.refresh();
    await tick();
    expect(status()).to.deep.equal({ kind: 'waiting', busy: false });
  });

  it('waits for other tabs that have work', async () => {
    const { update, seen, newVersion, status } = setUp({ othersHaveWork: () => Promise.resolve(true) });
    await newVersion();
    expect(status()).to.deep.equal({ kind: 'waiting', busy: true });
    await update.apply();
    expect(seen.activated).to.equal(0);
  });

  it('reloads with the tab that asked, but loses nothing that lies here unsaved', async () => {
    const quiet = setUp();
    quiet.takeOver(true);
    expect(quiet.seen.reloads).to.equal(1);
    const unsaved = { value: true };
    const { update, seen, takeOver, status } = setUp({ wouldLose: () => unsaved.value });
    takeOver(true);
    await tick();
    expect(seen.reloads).to.equal(0);
    expect(status()).to.deep.equal({ kind: 'waiting', busy: false });
    await update.apply();
    expect(seen).to.deep.equal({ activated: 0, reloads: 1 });
  });
});

describe('pack-download', () => {
  const times = { askAgainMs: 10, pingMs: 10, maxSilentPings: 2 };
  const never = new AbortController().signal;
  const silent = new AppError('service-worker-silent');

  function worker(answers: readonly unknown[]): { client: ServiceWorkerClient; asked: string[] } {
    const asked: string[] = [];
    const left = [...answers];
    const client = {
      ask(request: { type: string }) {
        asked.push(request.type);
        const next = left.shift();
        return next instanceof AppError ? Promise.reject(next) : Promise.resolve(next);
      },
    } as unknown as ServiceWorkerClient;
    return { client, asked };
  }

  it('asks a silent worker again until the pack is stored', async () => {
    const { client, asked } = worker([silent, { buildId: 'x' }, silent, silent, { ok: true, value: { version: '1' } }]);
    expect(await downloadPack('pocket', client, never, times)).to.deep.equal({ version: '1' });
    expect(asked).to.deep.equal(['download-pack', 'get-version', 'download-pack', 'get-version', 'download-pack']);
  });

  it('gives up on a worker that is gone, and passes on why a download ended', async () => {
    const gone = worker([silent, silent, silent, silent, silent]);
    await downloadPack('pocket', gone.client, never, times).then(
      () => expect.fail('resolved'),
      (thrown: AppError) => expect(thrown.code).to.equal('service-worker-silent'),
    );
    const full = worker([{ ok: false, error: { code: 'storage-full', details: {} } }]);
    await downloadPack('pocket', full.client, never, times).then(
      () => expect.fail('resolved'),
      (thrown: AppError) => expect(thrown.code).to.equal('storage-full'),
    );
  });
});
