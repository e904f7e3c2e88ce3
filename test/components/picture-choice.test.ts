import { expect, html } from '@open-wc/testing';
import type { DicomFacts, DisplayImage } from '../../src/shared/analysis.ts';
import type { SeenPicture } from '../../src/shared/messages.ts';
import '../../src/ui/result-view.ts';
import type { ResultView } from '../../src/ui/result-view.ts';
import { FakeApp, someItem } from './fake-app.ts';
import { seriesFacts, someResult, type ResultChanges } from './some-result.ts';
import { button, click, expectAccessible, find, findAll, mount, words } from './support.ts';

const asSeries: ResultChanges = { source: { kind: 'dicom', format: 'dicom', dicom: seriesFacts } };

async function view(app: FakeApp, changes: ResultChanges = asSeries): Promise<ResultView> {
  const result = someResult(changes);
  const item = someItem({ kind: 'done', result });
  const element = await mount<ResultView>(
    html`<result-view .app=${app} .item=${item} .result=${result}></result-view>`,
  );
  await drawn(element);
  return element;
}

/** Answers have come and everything has drawn itself. */
async function drawn(element: ResultView): Promise<void> {
  await element.updateComplete;
  for (let frame = 0; frame < 3; frame += 1) await new Promise((resolve) => requestAnimationFrame(resolve));
}

/** One grey all over, told from the result's own picture. */
function seen(grey: number, changes: Partial<DicomFacts>): { readonly ok: true; readonly value: SeenPicture } {
  const display: DisplayImage = { width: 512, height: 512, data: new Uint8Array(512 * 512).fill(grey) };
  const { source } = someResult(asSeries).analysis.image;
  return { ok: true, value: { display, source: { ...source, dicom: { ...seriesFacts, ...changes } } } };
}

function greyAt(root: ParentNode, selector = 'canvas.base'): number | undefined {
  return find<HTMLCanvasElement>(root, selector).getContext('2d')?.getImageData(100, 50, 1, 1).data[0];
}

const slider = (element: ResultView): HTMLInputElement => find(element, '.frames input');

