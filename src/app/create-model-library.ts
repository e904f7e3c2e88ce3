import { AppError } from '../shared/app-error.ts';
import type { PlainError } from '../shared/app-error.ts';
import { ownPacks } from '../shared/build.ts';
import type { CatalogEntry } from '../shared/pack.ts';
import { removeAbandonedFiles, removeVersions, rollBackVersion } from '../storage/pack-versions.ts';
import { choosePack, installedPack, packsInUse, unchoosePack } from '../storage/packs-in-use.ts';
import { listPackRecords, type PackRecord } from '../storage/packs.ts';
import type { Settings } from '../storage/settings.ts';
import { fetchCatalog } from './catalog.ts';
import type { DecodingClient } from './decoding-client.ts';
import type { InferenceClient } from './inference-client.ts';
import { listModels } from './list-models.ts';
import { createModelDownloads } from './model-downloads.ts';
import type { ModelActions, ModelLibrary } from './model-library.ts';
import { createOfferedManifests } from './offered-manifests.ts';
import { savePackFile } from './save-pack-file.ts';
import { createSideLoad } from './side-load.ts';
import type { ServiceWorkerClient } from './sw-client.ts';

export interface ModelLibraryPorts {
  readonly worker: ServiceWorkerClient;
  readonly inference: InferenceClient;
  readonly decoding: DecodingClient;
  readonly setModels: (models: ModelLibrary) => void;
  /** Another pack may answer now: the offline status is looked at again. */
  readonly onAnswerChange: () => void;
  readonly onError: (thrown: unknown) => void;
  /** The pack that a person had chosen is gone, and the app's own one answers. */
  readonly onChoiceDropped: (id: string) => void;
}

export interface CreatedModelLibrary extends ModelActions {
  /** Once at the start, and whenever the network is back: what was begun goes on, what was abandoned goes away. */
  resume(): Promise<void>;
  /** Somebody else changed what is installed. */
  changed(): void;
}

/** The library of models: what is here, what is offered, and what a person can do with each. */
export function createModelLibrary(ports: ModelLibraryPorts): CreatedModelLibrary {
  const { worker, inference } = ports;
  const offered = createOfferedManifests();
  let records: readonly PackRecord[] | undefined;
  let choices: Settings['packsInUse'] = {};
  let catalog: readonly CatalogEntry[] = [];
  let catalogError: PlainError | undefined;
  /** Nothing is read before somebody looks. */
  let isShown = false;

  const downloads = createModelDownloads({ worker, inference, onActivity: publish, onChange: answerChanged });
  const sideLoad = createSideLoad({
    decoding: ports.decoding,
    inference,
    knownPacks,
    pauseDownload: (id) => pauseIfRunning(id),
    onStatus: publish,
    onChange: answerChanged,
  });

  function publish(): void {
    if (!isShown || records === undefined) return;
    const { manifests: offeredManifests } = offered;
    const { activities } = downloads;
    ports.setModels({
      kind: 'ready',
      models: listModels({ records, choices, catalog, own: ownPacks, offeredManifests, activities }),
      ...(catalogError === undefined ? {} : { catalogError }),
      packFile: sideLoad.status,
    });
  }

  async function readStorage(): Promise<void> {
    if (!isShown) return;
    [records, choices] = await Promise.all([listPackRecords(), packsInUse()]);
    publish();
  }

  async function readCatalog(signal?: AbortSignal): Promise<readonly CatalogEntry[]> {
    try {
      catalog = (await fetchCatalog(signal)).packs;
      catalogError = undefined;
    } catch (thrown) {
      catalogError = AppError.from(thrown, 'download-failed').toPlain();
    }
    return catalog;
  }

  async function knownPacks(signal: AbortSignal): Promise<readonly CatalogEntry[]> {
    return [...ownPacks, ...(await readCatalog(signal))];
  }

  async function answerChanged(): Promise<void> {
    ports.onAnswerChange();
    await readStorage();
  }

  function show(): void {
    isShown = true;
    void attempt(readStorage);
  }

  /** What fails becomes a notice. */
  async function attempt(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (thrown) {
      ports.onError(thrown);
    }
  }

  async function pauseIfRunning(id: string): Promise<void> {
    const isRunning = (await listPackRecords()).some(
      (record) => record.id === id && record.state === 'downloading' && record.fromFile !== true,
    );
    if (isRunning) await downloads.pause(id);
  }

  async function download(id: string): Promise<void> {
    const entry = (await readCatalog()).find((candidate) => candidate.id === id);
    if (entry === undefined)
      throw catalogError ? AppError.fromPlain(catalogError) : new AppError('pack-missing', { pack: id });
    await downloads.start(entry);
  }

  async function remove(id: string): Promise<void> {
    const all = await listPackRecords();
    const role = all.find((record) => record.id === id)?.manifest?.role;
    const isOwn = all.some((record) => record.id === id && record.optional !== true);
    // The app's own one may go when another answers; the Storage screen removes it all the same.
    const answering = role === undefined ? undefined : await installedPack(role);
    if (isOwn && role === 'findings' && answering?.id === id) throw new AppError('pack-in-use', { pack: id });
    await pauseIfRunning(id);
    const wasChosen = Object.values(await packsInUse()).includes(id);
    await removeVersions(id);
    await inference.release();
    const isReplaced = wasChosen && role === 'findings' && (await installedPack('findings')) !== undefined;
    if (isReplaced) ports.onChoiceDropped(id);
    await answerChanged();
  }

  return {
    changed: () => void attempt(readStorage),

    async resume() {
      await removeAbandonedFiles();
      const unfinished = (await listPackRecords()).some(
        ({ optional, state }) => optional === true && state !== 'installed',
      );
      if (unfinished) await downloads.resume(await readCatalog());
    },

    refreshModels() {
      show();
      void attempt(async () => {
        await readCatalog();
        publish();
        await offered.read(catalog);
        publish();
      });
    },

    downloadModel: (id) => void attempt(() => download(id)),
    pauseModel: (id) => void attempt(() => downloads.pause(id)),

    useModel: (id) =>
      attempt(async () => {
        await choosePack(id);
        await answerChanged();
      }),

    stopUsingModel: (id) =>
      attempt(async () => {
        await unchoosePack(id);
        await answerChanged();
      }),

    rollBackModel: (id) =>
      attempt(async () => {
        await pauseIfRunning(id);
        await rollBackVersion(id);
        await inference.release();
        await answerChanged();
      }),

    removeModel: (id) => attempt(() => remove(id)),

    openPackFile(file) {
      show();
      sideLoad.open(file);
    },
    cancelPackFile: sideLoad.cancel,
    dismissPackFile: sideLoad.dismiss,

    async savePackFile(id) {
      try {
        return await savePackFile(id);
      } catch (thrown) {
        ports.onError(thrown);
        return undefined;
      }
    },
  };
}
