import { AppError, settle } from '../shared/app-error.ts';
import { appVersion, buildAssets } from '../shared/build.ts';
import { readLedger } from '../storage/ledger.ts';
import { getSetting, setSetting } from '../storage/settings.ts';
import { createAnalysisQueue } from './analysis-queue.ts';
import { analyzeImage, explainImage } from './analyze-image.ts';
import type { AppState, ChesterApp } from './app-model.ts';
import { cameraAtHand } from './camera-at-hand.ts';
import { markCameraClosed, markCameraOpen, takeCameraInterruption } from './camera-return.ts';
import { checkCapabilities } from './capabilities.ts';
import { checkFile } from './check-file.ts';
import { createDecodingClient } from './decoding-client.ts';
import { engineChoice } from './engine-choice.ts';
import { exampleSource } from './example.ts';
import { createExplanations } from './explanations.ts';
import { openIncomingFiles } from './incoming-files.ts';
import { deidentifiedFile } from './deidentified-file.ts';
import { createInferenceClient } from './inference-client.ts';
import { createInstallPrompt } from './install-prompt.ts';
import { isPackFile } from './is-pack-file.ts';
import { createLeaveGuard } from './leave-guard.ts';
import { createOnlineParts, type OnlineParts } from './online-parts.ts';
import { removeEverything } from './remove-everything.ts';
import { makeStorageReport } from './storage-report.ts';
import { createStore } from './store.ts';
import { warmUpWhenIdle } from './warm-up.ts';
import { createWorkLock } from './work-lock.ts';

const initialState: AppState = {
  version: appVersion,
  capability: { kind: 'checking' },
  accepted: undefined,
  online: true,
  offline: { kind: 'checking' },
  install: { kind: 'unavailable' },
  update: { kind: 'none' },
  queue: [],
  notice: undefined,
  models: { kind: 'loading' },
  sitePrevalences: {},
};

