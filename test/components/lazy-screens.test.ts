import { expect } from '@open-wc/testing';
import { helpPages } from '../../src/ui/help-content.ts';
import { FakeApp, someReport } from './fake-app.ts';
import { chesterPack, unknownPack } from './some-models.ts';
import {
  button,
  click,
  eventually,
  expectAccessible,
  find,
  findAll,
  openScreen,
  setLicences,
  words,
} from './support.ts';

describe('<help-screen>', () => {
  it('leads through five accessible screens', async () => {
    const element = await openScreen(new FakeApp(), '#/help');
    for (const [index, page] of helpPages().entries()) {
      expect(words(element)).to.contain(page.title);
      for (const paragraph of page.paragraphs) expect(words(element)).to.contain(paragraph);
      expect(findAll(element, '.drawing').length).to.equal(1);
      await expectAccessible(element);
      if (index === helpPages().length - 1) break;
      click(button(element, 'Next'));
      await eventually(() => words(element).includes(helpPages()[index + 1]?.title ?? ''), 'the next screen');
    }
    expect(button(element, 'To the start').getAttribute('href')).to.equal('#/');
  });
});

describe('<about-screen>', () => {
  it('shows versions, the model card, citations, licences and requests', async () => {
    const element = await openScreen(new FakeApp(), '#/about');
    for (const summary of findAll(element, 'summary')) summary.click();
    await eventually(() => words(element).includes('BSD-3-Clause'), 'the licences');
    const text = words(element);
    for (const part of ['0.1.0', '1901.11210', '2111.00595', 'ChestX-ray', 'BSD-3-Clause', 'models/catalog.json']) {
      expect(text).to.contain(part);
    }
    expect(text).to.contain('Nothing. No picture and no result was sent anywhere.');
    expect(text).to.contain('0.86 (0.81–0.90)');
    expect(find(element, 'a[href="models/pocket/MODEL_CARD.md"]')).to.be.instanceOf(HTMLAnchorElement);
    await expectAccessible(element);
  });

  it('says of a model that nobody could verify what it is', async () => {
    const app = new FakeApp();
    const pack = { id: unknownPack.id, version: '2.0.0', state: 'installed', bytes: 1, manifest: unknownPack } as const;
    app.report = { ...someReport, packs: [...someReport.packs, pack] };
    const element = await openScreen(app, '#/about');
    await eventually(() => words(element).includes('Lungs from a friend'), 'the models');
    expect(words(element).match(/Model of unknown origin/g)?.length).to.equal(1);
    await expectAccessible(element);
  });

  it('admits requests to other sites', async () => {
    const app = new FakeApp();
    app.entries = [{ method: 'GET', address: 'https://example.org/', count: 1, lastAt: '', sameOrigin: false }];
    const text = words(await openScreen(app, '#/about'));
    expect(text).to.contain('Requests to other sites were seen, which should never be: 1');
    expect(text).not.to.contain('Nothing. No picture');
  });

  it('says so when the list of licences is not there', async () => {
    setLicences(undefined);
    try {
      const element = await openScreen(new FakeApp(), '#/about');
      await eventually(() => words(element).includes('could not be read'), 'the failure');
      await expectAccessible(element);
    } finally {
      setLicences([]);
    }
  });
});

describe('<storage-screen>', () => {
  it('tells what is kept and how large it is', async () => {
    const text = words(await openScreen(new FakeApp(), '#/storage'));
    for (const part of ['1.5 MB', '4.7 MB', 'Pocket 1.0.0', '6.3 MB used of 2.0 GB', 'may remove it']) {
      expect(text).to.contain(part);
    }
  });

  it('removes a model only after it was confirmed', async () => {
    const app = new FakeApp();
    const element = await openScreen(app, '#/storage');
    const dialog = find<HTMLDialogElement>(element, 'dialog[aria-describedby]');
    click(button(find(element, 'storage-screen'), 'Remove'));
    await eventually(() => dialog.open, 'the question');
    click(button(element, 'Keep it'));
    await eventually(() => !dialog.open, 'the answer');
    expect(app.called('removePack')).to.deep.equal([]);
    click(button(find(element, 'storage-screen'), 'Remove'));
    await eventually(() => dialog.open, 'the question');
    app.report = { ...someReport, packs: [] };
    findAll(dialog, 'button')[1]?.click();
    await eventually(() => words(element).includes('No model is on this device yet'), 'the new list');
    expect(app.called('removePack')[0]?.values).to.deep.equal(['pocket']);
  });

  it('says what reads X-rays after a removal, also before the Models screen has looked', async () => {
    const app = new FakeApp({ models: { kind: 'loading' } });
    const second = { id: 'chester-v3', version: '1.0.0', state: 'installed', bytes: 14_020_000 } as const;
    app.report = { ...someReport, packs: [...someReport.packs, { ...second, manifest: chesterPack }] };
    const element = await openScreen(app, '#/storage');
    const dialog = find<HTMLDialogElement>(element, 'dialog[aria-describedby]');
    click(button(find(element, 'storage-screen'), 'Remove'));
    await eventually(() => dialog.open, 'the question');
    expect(words(dialog)).to.contain(
      'It frees 4.7 MB. X-rays are then read by “Chester v3: DenseNet-121, 18 findings”.',
    );
  });

  it('removes everything only after it was confirmed, the theme too', async () => {
    const app = new FakeApp();
    const element = await openScreen(app, '#/storage');
    localStorage.setItem('chester:theme', 'dark');
    const dialog = find<HTMLDialogElement>(element, 'dialog[aria-describedby]');
    click(button(find(element, 'storage-screen'), 'Remove everything'));
    await eventually(() => dialog.open, 'the question');
    await expectAccessible(element);
    findAll(dialog, 'button')[1]?.click();
    await eventually(() => app.called('removeEverything').length === 1, 'the removal');
    expect(localStorage.getItem('chester:theme')).to.equal(null);
  });
});
