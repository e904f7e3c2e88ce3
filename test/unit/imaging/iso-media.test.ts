import { expect } from '@open-wc/testing';
import { decodePicture } from '../../../src/imaging/decode-picture.ts';
import { readImageHeader } from '../../../src/imaging/image-header.ts';
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

/** A file of headers alone: a tile and a primary item with these properties (1-based indices). */
function headers(own: readonly number[], quarters: number, boxes = 0): Bytes {
  const size = (w: number, h: number): Bytes => box('ispe', u32(0), u32(w), u32(h));
  const properties = box('ipco', size(512, 512), size(400, 300), box('irot', [quarters]));
  const associations = box('ipma', u32(0), u32(2), u16(1), [1, 1], u16(2), [own.length, ...own]);
  return concatenate(
    box('ftyp', latin1('heic\0\0\0\0mif1heic')),
    box('meta', u32(0), box('pitm', u32(0), u16(2)), box('iprp', properties, associations)),
    ...Array.from({ length: boxes }, () => box('free')),
  );
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

  it('know the primary item’s size and how it was turned', () => {
    const upright = readImageHeader(headers([2], 1), 'heic');
    expect([upright.width, upright.height, upright.orientation]).to.deep.equal([400, 300, 1]);
    const turned = [0, 1, 2, 3].map((quarters) => readImageHeader(headers([2, 0x83], quarters), 'heic').orientation);
    expect(turned).to.deep.equal([1, 8, 3, 6]);
    const unknown = readImageHeader(headers([], 1), 'heic');
    expect([unknown.width, unknown.height]).to.deep.equal([512, 512]);
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
