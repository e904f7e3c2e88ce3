import type { UpdateStatus } from './app-model.ts';
import type { ServiceWorkerClient } from './sw-client.ts';

/**
 * A new version waits until it is asked for, is offered when no analysis runs in any tab, and is applied once: every tab
 * reloads when the new service worker takes over. The first install takes over too, and nobody reloads for it.
 */
export interface AppUpdate {
  /** Looks again whether a version waits and whether it may be offered. After every change of work. */
  refresh(): void;
  apply(): Promise<void>;
}

export interface AppUpdatePorts {
  readonly worker: ServiceWorkerClient;
  readonly status: () => UpdateStatus;
  readonly setStatus: (status: UpdateStatus) => void;
  /** An analysis runs here. */
  readonly isBusy: () => boolean;
  /** A reload here would lose something. */
  readonly wouldLose: () => boolean;
  readonly othersHaveWork: () => Promise<boolean>;
  readonly reload: () => void;
}

/** While other tabs work, look again this often. */
const lookAgainMs = 3_000;
/** An installed app may stay open for days; browsers look for a new version only when it is opened. */
const leastBetweenChecksMs = 60 * 60_000;

export function createAppUpdate(ports: AppUpdatePorts): AppUpdate {
  const { worker, setStatus, status } = ports;
  /** The new service worker runs already (another tab asked for it); only this page is old. */
  let tookOver = false;
  let asked = false;
  let reloading = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let checkedAt = Date.now();

  function reloadOnce(): void {
    if (reloading) return;
    reloading = true;
    setStatus({ kind: 'applying' });
    ports.reload();
  }

  async function look(): Promise<void> {
    clearTimeout(timer);
    if (status().kind === 'applying' || (!tookOver && worker.waiting() === undefined)) return;
    const busy = ports.isBusy() || (!tookOver && (await ports.othersHaveWork()));
    const current = status();
    // Only what is new: a listener of the state may well be what called.
    if (current.kind !== 'waiting' || current.busy !== busy) setStatus({ kind: 'waiting', busy });
    if (busy) timer = setTimeout(() => void look(), lookAgainMs);
  }

  worker.onWaiting(() => void look());
  worker.onControllerChange((hadController) => {
    if (!hadController) return;
    if (asked || !ports.wouldLose()) {
      reloadOnce();
      return;
    }
    // Another tab asked; what lies here unsaved goes first. The old page's files stay in the cache meanwhile.
    tookOver = true;
    void look();
  });
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState !== 'visible' || Date.now() - checkedAt < leastBetweenChecksMs) return;
    checkedAt = Date.now();
    void worker.checkForUpdate();
  });

  return {
    refresh: () => void look(),

    async apply() {
      if (status().kind !== 'waiting') return;
      await look();
      const current = status();
      if (current.kind !== 'waiting' || current.busy) return;
      asked = true;
      if (tookOver) {
        reloadOnce();
        return;
      }
      setStatus({ kind: 'applying' });
      try {
        await worker.activateWaiting();
      } catch (thrown) {
        asked = false;
        setStatus({ kind: 'waiting', busy: false });
        throw thrown;
      }
    },
  };
}
