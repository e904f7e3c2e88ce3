import { expect, html } from '@open-wc/testing';
import type { PictureBox } from '../../src/shared/picture-box.ts';
import type { Result } from '../../src/app/app-model.ts';
import { FakeApp, someCopy, someItem } from './fake-app.ts';
import { someResult } from './some-result.ts';
import '../../src/ui/result-view.ts';
import type { ResultView } from '../../src/ui/result-view.ts';
import type { XrayViewer } from '../../src/ui/xray-viewer.ts';
import { button, click, eventually, expectAccessible, find, findAll, focused, mount, words } from './support.ts';

const found: PictureBox = { x: 0.1, y: 0.1, width: 0.4, height: 0.1 };

function dicomResult(changes: Partial<Result> = {}): Result {
  const result = { ...someResult(), textBoxes: [found], ...changes };
  const { analysis } = result;
  const dicom = {
    transferSyntax: '1.2.840.10008.1.2.1',
    transferSyntaxName: 'Explicit VR Little Endian',
    photometric: 'MONOCHROME2',
    voi: { kind: 'percentiles' as const },
    voiChoices: 0,
    frame: 1,
    frames: 1,
    pipeline: 1,
  };
  const source = { ...analysis.image.source, kind: 'dicom' as const, dicom };
  return { ...result, analysis: { ...analysis, image: { ...analysis.image, source } } };
}

async function view(result: Result, app = new FakeApp()): Promise<ResultView> {
  const item = someItem({ kind: 'done', result });
  const element = await mount<ResultView>(
    html`<result-view .app=${app} .item=${item} .result=${result}></result-view>`,
  );
  await element.updateComplete;
  return element;
}

async function editing(element: ResultView): Promise<XrayViewer> {
  const viewer = find<XrayViewer>(element, 'xray-viewer');
  click(button(viewer, 'Black boxes'));
  await settle(viewer);
  return viewer;
}

async function settle(viewer: XrayViewer): Promise<void> {
  await viewer.updateComplete;
  for (let frame = 0; frame < 2; frame += 1) await new Promise((resolve) => requestAnimationFrame(resolve));
}

const boxes = (viewer: XrayViewer): readonly HTMLElement[] => findAll<HTMLElement>(viewer, 'button.box');

/** Drags by shares of the picture, from a box or from one of its corners. */
function drag(viewer: XrayViewer, target: HTMLElement, byX: number, byY: number): void {
  const { width, height } = find(viewer, 'box-layer').getBoundingClientRect();
  const from = { clientX: 300, clientY: 200 };
  const options = { bubbles: true, composed: true, pointerId: 1, pointerType: 'mouse', button: 0, isPrimary: true };
  const owner = target.closest('button') ?? target;
  owner.setPointerCapture = () => undefined;
  target.dispatchEvent(new PointerEvent('pointerdown', { ...options, ...from }));
  const to = { clientX: from.clientX + byX * width, clientY: from.clientY + byY * height };
  owner.dispatchEvent(new PointerEvent('pointermove', { ...options, ...to }));
  owner.dispatchEvent(new PointerEvent('pointerup', { ...options, ...to }));
}

function press(target: HTMLElement, key: string, shiftKey = false): void {
  target.dispatchEvent(
    new KeyboardEvent('keydown', { key, shiftKey, bubbles: true, composed: true, cancelable: true }),
  );
}

function near(box: PictureBox | undefined, expected: PictureBox): void {
  if (box === undefined) throw new Error('no box');
  for (const key of ['x', 'y', 'width', 'height'] as const) expect(box[key], key).to.be.closeTo(expected[key], 0.005);
}

describe('black boxes', () => {
  it('are offered where writing was found, where it is on the picture', async () => {
    const element = await view(dicomResult());
    const viewer = find<XrayViewer>(element, 'xray-viewer');
    await settle(viewer);
    const layer = find(viewer, 'box-layer').getBoundingClientRect();
    const base = find(viewer, 'canvas.base').getBoundingClientRect();
    expect([layer.width, layer.height].map(Math.round)).to.deep.equal([base.width, base.height].map(Math.round));
    const box = find(viewer, '.box').getBoundingClientRect();
    expect((box.left - layer.left) / layer.width).to.be.closeTo(found.x, 0.01);
    expect(box.height / layer.height).to.be.closeTo(found.height, 0.01);
    expect(boxes(viewer).length, 'nothing to press before it is asked for').to.equal(0);
    await expectAccessible(element);
  });

  it('are dragged, resized by a corner, and do not move the picture', async () => {
    const viewer = await editing(await view(dicomResult()));
    const before = viewer.view;
    drag(viewer, boxes(viewer)[0]!, 0.2, 0.3);
    near(viewer.boxes[0], { ...found, x: 0.3, y: 0.4 });
    await settle(viewer);
    drag(viewer, find(boxes(viewer)[0]!, '[data-corner=lower-right]'), 0.1, 0.2);
    near(viewer.boxes[0], { x: 0.3, y: 0.4, width: 0.5, height: 0.3 });
    expect(viewer.view.transform).to.equal(before.transform);
  });

  it('are moved, resized, added and removed with the keyboard, and every step is taken back', async () => {
    const element = await view(dicomResult());
    const viewer = await editing(element);
    await expectAccessible(element);
    press(boxes(viewer)[0]!, 'ArrowRight');
    press(boxes(viewer)[0]!, 'ArrowDown', true);
    near(viewer.boxes[0], { x: 0.105, y: 0.1, width: 0.4, height: 0.105 });
    click(button(viewer, 'Add a box'));
    await eventually(() => viewer.boxes.length === 2 && focused() === boxes(viewer)[1], 'focus on the new box');
    expect(focused()?.getAttribute('aria-label')).to.equal('Black box 2 of 2');
    press(boxes(viewer)[1]!, 'Delete');
    await settle(viewer);
    expect(viewer.boxes.length).to.equal(1);
    click(button(viewer, 'Remove all boxes'));
    await settle(viewer);
    expect(viewer.boxes.length).to.equal(0);
    for (let step = 0; step < 5; step += 1) {
      click(button(viewer, 'Undo'));
      await settle(viewer);
    }
    expect(viewer.boxes).to.deep.equal([found]);
    expect((button(viewer, 'Undo') as HTMLButtonElement).disabled).to.equal(true);
  });

  it('stay with their picture while it is in memory', async () => {
    const result = dicomResult();
    const viewer = await editing(await view(result));
    click(button(viewer, 'Add a box'));
    await settle(viewer);
    const again = find<XrayViewer>(await view(result), 'xray-viewer');
    expect(again.boxes.length).to.equal(2);
    expect(find<XrayViewer>(await view(dicomResult()), 'xray-viewer').boxes.length).to.equal(1);
  });

  it('are black on paper', async () => {
    const element = await view(dicomResult());
    let inside: number | undefined;
    window.dispatchEvent(new Event('beforeprint'));
    for (const canvas of findAll<HTMLCanvasElement>(element, '.print-sheet .film canvas:first-child')) {
      const at = [Math.round(0.3 * canvas.width), Math.round(0.15 * canvas.height)] as const;
      inside = Math.max(inside ?? 0, canvas.getContext('2d')?.getImageData(...at, 1, 1).data[0] ?? 255);
    }
    const text = find(element, '.print-sheet').textContent;
    window.dispatchEvent(new Event('afterprint'));
    expect(inside).to.equal(0);
    expect(text).to.contain('Black boxes that cover writing: 1.');
  });
});

