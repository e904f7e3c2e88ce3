import { expect } from '@open-wc/testing';
import { decodePicture } from '../../../src/imaging/decode-picture.ts';
import { undoOrientation } from '../../../src/imaging/exif-orientation.ts';
import { readImageHeader } from '../../../src/imaging/image-header.ts';
import { decodePhoto } from '../../../src/imaging/photo/decode-photo.ts';
import type { GrayImage } from '../../../src/shared/analysis.ts';
import { concatenate, latin1, smoothRgba, u16, u32, type Bytes } from '../../fixtures/make-pictures.ts';
import { codecs, codecsOfNode, decode, errorOf } from './load-codecs.ts';

const width = 64;
const height = 48;

async function fixture(format: 'avif' | 'heic'): Promise<Bytes> {
  const response = await fetch(`/test/fixtures/heif/smooth.${format}`);
  return new Uint8Array(await response.arrayBuffer());
}

function box(type: string, ...content: readonly (Uint8Array | readonly number[])[]): Bytes {
  const inside = concatenate(...content);
  return concatenate(u32(inside.length + 8), latin1(type), inside);
}

const sizeBox = (w: number, h: number): Bytes => box('ispe', u32(0), u32(w), u32(h));

/** A file of headers alone: a tile and a primary item with these properties (1-based indices). */
function headers(own: readonly number[], quarters: number, boxes = 0): Bytes {
  const properties = box('ipco', sizeBox(512, 512), sizeBox(400, 300), box('irot', [quarters]));
  const associations = box('ipma', u32(0), u32(2), u16(1), [1, 1], u16(2), [own.length, ...own]);
  return concatenate(
    box('ftyp', latin1('heic\0\0\0\0mif1heic')),
    box('meta', u32(0), box('pitm', u32(0), u16(2)), box('iprp', properties, associations)),
    ...Array.from({ length: boxes }, () => box('free')),
  );
}

/** A phone's picture without its pixels: a grid of this size, turned by so many quarters. */
function phonePicture(w: number, h: number, quarters: number): Bytes {
  const properties = box('ipco', sizeBox(512, 512), sizeBox(w, h), box('irot', [quarters]));
  const associations = box('ipma', u32(0), u32(1), u16(2), [2, 2, 0x83]);
  return concatenate(
    box('ftyp', latin1('heic\0\0\0\0mif1heic')),
    box('meta', u32(0), box('pitm', u32(0), u16(2)), box('iprp', properties, associations)),
    box('mdat', [1, 2, 3, 4]),
  );
}

/** The AVIF fixture with more properties of its one item; everything behind them moves. */
function withProperties(bytes: Bytes, properties: readonly Bytes[]): Bytes {
  const text = String.fromCharCode(...bytes);
  const startOf = (type: string): number => text.indexOf(type) - 4;
  const view = new DataView(bytes.slice().buffer);
  const added = concatenate(...properties);
  const grow = (type: string, by: number): void => {
    view.setUint32(startOf(type), view.getUint32(startOf(type)) + by);
  };
  const propertiesEnd = startOf('ipco') + view.getUint32(startOf('ipco'));
  const associationsEnd = startOf('ipma') + view.getUint32(startOf('ipma'));
  // Full box head, entry count, item: then comes the number of its properties.
  const countAt = startOf('ipma') + 8 + 4 + 4 + 2;
  const known = view.getUint8(countAt);
  view.setUint8(countAt, known + properties.length);
  grow('ipco', added.length);
  grow('ipma', properties.length);
  grow('iprp', added.length + properties.length);
  grow('meta', added.length + properties.length);
  // Full box head, sizes, item count, item, data reference: then comes where the item lies in the file.
  const offsetAt = startOf('iloc') + 8 + 4 + 2 + 2 + 2 + 2;
  view.setUint32(offsetAt, view.getUint32(offsetAt) + added.length + properties.length);
  const changed = new Uint8Array(view.buffer);
  const essential = 0x80;
  return concatenate(
    changed.subarray(0, propertiesEnd),
    added,
    changed.subarray(propertiesEnd, associationsEnd),
    // The fixture's item has all of the properties before, once each.
    properties.map((_, index) => essential | (4 + index + 1)),
    changed.subarray(associationsEnd),
  );
}

function farthest(one: Pick<GrayImage, 'data'>, other: Pick<GrayImage, 'data'>): number {
  return one.data.reduce((most, value, index) => Math.max(most, Math.abs(value - other.data[index]!)), 0);
}

/** Runs `work` in a browser that reads HEIC: this is its end of `createImageBitmap`, which sees what it was asked. */
async function inBrowserWithHeic<T>(
  answer: (blob: Blob, options: ImageBitmapOptions) => Promise<ImageBitmap>,
  work: () => Promise<T>,
): Promise<T> {
  const own = globalThis.createImageBitmap;
  globalThis.createImageBitmap = answer as typeof createImageBitmap;
  try {
    return await work();
  } finally {
    globalThis.createImageBitmap = own;
  }
}

