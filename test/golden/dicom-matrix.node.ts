/**
 * Every transfer syntax that is read × photometric interpretation × bit depth × sign, each file made here and compared
 * sample by sample. Native syntaxes, with both byte orders and every high bit, are in test/unit/imaging/dicom-native.test.ts.
 */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseDicom } from '../../src/imaging/dicom/parse-dicom.ts';
import { decodeStoredFrame } from '../../src/imaging/dicom/stored-values.ts';
import { transferSyntaxes } from '../../src/imaging/dicom/transfer-syntaxes.ts';
import { createNodeCodecs } from '../../tools/read/node-codecs.ts';
import {
  encodeFlatJpeg,
  encodeHtj2k,
  encodeJpeg2000,
  encodeJpegLs,
  encodeLosslessJpeg,
  encodeRle,
  type FrameSpec,
} from '../fixtures/encode-frame.ts';
import { makeDicom, samplesOf, testValues } from '../fixtures/make-dicom.ts';
import type { Bytes } from '../fixtures/make-pictures.ts';

const codecs = createNodeCodecs();
/** Of 16, so that blocks with halved chroma are whole. */
const width = 32;
const height = 16;

interface Kind {
  readonly photometrics: readonly string[];
  readonly depths: readonly number[];
  readonly signs: readonly boolean[];
  /** What is put into the file; noise where nothing else is said. */
  readonly picture?: (spec: Omit<FrameSpec, 'values'>, photometric: string) => Int32Array;
  readonly encode: (spec: FrameSpec, photometric: string) => Bytes | Promise<Bytes>;
  /** Combinations that no encoder makes are left out. */
  readonly mayBe?: (photometric: string, bits: number, signed: boolean) => boolean;
  /** Largest difference of any sample, as a share of the range. */
  readonly tolerance?: number;
}

const grey = ['MONOCHROME1', 'MONOCHROME2'];
const stored = [...grey, 'PALETTE COLOR', 'RGB', 'YBR_FULL'];
const both = [false, true];
const deep = [8, 10, 12, 14, 16];

/** Flat within blocks of 8 × 8. */
function blocks({ samples, bits }: Omit<FrameSpec, 'values'>, photometric: string): Int32Array {
  const isHalved = photometric === 'YBR_FULL_422';
  return Int32Array.from({ length: width * height * samples }, (_, index) => {
    const pixel = Math.floor(index / samples);
    const sample = index % samples;
    // Halved chroma is interpolated: it is the same all along a row.
    const column = isHalved && sample > 0 ? 0 : Math.floor((pixel % width) / 8);
    const row = Math.floor(pixel / width / 8);
    return ((column * 37 + row * 101 + sample * 53 + 11) * (bits === 8 ? 1 : 17)) & (2 ** bits - 1);
  });
}

/** Smooth, so that what is lost is little. */
function slope({ samples, bits, signed }: Omit<FrameSpec, 'values'>): Int32Array {
  const white = 2 ** bits - 1;
  return Int32Array.from({ length: width * height * samples }, (_, index) => {
    const pixel = Math.floor(index / samples);
    const share = ((pixel % width) + Math.floor(pixel / width)) / (width + height);
    return Math.round(white * (0.1 + 0.7 * share)) - (signed ? 2 ** (bits - 1) : 0);
  });
}

