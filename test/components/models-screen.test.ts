import { expect } from '@open-wc/testing';
import { sendKeys, setViewport } from '@web/test-runner-commands';
import type { Model } from '../../src/app/model-library.ts';
import { FakeApp } from './fake-app.ts';
import { openModels } from './open-models.ts';
import {
  autoencoder,
  chester,
  fineTuned,
  fromAFriend,
  offered,
  pocket,
  readyLibrary,
  updatable,
  updated,
} from './some-models.ts';
import {
  button,
  click,
  eventually,
  expectAccessible,
  find,
  findAll,
  focused,
  labels,
  openScreen,
  words,
} from './support.ts';

function entry(element: Element, id: string): HTMLElement {
  return find(element, `model-entry[data-model="${id}"]`);
}

function question(element: Element): HTMLDialogElement {
  return find<HTMLDialogElement>(element, 'confirm-dialog dialog, dialog[aria-describedby]');
}

/** Presses a button that asks first, reads the question, and gives the answer. */
async function ask(element: Element, pressed: HTMLElement, answer: string): Promise<string> {
  const dialog = question(element);
  click(pressed);
  await eventually(() => dialog.open, 'the question');
  const asked = dialog.textContent.replace(/\s+/g, ' ');
  await expectAccessible(element);
  click(button(dialog, answer));
  await eventually(() => !dialog.open, 'the answer');
  return asked;
}