describe('AVIF and HEIC', () => {
  it('read AVIF through the browser', async () => {
    const image = await decode(await fixture('avif'));
    expect([image.width, image.height, image.source.format]).to.deep.equal([width, height, 'avif']);
    const rgba = smoothRgba(width, height, false);
    for (let index = 0; index < image.data.length; index += 1) {
      const [red = 0, green = 0, blue = 0] = rgba.subarray(index * 4);
      expect(image.data[index]! * 255).to.be.closeTo(0.299 * red + 0.587 * green + 0.114 * blue, 12);
    }
  });

  it('read HEIC where the browser can, and say so where it cannot', async () => {
    const bytes = await fixture('heic');
    const { code } = await errorOf(() => decode(bytes)).catch(() => ({ code: 'decoded' }));
    expect(code).to.be.oneOf(['format-heic', 'decoded']);
    expect((await errorOf(() => decodePicture(bytes, codecsOfNode))).code).to.equal('needs-browser');
    const asked: string[] = [];
    const image = await decodePicture(bytes, {
      ...codecs,
      browser: (_, mimeType, header) => {
        asked.push(mimeType, `${header.width} × ${header.height}`);
        return Promise.resolve({ width, height, data: smoothRgba(width, height, false) });
      },
    });
    // The grid's size, not that of its larger tile.
    expect(asked).to.deep.equal(['image/heic', '64 × 48']);
    expect([image.width, image.source.format]).to.deep.equal([width, 'heic']);
  });

  it('take an iPhone’s HEIC as the browser gives it: upright, within the bounds, with its colours', async () => {
    const bytes = phonePicture(8064, 6048, 3);
    const asked: ImageBitmapOptions[] = [];
    const types: string[] = [];
    const seen: number[] = [];
    const answer = (blob: Blob, options: ImageBitmapOptions): Promise<ImageBitmap> => {
      asked.push(options);
      types.push(blob.type);
      seen.push(blob.size);
      const [w, h] = [options.resizeWidth!, options.resizeHeight!];
      const canvas = new OffscreenCanvas(w, h);
      const context = canvas.getContext('2d')!;
      context.fillStyle = 'rgb(200, 100, 50)';
      context.fillRect(0, 0, w, h / 2);
      return Promise.resolve(canvas.transferToImageBitmap());
    };
    const image = await inBrowserWithHeic(answer, () => decode(bytes));
    expect(types).to.deep.equal(['image/heic']);
    expect(seen).to.deep.equal([bytes.length]);
    expect(asked[0]).to.include({ resizeWidth: 3072, resizeHeight: 4096, colorSpaceConversion: 'none' });
    expect([image.width, image.height]).to.deep.equal([3072, 4096]);
    expect(image.source).to.deep.include({
      ...{ kind: 'raster', format: 'heic', storedWidth: 6048, storedHeight: 8064, orientation: 6 },
    });
    expect(image.source.colour?.chroma95).to.be.closeTo(150 / 255, 0.01);
    expect(image.data[0]).to.be.closeTo((0.299 * 200 + 0.587 * 100 + 0.114 * 50) / 255, 0.005);
    // What the browser left transparent is black.
    expect(image.data.at(-1)).to.equal(0);
  });

  it('take HEIC for a photograph of a film too', async () => {
    const bytes = phonePicture(4032, 3024, 3);
    const answer = (_: Blob, { resizeWidth, resizeHeight }: ImageBitmapOptions): Promise<ImageBitmap> => {
      const canvas = new OffscreenCanvas(resizeWidth ?? 3024, resizeHeight ?? 4032);
      const context = canvas.getContext('2d')!;
      context.fillStyle = 'rgb(10, 250, 90)';
      context.fillRect(0, 0, canvas.width, canvas.height);
      return Promise.resolve(canvas.transferToImageBitmap());
    };
    const { photo, source } = await inBrowserWithHeic(answer, () => decodePhoto(bytes, codecs));
    expect([photo.width, photo.height]).to.deep.equal([1536, 2048]);
    expect([...photo.rgba.subarray(0, 4)]).to.deep.equal([10, 250, 90, 255]);
    expect([source.format, source.storedWidth, source.storedHeight]).to.deep.equal(['heic', 3024, 4032]);
  });

  it('know the primary item’s size and how it was turned', () => {
    const upright = readImageHeader(headers([2], 1), 'heic');
    expect([upright.width, upright.height, upright.orientation]).to.deep.equal([400, 300, 1]);
    const turned = [0, 1, 2, 3].map((quarters) => readImageHeader(headers([2, 0x83], quarters), 'heic').orientation);
    expect(turned).to.deep.equal([1, 8, 3, 6]);
    const unknown = readImageHeader(headers([], 1), 'heic');
    expect([unknown.width, unknown.height]).to.deep.equal([512, 512]);
  });

  it('turn and mirror as the browser does', async () => {
    const plain = await fixture('avif');
    const stored = await decode(plain);
    const found: number[] = [];
    for (const mirror of [undefined, 0, 1]) {
      for (let quarters = 0; quarters < 4; quarters += 1) {
        const properties = [box('irot', [quarters]), ...(mirror === undefined ? [] : [box('imir', [mirror])])];
        const shown = await decode(withProperties(plain, properties));
        const { orientation } = shown.source;
        const expected = undoOrientation(stored.data, width, height, shown.source.orientation as 1);
        const what = `irot ${quarters}, imir ${mirror}: orientation ${orientation}`;
        expect([shown.width, shown.height]).to.deep.equal([expected.width, expected.height], what);
        expect(farthest(shown, expected), what).to.equal(0);
        found.push(orientation);
      }
    }
    expect(new Set(found).size).to.equal(8);
  });

  it('are refused where they are cut or nothing but boxes', async () => {
    const whole = headers([2], 0);
    expect((await errorOf(() => readImageHeader(whole.slice(0, -4), 'heic'))).code).to.equal('image-truncated');
    expect((await errorOf(() => readImageHeader(headers([2], 0, 5000), 'heic'))).code).to.equal('image-corrupt');
    for (const format of ['avif', 'heic'] as const) {
      const bytes = await fixture(format);
      for (let part = 1; part < 8; part += 1) {
        const cut = bytes.slice(0, Math.floor((bytes.length * part) / 8));
        const error = await errorOf(() => decode(cut));
        expect(error.code).to.be.oneOf(['image-truncated', 'image-corrupt'], `${format} ${part}/8`);
      }
    }
  });
});