const uid = '1.2.840.10008.1.2.';
const lossless: Kind = {
  photometrics: stored,
  depths: deep,
  signs: both,
  encode: (spec) => encodeLosslessJpeg(spec, 6),
};
const wavelet = {
  photometrics: [...grey, 'PALETTE COLOR', 'YBR_RCT'],
  depths: deep,
  signs: both,
  mayBe: (photometric, bits, signed) => photometric !== 'YBR_RCT' || (bits === 8 && !signed),
} satisfies Partial<Kind>;
const kinds: Readonly<Record<string, Kind>> = {
  [`${uid}5`]: { photometrics: stored, depths: [8, 12, 16, 32], signs: both, encode: encodeRle },
  [`${uid}4.50`]: {
    photometrics: [...grey, 'RGB', 'YBR_FULL', 'YBR_FULL_422'],
    depths: [8],
    signs: [false],
    picture: blocks,
    encode: (spec, photometric) => encodeFlatJpeg(spec, photometric === 'YBR_FULL_422'),
  },
  [`${uid}4.51`]: {
    photometrics: [...grey, 'RGB', 'YBR_FULL'],
    depths: [8, 12],
    signs: [false],
    picture: blocks,
    encode: (spec) => encodeFlatJpeg(spec),
  },
  [`${uid}4.57`]: lossless,
  [`${uid}4.70`]: { ...lossless, encode: (spec) => encodeLosslessJpeg(spec, 1) },
  [`${uid}4.80`]: { photometrics: stored, depths: deep, signs: [false], encode: (spec) => encodeJpegLs(spec) },
  [`${uid}4.81`]: {
    photometrics: grey,
    depths: deep,
    signs: [false],
    encode: (spec) => encodeJpegLs(spec, 3),
    tolerance: 3 / 255,
  },
  [`${uid}4.90`]: { ...wavelet, encode: (spec) => encodeJpeg2000(spec) },
  [`${uid}4.91`]: {
    photometrics: grey,
    depths: deep,
    signs: both,
    picture: slope,
    encode: (spec) => encodeJpeg2000(spec, 8),
    tolerance: 0.02,
  },
  [`${uid}4.201`]: { ...wavelet, encode: (spec) => encodeHtj2k(spec) },
  [`${uid}4.202`]: { ...wavelet, encode: (spec) => encodeHtj2k(spec, { inRpcl: true }) },
  [`${uid}4.203`]: {
    photometrics: grey,
    depths: deep,
    signs: both,
    picture: slope,
    encode: (spec) => encodeHtj2k(spec, { quality: 0.001 }),
    tolerance: 0.02,
  },
};

function allocationOf(bits: number): number {
  return bits > 16 ? 32 : bits > 8 ? 16 : 8;
}

async function check(syntax: string, kind: Kind, photometric: string, shape: Omit<FrameSpec, 'values'>): Promise<void> {
  const { samples, bits, signed } = shape;
  const what = JSON.stringify({ photometric, bits, signed });
  const values = kind.picture?.(shape, photometric) ?? testValues(width, height, samples, bits, signed);
  const stream = await kind.encode({ ...shape, values }, photometric);
  const bytes = makeDicom({
    ...{ width, height, photometric, bitsAllocated: allocationOf(bits), bitsStored: bits, signed, values },
    ...{ syntax, fragments: [new Uint8Array(), stream] },
  });
  const found = await decodeStoredFrame(parseDicom(bytes), 1, codecs.compileDicomCodec).catch((thrown: unknown) => {
    throw new Error(what, { cause: thrown });
  });
  assert.equal(found.values.length, values.length, what);
  const allowed = (kind.tolerance ?? 0) * (2 ** bits - 1);
  const worst = found.values.reduce((most, value, at) => Math.max(most, Math.abs(value - values[at]!)), 0);
  assert.ok(worst <= allowed, `${what}: off by ${worst}`);
}

test('every syntax with compressed pixels is in the matrix', () => {
  const compressed = transferSyntaxes.filter(({ codec }) => codec !== 'native').map(({ uid: own }) => own);
  assert.deepEqual(Object.keys(kinds).sort(), compressed.sort());
});

for (const { uid: syntax, name } of transferSyntaxes) {
  const kind = kinds[syntax];
  if (kind === undefined) continue;
  test(`${name}: every photometric interpretation, depth and sign`, async (context) => {
    let files = 0;
    for (const photometric of kind.photometrics) {
      for (const bits of kind.depths) {
        for (const signed of kind.signs) {
          if (kind.mayBe?.(photometric, bits, signed) === false) continue;
          await check(syntax, kind, photometric, { width, height, samples: samplesOf(photometric), bits, signed });
          files += 1;
        }
      }
    }
    context.diagnostic(`${files} files`);
  });
}
