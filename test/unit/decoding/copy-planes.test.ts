import { expect } from '@open-wc/testing';
import { copyPlanes } from '../../../src/decoding/copy-planes.ts';
import { reducePlanes } from '../../../src/imaging/photo/reduce-planes.ts';
import { cameraFrame, toCameraPlanes, type CameraPlanes } from '../../support/camera-frames.ts';

/** Of 1,600 pixels: whole blocks, nothing left over. */
const longSide = 160;

async function film(): Promise<CameraPlanes> {
  const file = await (await fetch('/test/fixtures/photographs/film.jpg')).blob();
  return toCameraPlanes(await createImageBitmap(file));
}

/** What the browser draws of it. */
function drawn(frame: VideoFrame, width: number, height: number): Uint8ClampedArray {
  const context = new OffscreenCanvas(width, height).getContext('2d', { alpha: false, willReadFrequently: true });
  if (context === null) throw new Error('no 2D context');
  context.imageSmoothingQuality = 'high';
  context.drawImage(frame, 0, 0, width, height);
  return context.getImageData(0, 0, width, height).data;
}

function meanDifference(a: Uint8ClampedArray, b: Uint8ClampedArray): number {
  return a.reduce((sum, value, at) => sum + Math.abs(value - b[at]!), 0) / a.length;
}

describe('planes of a video frame', () => {
  for (const matrix of ['bt709', 'smpte170m', 'not said'] as const) {
    for (const fullRange of matrix === 'not said' ? [false] : [false, true]) {
      it(`have the colours that the browser draws: matrix ${matrix}, full range ${fullRange}`, async () => {
        const { width, height, data } = await film();
        const colorSpace = matrix === 'not said' ? {} : { matrix, fullRange };
        const init = { format: 'I420', codedWidth: width, codedHeight: height, timestamp: 0, colorSpace } as const;
        const frame = new VideoFrame(data, init);
        const planes = await copyPlanes(frame);
        if (planes === undefined) throw new Error('no planes');
        const { rgba, ...small } = reducePlanes(planes, longSide);
        expect(meanDifference(rgba, drawn(frame, small.width, small.height))).to.be.below(2);
        frame.close();
      });
    }
  }

  it('are had of NV12, the same', async () => {
    const { width, height, data } = await film();
    const size = width * height;
    const mixed = data.slice();
    for (let at = 0; at < size / 4; at += 1) {
      mixed[size + 2 * at] = data[size + at]!;
      mixed[size + 2 * at + 1] = data[size + size / 4 + at]!;
    }
    const frame = new VideoFrame(mixed, { format: 'NV12', codedWidth: width, codedHeight: height, timestamp: 0 });
    const split = cameraFrame({ width, height, data });
    // One after the other: all lie in the same bytes, those of the last frame.
    const copies = [];
    for (const each of [frame, split]) {
      const planes = await copyPlanes(each);
      if (planes === undefined) throw new Error('no planes');
      copies.push(reducePlanes(planes, longSide).rgba);
    }
    expect(meanDifference(copies[0]!, copies[1]!)).to.equal(0);
    frame.close();
    split.close();
  });

  it('are not taken where the frame is of other pixels, turned, mirrored or stretched', async () => {
    const { width, height, data } = await film();
    const frame = cameraFrame({ width, height, data });
    const bitmap = await createImageBitmap(frame);
    const others = [
      new VideoFrame(bitmap, { timestamp: 0 }),
      new VideoFrame(frame, { rotation: 180 } as VideoFrameInit),
      new VideoFrame(frame, { flip: true } as VideoFrameInit),
      new VideoFrame(frame, { displayWidth: 2 * width, displayHeight: height }),
    ];
    for (const other of others) {
      expect(await copyPlanes(other)).to.equal(undefined);
      other.close();
    }
    frame.close();
    expect(await copyPlanes(frame), 'closed').to.equal(undefined);
  });
});
