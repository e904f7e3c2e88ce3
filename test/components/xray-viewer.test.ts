import { expect, html } from '@open-wc/testing';
import { setViewport } from '@web/test-runner-commands';
import { greyTable } from '../../src/ui/grey-window.ts';
import { firstView } from '../../src/ui/view-state.ts';
import '../../src/ui/xray-viewer.ts';
import type { XrayViewer } from '../../src/ui/xray-viewer.ts';
import { someResult } from './some-result.ts';
import { button, click, eventually, expectAccessible, find, findAll, focused, mount, words } from './support.ts';

const map = 'Effusion';

async function viewer(): Promise<XrayViewer> {
  const element = await mount<XrayViewer>(
    html`<xray-viewer .result=${someResult()} .name=${'bed-2.png'} .finding=${map} .withMaps=${true}></xray-viewer>`,
  );
  await drawn(element);
  return element;
}

/** Everything below has drawn itself, the pixels too. */
async function drawn(element: XrayViewer): Promise<void> {
  await element.updateComplete;
  for (let frame = 0; frame < 2; frame += 1) await new Promise((resolve) => requestAnimationFrame(resolve));
}

const stageOf = (element: XrayViewer): HTMLElement => find(element, '.stage');

/** Where a share 0..1 of the stage's width and height is on the screen. */
function onScreen(element: XrayViewer, x: number, y: number): { readonly clientX: number; readonly clientY: number } {
  const box = stageOf(element).getBoundingClientRect();
  return { clientX: box.left + x * box.width, clientY: box.top + y * box.height };
}

type Place = readonly [x: number, y: number];

function pointer(
  element: XrayViewer,
  type: 'pointerdown' | 'pointermove' | 'pointerup' | 'pointercancel',
  [x, y]: Place,
  { id = 1, kind = 'touch' }: { readonly id?: number; readonly kind?: 'touch' | 'mouse' } = {},
): void {
  const options = { bubbles: true, composed: true, pointerId: id, pointerType: kind, isPrimary: id === 1, button: 0 };
  stageOf(element).dispatchEvent(new PointerEvent(type, { ...options, ...onScreen(element, x, y) }));
}

function drag(element: XrayViewer, from: Place, to: Place): void {
  pointer(element, 'pointerdown', from);
  pointer(element, 'pointermove', [(from[0] + to[0]) / 2, (from[1] + to[1]) / 2]);
  pointer(element, 'pointermove', to);
  pointer(element, 'pointerup', to);
}

function tap(element: XrayViewer, at: Place): void {
  pointer(element, 'pointerdown', at);
  pointer(element, 'pointerup', at);
}

/** True where nobody kept the browser from doing what it does. */
function press(target: HTMLElement, key: string, more: KeyboardEventInit = {}): boolean {
  return target.dispatchEvent(
    new KeyboardEvent('keydown', { key, bubbles: true, composed: true, cancelable: true, ...more }),
  );
}

function wheel(element: XrayViewer, deltaY: number, more: WheelEventInit = {}): boolean {
  const options = { deltaY, bubbles: true, cancelable: true, ...onScreen(element, 0.25, 0.25) };
  return stageOf(element).dispatchEvent(new WheelEvent('wheel', { ...options, ...more }));
}

/** Where a canvas really is on the screen, after layout and transform. */
function box(element: XrayViewer, selector: string): readonly number[] {
  const { left, top, width, height } = find(element, selector).getBoundingClientRect();
  return [left, top, width, height].map((value) => Math.round(value * 10) / 10);
}

function greyAt(element: XrayViewer, x: number, y: number): number | undefined {
  const base = find<HTMLCanvasElement>(element, 'canvas.base');
  return base.getContext('2d')?.getImageData(x, y, 1, 1).data[0];
}

