import type { Model, PackFileStatus } from '../../src/app/model-library.ts';
import type { ChesterAppElement } from '../../src/ui/chester-app.ts';
import { FakeApp } from './fake-app.ts';
import { readyLibrary } from './some-models.ts';
import { openScreen } from './support.ts';

export interface OpenedModels {
  readonly app: FakeApp;
  readonly element: ChesterAppElement;
}

/** The Models screen with these models, and a model file on its way in. */
export async function openModels(models: readonly Model[], packFile?: PackFileStatus): Promise<OpenedModels> {
  const app = new FakeApp({ models: readyLibrary(models, packFile) });
  return { app, element: await openScreen(app, '#/models') };
}