describe('whom a file is of', () => {
  const patient = { name: '<img src=x onerror=alert(1)>', id: '4711', birthDate: '1961-02-14' };

  it('is shown as text beside the label, and saved only when asked for', async () => {
    const app = new FakeApp();
    const element = await view(dicomResult({ patient }), app);
    expect(words(element)).to.contain('<img src=x onerror=alert(1)> · ID 4711 · born 1961-02-14');
    expect(findAll(element, 'img').length).to.equal(0);
    const realClick = HTMLAnchorElement.prototype.click;
    HTMLAnchorElement.prototype.click = () => undefined;
    try {
      const dialog = find(element, 'save-dialog');
      click(button(element, 'Save'));
      click(button(dialog, 'Save'));
      click(button(element, 'Save'));
      find<HTMLInputElement>(dialog, 'input.patient').checked = true;
      click(button(dialog, 'Save'));
    } finally {
      HTMLAnchorElement.prototype.click = realClick;
    }
    expect(app.called('exportJson').map(({ values }) => values[1])).to.deep.equal([
      { maps: false },
      { maps: false, patient: true },
    ]);
  });

  it('is not asked about where the file names nobody', async () => {
    const element = await view(dicomResult());
    expect(findAll(element, 'input.patient, .patient').length).to.equal(0);
  });
});

describe('<copy-dialog>', () => {
  async function opened(app: FakeApp): Promise<ResultView> {
    const element = await view(dicomResult(), app);
    click(button(element, 'Save'));
    click(button(find(element, 'save-dialog'), 'De-identified DICOM copy'));
    return element;
  }

  it('makes the copy with the boxes, shows what goes, and saves it', async () => {
    const app = new FakeApp();
    const element = await opened(app);
    const dialog = find(element, 'copy-dialog');
    await eventually(() => words(dialog).includes('Save the copy'), 'the preview');
    const [id, boxesUsed] = app.called('deidentify')[0]!.values;
    expect([id, boxesUsed]).to.deep.equal(['first', [found]]);
    expect(words(dialog)).to.contain('Emptied: 2').and.contain("Patient's Name").and.contain('removed unseen: 3');
    expect(words(dialog)).to.contain('Black boxes in the picture: 1.');
    await expectAccessible(element);
    const saved: string[] = [];
    const realClick = HTMLAnchorElement.prototype.click;
    HTMLAnchorElement.prototype.click = function () {
      saved.push(this.download);
    };
    try {
      click(button(dialog, 'Save the copy'));
    } finally {
      HTMLAnchorElement.prototype.click = realClick;
    }
    expect(saved).to.deep.equal([someCopy.fileName]);
    expect(find<HTMLDialogElement>(dialog, 'dialog').open).to.equal(false);
  });

  it('says why a copy could not be made, and stops one that nobody waits for', async () => {
    const app = new FakeApp();
    app.copy = { ok: false, error: { code: 'image-truncated', details: {} } };
    const element = await opened(app);
    const dialog = find(element, 'copy-dialog');
    await eventually(() => words(dialog).includes('image-truncated'), 'the error');
    expect(findAll(dialog, 'button.primary').length).to.equal(0);
    await expectAccessible(element);
    click(button(dialog, 'Close'));

    const slow = new FakeApp();
    slow.deidentify = (...values) => {
      slow.calls.push({ name: 'deidentify', values });
      return new Promise(() => undefined);
    };
    const waiting = await opened(slow);
    const making = find(waiting, 'copy-dialog');
    await eventually(() => words(making).includes('Making the copy'), 'the progress');
    click(button(making, 'Cancel'));
    const signal = slow.called('deidentify')[0]?.values[2] as AbortSignal;
    await eventually(() => signal.aborted, 'the abort');
  });

  it('is not offered for a picture that is no DICOM', async () => {
    const element = await view(someResult());
    click(button(element, 'Save'));
    expect(words(find(element, 'save-dialog'))).to.not.contain('DICOM');
  });
});
