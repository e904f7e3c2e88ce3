import { Workbox } from 'workbox-window';
import { AppError } from '../shared/app-error.ts';
import {
  broadcastChannelPrefix,
  type ServiceWorkerBroadcast,
  type ServiceWorkerReplies,
  type ServiceWorkerRequest,
} from '../shared/messages.ts';
import { abortable } from './abort.ts';
import { trustedScriptUrl } from './trusted-types.ts';

type ReplyTo<Request extends ServiceWorkerRequest> = ServiceWorkerReplies[Request['type']];

/** The page's side of the service worker. */
export interface ServiceWorkerClient {
  /** Registers `sw.js`. First install and update are different events; neither takes the page over by itself. */
  register(): Promise<void>;
  /**
   * Asks the active worker, waiting for a first one to become active.
   * @throws AppError `service-worker-silent` {type, ms}, `service-worker-failed`, `cancelled`
   */
  ask<Request extends ServiceWorkerRequest>(
    request: Request,
    options: { readonly timeoutMs: number; readonly signal?: AbortSignal },
  ): Promise<ReplyTo<Request>>;
  /** The version that waits, if one does. */
  waiting(): ServiceWorker | undefined;
  /** Tells the waiting version to take over; `controllerchange` follows in every tab. */
  activateWaiting(): Promise<void>;
  /** Looks for a new version now. Being offline is no failure. */
  checkForUpdate(): Promise<void>;
  onBroadcast(listener: (message: ServiceWorkerBroadcast) => void): () => void;
  onWaiting(listener: () => void): () => void;
  /** Another worker took over; `hadController` is false on the first claim, which is no update. */
  onControllerChange(listener: (hadController: boolean) => void): () => void;
  /** Takes the service worker off this device. */
  unregister(): Promise<void>;
}

/** A first install puts the whole shell into the cache before it is active: on a slow link that takes minutes. */
const activationTimeoutMs = 5 * 60_000;
const skipWaitingTimeoutMs = 10_000;

export function createServiceWorkerClient(): ServiceWorkerClient {
  const container = navigator.serviceWorker;
  const root = new URL('./', document.baseURI).href;
  // `unknown`, for Workbox's types and the DOM's name trusted addresses differently.
  const script: unknown = trustedScriptUrl('./sw.js');
  const workbox = new Workbox(script as string, { scope: root, updateViaCache: 'none' });
  const channel = new BroadcastChannel(broadcastChannelPrefix + root);
  const waitingListeners = new Set<() => void>();
  let registering: Promise<ServiceWorkerRegistration | undefined> | undefined;
  let registration: ServiceWorkerRegistration | undefined;
  let hadController = container.controller !== null;
  const controllerListeners = new Set<(hadController: boolean) => void>();

  workbox.addEventListener('waiting', () => {
    // Workbox also speaks of a first worker that merely lingers in "waiting": only with a version running it is an update.
    if (registration?.active !== null && registration?.active !== undefined)
      for (const tell of waitingListeners) tell();
  });
  container.addEventListener('controllerchange', () => {
    const before = hadController;
    hadController = true;
    for (const tell of controllerListeners) tell(before);
  });

  async function register(): Promise<void> {
    registering ??= workbox.register({ immediate: true });
    try {
      registration = await registering;
    } catch (thrown) {
      registering = undefined;
      // A broken or unreachable script: the version that runs goes on (offline starts end here when the update check fails).
      registration = await container.getRegistration(root);
      if (registration === undefined) throw AppError.from(thrown, 'service-worker-failed');
    }
  }

  async function activeWorker(signal: AbortSignal | undefined): Promise<ServiceWorker> {
    await register();
    const ready = withTimeout(
      container.ready,
      activationTimeoutMs,
      () => new AppError('service-worker-failed', { reason: 'not-active' }),
    );
    const { active } = await abortable(ready, signal);
    if (active === null) throw new AppError('service-worker-failed', { reason: 'not-active' });
    return active;
  }

  return {
    register,

    async ask(request, { timeoutMs, signal }) {
      const worker = await activeWorker(signal);
      return abortable(postAndWait(worker, request, timeoutMs), signal);
    },

    waiting: () => (registration?.active ? (registration.waiting ?? undefined) : undefined),

    async activateWaiting() {
      const waiting = registration?.waiting;
      if (waiting === null || waiting === undefined) return;
      await postAndWait(waiting, { type: 'skip-waiting' }, skipWaitingTimeoutMs);
    },

    async checkForUpdate() {
      try {
        await registration?.update();
      } catch {
        // Offline, or the server is gone: the version that runs goes on.
      }
    },

    onBroadcast(listener) {
      const hear = (event: MessageEvent<ServiceWorkerBroadcast>): void => listener(event.data);
      channel.addEventListener('message', hear);
      return () => channel.removeEventListener('message', hear);
    },

    onWaiting(listener) {
      waitingListeners.add(listener);
      return () => waitingListeners.delete(listener);
    },

    onControllerChange(listener) {
      controllerListeners.add(listener);
      return () => controllerListeners.delete(listener);
    },

    async unregister() {
      const known = registration ?? (await container.getRegistration(root));
      registering = undefined;
      registration = undefined;
      await known?.unregister();
    },
  };
}

function postAndWait<Request extends ServiceWorkerRequest>(
  worker: ServiceWorker,
  request: Request,
  timeoutMs: number,
): Promise<ReplyTo<Request>> {
  const { port1, port2 } = new MessageChannel();
  const reply = new Promise<ReplyTo<Request>>((resolve) => {
    port1.onmessage = (event: MessageEvent<ReplyTo<Request>>) => resolve(event.data);
  });
  worker.postMessage(request, [port2]);
  const silent = (): AppError => new AppError('service-worker-silent', { type: request.type, ms: timeoutMs });
  return withTimeout(reply, timeoutMs, silent).finally(() => port1.close());
}

function withTimeout<T>(promise: Promise<T>, ms: number, error: () => AppError): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(error()), ms);
    promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