describe('<models-screen>', () => {
  it('asks the app to look once, and says so while it does', async () => {
    const app = new FakeApp({ models: { kind: 'loading' } });
    const element = await openScreen(app, '#/models');
    expect(words(element)).to.contain('Looking for models…');
    app.change({ models: readyLibrary() });
    await eventually(() => words(element).includes('Pocket 1.0.0'), 'the models');
    expect(app.called('refreshModels').length).to.equal(1);
    expect(document.title).to.equal('Models · Chester');
  });

  it('is reached from the footer, About and Storage', async () => {
    for (const hash of ['#/', '#/about', '#/storage']) {
      const element = await openScreen(new FakeApp(), hash);
      const where = hash === '#/' ? 'footer a' : 'a.button';
      const links = findAll<HTMLAnchorElement>(element, where).map((link) => link.getAttribute('href'));
      expect(links, hash).to.contain('#/models');
    }
  });

  it('tells of each model what it is, how large, whose, and whether it answers', async () => {
    const { element } = await openModels([pocket, chester, autoencoder, fromAFriend]);
    const text = words(entry(element, 'pocket'));
    for (const part of ['Pocket 1.0.0', 'In use', 'Findings · 5.1 MB on this device', 'Comes with this app']) {
      expect(text).to.contain(part);
    }
    expect(words(entry(element, 'chester-v3'))).to.contain('Published model, verified');
    expect(words(entry(element, 'chester-v3'))).not.to.contain('In use');
    expect(words(entry(element, 'chester-ae'))).to.contain('Second opinion on whether it is a chest X-ray');
    expect(words(entry(element, 'local/lungs-from-a-friend'))).to.contain('Model of unknown origin');
    expect(words(entry(element, 'local/lungs-from-a-friend'))).to.contain('could give it any name and any figures');
  });

  it('opens figures, sources, licence, citation and parity on demand', async () => {
    const { element } = await openModels([chester, autoencoder, fromAFriend, pocket]);
    for (const details of findAll<HTMLDetailsElement>(element, 'details')) details.open = true;
    await expectAccessible(element);
    const text = words(entry(element, 'chester-v3'));
    for (const part of [
      'Lung opacity',
      'Enlarged cardiomediastinum',
      'not measured here',
      'Atelectasis not measured here published: 0.80',
      'a held-out part of seven public collections; a table of the authors’ paper',
      'CC-BY-NC-4.0',
      'arXiv:1901.11210',
      'Differs from the original by at most 0.000021 in the logit, 0.0000038 in the score, on 16 pictures.',
      'the published graph, tfjs 4.22.0, WASM',
    ]) {
      expect(text).to.contain(part);
    }
    expect(words(entry(element, 'pocket'))).to.contain('0.86 (0.81–0.90)');
    expect(words(entry(element, 'chester-ae'))).to.contain('accepts a similarity above 0.60');
    expect(words(entry(element, 'chester-ae'))).to.contain('0.00004 of the range of a pixel');
    expect(find(entry(element, 'chester-v3'), 'a[href="models/chester-v3/MODEL_CARD.md"]')).to.be.instanceOf(Element);
    expect(findAll(entry(element, fromAFriend.id), 'a[href^="models/"]'), 'no site has its card').to.deep.equal([]);
  });

  it('needs no sideways scrolling at 320 px with everything open, in either theme', async () => {
    await setViewport({ width: 320, height: 568 });
    try {
      const { element } = await openModels([updated, chester, autoencoder, fromAFriend, fineTuned]);
      for (const details of findAll<HTMLDetailsElement>(element, 'details')) details.open = true;
      expect(document.documentElement.scrollWidth).to.be.at.most(320);
      const { width } = find(element, '.changes .table-scroll').getBoundingClientRect();
      expect(find(element, '.changes table').scrollWidth, 'the table of changes').to.be.at.most(Math.ceil(width));
    } finally {
      await setViewport({ width: 800, height: 600 });
    }
  });

  it('uses a model for findings, and a second opinion or none', async () => {
    const idle: Model = { ...autoencoder, inUse: false };
    const { app, element } = await openModels([pocket, chester, idle]);
    expect(labels(entry(element, 'pocket'))).to.deep.equal(['Save to a file', 'Remove']);
    click(button(entry(element, 'chester-v3'), 'Use for findings'));
    click(button(entry(element, 'chester-ae'), 'Use as second opinion'));
    await eventually(() => app.called('useModel').length === 2, 'the wishes');
    expect(app.called('useModel').map(({ values }) => values[0])).to.deep.equal(['chester-v3', 'chester-ae']);
    app.change({ models: readyLibrary([pocket, chester, autoencoder]) });
    await eventually(() => labels(entry(element, 'chester-ae')).includes('Stop using'), 'the new state');
    click(button(entry(element, 'chester-ae'), 'Stop using'));
    await eventually(() => app.called('stopUsingModel').length === 1, 'the wish');
    expect(app.called('stopUsingModel')[0]?.values).to.deep.equal(['chester-ae']);
  });

  it('says the size of a download before it begins, then how far it is, pauses and goes on', async () => {
    const coming = offered(chester, true);
    const { app, element } = await openModels([pocket, coming]);
    click(button(entry(element, 'chester-v3'), 'Download 14.0 MB'));
    await eventually(() => app.called('downloadModel').length === 1, 'the wish');
    expect(app.called('downloadModel')[0]?.values).to.deep.equal(['chester-v3']);
    const progress = { receivedBytes: 7_010_000, totalBytes: 14_020_000 };
    app.change({
      models: readyLibrary([pocket, { ...coming, activity: { kind: 'downloading', ...progress, secondsLeft: 41 } }]),
    });
    await eventually(() => words(element).includes('7.0 MB of 14.0 MB, about 41 s left'), 'the progress');
    const bar = find<HTMLProgressElement>(entry(element, 'chester-v3'), 'progress');
    expect(bar.value / bar.max).to.equal(0.5);
    click(button(entry(element, 'chester-v3'), 'Pause'));
    await eventually(() => app.called('pauseModel').length === 1, 'the wish');
    expect(app.called('pauseModel')[0]?.values).to.deep.equal(['chester-v3']);
    const error = { code: 'download-not-the-file', details: {} } as const;
    app.change({ models: readyLibrary([pocket, { ...coming, activity: { kind: 'paused', ...progress, error } }]) });
    await eventually(() => words(element).includes('hotel and café networks'), 'the reason');
    click(button(entry(element, 'chester-v3'), 'Continue'));
    await eventually(() => app.called('downloadModel').length === 2, 'the wish to go on');
    app.change({ models: readyLibrary([pocket, { ...coming, activity: { kind: 'proving' } }]) });
    await eventually(() => words(element).includes('known answers on this device…'), 'the test');
    expect(labels(entry(element, 'chester-v3'))).to.deep.equal([]);
  });

  it('says what an update will change before it, and lets the old version answer meanwhile', async () => {
    const { app, element } = await openModels([updatable]);
    find<HTMLDetailsElement>(element, '.changes').open = true;
    expect(words(element)).to.contain('What version 1.1.0 changes');
    expect(words(element)).to.contain('No longer there: Hernia');
    click(button(element, 'Update to version 1.1.0 (5.4 MB)'));
    await eventually(() => app.called('downloadModel').length === 1, 'the wish');
    expect(app.called('downloadModel')[0]?.values).to.deep.equal(['pocket']);
    app.change({ models: readyLibrary([{ ...updatable, activity: { kind: 'proving' } }]) });
    await eventually(() => words(element).includes('Version 1.0.0 goes on answering.'), 'the old version');
  });

  it('shows what an update changed, and goes back only after it was asked', async () => {
    const { app, element } = await openModels([updated]);
    const text = words(find(element, '.changes'));
    for (const part of [
      'New findings: Fracture, Lung lesion',
      'No longer there: Hernia',
      'Effusion threshold 0.083 0.091',
      'Effusion AUC 0.86 0.87',
      'Mass how good the model is weak fair',
      'The network itself is another',
    ]) {
      expect(text).to.contain(part);
    }
    const asked = await ask(element, button(element, 'Go back to version 1.0.0'), 'Keep the newer one');
    expect(asked).to.contain('Version 1.1.0 is removed (5.4 MB)');
    expect(app.called('rollBackModel')).to.deep.equal([]);
    const pressed = findAll(element, 'model-entry').flatMap((item) => findAll(item, 'button.wide'))[0];
    if (pressed === undefined) throw new Error('no way back');
    await ask(element, pressed, 'Go back to version 1.0.0');
    await eventually(() => app.called('rollBackModel').length === 1, 'the way back');
    expect(app.called('rollBackModel')[0]?.values).to.deep.equal(['pocket']);
  });

  it('says that nothing changed where nothing did', async () => {
    const difference = {
      findingsAdded: [],
      findingsRemoved: [],
      thresholds: [],
      auc: [],
      grades: [],
      inputChanged: false,
      weightsChanged: false,
    };
    const { element } = await openModels([{ ...updated, difference }]);
    expect(words(element)).to.contain('Findings, thresholds, figures and weights are the same.');
    expect(findAll(element, '.changes table')).to.deep.equal([]);
  });

  it('removes only after it was asked, and says how much goes and what answers then', async () => {
    const inUse = { ...chester, inUse: true };
    const { app, element } = await openModels([{ ...pocket, inUse: false }, inUse, autoencoder]);
    const remove = (id: string): HTMLElement => button(entry(element, id), 'Remove');
    const asked = await ask(element, remove('chester-v3'), 'Keep it');
    expect(asked).to.contain('It frees 14.0 MB. X-rays are then read by “Pocket”.');
    expect(app.called('removeModel')).to.deep.equal([]);
    expect(await ask(element, remove('pocket'), 'Keep it')).to.contain('It is not in use');
    expect(await ask(element, remove('chester-ae'), 'Keep it')).to.contain('checks pictures without a second opinion');
    app.change({ models: readyLibrary([updated]) });
    await eventually(() => words(element).includes('Pocket 1.1.0'), 'the only model');
    const both = await ask(element, remove('pocket'), 'Remove it');
    expect(both).to.contain('It frees 10.5 MB. The app cannot read X-rays without it');
    await eventually(() => app.called('removeModel').length === 1, 'the removal');
    app.change({ models: readyLibrary([]) });
    await eventually(() => words(element).includes('No model is on this device yet'), 'the empty list');
  });

  it('saves a model to a file, and nothing where that failed', async () => {
    const { app, element } = await openModels([pocket]);
    const saved: string[] = [];
    const realClick = HTMLAnchorElement.prototype.click;
    HTMLAnchorElement.prototype.click = function () {
      saved.push(this.download);
    };
    try {
      const save = button(element, 'Save to a file') as HTMLButtonElement;
      click(save);
      await eventually(() => app.called('savePackFile').length === 1, 'the wish');
      await eventually(() => !save.disabled, 'the end');
      expect(saved).to.deep.equal([]);
      app.packFile = { fileName: 'pocket-1.0.0.chesterpack', blob: new Blob(['x']) };
      click(save);
      await eventually(() => saved.length === 1, 'the file');
      expect(saved).to.deep.equal(['pocket-1.0.0.chesterpack']);
    } finally {
      HTMLAnchorElement.prototype.click = realClick;
    }
  });

  it('disables a model’s buttons and says so while its file is being prepared', async () => {
    const app = new FakeApp();
    let finish = (): void => undefined;
    app.savePackFile = async () => new Promise((resolve) => (finish = () => resolve(undefined)));
    const element = await openScreen(app, '#/models');
    click(button(element, 'Save to a file'));
    await eventually(() => words(element).includes('Preparing the file…'), 'the words');
    expect(findAll<HTMLButtonElement>(entry(element, 'pocket'), 'button').every(({ disabled }) => disabled)).to.equal(
      true,
    );
    finish();
    await eventually(() => !words(element).includes('Preparing the file…'), 'the end');
  });

  it('tells why an update failed in words that leave the old version standing', async () => {
    const error = { code: 'known-answer-mismatch', details: { worst: 0.2 } } as const;
    const { app, element } = await openModels([{ ...updatable, activity: { kind: 'failed', error } }]);
    const text = words(element);
    expect(text).to.contain('This version gives wrong answers to test pictures on this device, so it is not used.');
    expect(text).to.contain('Version 1.0.0 goes on answering.');
    expect(text).not.to.contain('no result is shown');
    click(button(element, 'Try again (5.4 MB)'));
    await eventually(() => app.called('downloadModel').length === 1, 'the wish');
    expect(app.called('downloadModel')[0]?.values).to.deep.equal(['pocket']);
  });

  it('lists what is on the device where the catalogue cannot be read, and looks again when asked', async () => {
    const catalogError = { code: 'download-failed', details: {} } as const;
    const app = new FakeApp({ models: { kind: 'ready', models: [pocket], catalogError, packFile: { kind: 'none' } } });
    const element = await openScreen(app, '#/models');
    expect(words(element)).to.contain('Pocket 1.0.0');
    expect(words(element)).to.contain('can only be seen with the internet');
    click(button(element, 'Look again'));
    expect(app.called('refreshModels').length).to.equal(2);
  });

  it('shows a notice, such as why a file could not be saved', async () => {
    const app = new FakeApp({ notice: { kind: 'error', error: { code: 'storage-full', details: {} } } });
    const element = await openScreen(app, '#/models');
    expect(words(element)).to.contain('There is no room left on this device.');
    click(button(element, 'Dismiss'));
    expect(app.called('dismissNotice').length).to.equal(1);
  });

  it('is worked with the keyboard alone, and keeps the focus at the model', async () => {
    const { app, element } = await openModels([pocket, chester]);
    const use = button(entry(element, 'chester-v3'), 'Use for findings');
    use.focus();
    await sendKeys({ press: 'Enter' });
    await eventually(() => app.called('useModel').length === 1, 'the wish');
    expect(app.called('useModel')[0]?.values).to.deep.equal(['chester-v3']);
    app.change({
      models: readyLibrary([
        { ...pocket, inUse: false },
        { ...chester, inUse: true },
      ]),
    });
    await eventually(() => words(entry(element, 'chester-v3')).includes('In use'), 'the new state');
    expect(focused()).to.equal(find(entry(element, 'chester-v3'), 'h3'));
    await sendKeys({ press: 'Tab' });
    expect(focused()?.textContent.trim()).to.equal('Save to a file');
    await sendKeys({ press: 'Tab' });
    await sendKeys({ press: 'Space' });
    await eventually(() => question(element).open, 'the question');
    expect(focused()?.textContent.trim(), 'the harmless answer').to.equal('Keep it');
    await sendKeys({ press: 'Escape' });
    await eventually(() => !question(element).open, 'the end of the question');
    expect(app.called('removeModel')).to.deep.equal([]);
  });
});
