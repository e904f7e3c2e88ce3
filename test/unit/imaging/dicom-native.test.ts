import { expect } from '@open-wc/testing';
import { parseDicom } from '../../../src/imaging/dicom/parse-dicom.ts';
import { decodeStoredFrame } from '../../../src/imaging/dicom/stored-values.ts';
import type { AppError } from '../../../src/shared/app-error.ts';
import { makeDicom, makeRleFrame, samplesOf, syntaxes, testValues, type DicomSpec } from '../../fixtures/make-dicom.ts';
import { errorOf } from './load-codecs.ts';

async function stored(bytes: Uint8Array, frame = 1): Promise<number[]> {
  return [...(await decodeStoredFrame(parseDicom(bytes), frame, undefined)).values];
}
const refusal = (bytes: Uint8Array): Promise<AppError> => errorOf(() => stored(bytes));

const width = 6;
const height = 5;
/** Bits allocated, bits stored, high bit. */
const depths = [
  [1, 1, 0],
  [8, 8, 7],
  [8, 6, 5],
  [16, 10, 9],
  [16, 12, 11],
  [16, 12, 15],
  [16, 16, 15],
  [32, 20, 19],
  [32, 32, 31],
] as const;
const photometrics = ['MONOCHROME1', 'MONOCHROME2', 'PALETTE COLOR', 'RGB', 'YBR_FULL', 'YBR_FULL_422'];
const native = ['implicit', 'explicit', 'deflated', 'bigEndian'] as const;

describe('native DICOM pixels', () => {
  for (const name of native) {
    for (const photometric of photometrics) {
      it(`of ${photometric} in ${name}, at every depth, signed and not`, async () => {
        for (const [bitsAllocated, bitsStored, highBit] of depths) {
          const samples = samplesOf(photometric);
          if (bitsAllocated === 1 && samples > 1) continue;
          for (const signed of bitsAllocated === 1 ? [false] : [false, true]) {
            for (const planar of samples > 1 && photometric !== 'YBR_FULL_422' ? [false, true] : [false]) {
              const values = testValues(width, height, samples, bitsStored, signed);
              if (photometric === 'YBR_FULL_422') repeatChroma(values);
              const spec: DicomSpec = {
                ...{ width, height, photometric, bitsAllocated, bitsStored, highBit, signed, planar, values },
                syntax: syntaxes[name],
              };
              const found = await stored(makeDicom(spec));
              expect(found, JSON.stringify({ bitsAllocated, bitsStored, highBit, signed, planar })).to.deep.equal([
                ...values,
              ]);
            }
          }
        }
      });
    }
  }

  it('of 8 bits in big-endian words are swapped back', async () => {
    const values = testValues(3, 3, 3, 8, false);
    const spec: DicomSpec = { width: 3, height: 3, photometric: 'RGB', bitsAllocated: 8, values, pixelVr: 'OW' };
    expect(await stored(makeDicom({ ...spec, syntax: syntaxes.bigEndian }))).to.deep.equal([...values]);
  });

  it('in RLE, grey and colour, 8 to 32 bits', async () => {
    for (const [photometric, bits] of [
      ['MONOCHROME2', 8],
      ['MONOCHROME2', 16],
      ['MONOCHROME2', 32],
      ['RGB', 8],
      ['RGB', 16],
    ] as const) {
      const samples = samplesOf(photometric);
      const values = testValues(width, height, samples, bits, false);
      values.fill(7, 0, 9);
      const fragments = [new Uint8Array(), makeRleFrame(values, samples, bits)];
      const spec = { width, height, photometric, bitsAllocated: bits, values, fragments, syntax: syntaxes.rle };
      expect(await stored(makeDicom(spec)), `${photometric} ${bits}`).to.deep.equal([...values]);
    }
  });
});

function repeatChroma(values: Int32Array): void {
  for (let at = 0; at < values.length; at += 6) values.copyWithin(at + 4, at + 1, at + 3);
}

