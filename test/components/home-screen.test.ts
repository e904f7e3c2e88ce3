import { expect, html } from '@open-wc/testing';
import { FakeApp, someItem } from './fake-app.ts';
import type { FilesChosenEvent, HomeScreen, WantedAction } from '../../src/ui/home-screen.ts';
import { button, click, expectAccessible, find, mount, words } from './support.ts';

async function home(app: FakeApp, wanted?: WantedAction): Promise<HomeScreen> {
  return mount<HomeScreen>(html`<home-screen .app=${app} .state=${app.state} .wanted=${wanted}></home-screen>`);
}

/** Puts files into a file input as a picker does. */
function choose(input: HTMLInputElement, ...names: readonly string[]): void {
  const data = new DataTransfer();
  for (const name of names) data.items.add(new File(['x'], name));
  input.files = data.files;
  input.dispatchEvent(new Event('change'));
}

describe('<home-screen>', () => {
  it('hands on chosen files, and lets the same one be chosen again', async () => {
    const element = await home(new FakeApp());
    const chosen: FilesChosenEvent['detail'][] = [];
    element.addEventListener('files-chosen', (event) => chosen.push((event as FilesChosenEvent).detail));
    const input = find<HTMLInputElement>(element, 'input.open');
    expect(input.multiple).to.equal(true);
    choose(input, 'one.png', 'two.png');
    expect(chosen[0]?.files.map((file) => file.name)).to.deep.equal(['one.png', 'two.png']);
    expect(chosen[0]?.origin).to.equal('files');
    expect(input.value).to.equal('');
  });

  it('tells the app before the camera opens, after a photo, and after none', async () => {
    const app = new FakeApp();
    const element = await home(app);
    const input = find<HTMLInputElement>(element, 'input.photo');
    expect(input.getAttribute('capture')).to.equal('environment');
    let origin: string | undefined;
    element.addEventListener('files-chosen', (event) => (origin = (event as FilesChosenEvent).detail.origin));
    click(button(element, 'Take photo'));
    expect(app.called('cameraOpening').length).to.equal(1);
    choose(input, 'photo.jpg');
    expect(origin).to.equal('camera');
    expect(app.called('cameraClosed').length).to.equal(1);
    input.dispatchEvent(new Event('cancel'));
    expect(app.called('cameraClosed').length).to.equal(2);
  });

  for (const wanted of ['open', 'photo'] as const) {
    it(`focuses and stresses the button of the shortcut “${wanted}”`, async () => {
      const element = await home(new FakeApp(), wanted);
      const stressed = find(element, `button.${wanted}`);
      expect(element.shadowRoot?.activeElement).to.equal(stressed);
      expect(stressed.classList.contains('primary')).to.equal(true);
      expect(element.shadowRoot?.querySelectorAll('button.primary').length).to.equal(1);
      await expectAccessible(element);
    });
  }

  it('offers the example and says that it is nobody’s', async () => {
    const element = await home(new FakeApp());
    let asked = false;
    element.addEventListener('example-wanted', () => (asked = true));
    click(button(element, 'Try the example'));
    expect(asked).to.equal(true);
    expect(find(element, 'button.example').title).to.contain('synthetic');
  });

  it('offers an update only while nothing is computed', async () => {
    const busy = await home(new FakeApp({ update: { kind: 'waiting', busy: true } }));
    expect(words(busy)).not.to.contain('new version');
    const app = new FakeApp({ update: { kind: 'waiting', busy: false } });
    click(button(await home(app), 'Update now'));
    expect(app.called('applyUpdate').length).to.equal(1);
  });

  it('offers the picker after a photo was lost', async () => {
    const app = new FakeApp({ notice: { kind: 'camera-interrupted' } });
    const element = await home(app);
    expect(words(element)).to.contain('the photo was lost');
    let opened = 0;
    find<HTMLInputElement>(element, 'input.open').addEventListener('click', (event) => {
      event.preventDefault();
      opened += 1;
    });
    click(button(element, 'Open X-ray'));
    expect(opened).to.equal(1);
    click(button(element, 'Dismiss'));
    expect(app.called('dismissNotice').length).to.equal(1);
  });

  it('cancels one or all, and starts again', async () => {
    const working = { kind: 'working', stage: 'decoding' } as const;
    const app = new FakeApp({
      queue: [someItem(working, 'a'), someItem(working, 'b'), someItem({ kind: 'cancelled' }, 'c')],
    });
    const element = await home(app);
    click(button(element, 'Cancel all'));
    expect(app.called('cancelAll').length).to.equal(1);
    const list = find(element, 'queue-list');
    click(button(list, 'Cancel'));
    expect(app.called('cancel')[0]?.values).to.deep.equal(['b']);
    click(button(list, 'Start again'));
    expect(app.called('retry')[0]?.values).to.deep.equal(['c']);
  });
});
