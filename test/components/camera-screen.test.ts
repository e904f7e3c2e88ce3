import { expect, html } from '@open-wc/testing';
import { captureHints } from '../../src/app/capture-guide.ts';
import type { FilesChosenEvent } from '../../src/ui/home-screen.ts';
import '../../src/ui/camera-screen.ts';
import type { CameraScreen } from '../../src/ui/camera-screen.ts';
import { FakeApp } from './fake-app.ts';
import { FakeCamera, livePhase } from './some-camera.ts';
import { button, click, eventually, expectAccessible, find, findAll, mount, openScreen, words } from './support.ts';

interface Shown {
  readonly element: CameraScreen;
  readonly camera: FakeCamera;
  readonly app: FakeApp;
}

async function shown(camera = new FakeCamera(livePhase('closer'))): Promise<Shown> {
  const app = new FakeApp();
  app.camera = camera;
  const element = await mount<CameraScreen>(html`<camera-screen .app=${app}></camera-screen>`);
  await eventually(() => camera.calls.includes('start'), 'the camera to be started');
  await element.updateComplete;
  return { element, camera, app };
}

function press(key: string, target: EventTarget = document.body): KeyboardEvent {
  const event = new KeyboardEvent('keydown', { key, bubbles: true, composed: true, cancelable: true });
  target.dispatchEvent(event);
  return event;
}

const shots = ({ camera }: Shown): number => camera.calls.filter((call) => call === 'shoot').length;

