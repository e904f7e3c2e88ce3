import { expect } from '@open-wc/testing';
import { decodeFile } from '../../../src/decoding/decode-file.ts';
import { createJpegDecoder } from '../../../src/imaging/jpeg-decoder.ts';
import { sha256Hex } from '../../../src/shared/sha256.ts';
import { makeBlockJpeg, type JpegMaker } from '../../fixtures/make-jpegs.ts';
import * as make from '../../fixtures/make-pictures.ts';
import { codecs, decode, errorOf, loadJpegMaker } from './load-codecs.ts';

const open = (parts: BlobPart[]): ReturnType<typeof decodeFile> => {
  // Names and types lie: only the content counts.
  return decodeFile(new File(parts, 'chest.png', { type: 'image/png' }), codecs, () => undefined);
};

describe('hostile and hopeless files', () => {
  const refused: readonly (readonly [string, () => BlobPart[], string])[] = [
    ['an empty file', () => [], 'file-empty'],
    ['a text', () => [make.makeText()], 'format-is-text'],
    ['a web page', () => [make.makeHtml()], 'format-is-text'],
    ['an SVG with a script', () => [make.makeSvg()], 'format-is-svg'],
    ['a program called .png', () => [make.makeProgram()], 'format-unsupported'],
    ['the head of a DICOM file', () => [make.makeDicomHead()], 'dicom-no-image'],
    ['zeros', () => [new Uint8Array(5000)], 'format-unknown'],
    ['3 GB of zeros', () => [make.makeZeros(3e9)], 'file-too-large'],
    ['a PNG of 30,000 × 30,000', () => [make.makePngThatClaims(30_000, 30_000)], 'image-too-large'],
    ['a PNG of 2³¹ pixels a side', () => [make.makePngThatClaims(2 ** 31, 2 ** 31)], 'image-too-large'],
    ['a PNG without pixels', () => [make.makePngThatClaims(0, 5)], 'image-corrupt'],
    ['a JPEG of 12 bits', () => [makeBlockJpeg(1, 1, 1, () => 9, 12)], 'format-unsupported'],
    ['a PNG signature alone', () => [make.makePng({ width: 1, height: 1 }).slice(0, 8)], 'image-truncated'],
    ['a GIF that is a script', () => [make.latin1('GIF89a/*\0\0\0*/=1;window.gifRan=true;')], 'image-corrupt'],
  ];
  for (const [name, parts, code] of refused) {
    it(`${name}: ${code}`, async () => {
      const error = await errorOf(() => open(parts()));
      expect(error.code).to.equal(code);
    });
  }

  it('runs nothing of what it refuses', () => {
    const ran = Object.keys(window).filter((key) => /^(svg|html|gif)Ran$/.test(key));
    expect(ran).to.deep.equal([]);
  });

  it('refuses JPEG, GIF, BMP, WebP and AVIF by their declared size', async () => {
    const jpeg = makeBlockJpeg(1, 1, 1, () => 9);
    const frameAt = jpeg.findIndex((byte, index) => byte === 0xff && jpeg[index + 1] === 0xc0);
    jpeg.set([...make.u16(65_000), ...make.u16(65_000)], frameAt + 5);
    const gif = make.makeGif(4, 4, 1);
    gif.set([...make.u16(65_000, true), ...make.u16(65_000, true)], 6);
    const bmp = make.makeBmp(4, 4);
    bmp.set([...make.u32(65_000, true), ...make.u32(65_000, true)], 18);
    const webpBody = make.latin1('WEBPVP8X\x0a\0\0\0\0\0\0\0\xff\xff\xff\xff\xff\xff');
    const webp = make.concatenate(make.latin1('RIFF'), make.u32(webpBody.length, true), webpBody);
    const box = (type: string, ...content: (Uint8Array | number[])[]): make.Bytes => {
      const inside = make.concatenate(...content);
      return make.concatenate(make.u32(inside.length + 8), make.latin1(type), inside);
    };
    const size = box('ispe', make.u32(0), make.u32(40_000), make.u32(40_000));
    const avif = make.concatenate(
      box('ftyp', make.latin1('avif\0\0\0\0mif1')),
      box('meta', make.u32(0), box('iprp', box('ipco', size))),
    );
    for (const bytes of [jpeg, gif, bmp, webp, avif]) {
      expect((await errorOf(() => open([bytes]))).code).to.equal('image-too-large');
    }
  });

  it('calls a folder, or a file that is gone, unreadable', async () => {
    const gone = new File([make.makePng({ width: 1, height: 1 })], 'gone.png');
    gone.slice = () => gone;
    gone.arrayBuffer = () => Promise.reject(new DOMException('gone', 'NotFoundError'));
    expect((await errorOf(() => decodeFile(gone, codecs, () => undefined))).code).to.equal('file-unreadable');
  });

  it('tells running out of memory from a crash', async () => {
    const jpeg = makeBlockJpeg(2, 2, 1, () => 9);
    const failing = (thrown: Error): typeof codecs => ({ jpeg: () => Promise.reject(thrown) });
    const withMemory = await errorOf(() =>
      decodeFile(new Blob([jpeg]), failing(new RangeError('memory')), () => undefined),
    );
    expect(withMemory.code).to.equal('decode-out-of-memory');
    const trapped = failing(new WebAssembly.RuntimeError('unreachable'));
    const withTrap = await errorOf(() => decodeFile(new Blob([jpeg]), trapped, () => undefined));
    expect(withTrap.code).to.equal('decode-crashed');
  });

  it('reads good files whatever they are called, with their hash and stages', async () => {
    const bytes = make.makePng({ width: 20, height: 10 });
    const stages: string[] = [];
    const file = new File([bytes], 'notes.txt', { type: 'text/plain' });
    const decoded = await decodeFile(file, codecs, (stage) => stages.push(stage));
    expect(stages).to.deep.equal(['reading', 'hashing', 'decoding', 'preparing']);
    expect(decoded.sha256).to.equal(await sha256Hex(bytes));
    expect([decoded.display.width, decoded.display.height, decoded.image.width]).to.deep.equal([20, 10, 20]);
  });
});

