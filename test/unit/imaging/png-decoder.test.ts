import { expect } from '@open-wc/testing';
import { convertIndexedToRgb, decode as decodeWithFastPng } from 'fast-png';
import { zlibSync } from 'fflate';
import { decodePng } from '../../../src/imaging/png-decoder.ts';
import * as make from '../../fixtures/make-pictures.ts';
import { decode, errorOf } from './load-codecs.ts';

const width = 37;
const height = 29;

function allSamples(bytes: make.Bytes): number[] {
  const rows = decodePng(bytes);
  return Array.from({ length: rows.height }, (_, y) => [...rows.readRow(y)]).flat();
}

describe('decodePng', () => {
  const kinds = [
    [0, [1, 2, 4, 8, 16]],
    [2, [8, 16]],
    [4, [8, 16]],
    [6, [8, 16]],
  ] as const;
  for (const [colourType, depths] of kinds) {
    for (const bitDepth of depths) {
      for (const interlaced of [false, true]) {
        it(`reads colour type ${colourType}, ${bitDepth} bits${interlaced ? ', interlaced' : ''}`, () => {
          const bytes = make.makePng({ width, height, bitDepth, colourType, interlaced, splitAt: 100 });
          const channels = decodePng(bytes).channels;
          const max = 2 ** bitDepth - 1;
          const scale = bitDepth < 8 ? 255 / max : 1;
          const expected: number[] = [];
          for (let y = 0; y < height; y += 1) {
            for (let x = 0; x < width; x += 1) {
              for (let c = 0; c < channels; c += 1) expected.push(make.patternSample(x, y, c, max) * scale);
            }
          }
          expect(allSamples(bytes)).to.deep.equal(expected);
        });
      }
    }
  }

  for (const bitDepth of [1, 2, 4, 8] as const) {
    it(`reads a palette of ${bitDepth} bits, interlaced too`, () => {
      const palette = Array.from({ length: 3 * 2 ** bitDepth }, (_, index) => (index * 53) % 256);
      for (const interlaced of [false, true]) {
        const bytes = make.makePng({ width, height, bitDepth, colourType: 3, palette, interlaced });
        const expected = Array.from({ length: width * height }, (_, index) => {
          const entry = make.patternSample(index % width, Math.floor(index / width), 0, 2 ** bitDepth - 1);
          return palette.slice(entry * 3, entry * 3 + 3);
        }).flat();
        const found = allSamples(bytes);
        const channels = found.length / (width * height);
        expect(found.filter((_, index) => channels === 3 || index % channels < 3)).to.deep.equal(expected);
      }
    });
  }

  it('agrees with fast-png on what it reads', () => {
    for (const [colourType, bitDepth] of [
      [0, 8],
      [0, 16],
      [2, 8],
      [2, 16],
      [6, 8],
      [6, 16],
      [4, 8],
    ] as const) {
      const bytes = make.makePng({ width, height, bitDepth, colourType });
      const reference = decodeWithFastPng(bytes, { checkCrc: true });
      expect(allSamples(bytes)).to.deep.equal([...reference.data]);
    }
    const palette = Array.from({ length: 48 }, (_, index) => (index * 53) % 256);
    const indexed = make.makePng({ width, height, bitDepth: 4, colourType: 3, palette });
    const rgb = [...convertIndexedToRgb(decodeWithFastPng(indexed))];
    expect(allSamples(indexed).filter((_, index) => index % 4 !== 3)).to.deep.equal(rgb);
  });

  it('makes what is transparent black', async () => {
    const palette = [255, 255, 255, 200, 200, 200];
    const sample = (x: number): number => x % 2;
    const indexed = make.makePng({ width: 2, height: 1, colourType: 3, palette, transparency: [0], sample });
    expect([...(await decode(indexed)).data]).to.deep.equal([0, Math.fround(200 / 255)]);
    const keyed = make.makePng({ width: 2, height: 1, bitDepth: 1, transparency: [0, 1], sample: (x) => 1 - (x % 2) });
    expect([...(await decode(keyed)).data]).to.deep.equal([0, 0]);
    const half = make.makePng({ width: 1, height: 1, colourType: 4, sample: (_x, _y, c) => (c === 0 ? 255 : 51) });
    expect((await decode(half)).data[0]).to.be.closeTo(0.2, 1e-7);
  });

  it('keeps 16 bits', async () => {
    const image = await decode(make.makePng({ width: 2, height: 1, bitDepth: 16, sample: (x) => 32_768 + x }));
    expect(image.source.bitsPerSample).to.equal(16);
    expect((image.data[1]! - image.data[0]!) * 65_535).to.be.closeTo(1, 0.01);
  });

  it('reads the first picture of an animation and says so', async () => {
    const animated = await decode(make.makeAnimatedPng(20, 10));
    const still = await decode(make.makePng({ width: 20, height: 10 }));
    expect(animated.source.firstOfSeveral).to.equal(true);
    expect(still.source.firstOfSeveral).to.equal(undefined);
    expect([...animated.data]).to.deep.equal([...still.data]);
  });

  it('honours orientation in an eXIf chunk', async () => {
    const exif = make.pngChunk('eXIf', [
      ...make.latin1('II*\0\x08\0\0\0\x01\0'),
      ...make.latin1('\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0'),
    ]);
    const image = await decode(make.makePng({ width: 30, height: 10, extraChunks: [exif] }));
    expect([image.width, image.height, image.source.orientation]).to.deep.equal([10, 30, 6]);
  });

  it('never inflates profiles and texts', async () => {
    const bomb = zlibSync(new Uint8Array(30e6));
    const profile = make.pngChunk('iCCP', make.concatenate(make.latin1('bomb\0\0'), bomb));
    const image = await decode(make.makePng({ width: 8, height: 8, extraChunks: [profile] }));
    expect(image.width).to.equal(8);
  });

  it('inflates no more than the header declares', async () => {
    const stream = zlibSync(new Uint8Array(60e6));
    // Damaged behind its first third: whoever inflated that far would fail.
    stream.fill(0xff, stream.length / 3);
    const bomb = make.makePngOfStream(8, 8, stream);
    expect((await decode(bomb)).width).to.equal(8);
    const needsAll = make.makePngOfStream(6000, 9000, stream);
    expect((await errorOf(() => decode(needsAll))).code).to.equal('image-corrupt');
  });

  it('refuses flipped bits', async () => {
    const good = make.makePng({ width, height });
    for (const at of [17, 24, 60, good.length - 20]) {
      const bad = good.slice();
      bad[at] = bad[at]! ^ 4;
      const code = (await errorOf(() => decode(bad))).code;
      expect(code).to.be.oneOf(['image-corrupt', 'image-truncated', 'image-too-large'], `byte ${at}`);
    }
  });

  it('refuses pixels that end early, bad filters and colours that the palette lacks', async () => {
    const early = make.makePngThatClaims(100, 100, new Uint8Array(500));
    expect((await errorOf(() => decode(early))).code).to.equal('image-truncated');
    const filter = make.makePngThatClaims(2, 1, new Uint8Array([9, 0, 0]));
    expect((await errorOf(() => decode(filter))).code).to.equal('image-corrupt');
    const colours = make.makePng({ width: 4, height: 1, colourType: 3, palette: [1, 2, 3], sample: (x) => x });
    expect((await errorOf(() => decode(colours))).code).to.equal('image-corrupt');
  });
});
