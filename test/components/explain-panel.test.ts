import { expect, html } from '@open-wc/testing';
import type { ExplanationEntry } from '../../src/app/app-model.ts';
import type { Explanation } from '../../src/shared/analysis.ts';
import '../../src/ui/explain-panel.ts';
import type { ExplainPanel } from '../../src/ui/explain-panel.ts';
import { drawableMap } from '../../src/ui/explanation-text.ts';
import type { ResultView } from '../../src/ui/result-view.ts';
import '../../src/ui/result-view.ts';
import type { XrayView } from '../../src/ui/xray-view.ts';
import { FakeApp, someItem } from './fake-app.ts';
import { refusedGate, someResult, type ResultChanges } from './some-result.ts';
import { button, click, eventually, expectAccessible, find, findAll, focused, mount, words } from './support.ts';

type State = ExplanationEntry['state'];

async function panel(state?: State, layer = 'gradient'): Promise<ExplainPanel> {
  const entries = state === undefined ? [] : [{ finding: 'Effusion', kind: 'gradient', state }];
  return mount<ExplainPanel>(
    html`<explain-panel .finding=${'Effusion'} .entries=${entries} .layer=${layer}></explain-panel>`,
  );
}

/** As with the keyboard. */
function press(pressed: HTMLElement): void {
  pressed.focus();
  pressed.click();
}

const side = 56;
/** Strong in the upper right, where the map of the tests is not. */
const explanation: Explanation = {
  kind: 'gradient',
  finding: 'Effusion',
  map: {
    width: side,
    height: side,
    values: Array.from({ length: side * side }, (_, at) => (at % side > 40 && at < 10 * side ? 1 : 0)),
  },
};

describe('<explain-panel>', () => {
  it('is one button until something was asked for, and nothing without a finding', async () => {
    const element = await panel(undefined, 'map');
    expect(findAll(element, 'button')).to.have.length(1);
    expect(words(element).trim()).to.equal('Explain in detail');
    await expectAccessible(element);
    element.finding = undefined;
    await element.updateComplete;
    expect(words(element).trim()).to.equal('');
  });

  it('tells each layer from the others in one sentence', async () => {
    const element = await panel({ kind: 'done', explanation });
    expect(words(element)).to.contain('Which pixels would change the score if they changed');
    expect(button(element, 'Pixels that count').getAttribute('aria-pressed')).to.equal('true');
    element.layer = 'occlusion';
    await element.updateComplete;
    expect(words(element)).to.contain('How far the score falls when a part of the picture is covered');
    element.layer = 'map';
    await element.updateComplete;
    expect(words(element)).to.contain('Where the network’s features speak for the finding');
    expect(words(element)).to.contain('None of the three shows where a disease is.');
    await expectAccessible(element);
  });

  it('shows how far it is, and cancels', async () => {
    const element = await panel({ kind: 'working', share: 0.42 });
    const bar = find<HTMLProgressElement>(element, 'progress');
    expect(bar.value).to.equal(0.42);
    expect(bar.getAttribute('aria-valuetext')).to.equal('42%');
    await expectAccessible(element);
    let cancelled = 0;
    element.addEventListener('explanation-cancelled', () => (cancelled += 1));
    click(button(element, 'Cancel'));
    expect(cancelled).to.equal(1);
  });

  it('says why there is none, and what to do', async () => {
    const element = await panel({ kind: 'failed', error: { code: 'gradient-unavailable', details: {} } });
    expect(find(element, '[role=alert]').textContent).to.contain('cannot compute which pixels');
    expect(words(element)).to.contain('Choose “Cover and compare” instead');
    expect(findAll(element, 'button').map(words)).not.to.contain('Try again');
    await expectAccessible(element);
    const crashed = await panel({ kind: 'failed', error: { code: 'engine-crashed', details: {} } });
    const asked: unknown[] = [];
    crashed.addEventListener('layer-selected', (event) => asked.push((event as CustomEvent).detail));
    click(button(crashed, 'Try again'));
    expect(asked).to.deep.equal([{ layer: 'gradient' }]);
  });
});