describe('DICOM files', () => {
  const values = testValues(width, height, 1, 12, false);
  const plain: DicomSpec = { width, height, bitsAllocated: 16, bitsStored: 12, values };

  it('without preamble, without meta header: the syntax is found and said', async () => {
    for (const name of ['implicit', 'explicit', 'bigEndian'] as const) {
      const bytes = makeDicom({ ...plain, syntax: syntaxes[name], preamble: false, meta: false });
      const file = parseDicom(bytes);
      expect([file.transferSyntax.uid, file.transferSyntaxGuessed]).to.deep.equal([syntaxes[name], true]);
      expect(await stored(bytes)).to.deep.equal([...values]);
    }
    expect(parseDicom(makeDicom({ ...plain, preamble: false })).transferSyntaxGuessed).to.equal(false);
  });

  it('that call themselves implicit and are explicit are read as what they are', async () => {
    const bytes = makeDicom(plain);
    const implicit = makeDicom({ ...plain, syntax: syntaxes.implicit });
    const head = implicit.subarray(
      0,
      implicit.length - makeDicom({ ...plain, syntax: syntaxes.implicit, preamble: false, meta: false }).length,
    );
    const body = makeDicom({ ...plain, preamble: false, meta: false });
    const mixed = new Uint8Array([...head, ...body]);
    expect(parseDicom(mixed).transferSyntaxGuessed).to.equal(true);
    expect(await stored(mixed)).to.deep.equal(await stored(bytes));
  });

  it('with sequences before the pixels, of defined and undefined length', async () => {
    const elements = [
      [0x0008_1140, 'SQ', [[[0x0008_1150, 'UI', '1.2']], [[0x0008_1199, 'SQ', [[[0x0008_1155, 'UI', '1.3']]]]]]],
    ] as const;
    for (const openSequences of [false, true]) {
      for (const syntax of [syntaxes.implicit, syntaxes.explicit, syntaxes.bigEndian]) {
        expect(await stored(makeDicom({ ...plain, elements, openSequences, syntax }))).to.deep.equal([...values]);
      }
    }
  });

  it('of several frames give the one that is asked for', async () => {
    const both = testValues(width, height * 2, 1, 12, false);
    const bytes = makeDicom({ ...plain, frames: 2, values: both });
    expect(await stored(bytes, 2)).to.deep.equal([...both.subarray(width * height)]);
    expect((await errorOf(() => stored(bytes, 3))).code).to.equal('dicom-no-frame');
    const frames = [both.slice(0, width * height), both.slice(width * height)].map((part) => makeRleFrame(part, 1, 16));
    const offsets = new DataView(new ArrayBuffer(8));
    offsets.setUint32(4, frames[0]!.length + 8, true);
    // With a table; with an empty one; with one that leads nowhere.
    for (const table of [new Uint8Array(offsets.buffer), new Uint8Array(), new Uint8Array(8).fill(3)]) {
      const spec = { ...plain, frames: 2, values: both, syntax: syntaxes.rle, fragments: [table, ...frames] };
      expect(await stored(makeDicom(spec), 2)).to.deep.equal([...both.subarray(width * height)]);
    }
  });

  it('whose single frame lies in several fragments', async () => {
    const frame = makeRleFrame(values, 1, 16);
    const fragments = [new Uint8Array(), frame.subarray(0, 40), frame.subarray(40, 70), frame.subarray(70)];
    expect(await stored(makeDicom({ ...plain, syntax: syntaxes.rle, fragments }))).to.deep.equal([...values]);
  });

  it('with padding behind them are read', async () => {
    const bytes = makeDicom(plain);
    expect(await stored(new Uint8Array([...bytes, ...new Uint8Array(1000)]))).to.deep.equal([...values]);
  });

  const refused: readonly (readonly [string, Partial<DicomSpec>, string])[] = [
    ['no pixels', { without: [0x7fe0_0010] }, 'dicom-no-image'],
    [
      'float pixels',
      { without: [0x7fe0_0010], elements: [[0x7fe0_0008, 'OF', new Uint8Array(120)]] },
      'dicom-unsupported',
    ],
    ['an unknown syntax', { syntax: '1.2.3' }, 'dicom-unsupported'],
    ['video', { syntax: '1.2.840.10008.1.2.4.102' }, 'dicom-unsupported'],
    ['an unknown photometric', { photometric: 'HSV' }, 'dicom-unsupported'],
    ['12 bits allocated', { elements: [[0x0028_0100, 'US', [12]]] }, 'dicom-unsupported'],
    ['more bits stored than allocated', { elements: [[0x0028_0101, 'US', [17]]] }, 'image-corrupt'],
    ['a high bit outside', { elements: [[0x0028_0102, 'US', [16]]] }, 'image-corrupt'],
    ['no rows', { elements: [[0x0028_0010, 'US', [0]]] }, 'image-corrupt'],
    [
      '30,000 × 30,000',
      {
        elements: [
          [0x0028_0010, 'US', [30_000]],
          [0x0028_0011, 'US', [30_000]],
        ],
      },
      'image-too-large',
    ],
    ['four billion frames', { elements: [[0x0028_0008, 'IS', '4000000000']] }, 'image-too-large'],
    ['more rows than pixels', { elements: [[0x0028_0010, 'US', [height + 1]]] }, 'image-truncated'],
    ['no fragments', { syntax: syntaxes.rle, fragments: [new Uint8Array()] }, 'image-truncated'],
  ];
  for (const [name, change, code] of refused) {
    it(`with ${name} end as ${code}`, async () => {
      expect((await refusal(makeDicom({ ...plain, ...change }))).code).to.equal(code);
    });
  }

  it('nested deeper than 16 are refused, and 16 is not', async () => {
    type Item = readonly [number, string, readonly Item[][]];
    const nested = (depth: number): Item => [0x0008_1140, 'SQ', depth === 0 ? [[]] : [[nested(depth - 1)]]];
    expect(await stored(makeDicom({ ...plain, elements: [nested(15)] }))).to.deep.equal([...values]);
    expect((await refusal(makeDicom({ ...plain, elements: [nested(16)] }))).code).to.equal('dicom-too-complex');
  });

  it('of more than 100,000 elements are refused', async () => {
    const items = Array.from({ length: 100_001 }, () => []);
    expect((await refusal(makeDicom({ ...plain, elements: [[0x0008_1140, 'SQ', items]] }))).code).to.equal(
      'dicom-too-complex',
    );
  });
});
