import { expect, html } from '@open-wc/testing';
import type { DicomFacts, Gate } from '../../src/shared/analysis.ts';
import { doneItem, FakeApp, someItem } from './fake-app.ts';
import type { PackFinding } from '../../src/shared/pack.ts';
import { chesterPack, unknownPack, unverifiedPack } from './some-models.ts';
import {
  agreeingGate,
  calibratedFinding,
  noFindingAbove,
  opinionGate,
  refusedGate,
  someFindings,
  somePack,
  someResult,
  warnedGate,
} from './some-result.ts';
import type { ResultChanges } from './some-result.ts';
import { greyTable } from '../../src/ui/grey-window.ts';
import '../../src/ui/result-view.ts';
import type { ResultView } from '../../src/ui/result-view.ts';
import type { XrayViewer } from '../../src/ui/xray-viewer.ts';
import { button, click, eventually, expectAccessible, find, findAll, focused, mount, words } from './support.ts';

async function view(changes: ResultChanges = {}, app = new FakeApp()): Promise<ResultView> {
  const result = someResult(changes);
  const item = someItem({ kind: 'done', result });
  const element = await mount<ResultView>(
    html`<result-view .app=${app} .item=${item} .result=${result}></result-view>`,
  );
  await element.updateComplete;
  return element;
}

function pixels(canvas: HTMLCanvasElement): Uint8ClampedArray {
  const data = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data;
  if (data === undefined) throw new Error('no pixels');
  return data;
}