describe('explaining in <result-view>', () => {
  async function view(app: FakeApp, changes: ResultChanges = {}): Promise<ResultView> {
    const result = someResult(changes);
    const item = someItem({ kind: 'done', result });
    const element = await mount<ResultView>(
      html`<result-view .app=${app} .item=${item} .result=${result}></result-view>`,
    );
    await element.updateComplete;
    return element;
  }

  async function give(element: ResultView, entries: readonly ExplanationEntry[]): Promise<void> {
    element.item = { ...element.item!, explanations: entries };
    await element.updateComplete;
  }

  /** Whether the layer is drawn at a place of the picture, 0..1 from the left and the top. */
  function isDrawn(element: ResultView, x: number, y: number): boolean {
    const canvas = find<HTMLCanvasElement>(element, 'canvas.overlay');
    const at = canvas.getContext('2d')!.getImageData(x * canvas.width, y * canvas.height, 1, 1).data;
    return at[3]! > 0;
  }

  it('computes what is asked for, draws it in place of the map, and switches back', async () => {
    const app = new FakeApp();
    const element = await view(app);
    await eventually(() => isDrawn(element, 0.8, 0.65), 'the map');
    click(button(element, 'Explain in detail'));
    expect(app.called('explain')[0]?.values).to.deep.equal(['first', 'Effusion', 'gradient']);
    await give(element, [{ finding: 'Effusion', kind: 'gradient', state: { kind: 'working', share: 0.1 } }]);
    // The map stays until there is something else.
    expect(isDrawn(element, 0.8, 0.65)).to.equal(true);
    await give(element, [{ finding: 'Effusion', kind: 'gradient', state: { kind: 'done', explanation } }]);
    await eventually(() => isDrawn(element, 0.9, 0.05) && !isDrawn(element, 0.8, 0.65), 'the explanation');
    expect(find<XrayView>(element, 'xray-view').label).to.contain('with the pixels that count for Effusion');
    expect(words(element)).to.contain('most change');
    await expectAccessible(element);
    click(button(element, 'Map'));
    await eventually(() => isDrawn(element, 0.8, 0.65) && !isDrawn(element, 0.9, 0.05), 'the map again');
    expect(words(element)).to.contain('most of the evidence');
  });

  it('keeps the focus on what was chosen, and goes back to the map on Cancel', async () => {
    const app = new FakeApp();
    const element = await view(app);
    press(button(element, 'Explain in detail'));
    await eventually(() => focused()?.getAttribute('data-layer') === 'gradient', 'the focus');
    await give(element, [{ finding: 'Effusion', kind: 'gradient', state: { kind: 'working', share: 0 } }]);
    press(button(find(element, 'explain-panel'), 'Cancel'));
    expect(app.called('cancelExplanation')[0]?.values).to.deep.equal(['first']);
    await give(element, []);
    expect(words(find(element, 'explain-panel')).trim()).to.equal('Explain in detail');
    await eventually(() => words(focused()!).includes('Explain in detail'), 'the focus afterwards');
  });

  it('belongs to a finding: another one begins with its map', async () => {
    const element = await view(new FakeApp());
    click(button(element, 'Explain in detail'));
    await give(element, [{ finding: 'Effusion', kind: 'gradient', state: { kind: 'done', explanation } }]);
    const [, second] = findAll(element, 'button[data-finding]');
    click(second!);
    await element.updateComplete;
    expect(words(find(element, 'explain-panel')).trim()).to.equal('Explain in detail');
  });

  it('is not offered where the findings are hidden', async () => {
    const element = await view(new FakeApp(), { gate: refusedGate });
    expect(words(find(element, 'explain-panel')).trim()).to.equal('');
  });
});

it('a small fall of the score is drawn faintly, a large one in full colour', () => {
  const fall = (values: number[]): readonly number[] => {
    return drawableMap({ kind: 'occlusion', finding: 'Mass', map: { width: 2, height: 1, values } }).values;
  };
  expect(fall([0.05, -1])).to.deep.equal([0.2, -4]);
  expect(fall([2, 1])).to.deep.equal([1, 0.5]);
});
