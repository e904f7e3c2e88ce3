import { AppError, type ErrorCode } from '../shared/app-error.ts';
import { compareVersions } from '../shared/compare-versions.ts';
import type { CatalogEntry } from '../shared/pack.ts';
import { isOfUnknownOrigin } from '../shared/pack-identity.ts';
import { requestPersistence } from '../storage/estimate.ts';
import { removeVersions } from '../storage/pack-versions.ts';
import { dropBrokenChoices, installedPack, packsInUse } from '../storage/packs-in-use.ts';
import { getPackRecord, listPackRecords, removePack, setPackState, type PackRecord } from '../storage/packs.ts';
import { getSetting } from '../storage/settings.ts';
import { abortable } from './abort.ts';
import type { OfflineStatus } from './app-model.ts';
import { createDownloadPace } from './download-pace.ts';
import type { InferenceClient } from './inference-client.ts';
import { downloadPack } from './pack-download.ts';
import { provePack } from './pack-proof.ts';
import type { ServiceWorkerClient } from './sw-client.ts';
import { bytesToCome, isHelper, wantedPacks } from './wanted-packs.ts';

/**
 * The life of the embedded model packs on this device, and with it the one question "does it work offline?". Any other
 * pack comes only when a person asks (model-downloads.ts, side-load.ts), and answers when it was chosen.
 * `downloading → stored` is the service worker's; `proving → installed | rejected` is ours.
 */
export interface PackInstaller {
  /** Looks at what is here and goes on with what was begun. Again after every change of the network. */
  look(): void;
  /** The person agreed to the download, or wants a failed one again. */
  startDownload(): void;
  pauseDownload(): void;
  /**
   * The findings pack that answers; waits while one is on its way. A choice that cannot be kept is taken back first.
   * @throws AppError `pack-missing`, or why it failed
   */
  usablePack(signal?: AbortSignal): Promise<PackRecord>;
  /**
   * What lies in storage does not have its hash any more: what is damaged is downloaded again, once there is a network.
   * A pack that came in a file comes only from a file again.
   */
  heal(pack: PackRecord, error: AppError): Promise<void>;
  /** Takes a pack off this device. */
  remove(id: string): Promise<void>;
}

export interface PackInstallerPorts {
  readonly worker: ServiceWorkerClient;
  readonly inference: InferenceClient;
  readonly status: () => OfflineStatus;
  readonly setStatus: (status: OfflineStatus) => void;
  /** Called after a pack was installed: whether the browser promised to keep it. */
  readonly onPersistence: (persisted: boolean) => void;
  readonly onInstalled: () => void;
  /** A pack that is not the app's own is damaged: its download may go on. */
  readonly onOptionalDamaged: () => void;
  /** The pack that a person chose does not answer any more; the app's own one does. */
  readonly onChoiceDropped: (id: string) => void;
}

/** What is still to come: findings need the first of the app's packs, the others are brought in with it. */
interface Plan {
  /** Bytes of the packs that this run has brought in. */
  readonly doneBytes: number;
  readonly totalBytes: number;
}

/** Checking the cache of a whole shell on a slow phone. */
const shellStateTimeoutMs = 15_000;
const pauseTimeoutMs = 10_000;

/** After these a download goes on by itself when the network is back. */
const passing: ReadonlySet<ErrorCode> = new Set(['download-failed', 'service-worker-silent', 'download-not-the-file']);