describe('<result-view>', () => {
  it('shows the findings in the order that they come in', async () => {
    const element = await view();
    const shown = findAll(element, 'button[data-finding]').map((row) => row.dataset['finding']);
    expect(shown).to.deep.equal(someFindings.map((finding) => finding.id));
    expect(words(element)).to.contain('Findings above their threshold: 3');
  });

  it('says what the DICOM header says, as text', async () => {
    const result = someResult();
    const { image } = result.analysis;
    const dicom: DicomFacts = {
      transferSyntax: '1.2.840.10008.1.2.1',
      transferSyntaxName: 'Explicit VR Little Endian',
      photometric: 'MONOCHROME2',
      modality: '<b>DX</b>',
      viewPosition: 'PA',
      voi: { kind: 'window', center: 2048, width: 3000, function: 'LINEAR' },
      voiChoices: 2,
      frame: 1,
      frames: 5,
      pipeline: 1,
    };
    const analysis = { ...result.analysis, image: { ...image, source: { ...image.source, dicom } } };
    const item = someItem({ kind: 'done', result: { ...result, analysis } });
    const element = await mount<ResultView>(
      html`<result-view .app=${new FakeApp()} .item=${item} .result=${{ ...result, analysis }}></result-view>`,
    );
    await element.updateComplete;
    expect(find(element, 'p.dicom').textContent).to.equal(
      'DICOM · <b>DX</b> · PA · window 2048 / 3000 · picture 1 of 5',
    );
    await expectAccessible(element);
  });

  it('begins with the map of the first finding above its threshold, and shows another on a press', async () => {
    const element = await view();
    click(button(element, 'Tools'));
    const [first, second] = findAll(element, 'button[data-finding]');
    expect(first?.getAttribute('aria-pressed')).to.equal('true');
    const overlay = find<HTMLCanvasElement>(element, 'canvas.overlay');
    expect(pixels(overlay).some((value) => value > 0)).to.equal(true);
    second?.click();
    await element.updateComplete;
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(findAll(element, 'button[aria-pressed=true][data-finding]')).to.deep.equal([second]);
    second?.click();
    await element.updateComplete;
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(pixels(overlay).every((value) => value === 0)).to.equal(true);
    expect(words(element)).to.contain('Map: tap a finding');
    await expectAccessible(element);
  });

  it('draws the map small beside the words of the finding, and brings the large picture on a press', async () => {
    const element = await view();
    const small = find<HTMLCanvasElement>(find(element, 'map-thumbnail'), 'canvas.map');
    expect([small.width, small.height]).to.deep.equal([256, 256]);
    const data = pixels(small);
    const alphaAt = (x: number, y: number): number =>
      data[(Math.floor(y * 256) * 256 + Math.floor(x * 256)) * 4 + 3] ?? 0;
    expect(alphaAt(0.72, 0.74)).to.equal(255);
    expect(alphaAt(0.1, 0.1)).to.equal(0);
    window.scrollTo(0, document.documentElement.scrollHeight);
    click(button(element, 'Show large'));
    const stage = find(element, '.stage');
    await eventually(() => stage.getBoundingClientRect().top >= 0, 'the picture on the screen');
    expect(focused()).to.equal(stage);
  });

  it('draws the map where the network looked: strongest in the lower right', async () => {
    const element = await view();
    const overlay = find<HTMLCanvasElement>(element, 'canvas.overlay');
    const data = pixels(overlay);
    let strongest = { at: 0, green: -1 };
    for (let index = 0; index < data.length; index += 4) {
      // Green rises all the way up the colours; thin colours are rounded by the canvas.
      const green = data[index + 3] === 255 ? (data[index + 1] ?? 0) : -1;
      if (green > strongest.green) strongest = { at: index / 4, green };
    }
    expect(strongest.at % overlay.width).to.be.greaterThan(overlay.width / 2);
    expect(Math.floor(strongest.at / overlay.width)).to.be.greaterThan(overlay.height / 2);
  });

  it('changes the strength of the map, and inverts the picture', async () => {
    const element = await view();
    const slider = find<HTMLInputElement>(element, 'input[type=range]');
    const base = find<HTMLCanvasElement>(element, 'canvas.base');
    const before = pixels(base)[0] ?? NaN;
    slider.value = '25';
    slider.dispatchEvent(new Event('input'));
    click(button(element, 'Invert'));
    await eventually(() => pixels(base)[0] === 255 - before, 'the inverted picture');
    expect(find(element, 'canvas.overlay').style.opacity).to.equal('0.25');
    expect(button(element, 'Invert').getAttribute('aria-pressed')).to.equal('true');
  });

  it('calls an uncalibrated score a score, with its threshold, grade and measured AUC', async () => {
    const element = await view();
    const text = words(find(element, 'finding-list'));
    expect(text).to.contain('score 0.104');
    expect(text).to.contain('threshold 0.083');
    expect(text).to.contain('Measured AUC 0.86 (95 % interval 0.81 to 0.90');
    expect(text).to.contain('it is not the probability of a disease');
    expect(text).not.to.match(/of 100 such patients/);
  });

  it('states a calibrated probability at a prevalence and as a natural frequency', async () => {
    const element = await view({ findings: [calibratedFinding] });
    const text = words(find(element, 'finding-list'));
    expect(text).to.contain('probability 12%');
    expect(text).to.contain('About 12 of 100 such patients have it, where 11.9% of all patients do');
    expect(text).to.contain('The calibration allows 8 to 17 (95 % interval)');
    expect(text).to.contain('score 0.310, threshold 0.200');
    expect(text).to.contain('How common it is was stated on this device');
  });

  it('says whose prevalence it is, and “fewer than 1” of what is rare', async () => {
    const source = 'NIH ChestX-ray14, 13,317 of 112,120 images';
    const findings = somePack.findings.map((finding) => ({
      ...finding,
      referencePrevalence: { value: 0.119, source },
    }));
    const rare = { ...calibratedFinding, probability: 0.004 };
    const element = await view({ findings: [rare], pack: { ...somePack, findings } });
    const text = words(find(element, 'finding-list'));
    expect(text).to.contain('Fewer than 1 of 100 such patients have it');
    expect(text).to.contain(source);
    expect(text).to.contain('State how common it is here');
    await expectAccessible(element);
  });

  it('prints probabilities with the share that they are stated at, and the score beside its threshold', async () => {
    const element = await view({ findings: [calibratedFinding] });
    window.dispatchEvent(new Event('beforeprint'));
    const sheet = find(element, '.print-sheet table').textContent.replace(/\s+/g, ' ');
    window.dispatchEvent(new Event('afterprint'));
    expect(sheet).to.contain('Probability');
    for (const part of ['12%', '11.9%', '0.310', '0.200']) expect(sheet).to.contain(part);
  });

  it('shows a weak finding as weak', async () => {
    const element = await view();
    const weak = someFindings.filter(({ grade }) => grade === 'weak');
    expect(findAll(element, '.weak-words').length).to.equal(weak.length);
    expect(words(find(element, 'finding-list'))).to.contain('Weak: give it little weight');
  });

  it('tells what was not measured here from the figure that was published', async () => {
    const findings = someFindings.map((finding) => ({ ...finding, grade: 'unmeasured' as const }));
    const text = words(find(await view({ findings, pack: chesterPack }), 'finding-list'));
    expect(text).to.contain('model: not measured');
    expect(text).to.contain('Published AUC 0.84 (0.5 is guessing, 1 is perfect), as its authors state it');
    expect(text).to.contain('a held-out part of seven public collections; a table of the authors’ paper');
    expect(text).not.to.contain('Measured AUC');
  });

  for (const [pack, label] of [
    [unverifiedPack, 'Not the published model: origin not verified'],
    [unknownPack, 'Model of unknown origin'],
  ] as const) {
    it(`says “${label}” with every result of such a model, on the screen and on paper`, async () => {
      const element = await view({ pack });
      expect(words(element)).to.contain(label);
      expect(words(element)).to.contain(`${pack.id} ${pack.version}`);
      window.dispatchEvent(new Event('beforeprint'));
      const sheet = find(element, '.print-sheet').textContent.replace(/\s+/g, ' ');
      window.dispatchEvent(new Event('afterprint'));
      expect(sheet).to.contain(`${label}: ${pack.title}`);
      expect(sheet).to.contain(`${pack.id} ${pack.version}`);
    });
  }

  it('says nothing of the kind of an embedded or a verified model', async () => {
    for (const pack of [undefined, chesterPack]) {
      const text = words(await view(pack === undefined ? {} : { pack }));
      expect(text).not.to.match(/origin/i);
    }
  });

  it('gives a second opinion its name, its measure and its limit, on the screen and on paper', async () => {
    const agrees = await view({ gate: agreeingGate });
    const line = 'Second opinion (Chester’s autoencoder): similarity 0.71, accepted above 0.60';
    expect(words(agrees)).to.contain(line);
    window.dispatchEvent(new Event('beforeprint'));
    expect(find(agrees, '.print-sheet').textContent).to.contain(line);
    window.dispatchEvent(new Event('afterprint'));
    const refuses = words(await view({ gate: opinionGate }));
    expect(refuses).to.contain('This does not look like an X-ray.');
    expect(refuses).to.contain('Says the second opinion: Chester’s autoencoder.');
    expect(refuses).to.contain('similarity 0.41, accepted above 0.60');
    expect(words(await view())).not.to.contain('Second opinion');
  });

  it('calls a second opinion of unknown origin what it is', async () => {
    const { secondOpinion } = agreeingGate;
    if (secondOpinion === undefined) throw new Error('no opinion');
    const gate = { ...agreeingGate, secondOpinion: { ...secondOpinion, pack: 'local/redraw@1.0.0' } };
    expect(words(await view({ gate }))).to.contain('Second opinion (local/redraw: Model of unknown origin)');
  });

  it('says “no finding above its threshold”, and that it rules nothing out', async () => {
    const text = words(await view({ findings: noFindingAbove }));
    expect(text).to.contain('No finding above its threshold');
    expect(text).to.contain('That does not rule anything out');
  });

  it('tells each reason of the gate with its next step', async () => {
    const written: Gate = { verdict: 'warn', reasons: [{ code: 'burned-in-text', severity: 'warn', value: 1 }] };
    const onWriting = words(await view({ gate: written }));
    expect(onWriting).to.contain('Writing seems to lie over the picture.');
    expect(onWriting).not.to.contain('Trust the scores less');
    const text = words(await view({ gate: warnedGate }));
    expect(text).to.contain('Trust the scores less');
    expect(text).to.contain('A part of the lungs may be cut off');
    expect(text).to.contain('Show both lungs whole');
  });

  it('hides findings and map of a refused picture', async () => {
    const element = await view({ gate: refusedGate });
    expect(findAll(element, 'button[data-finding]')).to.deep.equal([]);
    expect(pixels(find<HTMLCanvasElement>(element, 'canvas.overlay')).every((value) => value === 0)).to.equal(true);
    window.dispatchEvent(new Event('beforeprint'));
    expect(findAll(element, '.print-sheet table')).to.deep.equal([]);
    window.dispatchEvent(new Event('afterprint'));
  });

  it('says what a photograph costs, as far as the pack was measured on such pictures', async () => {
    const source = { kind: 'photo', inputKind: 'film' } as const;
    expect(words(await view({ source }))).to.contain(
      'From a photograph: less reliable. The model was measured on digital originals.',
    );
    const findings = somePack.findings.map((finding, index) => {
      const at = (specificity: number): PackFinding['operatingPoints']['digital'] => ({
        score: 0.1,
        rule: 'sensitivity',
        specificity,
      });
      return index > 1 ? finding : { ...finding, operatingPoints: { digital: at(0.5 + 0.2 * index), film: at(0.4) } };
    });
    expect(words(await view({ source, pack: { ...somePack, findings } }))).to.contain(
      'below its threshold on synthetic photographs and 60 on digital originals (mean of 2 findings)',
    );
  });

  it('says that the example is synthetic, which findings were drawn, and that the rest is a weak model’s', async () => {
    const text = words(await view({ synthetic: { drawnFindings: ['Cardiomegaly', 'Effusion'] } }));
    expect(text).to.contain('This X-ray is synthetic: nobody’s. Drawn in: Cardiomegaly, Effusion.');
    expect(text).to.contain('The rest is what a weak model says');
  });

  it('begins with what was drawn into the example, where it is above its threshold', async () => {
    const ids = someFindings.map(({ id }) => id);
    const pressed = async (drawnFindings: readonly string[]): Promise<(string | undefined)[]> =>
      findAll(await view({ synthetic: { drawnFindings } }), 'button[data-finding][aria-pressed=true]').map(
        ({ dataset }) => dataset['finding'],
      );
    expect(await pressed([ids.at(-1)!, ids[1]!])).to.deep.equal([ids[1]]);
    expect(await pressed([ids.at(-1)!])).to.deep.equal([ids[0]]);
  });

  it('takes a label, and tells whether the result is kept', async () => {
    const app = new FakeApp();
    const element = await view({}, app);
    const input = find<HTMLInputElement>(element, 'input[type=text]');
    expect(input.value).to.equal('ward-3-bed-2.png');
    input.value = 'Bed 2, 1 March';
    input.dispatchEvent(new Event('change'));
    expect(app.called('setLabel')[0]?.values).to.deep.equal(['first', 'Bed 2, 1 March']);
    expect(words(element)).to.contain('Not kept: print or save');
    expect(words(await view({ kept: true }))).to.contain('Printed or saved');
  });

  it('saves JSON, with the maps only when asked for', async () => {
    const app = new FakeApp();
    const element = await view({}, app);
    const saved: string[] = [];
    const realClick = HTMLAnchorElement.prototype.click;
    HTMLAnchorElement.prototype.click = function () {
      saved.push(this.download);
    };
    try {
      click(button(element, 'Save'));
      const dialog = find(element, 'save-dialog');
      await expectAccessible(element);
      click(button(dialog, 'Save'));
      expect(app.called('exportJson')[0]?.values).to.deep.equal(['first', { maps: false }]);
      click(button(element, 'Save'));
      find<HTMLInputElement>(dialog, 'input').checked = true;
      click(button(dialog, 'Save'));
      expect(app.called('exportJson')[1]?.values).to.deep.equal(['first', { maps: true }]);
      expect(saved).to.deep.equal(['result.json', 'result.json']);
    } finally {
      HTMLAnchorElement.prototype.click = realClick;
    }
  });

  it('prints picture, map, findings, label, time, versions and the warning, and is kept afterwards', async () => {
    const app = new FakeApp();
    const element = await view({ gate: warnedGate }, app);
    const realPrint = window.print;
    let sheet = '';
    let drawn: boolean[] = [];
    window.print = () => {
      window.dispatchEvent(new Event('beforeprint'));
      const printed = find(element, '.print-sheet');
      sheet = printed.textContent.replace(/\s+/g, ' ');
      drawn = findAll<HTMLCanvasElement>(printed, 'canvas').map((canvas) => pixels(canvas).some((value) => value > 0));
      window.dispatchEvent(new Event('afterprint'));
    };
    try {
      click(button(element, 'Print'));
    } finally {
      window.print = realPrint;
    }
    expect(drawn).to.deep.equal([true, true, true]);
    for (const part of [
      'Not for medical use',
      'ward-3-bed-2.png',
      '2026',
      'pocket 1.0.0',
      'Effusion',
      '0.104',
      '0.083',
    ]) {
      expect(sheet).to.contain(part);
    }
    expect(sheet).to.contain('A part of the lungs may be cut off');
    expect(app.called('markPrinted')[0]?.values).to.deep.equal(['first']);
  });

  it('prints the whole picture, in its own greys unless they were changed, and says so', async () => {
    const element = await view();
    const viewer = find<XrayViewer>(element, 'xray-viewer');
    const printed = (): { readonly words: string; readonly pictures: readonly Uint8ClampedArray[] } => {
      window.dispatchEvent(new Event('beforeprint'));
      const sheet = find(element, '.print-sheet');
      const pictures = findAll<HTMLCanvasElement>(sheet, 'canvas').map(pixels);
      window.dispatchEvent(new Event('afterprint'));
      return { words: sheet.textContent.replace(/\s+/g, ' '), pictures };
    };
    const whole = printed();
    expect(whole.words).not.to.contain('The greys are printed');
    viewer.view = { ...viewer.view, transform: { scale: 4, centreX: 0.3, centreY: 0.6 } };
    await viewer.updateComplete;
    expect(printed().pictures, 'zooming').to.deep.equal(whole.pictures);
    viewer.view = { ...viewer.view, greyWindow: { level: 90, width: 120 }, inverted: true };
    await viewer.updateComplete;
    const changed = printed();
    expect(changed.words).to.contain(
      'The greys are printed as they were looked at: level 90, width 120, black and white swapped.',
    );
    const table = greyTable({ level: 90, width: 120 }, true);
    const [before, after] = [whole.pictures[0], changed.pictures[0]];
    for (const at of [0, 4 * 1_000, 4 * 70_000]) expect(after?.[at]).to.equal(table[before?.[at] ?? NaN]);
  });

  it('does not lose the chosen map when the label changes', async () => {
    const app = new FakeApp();
    const element = await view({}, app);
    findAll(element, 'button[data-finding]')[2]?.click();
    await element.updateComplete;
    const item = doneItem();
    element.item = { ...item, label: 'other' };
    element.result = someResult({ kept: true });
    await element.updateComplete;
    expect(findAll(element, 'button[data-finding]')[2]?.getAttribute('aria-pressed')).to.equal('true');
  });
});