describe('<xray-viewer>', () => {
  before(async () => setViewport({ width: 800, height: 700 }));

  describe('zoom', () => {
    it('comes closer with two taps, about the point that was tapped, and shows the whole with two more', async () => {
      const element = await viewer();
      const before = box(element, 'canvas.base');
      tap(element, [0.4, 0.4]);
      tap(element, [0.4, 0.4]);
      await drawn(element);
      expect(element.view.transform.scale).to.equal(2.5);
      expect(element.view.transform.centreY).to.be.lessThan(0.5);
      await eventually(
        () => Math.abs((box(element, 'canvas.base')[2] ?? 0) - 2.5 * (before[2] ?? 0)) < 1,
        'the gliding',
      );
      tap(element, [0.7, 0.7]);
      tap(element, [0.7, 0.7]);
      await drawn(element);
      expect(element.view.transform).to.deep.equal(firstView.transform);
      await eventually(() => box(element, 'canvas.base').join() === before.join(), 'the whole picture');
    });

    it('does not take two taps far from one another, or a drag, for a double tap', async () => {
      const element = await viewer();
      tap(element, [0.2, 0.2]);
      tap(element, [0.8, 0.8]);
      drag(element, [0.5, 0.5], [0.5, 0.7]);
      expect(element.view).to.deep.equal(firstView);
    });

    it('follows two fingers, in every mode, and the map lies on the picture all the while', async () => {
      const element = await viewer();
      for (const mode of ['move', 'window', 'loupe'] as const) {
        element.view = { ...firstView, mode };
        await drawn(element);
        pointer(element, 'pointerdown', [0.4, 0.5], { id: 1 });
        pointer(element, 'pointerdown', [0.6, 0.5], { id: 2 });
        pointer(element, 'pointermove', [0.3, 0.5], { id: 1 });
        pointer(element, 'pointermove', [0.7, 0.5], { id: 2 });
        await drawn(element);
        expect(element.view.transform.scale, mode).to.be.closeTo(2, 0.01);
        expect(element.view.greyWindow, mode).to.deep.equal(firstView.greyWindow);
        expect(box(element, 'canvas.overlay')).to.deep.equal(box(element, 'canvas.base'));
        pointer(element, 'pointerup', [0.7, 0.5], { id: 2 });
        const { centreY } = element.view.transform;
        pointer(element, 'pointermove', [0.3, 0.6], { id: 1 });
        if (mode === 'move') expect(element.view.transform.centreY, 'the finger that stays').to.be.lessThan(centreY);
        pointer(element, 'pointercancel', [0.3, 0.6], { id: 1 });
      }
    });

    it('leaves the wheel to the page until the picture is turned to', async () => {
      const element = await viewer();
      expect(wheel(element, -120), 'the page’s').to.equal(true);
      expect(element.view.transform.scale).to.equal(1);
      expect(wheel(element, -20, { ctrlKey: true }), 'a touchpad’s pinch').to.equal(false);
      const pinched = element.view.transform.scale;
      expect(pinched).to.be.greaterThan(1);
      expect(wheel(element, -120)).to.equal(false);
      expect(element.view.transform.scale).to.be.greaterThan(pinched);
      expect(element.view.transform.centreY).to.be.lessThan(0.5);
      press(stageOf(element), '0');
      stageOf(element).focus();
      expect(wheel(element, 120), 'nothing to zoom out').to.equal(true);
      expect(wheel(element, -120)).to.equal(false);
      expect(element.view.transform.scale).to.be.greaterThan(1);
    });

    it('shows one pixel as one pixel of the screen', async () => {
      const element = await viewer();
      click(button(element, 'True size'));
      await drawn(element);
      const side = 512 / window.devicePixelRatio;
      await eventually(() => Math.abs((box(element, 'canvas.base')[2] ?? 0) - side) < 0.5, 'the true size');
      click(button(element, 'Whole'));
      expect(element.view.transform).to.deep.equal(firstView.transform);
    });

    it('goes by buttons and by keys alike', async () => {
      const element = await viewer();
      const stage = stageOf(element);
      const scales: number[] = [];
      const note = (act: () => void): void => {
        act();
        scales.push(element.view.transform.scale);
      };
      note(() => click(button(element, 'Zoom in')));
      await drawn(element);
      note(() => press(stage, '+'));
      await drawn(element);
      note(() => press(stage, '-'));
      await drawn(element);
      note(() => click(button(element, 'Zoom out')));
      await drawn(element);
      note(() => press(stage, '-'));
      expect(scales.map((scale) => scale.toFixed(2))).to.deep.equal(['1.50', '2.25', '1.50', '1.00', '1.00']);
      press(stage, '1');
      await drawn(element);
      expect(element.view.transform.scale).not.to.equal(1);
      press(stage, '0');
      expect(element.view.transform).to.deep.equal(firstView.transform);
    });

    it('leaves the browser its own keys', async () => {
      const element = await viewer();
      expect(press(stageOf(element), '+', { ctrlKey: true })).to.equal(true);
      expect(press(stageOf(element), 'm', { metaKey: true })).to.equal(true);
      expect(element.view).to.deep.equal(firstView);
    });
  });

  describe('moving', () => {
    it('lets the page scroll while the picture is whole, and only then', async () => {
      const element = await viewer();
      expect(getComputedStyle(stageOf(element)).touchAction).to.equal('pan-x pan-y');
      expect(press(stageOf(element), 'ArrowDown'), 'the page’s arrow').to.equal(true);
      drag(element, [0.5, 0.5], [0.7, 0.7]);
      expect(element.view).to.deep.equal(firstView);
      press(stageOf(element), '+');
      await drawn(element);
      expect(getComputedStyle(stageOf(element)).touchAction).to.equal('none');
      expect(press(stageOf(element), 'ArrowDown')).to.equal(false);
      expect(element.view.transform.centreY).to.be.greaterThan(0.5);
    });

    it('moves the picture with the finger, no further than its edge', async () => {
      const element = await viewer();
      element.view = { ...firstView, transform: { scale: 3, centreX: 0.5, centreY: 0.5 } };
      await drawn(element);
      const before = box(element, 'canvas.base');
      drag(element, [0.5, 0.5], [0.5, 0.6]);
      await drawn(element);
      const moved = 0.1 * stageOf(element).getBoundingClientRect().height;
      expect((box(element, 'canvas.base')[1] ?? 0) - (before[1] ?? 0)).to.be.closeTo(moved, 0.5);
      expect(box(element, 'canvas.overlay')).to.deep.equal(box(element, 'canvas.base'));
      for (let times = 0; times < 5; times += 1) {
        drag(element, [0.5, 0.1], [0.5, 0.9]);
        await drawn(element);
      }
      expect(box(element, 'canvas.base')[1]).to.be.closeTo(stageOf(element).getBoundingClientRect().top + 1, 0.5);
    });

    it('moves by buttons too, which are there while there is something to move', async () => {
      const element = await viewer();
      expect(findAll(element, 'button[data-act^=pan]')).to.deep.equal([]);
      element.view = { ...firstView, transform: { scale: 3, centreX: 0.5, centreY: 0.5 } };
      await drawn(element);
      const { width } = stageOf(element).getBoundingClientRect();
      const expected = 0.5 + (0.25 * width) / (3 * (find(element, '.sheet').offsetWidth || 1));
      click(find(element, 'button[data-act=pan-right]'));
      await drawn(element);
      expect(element.view.transform.centreX).to.be.closeTo(expected, 1e-3);
      click(find(element, 'button[data-act=pan-left]'));
      click(find(element, 'button[data-act=pan-down]'));
      await drawn(element);
      expect(element.view.transform.centreX).to.be.closeTo(0.5, 1e-3);
      expect(element.view.transform.centreY).to.be.greaterThan(0.5);
      click(find(element, 'button[data-act=pan-up]'));
      expect(element.view.transform.centreY).to.be.closeTo(0.5, 1e-3);
      for (let times = 0; times < 9; times += 1) click(find(element, 'button[data-act=pan-up]'));
      await drawn(element);
      expect(element.view.transform.centreY, 'no further than the edge').to.be.greaterThan(0.1);
      await expectAccessible(element);
    });

    it('keeps two fingers from scrolling or zooming the page', async () => {
      const element = await viewer();
      const touches = (count: number): Touch[] =>
        Array.from({ length: count }, (_, identifier) => new Touch({ identifier, target: stageOf(element) }));
      const start = (count: number): boolean =>
        stageOf(element).dispatchEvent(
          new TouchEvent('touchstart', { touches: touches(count), bubbles: true, cancelable: true }),
        );
      expect(start(1)).to.equal(true);
      expect(start(2)).to.equal(false);
    });
  });

  describe('brightness and contrast', () => {
    it('changes by a drag: up is brighter, right is more contrast; and says that it is the view', async () => {
      const element = await viewer();
      const before = greyAt(element, 200, 30);
      expect(words(element)).not.to.contain('View only');
      click(button(element, 'Contrast'));
      await drawn(element);
      drag(element, [0.5, 0.5], [0.55, 0.4]);
      await drawn(element);
      const { greyWindow } = element.view;
      expect(greyWindow.level).to.be.lessThan(128);
      expect(greyWindow.width).to.be.lessThan(256);
      expect(greyAt(element, 200, 30)).to.equal(greyTable(greyWindow, false)[before ?? NaN]);
      expect(greyAt(element, 200, 30)).to.be.greaterThan(before ?? NaN);
      expect(words(element)).to.contain('View only: the model read the picture as it was.');
      expect(words(element)).to.contain(`level ${greyWindow.level}`);
      expect(words(element)).to.contain(`width ${greyWindow.width}`);
      expect(element.view.transform, 'the picture stays').to.deep.equal(firstView.transform);
    });

    it('loses no part of a step, however slowly the finger goes', async () => {
      const slow = await viewer();
      slow.view = { ...firstView, mode: 'window' };
      await drawn(slow);
      pointer(slow, 'pointerdown', [0.5, 0.5]);
      for (let step = 1; step <= 200; step += 1) pointer(slow, 'pointermove', [0.5, 0.5 - step / 2000]);
      pointer(slow, 'pointerup', [0.5, 0.4]);
      const expected = 128 - Math.round(0.1 * stageOf(slow).getBoundingClientRect().height);
      expect(slow.view.greyWindow.level).to.be.closeTo(expected, 1);
    });

    it('changes by sliders and by arrow keys, without dragging', async () => {
      const element = await viewer();
      press(stageOf(element), 'c');
      await drawn(element);
      const [brightness, contrast] = findAll<HTMLInputElement>(element, 'input[type=range]');
      if (brightness === undefined || contrast === undefined) throw new Error('no sliders');
      brightness.value = '178';
      brightness.dispatchEvent(new Event('input'));
      await drawn(element);
      contrast.value = '412';
      contrast.dispatchEvent(new Event('input'));
      await drawn(element);
      expect(element.view.greyWindow).to.deep.equal({ level: 78, width: 100 });
      expect(brightness.getAttribute('aria-valuetext')).to.equal('level 78');
      expect(press(stageOf(element), 'ArrowUp')).to.equal(false);
      press(stageOf(element), 'ArrowRight');
      expect(element.view.greyWindow.level).to.be.lessThan(78);
      await drawn(element);
      press(stageOf(element), 'ArrowRight');
      expect(element.view.greyWindow.width).to.be.lessThan(100);
      await drawn(element);
      expect(Number(brightness.value)).to.equal(256 - element.view.greyWindow.level);
      await expectAccessible(element);
    });

    it('draws at most once a frame', async () => {
      const element = await viewer();
      element.view = { ...firstView, mode: 'window' };
      await drawn(element);
      const context = find<HTMLCanvasElement>(element, 'canvas.base').getContext('2d')!;
      let drawings = 0;
      const real = context.putImageData.bind(context);
      context.putImageData = (image: ImageData, x: number, y: number, ...part: number[]) => {
        // A picture is drawn in strips, the first of which lies at the top.
        if (y === 0) drawings += 1;
        const [left = 0, top = 0, width = image.width, height = image.height] = part;
        real(image, x, y, left, top, width, height);
      };
      await new Promise((resolve) => requestAnimationFrame(resolve));
      pointer(element, 'pointerdown', [0.5, 0.5]);
      for (let step = 1; step <= 10; step += 1) {
        pointer(element, 'pointermove', [0.5, 0.5 - step / 50]);
        await element.updateComplete;
      }
      expect(drawings).to.equal(0);
      await drawn(element);
      expect(drawings).to.equal(1);
      pointer(element, 'pointerup', [0.5, 0.3]);
    });

    it('gives the greys back on a press, and the focus stays among the tools', async () => {
      const element = await viewer();
      const before = greyAt(element, 200, 30);
      click(button(element, 'Invert'));
      element.view = { ...element.view, greyWindow: { level: 60, width: 90 } };
      await drawn(element);
      expect(greyAt(element, 200, 30)).not.to.equal(before);
      const reset = button(element, 'Reset greys');
      reset.focus();
      expect(focused()).to.equal(reset);
      click(reset);
      await drawn(element);
      expect(greyAt(element, 200, 30)).to.equal(before);
      expect(words(element)).not.to.contain('View only');
      expect(focused()?.textContent.trim()).to.equal('Contrast');
    });
  });

  describe('on a narrow screen', () => {
    const tools = (element: XrayViewer): HTMLElement => find(element, '.tools');
    const isSeen = (element: HTMLElement): boolean => element.getClientRects().length > 0;

    it('keeps the tools until they are asked for, and shows them beside the findings of a wide one', async () => {
      const element = await viewer();
      const drawer = button(element, 'Tools');
      expect(isSeen(tools(element))).to.equal(false);
      expect(isSeen(find(element, '.legend'))).to.equal(true);
      click(drawer);
      await drawn(element);
      expect(drawer.getAttribute('aria-expanded')).to.equal('true');
      expect(isSeen(tools(element))).to.equal(true);
      await expectAccessible(element);
      click(drawer);
      await drawn(element);
      expect(isSeen(tools(element))).to.equal(false);
      await setViewport({ width: 1000, height: 700 });
      expect(isSeen(tools(element))).to.equal(true);
      expect(isSeen(drawer)).to.equal(false);
      await setViewport({ width: 800, height: 600 });
    });

    it('does not hide that the greys are only looked at', async () => {
      const element = await viewer();
      click(button(element, 'Invert'));
      await drawn(element);
      expect(isSeen(tools(element))).to.equal(true);
      expect(words(tools(element))).to.contain('View only');
    });
  });

  describe('the magnifier', () => {
    it('shows what is under the mouse, hovering; above a finger; and moves with the arrows', async () => {
      const element = await viewer();
      const loupe = find<HTMLCanvasElement>(element, 'canvas.lens');
      expect(loupe.hidden).to.equal(true);
      click(button(element, 'Magnifier'));
      await drawn(element);
      expect(loupe.hidden).to.equal(false);
      const middle = (): Place => {
        const { left, top, width, height } = loupe.getBoundingClientRect();
        return [left + width / 2, top + height / 2];
      };
      const start = middle();
      pointer(element, 'pointermove', [0.55, 0.5], { kind: 'mouse' });
      await drawn(element);
      expect(middle()[0]).to.be.greaterThan(start[0]);
      const { clientX, clientY } = onScreen(element, 0.6, 0.8);
      pointer(element, 'pointerdown', [0.6, 0.8]);
      await drawn(element);
      expect(middle()[0]).to.be.closeTo(clientX, 1);
      expect(clientY - middle()[1]).to.be.greaterThan(loupe.getBoundingClientRect().height / 2);
      pointer(element, 'pointerup', [0.6, 0.8]);
      const [before] = middle();
      expect(press(stageOf(element), 'ArrowLeft')).to.equal(false);
      await drawn(element);
      expect(middle()[0]).to.be.lessThan(before);
      expect(element.view.transform).to.deep.equal(firstView.transform);
      await expectAccessible(element);
    });

    it('shows the picture’s own pixels at its point, and gives its memory back', async () => {
      const element = await viewer();
      element.view = { ...firstView, mode: 'loupe', mapHidden: true };
      await drawn(element);
      const loupe = find<HTMLCanvasElement>(element, 'canvas.lens');
      const side = loupe.width;
      const seen = loupe.getContext('2d')?.getImageData(side / 2, side / 2, 1, 1).data[0];
      expect(seen).to.be.closeTo(greyAt(element, 256, 256) ?? NaN, 3);
      press(stageOf(element), 'Escape');
      await drawn(element);
      expect(element.view.mode).to.equal('move');
      expect(loupe.width * loupe.height).to.equal(1);
    });

    it('takes the place of brightness and contrast, and the other way round', async () => {
      const element = await viewer();
      press(stageOf(element), 'l');
      press(stageOf(element), 'c');
      expect(element.view.mode).to.equal('window');
      press(stageOf(element), 'c');
      expect(element.view.mode).to.equal('move');
    });
  });

  describe('the map', () => {
    it('hides and shows by button and key, and comes back with another finding', async () => {
      const element = await viewer();
      const overlay = find<HTMLCanvasElement>(element, 'canvas.overlay');
      const isDrawn = (): boolean =>
        overlay
          .getContext('2d')!
          .getImageData(0, 0, overlay.width, overlay.height)
          .data.some((value) => value > 0);
      const label = (): string | null => find(element, '[role=img]').getAttribute('aria-label');
      expect(isDrawn()).to.equal(true);
      expect(label()).to.equal('Chest X-ray bed-2.png with the map of Effusion');
      press(stageOf(element), 'M');
      await drawn(element);
      expect(isDrawn()).to.equal(false);
      expect(label()).to.equal('Chest X-ray bed-2.png');
      expect(button(element, 'Hide map').getAttribute('aria-pressed')).to.equal('true');
      element.finding = 'Atelectasis';
      await drawn(element);
      expect(isDrawn()).to.equal(true);
      press(button(element, 'Hide map'), 'm');
      await drawn(element);
      expect(isDrawn(), 'the key works on the tools too').to.equal(false);
    });

    it('has no switch where there are no maps', async () => {
      const element = await viewer();
      element.withMaps = false;
      element.finding = undefined;
      await drawn(element);
      expect(words(element)).not.to.contain('map');
      expect(press(stageOf(element), 'm')).to.equal(true);
      await expectAccessible(element);
    });
  });

  it('begins anew with another picture, not with another label of the same', async () => {
    const element = await viewer();
    const changed = {
      mode: 'window',
      transform: { scale: 3, centreX: 0.4, centreY: 0.5 },
      greyWindow: { level: 40, width: 80 },
      inverted: true,
      mapHidden: true,
      mapOpacity: 0.2,
    } as const;
    element.view = changed;
    await drawn(element);
    element.result = someResult({ kept: true });
    await drawn(element);
    expect(element.view).to.deep.equal(changed);
    element.result = someResult({ id: 'second' });
    await drawn(element);
    expect(element.view).to.deep.equal(firstView);
    expect(find(element, '.sheet').style.transform).to.equal('');
    expect(greyAt(element, 200, 30)).to.equal(someResult().display.data[30 * 512 + 200]);
  });

  it('is accessible with everything open, in both themes', async () => {
    const element = await viewer();
    element.view = {
      ...firstView,
      mode: 'window',
      transform: { scale: 3, centreX: 0.5, centreY: 0.5 },
      greyWindow: { level: 90, width: 100 },
      inverted: true,
    };
    await drawn(element);
    await expectAccessible(element);
  });
});
