import { expect } from '@open-wc/testing';
import { openCameraSession, type CameraSession } from '../../../src/app/camera-session.ts';
import type { FrameReader } from '../../../src/app/decoding-client.ts';
import { AppError } from '../../../src/shared/app-error.ts';
import type { CameraFrame, FrameSigns } from '../../../src/shared/camera-frame.ts';
import { setSetting } from '../../../src/storage/settings.ts';
import { drawnFilm, type DrawnFilm } from '../../components/some-camera.ts';
import { eventually } from '../../components/support.ts';

const good: FrameSigns = {
  brightest: 0.9,
  film: {
    corners: [
      { x: 0.1, y: 0.2 },
      { x: 0.9, y: 0.2 },
      { x: 0.9, y: 0.8 },
      { x: 0.1, y: 0.8 },
    ],
    share: 0.9,
    fill: 0.9,
    shortSide: 900,
    tiltDegrees: 2,
    turnDegrees: 1,
    blur: 0.003,
    glare: 0.1,
    brightest: 0.8,
    burnt: 0,
  },
};

/** Sees what it is told to, and gives back each frame as the worker does. */
class FakeReader implements FrameReader {
  sees: FrameSigns | AppError = { brightest: 0.5 };
  looks = 0;
  kept: CameraFrame[] = [];
  inFlight = 0;
  most = 0;
  isClosed = false;

  async look(frame: CameraFrame): Promise<FrameSigns> {
    this.looks += 1;
    this.inFlight += 1;
    this.most = Math.max(this.most, this.inFlight);
    await new Promise((resolve) => setTimeout(resolve, 20));
    this.inFlight -= 1;
    frame.image.close();
    if (this.sees instanceof AppError) throw this.sees;
    return this.sees;
  }

  keep(frame: CameraFrame): Promise<Blob> {
    this.kept.push(frame);
    frame.image.close();
    return Promise.resolve(new Blob(['jpeg'], { type: 'image/jpeg' }));
  }

  close(): void {
    this.isClosed = true;
  }
}

interface Visit {
  readonly session: CameraSession;
  readonly reader: FrameReader & FakeReader;
  readonly shots: File[];
  readonly films: DrawnFilm[];
  readonly asked: MediaStreamConstraints[];
}

const visits: Visit[] = [];

function visit(refusal?: DOMException): Visit {
  const reader = new FakeReader();
  const [shots, films, asked]: [File[], DrawnFilm[], MediaStreamConstraints[]] = [[], [], []];
  const session = openCameraSession({
    devices: {
      getUserMedia: (constraints = {}) => {
        asked.push(constraints);
        if (refusal !== undefined) return Promise.reject(refusal);
        const film = drawnFilm();
        films.push(film);
        return Promise.resolve(film.stream);
      },
    },
    reader,
    onShot: (photo) => shots.push(photo),
  });
  const made = { session, reader, shots, films, asked };
  visits.push(made);
  return made;
}

function screenVideo(): HTMLVideoElement {
  const video = document.createElement('video');
  video.muted = true;
  document.body.append(video);
  return video;
}

const isOn = ({ films }: Visit): boolean =>
  films.some(({ stream }) => stream.getTracks().some(({ readyState }) => readyState === 'live'));

async function live(made: Visit): Promise<void> {
  made.session.start(screenVideo());
  await eventually(() => made.session.state.phase.kind === 'live', 'the camera to be live');
}

function failure({ session }: Visit): string {
  const { phase } = session.state;
  return phase.kind === 'failed' ? phase.error.code : phase.kind;
}

let visibility: DocumentVisibilityState = 'visible';
function turn(to: DocumentVisibilityState): void {
  visibility = to;
  document.dispatchEvent(new Event('visibilitychange'));
}

