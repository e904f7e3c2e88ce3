import { expect } from '@open-wc/testing';
import { FakeApp } from './fake-app.ts';
import { openModels } from './open-models.ts';
import { fromAFriend, pocket, readyLibrary } from './some-models.ts';
import { button, click, eventually, find, focused, labels, openScreen, words } from './support.ts';

function drop(...names: readonly string[]): void {
  const dataTransfer = new DataTransfer();
  for (const name of names) {
    const type = name.endsWith('.png') ? 'image/png' : '';
    dataTransfer.items.add(new File(['x'], name, { type }));
  }
  window.dispatchEvent(new DragEvent('dragenter', { dataTransfer }));
  window.dispatchEvent(new DragEvent('drop', { dataTransfer, cancelable: true }));
}

describe('bringing a model in from a file', () => {
  const fileName = 'chester-v3-1.0.0.chesterpack';

  it('hands the chosen file on, whatever its name ends in', async () => {
    const { app, element } = await openModels([pocket]);
    const input = find<HTMLInputElement>(find(element, 'pack-file-entry'), 'input[type=file]');
    expect(input.accept).to.equal('');
    let opened = 0;
    input.addEventListener('click', (event) => {
      event.preventDefault();
      opened += 1;
    });
    click(button(element, 'Open a model file'));
    expect(opened).to.equal(1);
    const data = new DataTransfer();
    data.items.add(new File(['x'], 'renamed.bin'));
    input.files = data.files;
    input.dispatchEvent(new Event('change'));
    expect(app.called('openPackFile')[0]?.values).to.deep.equal(['renamed.bin']);
    expect(input.value).to.equal('');
  });

  it('takes a dropped model file anywhere, and X-rays beside it as X-rays', async () => {
    const app = new FakeApp();
    const element = await openScreen(app, '#/');
    drop('lungs.CHESTERPACK', 'bed-2.png');
    expect(app.called('openPackFile')[0]?.values).to.deep.equal(['lungs.CHESTERPACK']);
    expect((app.called('open')[0]?.values[0] as File[]).map(({ name }) => name)).to.deep.equal(['bed-2.png']);
    await element.updateComplete;
  });

  it('takes whatever is no picture for a model on its own screen, and says how many were left out', async () => {
    const { app, element } = await openModels([pocket]);
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(new File(['x'], 'x'));
    window.dispatchEvent(new DragEvent('dragenter', { dataTransfer }));
    await element.updateComplete;
    expect(words(element)).to.contain('Drop the model file here');
    drop('renamed.bin', 'second.chesterpack', 'third.chesterpack');
    expect(app.called('openPackFile').map(({ values }) => values[0])).to.deep.equal(['renamed.bin']);
    expect(app.called('open')).to.deep.equal([]);
    app.change({
      models: readyLibrary([pocket], { kind: 'reading', fileName: 'renamed.bin', receivedBytes: 1, totalBytes: 4 }),
    });
    await eventually(() => words(element).includes('not opened were 2 more'), 'the words');
  });

  it('leads to the Models screen when a file comes by share sheet or file handler', async () => {
    const app = new FakeApp();
    const element = await openScreen(app, '#/help');
    app.change({ models: readyLibrary([pocket], { kind: 'reading', fileName, receivedBytes: 1, totalBytes: 4 }) });
    await eventually(() => words(element).includes(fileName), 'its progress');
    expect(location.hash).to.equal('#/models');
  });

  it('shows how far it is, and cancels', async () => {
    const { app, element } = await openModels([pocket]);
    app.change({
      models: readyLibrary([pocket], { kind: 'reading', fileName, receivedBytes: 3_500_000, totalBytes: 14_000_000 }),
    });
    await eventually(() => words(element).includes('Reading: 3.5 MB of 14.0 MB'), 'the progress');
    const bar = find<HTMLProgressElement>(element, 'progress');
    expect(bar.value / bar.max).to.equal(0.25);
    await eventually(() => focused()?.textContent === 'Bring one in', 'the focus at its heading');
    click(button(find(element, 'pack-file-entry'), 'Cancel'));
    expect(app.called('cancelPackFile').length).to.equal(1);
    app.change({ models: readyLibrary([pocket], { kind: 'proving', fileName, id: 'chester-v3' }) });
    await eventually(() => words(element).includes('known answers on this device…'), 'the test');
  });

  it('asks whether to use it, with its origin beside the question', async () => {
    const done = { kind: 'done', fileName, id: fromAFriend.id, version: '2.0.0' } as const;
    const { app, element } = await openModels([pocket, fromAFriend], done);
    const card = find(element, 'pack-file-entry');
    expect(words(card)).to.contain('Lungs from a friend 2.0.0');
    expect(words(card)).to.contain('Model of unknown origin');
    click(button(card, 'Not now'));
    expect(app.called('dismissPackFile').length).to.equal(1);
    expect(app.called('useModel')).to.deep.equal([]);
    click(button(card, 'Use for findings'));
    await eventually(() => app.called('dismissPackFile').length === 2, 'the end');
    expect(app.called('useModel')[0]?.values).to.deep.equal([fromAFriend.id]);
    app.change({ models: readyLibrary([pocket, fromAFriend]) });
    await eventually(() => focused()?.id === 'here', 'the focus at the list');
  });

  it('does not ask where it answers already', async () => {
    const { element } = await openModels([pocket], { kind: 'done', fileName, id: 'pocket', version: '1.0.0' });
    expect(labels(find(element, 'pack-file-entry'))).to.deep.equal(['Done']);
  });

  it('tells why a file was refused, and that nothing changed', async () => {
    const error = { code: 'pack-hash-mismatch', details: { path: 'weights-03.bin' } } as const;
    const { app, element } = await openModels([pocket], { kind: 'failed', fileName, error });
    const text = words(find(element, 'pack-file-entry'));
    for (const part of ['Nothing has changed on this device', 'damaged or changed on its way', 'weights-03.bin']) {
      expect(text).to.contain(part);
    }
    click(button(find(element, 'pack-file-entry'), 'Dismiss'));
    expect(app.called('dismissPackFile').length).to.equal(1);
    expect(labels(find(element, 'pack-file-entry'))).to.contain('Open another file');
  });
});
