/** Outlines of lungs and heart, and the ratio that a person may correct. */

import { expect, html } from '@open-wc/testing';
import type { RatioLines } from '../../src/shared/anatomy.ts';
import { ratioOf } from '../../src/shared/anatomy.ts';
import '../../src/ui/result-view.ts';
import type { ResultView } from '../../src/ui/result-view.ts';
import type { Result } from '../../src/app/app-model.ts';
import { FakeApp, someItem } from './fake-app.ts';
import { refusedGate, someAnatomy, someResult } from './some-result.ts';
import { button, click, expectAccessible, find, findAll, mount, words } from './support.ts';

/** An app that does with the lines what the real one does. */
class RatioApp extends FakeApp {
  onLines: (lines: RatioLines | undefined) => void = () => undefined;

  override setRatioLines(itemId: string, lines: RatioLines | undefined): void {
    super.setRatioLines(itemId, lines);
    this.onLines(lines);
  }
}

async function view(start: Result = someResult({ anatomy: someAnatomy })) {
  const app = new RatioApp();
  const item = someItem({ kind: 'done', result: start });
  const element = await mount<ResultView>(html`<result-view .app=${app} .item=${item} .result=${start}></result-view>`);
  app.onLines = (lines) => {
    const ratio = lines && { ...someAnatomy.ratio!, ...lines, value: ratioOf(lines) };
    const edited = ratio && {
      ...ratio,
      edited: { measured: someAnatomy.ratio!.value, at: '2026-03-01T09:31:00.000Z' },
    };
    const anatomy = { ...someAnatomy, ratio: edited ?? someAnatomy.ratio! };
    element.result = { ...start, analysis: { ...start.analysis, anatomy } };
  };
  await settled(element);
  return { app, element };
}

async function settled(element: ResultView): Promise<void> {
  await element.updateComplete;
  for (let frame = 0; frame < 2; frame += 1) await new Promise((resolve) => requestAnimationFrame(resolve));
}

function end(element: ResultView, name: string): HTMLElement {
  return find(element, `[data-end=${name}]`);
}

async function press(element: ResultView, target: HTMLElement, key: string, shiftKey = false): Promise<void> {
  target.dispatchEvent(
    new KeyboardEvent('keydown', { key, shiftKey, bubbles: true, composed: true, cancelable: true }),
  );
  await settled(element);
}

const linesOf = ({ app }: { app: RatioApp }): RatioLines => app.called('setRatioLines').at(-1)?.values[1] as RatioLines;

describe('outlines of lungs and heart', () => {
  it('are hidden at first, and shown and hidden by one button', async () => {
    const { element } = await view();
    expect(findAll(element, 'anatomy-layer')).to.have.length(0);
    const toggle = button(element, 'Outlines of lungs and heart');
    expect(toggle.getAttribute('aria-pressed')).to.equal('false');
    click(toggle);
    await settled(element);
    expect(toggle.getAttribute('aria-pressed')).to.equal('true');
    expect(findAll(element, 'path.lung')).to.have.length(2);
    expect(findAll(element, 'path.heart')).to.have.length(1);
    expect(findAll(element, 'path.line')).to.have.length(2);
    await expectAccessible(element);
    click(toggle);
    await settled(element);
    expect(findAll(element, 'anatomy-layer')).to.have.length(0);
  });

  it('come with the heart’s finding, beside which the ratio stands with what it may as well be', async () => {
    const { element } = await view();
    const row = find(element, '[data-finding=Cardiomegaly]');
    expect(row.textContent).to.contain('heart to thorax 0.44 (0.41 to 0.47)');
    click(row);
    await settled(element);
    expect(findAll(element, 'anatomy-layer')).to.have.length(1);
    expect(words(element)).to.contain('31% of the map’s evidence lies inside the outlines of the lungs.');
  });

  it('are nowhere where no pack draws them, and while a refusal hides the findings', async () => {
    const without = await view(someResult());
    expect(findAll(without.element, 'ratio-tools')).to.have.length(0);
    expect(words(without.element)).not.to.contain('heart to thorax');
    const refused = await view(someResult({ anatomy: someAnatomy, gate: refusedGate }));
    expect(findAll(refused.element, 'ratio-tools, anatomy-layer')).to.have.length(0);
  });

  it('are told without a ratio where none was measured', async () => {
    const anatomy = { ...someAnatomy };
    Reflect.deleteProperty(anatomy, 'ratio');
    const { element } = await view(someResult({ anatomy }));
    click(button(element, 'Outlines of lungs and heart'));
    await settled(element);
    expect(findAll(element, 'path.lung')).to.have.length(2);
    expect(findAll(element, '[data-end]')).to.have.length(0);
  });
});

