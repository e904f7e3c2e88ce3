import { expect } from '@open-wc/testing';
import { undoOrientation, type Orientation } from '../../../src/imaging/exif-orientation.ts';
import { readImageHeader } from '../../../src/imaging/image-header.ts';
import type { GrayImage } from '../../../src/shared/analysis.ts';
import type { JpegMaker } from '../../fixtures/make-jpegs.ts';
import type { Bytes } from '../../fixtures/make-pictures.ts';
import { decode, loadJpegMaker } from './load-codecs.ts';

const orientations: readonly Orientation[] = [1, 2, 3, 4, 5, 6, 7, 8];

/** What the browser shows, as 0..1 luma; it undoes orientation by itself. */
async function shownByBrowser(bytes: Bytes): Promise<{ width: number; height: number; data: Float32Array }> {
  const bitmap = await createImageBitmap(new Blob([bytes]));
  const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
  const context = canvas.getContext('2d', { willReadFrequently: true })!;
  context.drawImage(bitmap, 0, 0);
  const { data } = context.getImageData(0, 0, bitmap.width, bitmap.height);
  const luma = new Float32Array(data.length / 4);
  for (let index = 0, at = 0; at < data.length; index += 1, at += 4) {
    luma[index] = (0.299 * data[at]! + 0.587 * data[at + 1]! + 0.114 * data[at + 2]!) / 255;
  }
  return { width: bitmap.width, height: bitmap.height, data: luma };
}

function largestDifference(image: GrayImage, other: { width: number; height: number; data: Float32Array }): number {
  expect([image.width, image.height]).to.deep.equal([other.width, other.height]);
  let worst = 0;
  for (let index = 0; index < other.data.length; index += 1) {
    worst = Math.max(worst, Math.abs(image.data[index]! - other.data[index]!));
  }
  return worst;
}

describe('undoOrientation', () => {
  it('turns a 3 × 2 picture as TIFF 6.0 says', () => {
    const stored = new Float32Array([1, 2, 3, 4, 5, 6]);
    const expected: Record<Orientation, number[]> = {
      1: [1, 2, 3, 4, 5, 6],
      2: [3, 2, 1, 6, 5, 4],
      3: [6, 5, 4, 3, 2, 1],
      4: [4, 5, 6, 1, 2, 3],
      5: [1, 4, 2, 5, 3, 6],
      6: [4, 1, 5, 2, 6, 3],
      7: [6, 3, 5, 2, 4, 1],
      8: [3, 6, 2, 5, 1, 4],
    };
    for (const orientation of orientations) {
      const { width, height, data } = undoOrientation(stored, 3, 2, orientation);
      expect([width, height]).to.deep.equal(orientation >= 5 ? [2, 3] : [3, 2]);
      expect([...data]).to.deep.equal(expected[orientation], `orientation ${orientation}`);
    }
  });
});

describe('EXIF orientation of JPEG', () => {
  let makeJpeg: JpegMaker;
  before(async () => {
    makeJpeg = await loadJpegMaker();
  });

  for (const orientation of orientations) {
    it(`${orientation} is undone once, as the browser does`, async () => {
      const bytes = await makeJpeg({ width: 50, height: 30, orientation });
      const image = await decode(bytes);
      expect(image.source.orientation).to.equal(orientation);
      expect([image.source.storedWidth, image.source.storedHeight]).to.deep.equal([image.width, image.height]);
      expect(largestDifference(image, await shownByBrowser(bytes))).to.be.below(1e-6);
    });
  }

  it('ignores values that are none', async () => {
    expect(readImageHeader(await makeJpeg({ width: 8, height: 8, orientation: 9 }), 'jpeg').orientation).to.equal(1);
  });

  it('of the examples in the data folder, where they are', async function () {
    this.timeout(120_000);
    for (const shape of ['Landscape', 'Portrait']) {
      for (const number of [0, ...orientations]) {
        const response = await fetch(`/data/exif/${shape}_${number}.jpg`);
        if (response.status === 404) this.skip();
        const bytes = new Uint8Array(await response.arrayBuffer());
        const image = await decode(bytes);
        expect(image.source.orientation).to.equal(Math.max(1, number));
        expect(image.width > image.height).to.equal(shape === 'Landscape', `${shape} ${number}`);
        expect(largestDifference(image, await shownByBrowser(bytes))).to.be.below(1.5 / 255, `${shape} ${number}`);
      }
    }
  });
});
