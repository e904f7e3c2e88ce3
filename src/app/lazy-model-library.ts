import { listPackRecords } from '../storage/packs.ts';
import type { CreatedModelLibrary, ModelLibraryPorts } from './create-model-library.ts';

/**
 * The library of models, loaded when it is first needed: most visits only read X-rays with what is installed.
 * What cannot be loaded is told like any other failure, and tried again the next time.
 */
export function createLazyModelLibrary(ports: ModelLibraryPorts): CreatedModelLibrary {
  let loading: Promise<CreatedModelLibrary> | undefined;

  function load(): Promise<CreatedModelLibrary> {
    loading ??= import('./create-model-library.ts').then(
      ({ createModelLibrary }) => createModelLibrary(ports),
      (thrown: unknown) => {
        loading = undefined;
        throw thrown;
      },
    );
    return loading;
  }

  async function use<T>(work: (library: CreatedModelLibrary) => T | Promise<T>): Promise<T | undefined> {
    try {
      return await work(await load());
    } catch (thrown) {
      ports.onError(thrown);
      return undefined;
    }
  }

  return {
    async resume() {
      const isUnfinished = (await listPackRecords()).some(
        ({ state, optional, fromFile }) => state !== 'installed' && (optional === true || fromFile === true),
      );
      if (isUnfinished) await (await load()).resume();
    },
    // Nobody looks where it is not loaded.
    changed: () => void loading?.then((library) => library.changed()).catch(() => undefined),

    refreshModels: () => void use((library) => library.refreshModels()),
    downloadModel: (id) => void use((library) => library.downloadModel(id)),
    pauseModel: (id) => void use((library) => library.pauseModel(id)),
    useModel: (id) => use((library) => library.useModel(id)),
    stopUsingModel: (id) => use((library) => library.stopUsingModel(id)),
    rollBackModel: (id) => use((library) => library.rollBackModel(id)),
    removeModel: (id) => use((library) => library.removeModel(id)),
    openPackFile: (file) => void use((library) => library.openPackFile(file)),
    cancelPackFile: () => void use((library) => library.cancelPackFile()),
    dismissPackFile: () => void use((library) => library.dismissPackFile()),
    savePackFile: (id) => use((library) => library.savePackFile(id)),
  };
}