export function createPackInstaller(ports: PackInstallerPorts): PackInstaller {
  const { worker, inference, setStatus, status } = ports;
  let running: Promise<void> | undefined;
  let lookAgain: { agreed: boolean } | undefined;
  let stop = new AbortController();
  let pace = createDownloadPace();
  /** Pack ids whose progress is the status's own; an update beside an installed pack goes on unseen. */
  let shown: string | undefined;
  let plan: Plan = { doneBytes: 0, totalBytes: 0 };

  worker.onBroadcast((message) => {
    if (message.type !== 'pack-progress' || message.id !== shown) return;
    const { receivedBytes, totalBytes } = ofPlan(message.receivedBytes);
    const secondsLeft = pace.update(receivedBytes, totalBytes, performance.now());
    setStatus({
      kind: 'downloading',
      receivedBytes,
      totalBytes,
      ...(secondsLeft === undefined ? {} : { secondsLeft }),
    });
  });

  /** As if all that is still to come were one download. */
  function ofPlan(receivedBytes: number): { receivedBytes: number; totalBytes: number } {
    return { receivedBytes: plan.doneBytes + receivedBytes, totalBytes: plan.totalBytes };
  }

  /** One run at a time; a wish that comes meanwhile is heard when it ends. */
  function run(agreed: boolean): void {
    if (running !== undefined) {
      lookAgain = { agreed: agreed || lookAgain?.agreed === true };
      return;
    }
    stop = new AbortController();
    running = goOn(agreed, stop.signal)
      .catch((thrown: unknown) => setStatus({ kind: 'failed', error: AppError.from(thrown).toPlain() }))
      .finally(() => {
        running = undefined;
        const next = lookAgain;
        lookAgain = undefined;
        if (next !== undefined) run(next.agreed);
      });
  }

  async function goOn(agreed: boolean, signal: AbortSignal): Promise<void> {
    await keepChoices();
    const installed = await installedPack('findings');
    if (installed !== undefined) await checkShell(signal);
    const wanted = await wantedPacks(installed !== undefined, signal);
    plan = { doneBytes: 0, totalBytes: await bytesToCome(wanted) };
    for (const entry of [...wanted].sort((a, b) => Number(isHelper(a)) - Number(isHelper(b)))) {
      const older = await hasInstalledVersion(entry.id);
      if (isHelper(entry)) {
        await bringInHelper(entry, agreed && !older, signal);
        continue;
      }
      // Removed in favour of the one that was chosen: nothing is missing.
      if (!older && !agreed && installed?.optional === true && (await getPackRecord(entry)) === undefined) continue;
      if (older) await upgradeBeside(entry, signal);
      else if (!(await bringIn(entry, agreed, signal))) return;
    }
    // A helper's failure is told on the Models screen: X-rays are read without it.
    if (status().kind !== 'ready') await checkShell(signal);
  }

  /** A pack that findings can do without. Nobody is asked about it again who has the findings already. */
  async function bringInHelper(entry: CatalogEntry, agreed: boolean, signal: AbortSignal): Promise<void> {
    if (!agreed) {
      // What is missing now is not needed for reading X-rays.
      if (status().kind !== 'ready') await checkShell(signal);
      const record = await getPackRecord(entry);
      if (record?.error?.code !== 'cancelled') await upgradeBeside(entry, signal);
      return;
    }
    try {
      await bringIn(entry, true, signal);
    } catch (thrown) {
      if (AppError.from(thrown).code === 'cancelled') throw thrown;
    }
  }

  async function keepChoices(): Promise<void> {
    for (const id of await dropBrokenChoices()) ports.onChoiceDropped(id);
  }

  /** "Ready to work offline" is said only here: worker active, shell whole, pack installed and proven. */
  async function checkShell(signal: AbortSignal): Promise<void> {
    const shell = await worker.ask({ type: 'get-shell-state' }, { timeoutMs: shellStateTimeoutMs, signal });
    if ((await installedPack('findings')) === undefined) return;
    if (shell.complete) {
      setStatus({ kind: 'ready' });
      return;
    }
    await worker.checkForUpdate();
    throw new AppError('service-worker-failed', { reason: 'shell-incomplete', missing: shell.missing.length });
  }

  /** True when the pack is installed at the end; else the status says how it stands. */
  async function bringIn(entry: CatalogEntry, agreed: boolean, signal: AbortSignal): Promise<boolean> {
    const record = await getPackRecord(entry);
    switch (record?.state) {
      case 'installed':
        return true;
      case 'stored':
      case 'proving':
        return prove(record, signal);
      case 'rejected':
        if (!agreed) {
          setStatus({ kind: 'failed', error: record.error ?? new AppError('pack-invalid').toPlain() });
          return false;
        }
        // Its weights are still loaded, under the same name and version as those that come.
        inference.close();
        await removePack(record);
        break;
      case 'downloading':
        if (!agreed && record.error?.code === 'cancelled') {
          setStatus({ kind: 'paused', ...ofPlan(record.receivedBytes) });
          return false;
        }
        break;
      case undefined:
        if (!agreed) {
          setStatus({ kind: 'needs-download', totalBytes: plan.totalBytes });
          return false;
        }
    }
    return (await download(entry, signal)) && prove(entry, signal);
  }

  async function download(entry: CatalogEntry, signal: AbortSignal): Promise<boolean> {
    const before = await getPackRecord(entry);
    pace = createDownloadPace();
    setStatus({ kind: 'downloading', ...ofPlan(before?.receivedBytes ?? 0) });
    shown = entry.id;
    try {
      await downloadPack(entry.id, worker, signal);
      plan = { ...plan, doneBytes: plan.doneBytes + entry.bytes };
      return true;
    } catch (thrown) {
      const error = AppError.from(thrown, 'download-failed');
      const record = await getPackRecord(entry);
      const why = error.code === 'cancelled' ? {} : { error: error.toPlain() };
      setStatus({ kind: 'paused', ...ofPlan(record?.receivedBytes ?? 0), ...why });
      return false;
    } finally {
      shown = undefined;
    }
  }

  async function prove(pack: { readonly id: string; readonly version: string }, signal: AbortSignal): Promise<boolean> {
    setStatus({ kind: 'proving' });
    let proved: PackRecord;
    try {
      proved = await provePack(pack, inference, signal);
    } catch (thrown) {
      const error = AppError.from(thrown);
      // Half a pack, or bits that rotted before they were ever used: the next download mends what is damaged.
      if (error.code === 'pack-damaged' || error.code === 'pack-missing') {
        await setPackState(pack, 'downloading', { error: error.toPlain() });
      }
      throw error;
    }
    if (proved.state === 'rejected') {
      setStatus({ kind: 'failed', error: proved.error ?? new AppError('pack-invalid').toPlain() });
      return false;
    }
    ports.onInstalled();
    ports.onPersistence(await requestPersistence());
    return true;
  }

  /** A newer version is downloaded beside the old one, which answers until the new one has proved itself. */
  async function upgradeBeside(entry: CatalogEntry, signal: AbortSignal): Promise<void> {
    const record = await getPackRecord(entry);
    if (record?.state === 'installed' || record?.state === 'rejected' || savesData()) return;
    // The person went back from it; a still newer one may come.
    const refused = (await getSetting('rolledBack'))?.[entry.id];
    if (refused !== undefined && compareVersions(entry.version, refused) <= 0) return;
    try {
      if (record === undefined || record.state === 'downloading') await downloadPack(entry.id, worker, signal);
      const proved = await provePack(entry, inference, signal);
      if (proved.state === 'installed') ports.onInstalled();
    } catch {
      // The old version works on; the next look tries again.
    }
  }

  return {
    look() {
      const current = status();
      // What a person paused, or what failed for good, waits for the person.
      if (current.kind === 'paused' && (current.error === undefined || !passing.has(current.error.code))) return;
      run(false);
    },

    startDownload: () => run(true),

    pauseDownload() {
      const id = shown;
      if (id === undefined) return;
      void worker
        .ask({ type: 'pause-pack', id }, { timeoutMs: pauseTimeoutMs })
        .catch(() => undefined)
        // Where the worker is silent there is nothing to pause but our own asking.
        .finally(() => stop.abort());
    },

    async usablePack(signal) {
      for (;;) {
        await keepChoices();
        const installed = await installedPack('findings');
        if (installed !== undefined) return installed;
        const current = running;
        if (current === undefined) break;
        await abortable(current, signal);
      }
      const current = status();
      if (current.kind === 'failed') throw AppError.fromPlain(current.error);
      throw new AppError('pack-missing');
    },

    async heal(pack, error) {
      inference.close();
      const change = { error: error.toPlain(), provenBy: undefined };
      if (isOfUnknownOrigin(pack.id)) await setPackState(pack, 'rejected', change);
      // The service worker checks what lies here against its hashes and fetches only what fails.
      else await setPackState(pack, 'downloading', change);
      if (pack.optional === true) ports.onOptionalDamaged();
      else run(true);
    },

    async remove(id) {
      inference.close();
      const wasChosen = Object.values(await packsInUse()).includes(id);
      await removeVersions(id);
      if (wasChosen) ports.onChoiceDropped(id);
      setStatus({ kind: 'checking' });
      run(false);
    },
  };
}

async function hasInstalledVersion(id: string): Promise<boolean> {
  return (await listPackRecords()).some((record) => record.id === id && record.state === 'installed');
}

/** The person asked the browser to spare data: no download that nobody agreed to. */
function savesData(): boolean {
  return (navigator as { connection?: { saveData?: boolean } }).connection?.saveData === true;
}
