import { expect } from '@open-wc/testing';
import { decodePicture } from '../../../src/imaging/decode-picture.ts';
import { createJpegDecoder } from '../../../src/imaging/jpeg-decoder.ts';
import { toDisplayImage } from '../../../src/imaging/display-image.ts';
import { makeBlockJpeg, type JpegMaker } from '../../fixtures/make-jpegs.ts';
import * as make from '../../fixtures/make-pictures.ts';
import { codecs, codecsOfNode, decode, errorOf, loadJpegMaker } from './load-codecs.ts';

async function makeWebp(width: number, height: number, type = 'image/webp'): Promise<make.Bytes> {
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d')!;
  context.putImageData(new ImageData(make.smoothRgba(width, height, false), width, height), 0, 0);
  const blob = await canvas.convertToBlob({ type, quality: 1 });
  expect(blob.type).to.equal(type);
  return new Uint8Array(await blob.arrayBuffer());
}

/** Two frames out of still pictures (RFC 9649 §2.7.1.1). */
function animateWebp(still: make.Bytes, width: number, height: number): make.Bytes {
  const u24 = (value: number): number[] => [value & 255, (value >> 8) & 255, (value >> 16) & 255];
  const chunk = (type: string, data: Uint8Array): make.Bytes =>
    make.concatenate(make.latin1(type), make.u32(data.length, true), data);
  const picture = webpPicture(still);
  const place = [...u24(0), ...u24(0), ...u24(width - 1), ...u24(height - 1), ...u24(100), 0];
  const frame = chunk('ANMF', make.concatenate(place, picture));
  const body = make.concatenate(
    make.latin1('WEBP'),
    chunk('VP8X', make.concatenate([2, 0, 0, 0], u24(width - 1), u24(height - 1))),
    chunk('ANIM', new Uint8Array(6)),
    frame,
    frame,
  );
  return make.concatenate(make.latin1('RIFF'), make.u32(body.length, true), body);
}

/** The chunk with the pixels, without what canvas writes around it. */
function webpPicture(still: make.Bytes): make.Bytes {
  const view = new DataView(still.buffer);
  for (let at = 12; at < still.length;) {
    const length = view.getUint32(at + 4, true);
    const end = at + 8 + length + (length % 2);
    if (String.fromCharCode(...still.subarray(at, at + 3)) === 'VP8' && still[at + 3] !== 0x58)
      return still.slice(at, end);
    at = end;
  }
  throw new Error('a WebP without pixels');
}