describe('truncated files', () => {
  const parts = 32;
  let makeJpeg: JpegMaker;
  before(async () => {
    makeJpeg = await loadJpegMaker();
  });

  async function expectTypedErrors(bytes: make.Bytes): Promise<void> {
    await decode(bytes);
    for (let part = 0; part < parts; part += 1) {
      const error = await errorOf(() => open([bytes.slice(0, Math.floor((bytes.length * part) / parts))]));
      const codes = part === 0 ? ['file-empty'] : ['image-truncated', 'format-unknown', 'image-corrupt'];
      expect(error.code).to.be.oneOf(codes, `${part}/${parts}`);
    }
    const lastByteMissing = await errorOf(() => open([bytes.slice(0, -1)]));
    expect(lastByteMissing.code).to.equal('image-truncated');
  }

  const kinds: readonly (readonly [string, () => Promise<make.Bytes> | make.Bytes])[] = [
    ['baseline JPEG', () => makeJpeg({ width: 160, height: 120 })],
    ['progressive JPEG', () => makeJpeg({ width: 160, height: 120, progressive: true })],
    ['JPEG with EXIF', () => makeJpeg({ width: 160, height: 120, orientation: 3 })],
    ['CMYK JPEG', () => makeBlockJpeg(8, 8, 4, (c, x, y) => 10 * c + 9 * x + 8 * y)],
    ['PNG', () => make.makePng({ width: 90, height: 70 })],
    ['PNG in many pieces', () => make.makePng({ width: 90, height: 70, splitAt: 64 })],
    [
      'interlaced 16-bit PNG',
      () => make.makePng({ width: 40, height: 30, bitDepth: 16, colourType: 2, interlaced: true }),
    ],
    ['BMP', () => make.makeBmp(31, 20)],
  ];
  for (const [name, makeFile] of kinds) {
    it(`${name}: a typed error at every 1/${parts} and without the last byte`, async () => {
      await expectTypedErrors(await makeFile());
    });
  }

  it('PNG: also where only IEND is there', async () => {
    const bytes = make.makePng({ width: 90, height: 70, splitAt: 256 });
    const endBytes = 12;
    const cut = make.concatenate(bytes.slice(0, 8 + 25 + 12 + 256), bytes.slice(-endBytes));
    expect((await errorOf(() => decode(cut))).code).to.be.oneOf(['image-truncated', 'image-corrupt']);
  });

  it('JPEG: also where the end-of-image marker is put back', async () => {
    const bytes = await makeJpeg({ width: 320, height: 240 });
    for (const share of [0.5, 0.7, 0.9]) {
      const cut = make.concatenate(bytes.slice(0, Math.floor(bytes.length * share)), [0xff, 0xd9]);
      expect((await errorOf(() => decode(cut))).code).to.be.oneOf(['image-truncated', 'image-corrupt']);
    }
  });

  it('JPEG: bytes behind the end do not matter', async () => {
    const bytes = await makeJpeg({ width: 16, height: 16 });
    const image = await decode(make.concatenate(bytes, make.latin1('a short film')));
    expect(image.width).to.equal(16);
  });
});

describe('random damage', () => {
  it('ends in a picture or a typed error, never otherwise', async function () {
    this.timeout(60_000);
    const makeJpeg = await loadJpegMaker();
    const originals = [
      await makeJpeg({ width: 64, height: 48 }),
      await makeJpeg({ width: 64, height: 48, progressive: true }),
      make.makePng({ width: 32, height: 24, colourType: 3, palette: [0, 0, 0, 9, 9, 9], interlaced: true }),
      make.makeGif(16, 12, 2),
      make.makeBmp(16, 12),
    ];
    // A linear congruential generator (Numerical Recipes), so that a failure can be repeated.
    let state = 1;
    const random = (below: number): number => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return state % below;
    };
    const jpeg = createJpegDecoder(async () => {
      const response = await fetch('/node_modules/@jsquash/jpeg/codec/dec/mozjpeg_dec.wasm');
      return WebAssembly.compile(await response.arrayBuffer());
    });
    const damagedFiles = 60;
    for (const original of originals) {
      for (let round = 0; round < damagedFiles; round += 1) {
        const bytes = original.slice();
        for (let change = 0; change <= random(4); change += 1) bytes[2 + random(bytes.length - 2)] = random(256);
        const ended = await decodeFile(new Blob([bytes]), { ...codecs, jpeg }, () => undefined).then(
          () => 'decoded',
          (thrown: unknown) => (thrown instanceof Error ? thrown.name : String(thrown)),
        );
        expect(ended).to.be.oneOf(['decoded', 'AppError']);
      }
    }
  });
});
