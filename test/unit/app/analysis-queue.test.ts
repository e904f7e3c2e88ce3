import { expect } from '@open-wc/testing';
import { createAnalysisQueue, type QueueSource } from '../../../src/app/analysis-queue.ts';
import type { ReadImage, TakenAs } from '../../../src/app/analyze-image.ts';
import type { QueueItem, WorkStage } from '../../../src/app/app-model.ts';
import type { Corners, PhotoChoice, PictureLook, PictureReading } from '../../../src/shared/analysis.ts';
import type { Anatomy } from '../../../src/shared/anatomy.ts';
import type { OpenedPhoto } from '../../../src/shared/messages.ts';
import { AppError } from '../../../src/shared/app-error.ts';
import { someReadImage } from './some-reading.ts';

interface Run {
  readonly name: string;
  readonly reading: PictureReading | undefined;
  readonly signal: AbortSignal;
  readonly onStage: (stage: WorkStage) => void;
  readonly taken: TakenAs;
  readonly finish: (read: ReadImage | OpenedPhoto) => void;
  readonly fail: (error: AppError) => void;
}

const corners: Corners = [
  { x: 1, y: 1 },
  { x: 5, y: 1 },
  { x: 5, y: 4 },
  { x: 1, y: 4 },
];
const somePhoto: OpenedPhoto = {
  photo: { width: 6, height: 5, rgba: new Uint8ClampedArray(120) },
  source: someReadImage().image.source,
  proposals: [{ corners, share: 1, isWholePicture: false }],
};

/** A queue whose analyses end when the test says so. */
function setUp() {
  let items: readonly QueueItem[] = [];
  const runs: Run[] = [];
  const looks: { readonly name: string; readonly look: PictureLook }[] = [];
  const opened: string[] = [];
  const allowed = { value: true };
  const queue = createAnalysisQueue({
    items: () => items,
    setItems: (next) => (items = next),
    mayRun: () => allowed.value,
    analyze: (file, signal, onStage, reading, taken) =>
      new Promise((finish, fail) => runs.push({ name: file.name, reading, signal, onStage, taken, finish, fail })),
    look: (file, look) => {
      looks.push({ name: file.name, look });
      if (look.frame === missingFrame) return Promise.reject(new AppError('dicom-no-frame', { frame: missingFrame }));
      const { display, image } = someReadImage();
      return Promise.resolve({ display, source: image.source });
    },
    openPhoto: (file) => {
      opened.push(file.name);
      return Promise.resolve(somePhoto);
    },
  });
  const item = (index: number): QueueItem => {
    const found = items[index];
    if (found === undefined) throw new Error(`no item ${index}`);
    return found;
  };
  return { queue, runs, looks, item, items: () => items, allowed, opened };
}

const missingFrame = 9;

function source(name: string): QueueSource {
  return { name, load: () => Promise.resolve(new File(['x'], name)) };
}

/** Lets promises run. */
const tick = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5));

/** A reading with a ratio of 0.2 / 0.8. */
function readWithRatio(): ReadImage {
  const read = someReadImage();
  const anatomy: Anatomy = {
    pack: 'lungs@1.0.0',
    lungs: [],
    heart: [],
    cutOff: [],
    ratio: {
      value: 0.25,
      interval: [0.2, 0.3],
      heart: { y: 0.6, left: 0.4, right: 0.6 },
      thorax: { y: 0.5, left: 0.1, right: 0.9 },
    },
    insideLungs: {},
  };
  return { ...read, reading: { ...read.reading, anatomy } };
}

