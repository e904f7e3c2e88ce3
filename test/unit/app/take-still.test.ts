import { expect } from '@open-wc/testing';
import { openStills } from '../../../src/app/take-still.ts';
import type { FrameReader } from '../../../src/app/decoding-client.ts';

/** A video of this size that shows nothing else. */
async function videoOf(width: number, height: number): Promise<HTMLVideoElement> {
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [width, height];
  canvas.getContext('2d')?.fillRect(0, 0, width, height);
  const video = document.createElement('video');
  video.muted = true;
  video.srcObject = canvas.captureStream();
  const redraw = setInterval(() => canvas.getContext('2d')?.fillRect(0, 0, 1, 1), 50);
  await video.play();
  clearInterval(redraw);
  return video;
}

const frame = new Blob(['frame']);
const reader: FrameReader = {
  look: () => Promise.reject(new Error('not asked')),
  keep: ({ image }) => {
    image.close();
    return Promise.resolve(frame);
  },
  close: () => undefined,
};

interface Camera {
  readonly most: readonly [number, number];
  readonly lights?: readonly string[];
  readonly still?: () => Promise<Blob>;
}

const asked: unknown[] = [];
const still = new Blob(['still']);

/** Puts a camera's stills into the browser. */
function offer({ most, lights = ['auto', 'off', 'flash'], still: take = () => Promise.resolve(still) }: Camera): void {
  class ImageCapture {
    getPhotoCapabilities(): Promise<object> {
      return Promise.resolve({ imageWidth: { max: most[0] }, imageHeight: { max: most[1] }, fillLightMode: lights });
    }
    takePhoto(settings: unknown): Promise<Blob> {
      asked.push(settings);
      return take();
    }
  }
  Object.assign(globalThis, { ImageCapture });
}

describe('stills of a camera', () => {
  const { ImageCapture: own } = globalThis as { ImageCapture?: unknown };
  const track = {} as MediaStreamTrack;
  afterEach(() => {
    asked.length = 0;
    Object.assign(globalThis, { ImageCapture: own });
  });

  it('come from the camera where it has more pixels than the video, at a useful size and without its light', async () => {
    offer({ most: [4608, 3456] });
    const stills = await openStills(track, await videoOf(640, 480), reader);
    expect(await stills.take()).to.equal(still);
    expect(asked).to.deep.equal([{ imageWidth: 3072, imageHeight: 2304, fillLightMode: 'off' }]);
    // No more than 2,048 pixels are kept of either.
    expect(stills.keptScale).to.equal(2048 / 640);
  });

  it('have the shape of what was on the screen, also where the phone is held upright', async () => {
    offer({ most: [1920, 1080], lights: [] });
    const stills = await openStills(track, await videoOf(480, 640), reader);
    await stills.take();
    expect(asked).to.deep.equal([{ imageWidth: 1440, imageHeight: 1080 }]);
    expect(stills.keptScale).to.equal(1440 / 640);
  });

  it('say nothing of a light that the camera has not got', async () => {
    offer({ most: [1600, 1200], lights: [] });
    const stills = await openStills(track, await videoOf(640, 480), reader);
    await stills.take();
    expect(asked).to.deep.equal([{ imageWidth: 1600, imageHeight: 1200 }]);
    expect(stills.keptScale).to.equal(2.5);
  });

  for (const [meaning, camera, size] of [
    ['the video has as many pixels', { most: [640, 480] }, [640, 480]],
    ['the video has all that is kept', { most: [4608, 3456] }, [2048, 1536]],
  ] as const) {
    it(`are frames where ${meaning}`, async () => {
      offer(camera);
      const stills = await openStills(track, await videoOf(size[0], size[1]), reader);
      expect(await stills.take()).to.equal(frame);
      expect(asked).to.deep.equal([]);
      expect(stills.keptScale).to.equal(1);
    });
  }

  it('are frames where the camera promises a still and does not give it', async () => {
    const refusals: readonly (() => Promise<Blob>)[] = [
      () => Promise.reject(new DOMException('busy', 'UnknownError')),
      () => Promise.resolve(new Blob([])),
    ];
    for (const refusal of refusals) {
      offer({ most: [4608, 3456], still: refusal });
      const stills = await openStills(track, await videoOf(640, 480), reader);
      expect(await stills.take()).to.equal(frame);
    }
  });

  it('are frames where the browser has no stills', async () => {
    Object.assign(globalThis, { ImageCapture: undefined });
    const stills = await openStills(track, await videoOf(640, 480), reader);
    expect(await stills.take()).to.equal(frame);
  });
});
