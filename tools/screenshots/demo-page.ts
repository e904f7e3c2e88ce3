/**
 * The page that is photographed: the real screens with canned states. The only picture on them is the synthetic
 * example. `?screen=NAME` chooses; `document.documentElement.dataset.ready` says when everything is drawn.
 */

import '../../src/ui/chester-app.ts';
import { allScreens, exampleScreen, lookAs, type Screen } from '../../test/components/screens.ts';
import type { QueueItem } from '../../src/app/app-model.ts';
import type { DisplayImage } from '../../src/shared/analysis.ts';
import type { ExampleResult } from './example-result.ts';

async function examplePicture(): Promise<DisplayImage> {
  const response = await fetch('example.png');
  const bitmap = await createImageBitmap(await response.blob());
  const canvas = document.createElement('canvas');
  canvas.width = bitmap.width;
  canvas.height = bitmap.height;
  const context = canvas.getContext('2d');
  if (context === null) throw new Error('no canvas');
  context.drawImage(bitmap, 0, 0);
  const { data } = context.getImageData(0, 0, bitmap.width, bitmap.height);
  const grey = new Uint8Array(bitmap.width * bitmap.height);
  for (let index = 0; index < grey.length; index += 1) grey[index] = data[index * 4] ?? 0;
  return { width: bitmap.width, height: bitmap.height, data: grey };
}

/** Drawn on a fixed day, so that pictures differ only where the app does. */
async function exampleResult(display: DisplayImage): Promise<Screen> {
  const { analysis, maps, pack } = (await (await fetch('example-result.json')).json()) as ExampleResult;
  const screen = exampleScreen({ display });
  const queue = screen.app.state.queue.map((item): QueueItem => {
    if (item.state.kind !== 'done') return item;
    const { result } = item.state;
    const dated = { ...analysis, id: result.analysis.id, createdAt: result.analysis.createdAt };
    return { ...item, state: { kind: 'done', result: { ...result, analysis: dated, maps, pack } } };
  });
  screen.app.change({ queue });
  return screen;
}

/** Every result is drawn with the example's picture, the example's own with what the app says of it. */
async function withPicture(screen: Screen, display: DisplayImage): Promise<Screen> {
  if (screen.name === 'result-example') return exampleResult(display);
  screen.app.change({
    queue: screen.app.state.queue.map((item) =>
      item.state.kind === 'done'
        ? { ...item, state: { kind: 'done', result: { ...item.state.result, display } } }
        : item,
    ),
  });
  return screen;
}

const wanted = new URLSearchParams(location.search).get('screen');
const screen = allScreens().find(({ name }) => name === wanted);
if (screen === undefined) throw new Error(`no screen ${wanted}`);
location.hash = screen.hash;
const drawn = await withPicture(screen, await examplePicture());
const element = document.createElement('chester-app');
element.app = drawn.app;
document.body.prepend(element);
await element.updateComplete;
// The result's code arrives when it is needed.
while (drawn.view !== undefined && !lookAs(element, drawn.view)) {
  await new Promise((resolve) => requestAnimationFrame(resolve));
}
document.documentElement.dataset['ready'] = 'true';