/** Puts the use cases of this folder together and begins: checks the browser, reads what is remembered, goes on. */
export function createApp(): ChesterApp {
  const store = createStore<AppState>({ ...initialState, online: navigator.onLine });
  const assets = buildAssets();
  const decoding = createDecodingClient(assets.decodeWorker);
  const inference = createInferenceClient(assets.inferenceWorker, engineChoice);
  const leaveGuard = createLeaveGuard();
  const workLock = createWorkLock();
  const installPrompt = createInstallPrompt((install) => store.set({ install }));
  let parts: OnlineParts | undefined;
  /** Files opened so far are where they belong: what is opened later comes after them. */
  let sorted = Promise.resolve();
  /** A screen asked for the models, maybe before there was anybody to ask. */
  let modelsWanted = false;

  const queue = createAnalysisQueue({
    items: () => store.state.queue,
    setItems: (items) => store.set({ queue: items }),
    mayRun: () => store.state.accepted === true && parts !== undefined,
    look: decoding.look,
    openPhoto: async (file, signal, onStage) => {
      await checkFile(file);
      return decoding.openPhoto(file, { signal, onStage });
    },
    async analyze(file, signal, onStage, reading, taken) {
      if (parts === undefined) throw new AppError('service-worker-failed');
      const { installer } = parts;
      try {
        return await analyzeImage(file, { decoding, inference, installer }, signal, onStage, reading, taken);
      } catch (thrown) {
        const error = AppError.from(thrown);
        // The storage was cleared under us, or the pack was just rejected: the offline status must not go on saying "ready".
        if (error.code === 'pack-missing' || error.code === 'known-answer-mismatch') installer.look();
        throw error;
      }
    },
  });

  const explanations = createExplanations({
    items: () => store.state.queue,
    setItems: (items) => store.set({ queue: items }),
    readOf: queue.readOf,
    explain: (read, request, signal, onProgress) => explainImage(read, request, inference, signal, onProgress),
  });

  let shownQueue = store.state.queue;
  store.subscribe(() => {
    if (store.state.queue === shownQueue) return;
    shownQueue = store.state.queue;
    const wouldLose = queue.hasUnkept() || queue.isBusy();
    leaveGuard.update(wouldLose);
    workLock.update(wouldLose);
    parts?.update.refresh();
  });

  function notifyError(thrown: unknown): void {
    store.set({ notice: { kind: 'error', error: AppError.from(thrown).toPlain() } });
  }

  /** Models go to the library, all else to the queue, in their order. */
  async function sortIn(files: readonly File[], isPhoto: boolean): Promise<void> {
    const areModels = await Promise.all(files.map(isPackFile));
    const pictures = files.filter((_, index) => areModels[index] !== true);
    queue.add(pictures.map((file) => ({ name: file.name, load: () => Promise.resolve(file), isPhoto })));
    for (const [index, file] of files.entries()) if (areModels[index] === true) app.openPackFile(file);
  }

  /** Runs what a person asked for; what fails becomes a notice. */
  async function attempt(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (thrown) {
      notifyError(thrown);
    }
  }

  async function readRemembered(): Promise<void> {
    try {
      const accepted = await getSetting('acceptedNotice');
      store.set({ accepted: accepted !== undefined });
      if (await takeCameraInterruption()) store.set({ notice: { kind: 'camera-interrupted' } });
      store.set({ sitePrevalences: (await getSetting('sitePrevalences')) ?? {} });
      const lastVersion = await getSetting('lastVersion');
      if (lastVersion !== appVersion) await setSetting('lastVersion', appVersion);
      if (lastVersion !== undefined && lastVersion !== appVersion && store.state.notice === undefined) {
        store.set({ notice: { kind: 'updated', version: appVersion } });
      }
    } catch (thrown) {
      store.set({ accepted: store.state.accepted ?? false });
      notifyError(thrown);
    }
  }

  async function begin(): Promise<void> {
    const capability = await checkCapabilities();
    store.set({ capability });
    if (capability.kind !== 'ok') return;
    const created = createOnlineParts({ store, inference, decoding, queue, workLock, notifyError });
    parts = created;
    if (modelsWanted) created.library.refreshModels();
    await readRemembered();
    created.worker.register().then(
      () => created.update.refresh(),
      (thrown: unknown) => store.set({ offline: { kind: 'failed', error: AppError.from(thrown).toPlain() } }),
    );
    created.installer.look();
    // Silent: what does not go on now is told on the Models screen.
    created.library.resume().catch(() => undefined);
    await attempt(() => openIncomingFiles((files) => app.open(files)));
    queue.pump();
    warmUpWhenIdle(inference, created.installer, queue.isBusy);
  }

  window.addEventListener('online', () => {
    store.set({ online: true });
    parts?.installer.look();
    parts?.library.resume().catch(() => undefined);
  });
  window.addEventListener('offline', () => store.set({ online: false }));

  const app: ChesterApp = {
    get state() {
      return store.state;
    },
    subscribe: store.subscribe,

    acceptNotForMedicalUse: () =>
      attempt(async () => {
        // The person has accepted, whether or not it can be remembered.
        store.set({ accepted: true });
        queue.pump();
        await setSetting('acceptedNotice', { at: new Date().toISOString(), version: appVersion });
      }),

    open(files, origin = 'files') {
      if (origin === 'camera') app.cameraClosed();
      sorted = sorted.then(() => sortIn(files, origin === 'camera'));
    },
    openExample() {
      if (!queue.isWorkingOn(exampleSource)) queue.add([exampleSource]);
    },
    hasCamera: cameraAtHand,
    openCamera: async () => {
      // Most visits open files.
      const { openCameraSession } = await import('./camera-session.ts');
      const { mediaDevices } = navigator as Partial<Navigator>;
      return openCameraSession({
        devices: mediaDevices,
        reader: decoding.readFrames(),
        onShot: (photo) => app.open([photo], 'camera'),
      });
    },
    cameraOpening: () => void attempt(() => markCameraOpen()),
    cameraClosed: () => void attempt(() => markCameraClosed()),
    cancel: queue.cancel,
    cancelAll: queue.cancelAll,
    retry: queue.retry,
    dismiss: queue.dismiss,
    setLabel: queue.setLabel,
    analyzeAnyway: queue.analyzeAnyway,
    analyzeAs: queue.analyzeAs,
    lookAt: queue.lookAt,
    explain: explanations.explain,
    cancelExplanation: explanations.cancel,
    setRatioLines: queue.setRatioLines,
    treatAsPhoto: queue.treatAsPhoto,
    placeCorners: queue.placeCorners,
    exportJson: queue.exportJson,
    deidentify: (id, boxes, signal) =>
      settle(async () => {
        const source = queue.source(id);
        if (source === undefined) throw new AppError('file-unreadable');
        return deidentifiedFile(await decoding.deidentify(await source.load(signal), boxes, signal));
      }),
    markPrinted: queue.markKept,
    hasUnkept: queue.hasUnkept,

    startDownload: () => parts?.installer.startDownload(),
    pauseDownload: () => parts?.installer.pauseDownload(),
    install: () => attempt(() => installPrompt.install()),
    applyUpdate: () => attempt(() => parts?.update.apply() ?? Promise.resolve()),
    stateSitePrevalences: (sitePrevalences) =>
      attempt(async () => {
        await setSetting('sitePrevalences', sitePrevalences);
        store.set({ sitePrevalences });
      }),
    dismissNotice: () => store.set({ notice: undefined }),

    refreshModels() {
      modelsWanted = true;
      parts?.library.refreshModels();
    },
    downloadModel: (id) => parts?.library.downloadModel(id),
    pauseModel: (id) => parts?.library.pauseModel(id),
    useModel: async (id) => parts?.library.useModel(id),
    stopUsingModel: async (id) => parts?.library.stopUsingModel(id),
    rollBackModel: async (id) => parts?.library.rollBackModel(id),
    removeModel: async (id) => parts?.library.removeModel(id),
    openPackFile: (file) => parts?.library.openPackFile(file),
    cancelPackFile: () => parts?.library.cancelPackFile(),
    dismissPackFile: () => parts?.library.dismissPackFile(),
    savePackFile: async (id) => parts?.library.savePackFile(id),

    storageReport: makeStorageReport,
    removePack: (id) =>
      attempt(async () => {
        await parts?.installer.remove(id);
        parts?.library.changed();
      }),
    removeEverything: () =>
      attempt(async () => {
        queue.cancelAll();
        inference.close();
        decoding.close();
        await removeEverything(parts?.worker);
        // The person has asked for this loss: nothing is asked about again.
        store.set({ queue: [] });
        location.replace(new URL('./', document.baseURI));
      }),
    async ledger() {
      try {
        return await readLedger();
      } catch (thrown) {
        notifyError(thrown);
        return [];
      }
    },
  };

  void begin().catch(notifyError);
  return app;
}