describe('analysis-queue', () => {
  it('marks a ratio that a person measured, keeps the network’s beside it, and goes back to it', async () => {
    const { queue, runs, item } = setUp();
    queue.add([source('one.png')]);
    await tick();
    runs[0]?.finish(readWithRatio());
    await tick();
    const { id } = item(0);
    const ratio = () => {
      const { state } = item(0);
      return state.kind === 'done' ? state.result.analysis.anatomy?.ratio : undefined;
    };
    queue.markKept(id);
    queue.setRatioLines(id, { heart: { y: 0.6, left: 0.3, right: 0.7 }, thorax: { y: 0.5, left: 0.1, right: 0.9 } });
    expect(ratio()?.value).to.be.closeTo(0.5, 1e-9);
    expect(ratio()?.interval).to.deep.equal([0.2, 0.3]);
    expect(ratio()?.edited?.measured).to.equal(0.25);
    expect(queue.hasUnkept()).to.equal(true);
    const saved = JSON.parse(queue.exportJson(id, { maps: false })?.json ?? '{}') as { anatomy?: Anatomy };
    expect(saved.anatomy?.ratio?.edited?.measured).to.equal(0.25);

    queue.setRatioLines(id, undefined);
    expect(ratio()?.value).to.equal(0.25);
    expect(ratio()).not.to.have.property('edited');
  });

  it('has no ratio to edit where none was measured', async () => {
    const { queue, runs, item } = setUp();
    queue.add([source('one.png')]);
    await tick();
    runs[0]?.finish(someReadImage());
    await tick();
    const { id } = item(0);
    queue.setRatioLines(id, { heart: { y: 0.6, left: 0.3, right: 0.7 }, thorax: { y: 0.5, left: 0.1, right: 0.9 } });
    const { state } = item(0);
    expect(state.kind === 'done' && state.result.analysis.anatomy).to.equal(undefined);
  });

  it('works on one at a time, in order, and shows the stages', async () => {
    const { queue, runs, item } = setUp();
    queue.add([source('one.png'), source('two.png')]);
    await tick();
    expect(runs.map((run) => run.name)).to.deep.equal(['one.png']);
    runs[0]?.onStage('decoding');
    expect(item(0).state).to.deep.equal({ kind: 'working', stage: 'decoding' });
    expect(item(1).state).to.deep.equal({ kind: 'working', stage: 'queued' });
    runs[0]?.finish(someReadImage());
    await tick();
    expect(item(0).state.kind).to.equal('done');
    expect(runs.map((run) => run.name)).to.deep.equal(['one.png', 'two.png']);
    expect(queue.isBusy()).to.equal(true);
    runs[1]?.fail(new AppError('image-corrupt'));
    await tick();
    expect(item(1).state).to.deep.equal({ kind: 'failed', error: { code: 'image-corrupt', details: {} } });
    expect(queue.isBusy()).to.equal(false);
  });

  it('asks where the film is, works on the next meanwhile, and reads the photograph once it knows', async () => {
    const { queue, runs, item, opened } = setUp();
    queue.add([{ ...source('film.jpg'), isPhoto: true }, source('two.png')]);
    await tick();
    expect(item(0).state).to.deep.equal({ kind: 'corners', ...somePhoto, recognised: false });
    expect(runs.map((run) => run.name)).to.deep.equal(['two.png']);
    expect(queue.isBusy()).to.equal(true);
    const choice: PhotoChoice = { corners, placedBy: 'app', inputKind: 'film' };
    queue.placeCorners(item(0).id, choice);
    runs[0]?.finish(someReadImage());
    await tick();
    const { photo, source: facts } = somePhoto;
    expect(runs.map((run) => [run.name, run.taken])).to.deep.equal([
      ['two.png', 'as-it-seems'],
      ['film.jpg', { choice, opened: { photo, source: facts } }],
    ]);
    runs[1]?.finish(someReadImage());
    await tick();
    expect(item(0).state.kind).to.equal('done');
    expect(opened).to.deep.equal(['film.jpg']);
  });

  it('reads a result anew as a photograph, and as it is where a person says that it is none', async () => {
    const { queue, runs, item, opened } = setUp();
    queue.add([source('gallery.jpg')]);
    await tick();
    runs[0]?.finish(someReadImage());
    await tick();
    queue.treatAsPhoto(item(0).id);
    await tick();
    expect(item(0).state.kind).to.equal('corners');
    expect(opened).to.deep.equal(['gallery.jpg']);
    queue.placeCorners(item(0).id, undefined);
    await tick();
    expect(runs[1]?.taken).to.equal('as-it-is');
    runs[1]?.finish(someReadImage());
    await tick();
    expect(item(0).state.kind).to.equal('done');
  });

  it('asks about a picture that seems to be a photograph, and gives its pixels away once', async () => {
    const { queue, runs, item, opened } = setUp();
    queue.add([source('gallery.jpg')]);
    await tick();
    runs[0]?.finish(somePhoto);
    await tick();
    expect(item(0).state).to.deep.equal({ kind: 'corners', ...somePhoto, recognised: true });
    const choice: PhotoChoice = { corners, placedBy: 'app', inputKind: 'film' };
    queue.placeCorners(item(0).id, choice);
    await tick();
    runs[1]?.fail(new AppError('decode-timeout'));
    await tick();
    queue.retry(item(0).id);
    await tick();
    const { photo, source: facts } = somePhoto;
    expect(runs.map(({ taken }) => taken)).to.deep.equal([
      'as-it-seems',
      { choice, opened: { photo, source: facts } },
      { choice },
    ]);
    // Inverted, it is read as the same photograph.
    runs[2]?.finish(someReadImage());
    await tick();
    queue.analyzeAs(item(0).id, { inverted: true });
    await tick();
    expect(runs[3]?.taken).to.deep.equal({ choice });
    expect(opened).to.deep.equal([]);
  });

  it('lets go of a photograph that waits for its corners', async () => {
    const { queue, item } = setUp();
    queue.add([{ ...source('film.jpg'), isPhoto: true }]);
    await tick();
    queue.cancel(item(0).id);
    expect(item(0).state.kind).to.equal('cancelled');
    queue.placeCorners(item(0).id, { corners, placedBy: 'person', inputKind: 'monitor' });
    expect(item(0).state.kind).to.equal('cancelled');
    queue.retry(item(0).id);
    await tick();
    expect(item(0).state.kind).to.equal('corners');
  });

  it('drops a stage that arrives after the end', async () => {
    const { queue, runs, item } = setUp();
    queue.add([source('one.png'), source('two.png')]);
    await tick();
    runs[0]?.fail(new AppError('image-too-large'));
    await tick();
    runs[0]?.onStage('decoding');
    runs[1]?.finish(someReadImage());
    await tick();
    runs[1]?.onStage('maps');
    expect([item(0).state.kind, item(1).state.kind]).to.deep.equal(['failed', 'done']);
  });

  it('waits until it may run', async () => {
    const { queue, runs, allowed } = setUp();
    allowed.value = false;
    queue.add([source('one.png')]);
    await tick();
    expect(runs).to.have.length(0);
    allowed.value = true;
    queue.pump();
    await tick();
    expect(runs).to.have.length(1);
  });

  it('cancels, drops the late answer, and runs again when asked', async () => {
    const { queue, runs, item } = setUp();
    queue.add([source('one.png')]);
    await tick();
    queue.cancel(item(0).id);
    expect(item(0).state).to.deep.equal({ kind: 'cancelled' });
    expect(runs[0]?.signal.aborted).to.equal(true);
    queue.retry(item(0).id);
    runs[0]?.onStage('maps');
    runs[0]?.finish(someReadImage());
    await tick();
    expect(item(0).state).to.deep.equal({ kind: 'working', stage: 'reading' });
    runs[1]?.finish(someReadImage());
    await tick();
    expect(item(0).state.kind).to.equal('done');
  });

  it('cancels all, those that wait too', async () => {
    const { queue, runs, items } = setUp();
    queue.add([source('one.png'), source('two.png'), source('three.png')]);
    await tick();
    queue.cancelAll();
    runs[0]?.fail(new AppError('cancelled'));
    await tick();
    expect(items().map(({ state }) => state.kind)).to.deep.equal(['cancelled', 'cancelled', 'cancelled']);
    expect(runs).to.have.length(1);
  });

  it('goes on after a source that cannot be loaded', async () => {
    const { queue, runs, item } = setUp();
    queue.add([{ name: 'gone.png', load: () => Promise.reject(new AppError('download-failed')) }, source('two.png')]);
    await tick();
    expect(item(0).state.kind).to.equal('failed');
    expect(runs.map((run) => run.name)).to.deep.equal(['two.png']);
  });

  it('cleans names, and takes the label until it is emptied', async () => {
    const { queue, runs, item } = setUp();
    queue.add([source('ward\u202e\u0007 3.png')]);
    await tick();
    runs[0]?.finish(someReadImage());
    await tick();
    const { id } = item(0);
    expect(item(0).name).to.equal('ward 3.png');
    queue.setLabel(id, '  Bed 4\u0000 ');
    expect(item(0).label).to.equal('Bed 4');
    const { state } = item(0);
    if (state.kind !== 'done') throw new Error('not done');
    expect(state.result.analysis.label).to.equal('Bed 4');
    expect(state.result.analysis.image.name).to.equal('ward 3.png');
    queue.setLabel(id, ' ');
    expect(item(0).label).to.equal('ward 3.png');
  });

  it('knows what would be lost: neither printed nor saved since the last change', async () => {
    const { queue, runs, item } = setUp();
    queue.add([source('one.png')]);
    await tick();
    expect(queue.hasUnkept()).to.equal(false);
    runs[0]?.finish(someReadImage());
    await tick();
    const { id } = item(0);
    expect(queue.hasUnkept()).to.equal(true);
    expect(queue.exportJson(id, { maps: false })?.json).to.include('"Effusion"');
    expect(queue.hasUnkept()).to.equal(false);
    queue.setLabel(id, 'another');
    expect(queue.hasUnkept()).to.equal(true);
    queue.markKept(id);
    expect(queue.hasUnkept()).to.equal(false);
    queue.analyzeAnyway(id, ['not-an-xray']);
    expect(queue.hasUnkept()).to.equal(true);
    queue.dismiss(id);
    expect(queue.hasUnkept()).to.equal(false);
  });

  it('records "analyse anyway" and hides nothing', async () => {
    const { queue, runs, item } = setUp();
    queue.add([source('one.png')]);
    await tick();
    runs[0]?.finish(someReadImage());
    await tick();
    queue.analyzeAnyway(item(0).id, ['not-an-xray']);
    const { state } = item(0);
    if (state.kind !== 'done') throw new Error('not done');
    const { gate } = state.result.analysis;
    expect(gate.verdict).to.equal('refuse');
    expect(gate.reasons).to.deep.equal(someReadImage().reading.gate.reasons);
    expect(gate.overridden?.codes).to.deep.equal(['not-an-xray']);
    expect(Number.isNaN(Date.parse(gate.overridden?.at ?? ''))).to.equal(false);
  });

  it('reads another frame as an item of its own, once for a double tap, and keeps the first result', async () => {
    const { queue, runs, item, items } = setUp();
    queue.add([source('series.dcm')]);
    await tick();
    runs[0]?.finish(someReadImage());
    await tick();
    const { id } = item(0);
    queue.setLabel(id, 'Bed 4');
    queue.analyzeAs(id, { frame: 3 });
    queue.analyzeAs(id, { frame: 3 });
    queue.analyzeAs(id, { frame: 3, inverted: true });
    await tick();
    expect(items().map(({ label, reading, state }) => [label, reading, state.kind])).to.deep.equal([
      ['Bed 4', undefined, 'done'],
      ['Bed 4', { frame: 3 }, 'working'],
      ['Bed 4', { frame: 3, inverted: true }, 'working'],
    ]);
    expect(runs.map(({ name, reading }) => [name, reading])).to.deep.equal([
      ['series.dcm', undefined],
      ['series.dcm', { frame: 3 }],
    ]);
    runs[1]?.finish(someReadImage());
    await tick();
    expect(runs[2]?.reading).to.deep.equal({ frame: 3, inverted: true });
    // Again when it has ended: the person may have removed it meanwhile.
    queue.analyzeAs(id, { frame: 3 });
    expect(items().length).to.equal(4);
    queue.analyzeAs('gone', { frame: 3 });
    expect(items().length).to.equal(4);
  });

  it('looks at the same file without analysing it, and says what went wrong', async () => {
    const { queue, runs, looks, item } = setUp();
    queue.add([source('series.dcm')]);
    await tick();
    runs[0]?.finish(someReadImage());
    await tick();
    const seen = await queue.lookAt(item(0).id, { frame: 2, voi: 1 });
    expect(seen.ok && seen.value.display.width).to.equal(2);
    expect(looks).to.deep.equal([{ name: 'series.dcm', look: { frame: 2, voi: 1 } }]);
    const none = await queue.lookAt(item(0).id, { frame: missingFrame });
    expect(none.ok ? 'seen' : none.error.code).to.equal('dicom-no-frame');
    const gone = await queue.lookAt('gone', {});
    expect(gone.ok ? 'seen' : gone.error.code).to.equal('cancelled');
    expect(runs.length).to.equal(1);
    expect(item(0).state.kind).to.equal('done');
  });

  it('does not ask to keep the example', async () => {
    const { queue, runs } = setUp();
    queue.add([{ ...source('example.png'), synthetic: { drawnFindings: ['Cardiomegaly', 'Effusion'] } }]);
    await tick();
    runs[0]?.finish(someReadImage());
    await tick();
    expect(queue.hasUnkept()).to.equal(false);
  });
});