describe('a visit to the camera', () => {
  before(() => Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => visibility }));
  after(() => Reflect.deleteProperty(document, 'visibilityState'));
  beforeEach(() => setSetting('automaticShot', undefined));
  afterEach(() => {
    visibility = 'visible';
    for (const { session, films } of visits.splice(0)) {
      session.close();
      for (const film of films) film.stop();
    }
    for (const video of document.querySelectorAll('video')) video.remove();
  });

  it('asks for the rear camera in full, without sound, and looks at one frame at a time', async () => {
    const made = visit();
    await live(made);
    await eventually(() => made.reader.looks > 5, 'some frames');
    expect(made.reader.most).to.equal(1);
    const [{ audio, video } = {}] = made.asked;
    expect(audio).to.equal(false);
    expect(video).to.deep.equal({
      facingMode: { ideal: 'environment' },
      width: { ideal: 2048 },
      height: { ideal: 1536 },
    });
    expect(made.shots).to.deep.equal([]);
    made.session.close();
    expect(isOn(made)).to.equal(false);
    expect(made.reader.isClosed).to.equal(true);
  });

  it('shoots by itself once the film is steady, and turns the camera off', async () => {
    const made = visit();
    made.reader.sees = good;
    await live(made);
    await eventually(() => made.shots.length > 0, 'a shot');
    expect(made.reader.kept.map(({ width, height }) => [width, height])).to.deep.equal([[360, 480]]);
    const [photo] = made.shots;
    expect(photo?.name).to.match(/^photo-\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d\.jpg$/);
    expect(photo?.type).to.equal('image/jpeg');
    expect(isOn(made)).to.equal(false);
    const { looks } = made.reader;
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect([made.reader.looks, made.shots.length]).to.deep.equal([looks, 1]);
  });

  it('waits for the person where it shall not shoot by itself, now and the next time', async () => {
    const made = visit();
    made.reader.sees = good;
    made.session.setAutomatic(false);
    await live(made);
    await eventually(() => {
      const { phase } = made.session.state;
      return phase.kind === 'live' && phase.readiness === 1;
    }, 'all to be good');
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(made.shots.length).to.equal(0);
    made.session.shoot();
    made.session.shoot();
    await eventually(() => made.shots.length > 0, 'the shot');
    expect(made.reader.kept.length).to.equal(1);
    const next = visit();
    next.session.start(screenVideo());
    await eventually(() => !next.session.state.automatic, 'the wish to be remembered');
  });

  it('shoots whatever it sees when the person says so, and not before there is a picture', async () => {
    const made = visit();
    made.session.shoot();
    await live(made);
    made.session.shoot();
    expect(made.session.state.phase.kind).to.equal('taking');
    await eventually(() => made.shots.length === 1, 'the shot');
    expect(isOn(made)).to.equal(false);
  });

  it('is off while the page is hidden, and comes back with it', async () => {
    const made = visit();
    await live(made);
    turn('hidden');
    expect(made.session.state.phase.kind).to.equal('paused');
    expect(isOn(made)).to.equal(false);
    turn('visible');
    await eventually(() => made.session.state.phase.kind === 'live', 'the camera to be live again');
    expect(made.films.length).to.equal(2);
    made.session.close();
    turn('hidden');
    turn('visible');
    expect(made.films.length).to.equal(2);
    expect(isOn(made)).to.equal(false);
  });

  it('keeps nothing of a shot that was left before it came', async () => {
    const made = visit();
    await live(made);
    made.session.shoot();
    made.session.close();
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(made.shots.length).to.equal(0);
  });

  it('gives the camera back when it was left while the browser asked', async () => {
    const made = visit();
    made.session.start(screenVideo());
    made.session.close();
    await eventually(() => made.films.length === 1, 'the answer');
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(isOn(made)).to.equal(false);
  });

  for (const [name, code] of [
    ['NotAllowedError', 'camera-refused'],
    ['SecurityError', 'camera-refused'],
    ['NotFoundError', 'camera-absent'],
    ['OverconstrainedError', 'camera-absent'],
    ['NotReadableError', 'camera-busy'],
    ['AbortError', 'camera-busy'],
  ] as const) {
    it(`says ${code} of a ${name}`, async () => {
      const made = visit(new DOMException('no', name));
      made.session.start(screenVideo());
      await eventually(() => made.session.state.phase.kind === 'failed', 'the failure');
      expect(failure(made)).to.equal(code);
    });
  }

  it('says that there is no camera where the browser has none for this page', () => {
    const session = openCameraSession({ devices: undefined, reader: new FakeReader(), onShot: () => undefined });
    session.start(screenVideo());
    expect(session.state.phase).to.deep.include({ kind: 'failed' });
    session.close();
  });

  it('says when the camera was unplugged, and starts again when asked', async () => {
    const made = visit();
    await live(made);
    made.films[0]?.stream.getVideoTracks()[0]?.dispatchEvent(new Event('ended'));
    expect(failure(made)).to.equal('camera-lost');
    expect(isOn(made)).to.equal(false);
    made.session.start(screenVideo());
    await eventually(() => made.session.state.phase.kind === 'live', 'the camera to be live again');
  });

  it('bears a worker that fails now and then, and says so when it fails always', async () => {
    const made = visit();
    await live(made);
    made.reader.sees = new AppError('decode-crashed');
    const { looks } = made.reader;
    await eventually(() => made.reader.looks > looks, 'a failure');
    made.reader.sees = good;
    await eventually(() => made.shots.length > 0, 'a shot all the same');
    const other = visit();
    await live(other);
    other.reader.sees = new AppError('decode-crashed');
    await eventually(() => other.session.state.phase.kind === 'failed', 'the failure');
    expect(failure(other)).to.equal('decode-crashed');
    expect(isOn(other)).to.equal(false);
  });
});