describe('decodePicture', () => {
  let makeJpeg: JpegMaker;
  before(async () => {
    makeJpeg = await loadJpegMaker();
  });

  it('reads grey JPEG without colours, and R = G = B as the same grey', async () => {
    const grey = await decode(await makeJpeg({ width: 40, height: 30, grey: true }));
    expect(grey.source).to.deep.include({ format: 'jpeg', kind: 'raster', inputKind: 'digital', bitsPerSample: 8 });
    expect(grey.source.colour).to.equal(undefined);
    const png = make.makePng({ width: 3, height: 1, sample: (x) => 100 + x });
    const rgb = make.makePng({ width: 3, height: 1, colourType: 2, sample: (x) => 100 + x });
    expect([...(await decode(rgb)).data]).to.deep.equal([...(await decode(png)).data]);
  });

  it('reads progressive JPEG close to the baseline one', async () => {
    const baseline = await decode(await makeJpeg({ width: 200, height: 120 }));
    const progressive = await decode(await makeJpeg({ width: 200, height: 120, progressive: true }));
    progressive.data.forEach((value, index) => expect(value).to.be.closeTo(baseline.data[index]!, 0.05));
  });

  it('measures colours on the stored pixels', async () => {
    // Left half pure red, right half grey.
    const sample = (x: number, _y: number, channel: number): number => (x < 50 ? (channel === 0 ? 255 : 0) : 90);
    const image = await decode(make.makePng({ width: 100, height: 10, colourType: 2, sample }));
    expect(image.source.colour).to.deep.equal({ meanChroma: 0.5, chroma95: 1, saturatedShare: 0.5 });
    expect(image.data[0]).to.be.closeTo(0.299, 1e-6);
    expect(image.data[99]).to.equal(Math.fround(90 / 255));
  });

  it('takes Adobe’s word that three components are RGB', async () => {
    const values = [250, 40, 90];
    const image = await decode(makeBlockJpeg(1, 1, 3, (component) => values[component]!));
    expect(image.data[0]! * 255).to.be.closeTo(0.299 * 250 + 0.587 * 40 + 0.114 * 90, 0.6);
    expect(image.source.colour?.meanChroma).to.be.closeTo(210 / 255, 0.01);
  });

  it('reads CMYK JPEG through the browser, and says that Node cannot', async () => {
    // Adobe stores inks inverted: no cyan, magenta, yellow, and black from none to much.
    const bytes = makeBlockJpeg(4, 2, 4, (component, column) => (component < 3 ? 255 : 60 * column + 20));
    const image = await decode(bytes);
    for (let column = 0; column < 4; column += 1) {
      expect(image.data[8 * column + 4]! * 255).to.be.closeTo(60 * column + 20, 4);
    }
    expect((await errorOf(() => decodePicture(bytes, codecsOfNode))).code).to.equal('needs-browser');
    const refusing = { ...codecsOfNode, browser: () => Promise.reject(new DOMException('no', 'InvalidStateError')) };
    expect((await errorOf(() => decodePicture(bytes, refusing))).code).to.equal('image-cmyk');
  });

  it('reads WebP, still and animated', async () => {
    const webp = await makeWebp(60, 40);
    const image = await decode(webp);
    expect([image.width, image.height, image.source.format]).to.deep.equal([60, 40, 'webp']);
    expect(image.source.firstOfSeveral).to.equal(undefined);
    const expected = await decode(await makeWebp(60, 40, 'image/png'));
    image.data.forEach((value, index) => expect(value).to.be.closeTo(expected.data[index]!, 0.06));
    const animated = await decode(animateWebp(webp, 60, 40));
    expect(animated.source.firstOfSeveral).to.equal(true);
    expect([...animated.data]).to.deep.equal([...image.data]);
    expect((await errorOf(() => decodePicture(webp, codecsOfNode))).code).to.equal('needs-browser');
  });

  it('reads GIF and BMP exactly, of an animated GIF the first picture', async () => {
    const expected = [...(await decode(make.makePng({ width: 23, height: 17 }))).data];
    const gif = await decode(make.makeGif(23, 17, 1));
    expect([...gif.data]).to.deep.equal(expected);
    expect(gif.source.firstOfSeveral).to.equal(undefined);
    const animated = await decode(make.makeGif(23, 17, 3));
    expect([...animated.data]).to.deep.equal(expected);
    expect(animated.source.firstOfSeveral).to.equal(true);
    expect([...(await decode(make.makeBmp(23, 17))).data]).to.deep.equal(expected);
  });

  it('falls back on the browser for JPEG where our decoder cannot start', async () => {
    const bytes = await makeJpeg({ width: 50, height: 30, orientation: 6 });
    const jpeg = createJpegDecoder(() => Promise.reject(new Error('no such file')));
    const image = await decodePicture(bytes, { ...codecs, jpeg });
    const usual = await decode(bytes);
    expect([image.width, image.height, image.source.orientation]).to.deep.equal([30, 50, 6]);
    image.data.forEach((value, index) => expect(value).to.be.closeTo(usual.data[index]!, 1.5 / 255));
    expect((await errorOf(() => decodePicture(bytes, { jpeg }))).code).to.equal('needs-browser');
  });

  it('reduces large pictures, also those that the browser decodes', async () => {
    const png = await decode(make.makePng({ width: 8192, height: 100, sample: (x) => (x % 2) * 200 }));
    expect([png.width, png.height, png.source.storedWidth]).to.deep.equal([4096, 50, 8192]);
    expect(Math.max(...png.data.subarray(0, 4096).map((value) => Math.abs(value - 100 / 255)))).to.be.below(1e-6);
    const gif = await decode(make.makeGif(5000, 20, 1));
    expect([gif.width, gif.height, gif.source.storedWidth]).to.deep.equal([4096, 16, 5000]);
  });

  it('reads a photograph of 24 megapixels', async function () {
    this.timeout(60_000);
    const [width, height] = [5712, 4284];
    const rgba = make.smoothRgba(width, height, true);
    const image = await decode(await makeJpeg({ width, height, grey: true, rgba }));
    expect([image.width, image.height]).to.deep.equal([4096, 3072]);
    // From black on the left to white on the right: not a black picture.
    expect(image.data[0]).to.be.below(0.02);
    expect(image.data.at(-1)).to.be.above(0.98);
    expect(image.data[2048]).to.be.closeTo(0.5, 0.01);
  });
});

describe('toDisplayImage', () => {
  it('has 8 bits and a bounded size', () => {
    const display = toDisplayImage({ width: 3072, height: 1000, data: new Float32Array(3072e3).fill(0.5) });
    expect([display.width, display.height]).to.deep.equal([1536, 500]);
    expect(display.data.every((value) => value === 128)).to.equal(true);
  });
});
