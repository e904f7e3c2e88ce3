import { AppError } from '../shared/app-error.ts';
import type { AnalysisQueue } from './analysis-queue.ts';
import type { AppState } from './app-model.ts';
import { createAppUpdate, type AppUpdate } from './app-update.ts';
import type { CreatedModelLibrary } from './create-model-library.ts';
import type { DecodingClient } from './decoding-client.ts';
import type { InferenceClient } from './inference-client.ts';
import { createLazyModelLibrary } from './lazy-model-library.ts';
import { createPackInstaller, type PackInstaller } from './pack-installer.ts';
import type { Store } from './store.ts';
import { createServiceWorkerClient, type ServiceWorkerClient } from './sw-client.ts';
import type { WorkLock } from './work-lock.ts';

/** Parts that exist only where the browser has what they need: a service worker and a database. */
export interface OnlineParts {
  readonly worker: ServiceWorkerClient;
  readonly installer: PackInstaller;
  readonly update: AppUpdate;
  readonly library: CreatedModelLibrary;
}

interface OnlinePorts {
  readonly store: Store<AppState>;
  readonly inference: InferenceClient;
  readonly decoding: DecodingClient;
  readonly queue: AnalysisQueue;
  readonly workLock: WorkLock;
  readonly notifyError: (thrown: unknown) => void;
}

/** Puts together packs, models and updates, and lets them tell the queue and the state what has changed. */
export function createOnlineParts({
  store,
  inference,
  decoding,
  queue,
  workLock,
  notifyError,
}: OnlinePorts): OnlineParts {
  const worker = createServiceWorkerClient();
  function onChoiceDropped(pack: string): void {
    notifyError(new AppError('pack-replaced', { pack }));
    library.changed();
  }
  const installer = createPackInstaller({
    worker,
    inference,
    status: () => store.state.offline,
    setStatus: (offline) => store.set({ offline }),
    onPersistence: (persisted) => {
      if (!persisted && store.state.notice === undefined) store.set({ notice: { kind: 'not-persisted' } });
    },
    onInstalled: () => {
      queue.pump();
      library.changed();
    },
    onOptionalDamaged: () => void library.resume().catch(() => undefined),
    onChoiceDropped,
  });
  const library = createLazyModelLibrary({
    worker,
    inference,
    decoding,
    setModels: (models) => store.set({ models }),
    onAnswerChange: () => {
      installer.look();
      queue.pump();
    },
    onError: notifyError,
    onChoiceDropped,
  });
  const update = createAppUpdate({
    worker,
    status: () => store.state.update,
    setStatus: (status) => store.set({ update: status }),
    isBusy: queue.isBusy,
    wouldLose: () => queue.hasUnkept() || queue.isBusy(),
    othersHaveWork: workLock.othersHaveWork,
    reload: () => location.reload(),
  });
  return { worker, installer, update, library };
}