describe('<picture-choice>', () => {
  it('is not there where there is nothing to choose', async () => {
    const element = await view(new FakeApp(), {});
    expect(findAll(element, 'picture-choice')).to.deep.equal([]);
  });

  it('shows another frame without the map of the one that was read, and offers to analyse it', async () => {
    const app = new FakeApp();
    app.seen = seen(77, { frame: 3 });
    const element = await view(app);
    const before = greyAt(element);
    expect(words(element)).to.contain('The model read picture 2 of 12 in this file.');
    expect(words(element)).not.to.contain('Analyse this picture');
    click(button(element, 'Next'));
    await drawn(element);
    expect(app.called('lookAt').map(({ values }) => values)).to.deep.equal([['first', { frame: 3, inverted: false }]]);
    expect(greyAt(element)).to.equal(77);
    expect(slider(element).value).to.equal('3');
    expect(words(element)).to.contain('The model read picture 2: scores and maps are not of this one.');
    expect(find(element, '[role=img]').getAttribute('aria-label')).not.to.contain('map');
    expect(app.called('analyzeAs')).to.deep.equal([]);
    await expectAccessible(element);
    click(button(element, 'Analyse this picture'));
    expect(app.called('analyzeAs')[0]?.values).to.deep.equal(['first', { frame: 3 }]);
    click(button(element, 'Previous'));
    await drawn(element);
    expect(app.called('lookAt').length, 'the one that was read is at hand').to.equal(1);
    expect(greyAt(element)).to.equal(before);
    expect(find(element, '[role=img]').getAttribute('aria-label')).to.contain('map');
  });

  it('decodes one at a time, and then the one that is wanted by then', async () => {
    const app = new FakeApp();
    const answers: ((outcome: FakeApp['seen']) => void)[] = [];
    const asked: (number | undefined)[] = [];
    app.lookAt = (_, { frame }) => {
      asked.push(frame);
      return new Promise((resolve) => answers.push(resolve));
    };
    const element = await view(app);
    for (const frame of [4, 5, 6, 9]) {
      slider(element).value = String(frame);
      slider(element).dispatchEvent(new Event('input'));
    }
    await drawn(element);
    expect([asked, slider(element).value]).to.deep.equal([[4], '9']);
    answers[0]?.(seen(40, { frame: 4 }));
    await drawn(element);
    expect(asked).to.deep.equal([4, 9]);
    answers[1]?.(seen(90, { frame: 9 }));
    await drawn(element);
    expect([asked, greyAt(element)]).to.deep.equal([[4, 9], 90]);
  });

  it('shows the picture in another window, with the map, and says that it is the view', async () => {
    const app = new FakeApp();
    app.seen = seen(55, { voi: seriesFacts.voiOffered![1]! });
    const element = await view(app);
    const select = find<HTMLSelectElement>(element, 'select');
    expect([...select.options].map(({ text }) => text.trim())).to.deep.equal([
      'window 2048 / 3000',
      'B1: window 1500 / 900',
    ]);
    select.selectedIndex = 1;
    select.dispatchEvent(new Event('change'));
    await drawn(element);
    expect(app.called('lookAt')[0]?.values).to.deep.equal(['first', { frame: 2, voi: 1, inverted: false }]);
    expect(greyAt(element)).to.equal(55);
    expect(words(element)).to.contain('View only: the model read the picture by “window 2048 / 3000”.');
    expect(find(element, '[role=img]').getAttribute('aria-label')).to.contain('map');
    await expectAccessible(element);
    window.dispatchEvent(new Event('beforeprint'));
    const sheet = find(element, '.print-sheet');
    expect(sheet.textContent.replace(/\s+/g, ' ')).to.contain(
      'The picture is printed by “B1: window 1500 / 900”. The model read it by “window 2048 / 3000”.',
    );
    expect(greyAt(element, '.print-sheet canvas')).to.equal(55);
    window.dispatchEvent(new Event('afterprint'));
  });

  it('prints the frame that was read, whichever is on the screen', async () => {
    const app = new FakeApp();
    app.seen = seen(77, { frame: 3 });
    const element = await view(app);
    const own = greyAt(element);
    click(button(element, 'Next'));
    await drawn(element);
    window.dispatchEvent(new Event('beforeprint'));
    const sheet = find(element, '.print-sheet').textContent.replace(/\s+/g, ' ');
    expect(greyAt(element, '.print-sheet canvas')).to.equal(own);
    expect(sheet).to.contain('The model read picture 2 of 12 in this file.');
    expect(sheet).not.to.contain('The picture is printed by');
    window.dispatchEvent(new Event('afterprint'));
  });

  it('says what went wrong, and keeps what is on the screen', async () => {
    const app = new FakeApp();
    const element = await view(app);
    const before = greyAt(element);
    click(button(element, 'Next'));
    await drawn(element);
    expect(find(element, '[role=alert]').textContent).to.contain('read');
    expect(greyAt(element)).to.equal(before);
    await expectAccessible(element);
  });
});

describe('"Analyse inverted"', () => {
  it('is offered where the view is inverted, and goes on from the frame that was read', async () => {
    const app = new FakeApp();
    const element = await view(app);
    expect(findAll(element, 'button').some(({ textContent }) => textContent.includes('Analyse inverted'))).to.equal(
      false,
    );
    click(button(element, 'Invert'));
    await drawn(element);
    expect(app.called('analyzeAs')).to.deep.equal([]);
    click(button(element, 'Analyse inverted'));
    expect(app.called('analyzeAs')[0]?.values).to.deep.equal(['first', { frame: 2, inverted: true }]);
  });

  it('stands on the result and on paper, and leads back', async () => {
    const app = new FakeApp();
    const element = await view(app, { source: { inverted: true } });
    const sentence = 'Read inverted: black and white were swapped before the model saw the picture';
    expect(words(element)).to.contain(sentence);
    window.dispatchEvent(new Event('beforeprint'));
    expect(find(element, '.print-sheet').textContent.replace(/\s+/g, ' ')).to.contain(sentence);
    window.dispatchEvent(new Event('afterprint'));
    click(button(element, 'Invert'));
    await drawn(element);
    click(button(element, 'Analyse as stored'));
    expect(app.called('analyzeAs')[0]?.values).to.deep.equal(['first', {}]);
  });
});