describe('<camera-screen>', () => {
  it('shows each hint in words and with a shape of its own', async () => {
    const made = await shown();
    const [texts, shapes] = [new Set<string>(), new Set<string>()];
    for (const hint of captureHints) {
      made.camera.change({ phase: livePhase(hint) });
      await made.element.updateComplete;
      const line = find(made.element, '.hint');
      texts.add(line.textContent.trim());
      shapes.add(find(line, 'svg').innerHTML);
    }
    expect(texts.size).to.equal(captureHints.length);
    expect(shapes.size).to.equal(captureHints.length);
    expect(texts).not.to.include('');
  });

  it('draws the film where it was found, dashed until it is good', async () => {
    const made = await shown();
    expect(findAll(made.element, 'polygon.outline').length).to.equal(1);
    expect(findAll(made.element, 'polygon.good').length).to.equal(0);
    made.camera.change({ phase: livePhase('ready') });
    await made.element.updateComplete;
    expect(findAll(made.element, 'polygon.good').length).to.equal(1);
    made.camera.change({ phase: livePhase('searching') });
    await made.element.updateComplete;
    expect(findAll(made.element, 'polygon').length).to.equal(0);
  });

  it('counts down in a ring where it shoots by itself, and only there', async () => {
    const made = await shown(new FakeCamera(livePhase('ready')));
    const offset = (): number => Number(find(made.element, '.ring').getAttribute('stroke-dashoffset'));
    expect(offset()).to.be.closeTo(35, 1e-9);
    click(button(made.element, 'Automatic'));
    await made.element.updateComplete;
    expect(made.camera.calls).to.include('automatic false');
    expect(offset()).to.equal(100);
    expect(words(made.element)).to.contain('Good: take the photo');
    await expectAccessible(made.element);
  });

  it('shoots by button, Enter and Space, but a key on a control does what the control does', async () => {
    const made = await shown();
    click(find(made.element, 'button.shutter'));
    expect(press('Enter').defaultPrevented).to.equal(true);
    press(' ');
    expect(shots(made)).to.equal(3);
    expect(press('Enter', find(made.element, 'button.close')).defaultPrevented).to.equal(false);
    expect(shots(made)).to.equal(3);
    made.element.remove();
    press('Enter');
    expect(shots(made)).to.equal(3);
  });

  it('closes by button and Escape, and gives the camera back when it is gone', async () => {
    const made = await shown();
    let closed = 0;
    made.element.addEventListener('camera-close', () => (closed += 1));
    click(button(made.element, 'Close'));
    press('Escape');
    expect(closed).to.equal(2);
    expect(made.camera.calls).not.to.include('close');
    made.element.remove();
    expect(made.camera.calls.at(-1)).to.equal('close');
  });

  it('gives the camera back when it was left before it opened', async () => {
    const app = new FakeApp();
    const camera = new FakeCamera();
    app.camera = camera;
    const element = await mount<CameraScreen>(html`<camera-screen .app=${app}></camera-screen>`);
    element.remove();
    await eventually(() => camera.calls.includes('close'), 'the camera to be closed');
  });

  it('tells ears one hint, not each that passes', async () => {
    const made = await shown();
    const status = find(made.element, '[role=status]');
    const told: string[] = [];
    const watcher = new MutationObserver(() => told.push(status.textContent.trim()));
    watcher.observe(status, { childList: true, characterData: true, subtree: true });
    for (let turn = 0; turn < 12; turn += 1) {
      made.camera.change({ phase: livePhase(turn % 2 === 0 ? 'closer' : 'straighten') });
      await made.element.updateComplete;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    expect(told.filter((text) => text !== '')).to.deep.equal([]);
    await eventually(() => {
      made.camera.change({ phase: livePhase('glare') });
      return told.some((text) => text.startsWith('Glare'));
    }, 'the hint that stands to be told');
    watcher.disconnect();
  });

  for (const code of ['camera-refused', 'camera-absent', 'camera-busy', 'camera-lost'] as const) {
    it(`says ${code}, and has the other ways in`, async () => {
      const made = await shown(new FakeCamera({ kind: 'failed', error: { code, details: {} } }));
      await expectAccessible(made.element);
      expect(find(made.element, '[role=alert]').textContent).to.contain('camera');
      expect(find(made.element, '.stage').checkVisibility()).to.equal(false);
      const opened: string[] = [];
      for (const input of findAll<HTMLInputElement>(made.element, 'input')) {
        input.addEventListener('click', (event) => {
          event.preventDefault();
          opened.push(input.className);
        });
      }
      click(button(made.element, 'Use the camera app'));
      expect(made.app.called('cameraOpening').length).to.equal(1);
      click(button(made.element, 'Open a photo'));
      expect(opened).to.deep.equal(['capture', 'gallery']);
      click(button(made.element, 'Try again'));
      expect(made.camera.calls.filter((call) => call === 'start').length).to.equal(2);
    });
  }

  it('says that all is black, has the other ways, and goes on when it is not', async () => {
    const made = await shown(new FakeCamera(livePhase('black')));
    expect(find(made.element, '.card').textContent).to.contain('Uncover the lens');
    expect(button(made.element, 'Use the camera app').checkVisibility()).to.equal(true);
    expect(find<HTMLButtonElement>(made.element, '.shutter').disabled).to.equal(false);
    await expectAccessible(made.element);
    made.camera.change({ phase: livePhase('closer') });
    await made.element.updateComplete;
    expect(findAll(made.element, '.card').length).to.equal(0);
  });

  it('hands on a photo from the gallery as one that was taken', async () => {
    const made = await shown(new FakeCamera({ kind: 'failed', error: { code: 'camera-busy', details: {} } }));
    const chosen: FilesChosenEvent['detail'][] = [];
    made.element.addEventListener('files-chosen', (event) => chosen.push((event as FilesChosenEvent).detail));
    const input = find<HTMLInputElement>(made.element, 'input.gallery');
    const files = new DataTransfer();
    files.items.add(new File(['x'], 'film.jpg', { type: 'image/jpeg' }));
    input.files = files.files;
    input.dispatchEvent(new Event('change'));
    expect(chosen.map(({ files: [file], origin }) => [file?.name, origin])).to.deep.equal([['film.jpg', 'camera']]);
  });

  it('is reached from the start where there is a camera, and goes back there', async () => {
    const app = new FakeApp();
    app.camera = new FakeCamera(livePhase('searching'));
    const element = await openScreen(app, '#/');
    click(button(element, 'Take photo'));
    await eventually(() => findAll(element, 'camera-screen').length === 1, 'the camera');
    expect(app.called('cameraOpening').length).to.equal(0);
    expect(location.hash).to.equal('#/camera');
    press('Escape');
    await eventually(() => findAll(element, 'home-screen').length === 1, 'the start');
  });

  it('is reached by a tap that came before the camera was found', async () => {
    const app = new FakeApp();
    app.camera = new FakeCamera(livePhase('searching'));
    let answer: (has: boolean) => void = () => undefined;
    app.hasCamera = () => new Promise((resolve) => (answer = resolve));
    const element = await openScreen(app, '#/');
    click(button(element, 'Take photo'));
    expect(app.called('cameraOpening').length).to.equal(0);
    answer(true);
    await eventually(() => findAll(element, 'camera-screen').length === 1, 'the camera');
  });
});
