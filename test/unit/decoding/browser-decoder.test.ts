import { expect } from '@open-wc/testing';
import type * as BrowserDecoder from '../../../src/decoding/browser-decoder.ts';
import { readImageHeader } from '../../../src/imaging/image-header.ts';
import { loadJpegMaker } from '../imaging/load-codecs.ts';

/** A module of its own: what a canvas is worth is asked once. */
const load = (name: string): Promise<typeof BrowserDecoder> =>
  import(`../../../src/decoding/browser-decoder.ts?${name}`) as Promise<typeof BrowserDecoder>;

describe('decodePhotographInBrowser', () => {
  const { getImageData } = OffscreenCanvasRenderingContext2D.prototype;
  afterEach(() => {
    OffscreenCanvasRenderingContext2D.prototype.getImageData = getImageData;
  });

  /** A canvas as of a browser that resists fingerprinting: `lie` changes each byte that is read. */
  function lieBy(lie: (value: number) => number): void {
    OffscreenCanvasRenderingContext2D.prototype.getImageData = function read(...area): ImageData {
      const read = getImageData.apply(this, area);
      return new ImageData(read.data.map(lie), read.width);
    };
  }

  it('reduces while it decodes, and leaves alone what is small', async () => {
    const bytes = await (await loadJpegMaker())({ width: 60, height: 40, orientation: 6 });
    const header = readImageHeader(bytes, 'jpeg');
    const { decodePhotographInBrowser } = await load('true');
    for (const [longSide, size] of [
      [30, [20, 30]],
      [100, [40, 60]],
    ] as const) {
      const pixels = await decodePhotographInBrowser(bytes, header, longSide);
      expect([pixels?.width, pixels?.height]).to.deep.equal(size);
    }
  });

  it('is not to be believed where canvases give back other pixels than were drawn', async () => {
    const bytes = await (await loadJpegMaker())({ width: 60, height: 40 });
    const header = readImageHeader(bytes, 'jpeg');
    lieBy(() => 255);
    expect(await (await load('white')).decodePhotographInBrowser(bytes, header, 30)).to.equal(undefined);
    lieBy((value) => value ^ 1);
    expect((await (await load('noise')).decodePhotographInBrowser(bytes, header, 30))?.width).to.equal(30);
  });
});