describe('the cardiothoracic ratio', () => {
  async function outlined() {
    const shown = await view();
    click(button(shown.element, 'Outlines of lungs and heart'));
    await settled(shown.element);
    return shown;
  }

  it('follows an end that a finger drags, and is marked as edited', async () => {
    const shown = await outlined();
    const handle = end(shown.element, 'heart-right');
    const box = find(shown.element, 'anatomy-layer').getBoundingClientRect();
    const at = (x: number, y: number) => ({
      pointerId: 1,
      pointerType: 'touch',
      clientX: box.left + x * box.width,
      clientY: box.top + y * box.height,
      bubbles: true,
      composed: true,
    });
    // A made-up pointer cannot be captured.
    handle.setPointerCapture = () => undefined;
    handle.dispatchEvent(new PointerEvent('pointerdown', at(0.7, 0.65)));
    handle.dispatchEvent(new PointerEvent('pointermove', at(0.74, 0.65)));
    await settled(shown.element);
    handle.dispatchEvent(new PointerEvent('pointermove', at(0.78, 0.6)));
    handle.dispatchEvent(new PointerEvent('pointerup', at(0.78, 0.6)));
    await settled(shown.element);
    expect(linesOf(shown).heart.right).to.be.closeTo(0.78, 0.01);
    expect(linesOf(shown).heart.y).to.be.closeTo(0.6, 0.01);
    expect(words(shown.element)).to.contain('heart to thorax 0.56, edited by hand (measured 0.44)');

    // One drag is one step back.
    click(button(shown.element, 'Undo'));
    await settled(shown.element);
    expect(shown.app.called('setRatioLines').at(-1)?.values[1]).to.equal(undefined);
    expect(words(shown.element)).to.contain('heart to thorax 0.44 (0.41 to 0.47)');
    expect((button(shown.element, 'Undo') as HTMLButtonElement).disabled).to.equal(true);
  });

  it('moves by the arrow keys, finely, and with Shift coarsely; the picture below stays where it is', async () => {
    const shown = await outlined();
    await press(shown.element, end(shown.element, 'thorax-left'), 'ArrowLeft');
    expect(linesOf(shown).thorax.left).to.be.closeTo(0.16 - 0.00125, 1e-9);
    await press(shown.element, end(shown.element, 'thorax-left'), 'ArrowLeft', true);
    expect(linesOf(shown).thorax.left).to.be.closeTo(0.16 - 0.01375, 1e-9);
    await press(shown.element, end(shown.element, 'thorax-left'), 'ArrowDown');
    expect(linesOf(shown).thorax.y).to.be.closeTo(0.50125, 1e-9);
    await press(shown.element, end(shown.element, 'thorax-left'), 'Home');
    expect(shown.app.called('setRatioLines')).to.have.length(3);
    await expectAccessible(shown.element);
  });

  it('goes back step by step, or to what was measured at once', async () => {
    const shown = await outlined();
    const handle = (): HTMLElement => end(shown.element, 'heart-left');
    await press(shown.element, handle(), 'ArrowLeft', true);
    const first = linesOf(shown);
    await press(shown.element, handle(), 'ArrowLeft', true);
    click(button(shown.element, 'Undo'));
    await settled(shown.element);
    expect(linesOf(shown)).to.deep.equal(first);
    click(button(shown.element, 'As measured'));
    await settled(shown.element);
    expect(shown.app.called('setRatioLines').at(-1)?.values[1]).to.equal(undefined);
    click(button(shown.element, 'Undo'));
    await settled(shown.element);
    expect(linesOf(shown)).to.deep.equal(first);
  });

  it('is corrected without dragging, end by end', async () => {
    const shown = await outlined();
    const choice = find<HTMLSelectElement>(shown.element, 'select');
    choice.value = 'heart-right';
    choice.dispatchEvent(new Event('change'));
    click(find(shown.element, '[aria-label="to the right"]'));
    await settled(shown.element);
    expect(linesOf(shown).heart.right).to.be.closeTo(0.7125, 1e-9);
    expect(linesOf(shown).heart.left).to.equal(0.4);
  });

  it('never turns a line around or leaves the picture', async () => {
    const shown = await outlined();
    for (let step = 0; step < 40; step += 1) {
      await press(shown.element, end(shown.element, 'heart-left'), 'ArrowRight', true);
    }
    expect(linesOf(shown).heart.left).to.be.closeTo(0.68, 1e-9);
    for (let step = 0; step < 20; step += 1) {
      await press(shown.element, end(shown.element, 'thorax-right'), 'ArrowRight', true);
    }
    expect(linesOf(shown).thorax.right).to.equal(1);
  });

  it('is printed, with the outlines where they were seen', async () => {
    const shown = await outlined();
    const print = async (): Promise<string> => {
      window.dispatchEvent(new Event('beforeprint'));
      await settled(shown.element);
      const text = find(shown.element, '.print-sheet').textContent;
      return text;
    };
    expect(await print()).to.contain('Cardiothoracic ratio: heart to thorax 0.44 (0.41 to 0.47).');
    expect(findAll(shown.element, '.print-sheet path.lung')).to.have.length(2);
    window.dispatchEvent(new Event('afterprint'));
    click(button(shown.element, 'Outlines of lungs and heart'));
    await settled(shown.element);
    expect(await print()).to.contain('Cardiothoracic ratio');
    expect(findAll(shown.element, '.print-sheet path.lung')).to.have.length(0);
    window.dispatchEvent(new Event('afterprint'));
  });
});
