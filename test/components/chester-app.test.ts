import { expect } from '@open-wc/testing';
import { doneItem, FakeApp, someItem, totalBytes } from './fake-app.ts';
import { overriddenGate, refusedGate, someResult } from './some-result.ts';
import { button, click, eventually, expectAccessible, find, findAll, openScreen, words } from './support.ts';

function dataTransfer(...files: readonly File[]): DataTransfer {
  const data = new DataTransfer();
  for (const file of files) data.items.add(file);
  return data;
}

const png = (name: string): File => new File(['x'], name, { type: 'image/png' });

describe('<chester-app>', () => {
  it('agrees and starts the download whose size it stated', async () => {
    const app = new FakeApp({ accepted: false, offline: { kind: 'needs-download', totalBytes } });
    const element = await openScreen(app, '#/');
    expect(words(element)).to.contain('6.2 MB');
    click(button(element, 'I understand'));
    await eventually(() => app.called('startDownload').length === 1, 'the download');
    expect(app.called('acceptNotForMedicalUse').length).to.equal(1);
    await eventually(() => words(element).includes('Open X-ray'), 'the home screen');
  });

  it('shows a single opened X-ray at once, and several in the list', async () => {
    const app = new FakeApp();
    const element = await openScreen(app, '#/');
    app.open([png('one.png')]);
    await eventually(() => location.hash.startsWith('#/result/'), 'the address of the X-ray');
    await eventually(() => words(element).includes('Waiting for its turn'), 'its progress');
    app.open([png('two.png'), png('three.png')]);
    await eventually(() => location.hash === '#/', 'the list');
    await eventually(() => words(element).includes('three.png'), 'the list');
  });

  it('takes dropped files anywhere, with a hint, and keeps the browser from opening them itself', async () => {
    const app = new FakeApp();
    const element = await openScreen(app, '#/');
    const data = dataTransfer(png('dropped.png'));
    window.dispatchEvent(new DragEvent('dragenter', { dataTransfer: data }));
    await element.updateComplete;
    expect(words(element)).to.contain('Drop the X-ray here');
    await expectAccessible(element);
    const drop = new DragEvent('drop', { dataTransfer: data, cancelable: true });
    window.dispatchEvent(drop);
    await element.updateComplete;
    expect(drop.defaultPrevented).to.equal(true);
    expect(words(element)).not.to.contain('Drop the X-ray here');
    expect((app.called('open')[0]?.values[0] as File[]).map((file) => file.name)).to.deep.equal(['dropped.png']);
  });

  it('takes pasted pictures', async () => {
    const app = new FakeApp();
    await openScreen(app, '#/');
    document.dispatchEvent(new ClipboardEvent('paste', { clipboardData: dataTransfer(png('pasted.png')) }));
    expect(app.called('open').length).to.equal(1);
  });

  it('takes nothing before the notice was accepted', async () => {
    const app = new FakeApp({ accepted: false });
    await openScreen(app, '#/');
    window.dispatchEvent(new DragEvent('drop', { dataTransfer: dataTransfer(png('early.png')), cancelable: true }));
    document.dispatchEvent(new ClipboardEvent('paste', { clipboardData: dataTransfer(png('early.png')) }));
    expect(app.called('open')).to.deep.equal([]);
  });

  it('refuses a dropped folder in words', async () => {
    const app = new FakeApp();
    const element = await openScreen(app, '#/');
    // Scripts cannot make a real folder entry: this is the part of the interface that is read.
    const item = { kind: 'file', webkitGetAsEntry: () => ({ isDirectory: true, name: 'ward' }), getAsFile: () => null };
    const drop = new DragEvent('drop', { cancelable: true });
    Object.defineProperty(drop, 'dataTransfer', { value: { types: ['Files'], items: [item] } });
    window.dispatchEvent(drop);
    await eventually(() => words(element).includes('This is a folder, not a picture.'), 'the words');
    expect(app.called('open')).to.deep.equal([]);
    await expectAccessible(element);
    click(button(element, 'Dismiss'));
    await eventually(() => !words(element).includes('folder'), 'the words to go');
  });

  it('asks before a result that is not kept is left, and stays when told to', async () => {
    const app = new FakeApp({ queue: [doneItem()] });
    const element = await openScreen(app, '#/result/first');
    location.hash = '#/';
    const dialog = find<HTMLDialogElement>(element, 'confirm-dialog dialog, dialog[aria-describedby]');
    await eventually(() => dialog.open, 'the question');
    expect(words(dialog)).to.contain('This result is not kept');
    await expectAccessible(element);
    expect(location.hash).to.equal('#/result/first');
    click(button(element, 'Stay and keep it'));
    await eventually(() => !dialog.open, 'the question to go');
    expect(location.hash).to.equal('#/result/first');
    location.hash = '#/';
    await eventually(() => dialog.open, 'the question again');
    click(button(element, 'Leave without keeping'));
    await eventually(() => location.hash === '#/' && words(element).includes('This session'), 'the list');
  });

  it('leaves a kept result, or one for the help, without asking', async () => {
    const kept = someItem({ kind: 'done', result: someResult({ kept: true }) });
    const element = await openScreen(new FakeApp({ queue: [kept] }), '#/result/first');
    location.hash = '#/';
    await eventually(() => words(element).includes('This session'), 'the list');
    const other = await openScreen(new FakeApp({ queue: [doneItem()] }), '#/result/first');
    location.hash = '#/help';
    await eventually(() => words(other).includes('What a score means'), 'the help');
  });

  it('asks before a result that is not kept is removed from the list', async () => {
    const app = new FakeApp({ queue: [doneItem()] });
    const element = await openScreen(app, '#/');
    click(button(element, 'Remove from the list'));
    const dialog = find<HTMLDialogElement>(element, 'dialog[aria-describedby]');
    await eventually(() => dialog.open, 'the question');
    expect(app.called('dismiss')).to.deep.equal([]);
    const remove = findAll(dialog, 'button').find((answer) => answer.textContent.includes('Remove'));
    remove?.click();
    await eventually(() => app.called('dismiss').length === 1, 'the removal');
  });

  it('hides the findings of a refused picture until a person insists twice', async () => {
    const item = someItem({ kind: 'done', result: someResult({ gate: refusedGate }) });
    const app = new FakeApp({ queue: [item] });
    const element = await openScreen(app, '#/result/first');
    expect(findAll(element, 'button[data-finding]')).to.deep.equal([]);
    click(button(element, 'Analyse anyway'));
    const dialog = find<HTMLDialogElement>(element, 'dialog[aria-describedby]');
    await eventually(() => dialog.open, 'the question');
    findAll(dialog, 'button')
      .find((answer) => answer.textContent.includes('Analyse anyway'))
      ?.click();
    await eventually(() => app.called('analyzeAnyway').length === 1, 'the wish');
    expect(app.called('analyzeAnyway')[0]?.values).to.deep.equal(['first', ['not-an-xray']]);
    app.change({ queue: [someItem({ kind: 'done', result: someResult({ gate: overriddenGate }) })] });
    await eventually(() => findAll(element, 'button[data-finding]').length > 0, 'the findings');
    expect(words(element)).to.contain('in spite of a refusal');
  });

  it('switches the theme and remembers it', async () => {
    const element = await openScreen(new FakeApp(), '#/');
    const before = find(element, 'header button').getAttribute('aria-label');
    click(find(element, 'header button'));
    await element.updateComplete;
    expect(find(element, 'header button').getAttribute('aria-label')).not.to.equal(before);
    expect(localStorage.getItem('chester:theme')).to.match(/light|dark/);
    expect(document.documentElement.dataset['theme']).to.equal(localStorage.getItem('chester:theme'));
  });

  it('moves the focus to a new screen, and names it in the title', async () => {
    const element = await openScreen(new FakeApp(), '#/');
    location.hash = '#/storage';
    await eventually(() => document.title.startsWith('Storage'), 'the title');
    await eventually(() => element.shadowRoot?.activeElement?.id === 'main', 'the focus');
  });
});
