/** Structural similarity against the package whose thresholds are used. */

import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { structuralSimilarity, type GreyBytes } from '../../src/imaging/structural-similarity.ts';

interface ReferencePicture {
  readonly width: number;
  readonly height: number;
  readonly data: readonly number[];
  readonly channels: 1;
}

// Its types are a source file that does not pass ours.
const require = createRequire(import.meta.url);
const { compare } = require('image-ssim') as {
  compare(a: ReferencePicture, b: ReferencePicture): { readonly ssim: number };
};

/** A picture of a ramp with noise of the given strength, 0..255. */
function picture(width: number, height: number, noise: number, seed: number): GreyBytes {
  let state = seed;
  const data = Uint8ClampedArray.from({ length: width * height }, (_, at) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return ((at % width) / width) * 200 + (state / 2 ** 32 - 0.5) * noise;
  });
  return { width, height, data };
}

function reference(a: GreyBytes, b: GreyBytes): number {
  const asPicture = ({ width, height, data }: GreyBytes): ReferencePicture => {
    return { width, height, data: [...data], channels: 1 };
  };
  return compare(asPicture(a), asPicture(b)).ssim;
}

for (const [width, height] of [
  [64, 64],
  [8, 8],
  [37, 21],
] as const) {
  test(`${width} × ${height}: the same number as image-ssim`, () => {
    for (const noise of [0, 10, 100, 255]) {
      const a = picture(width, height, 20, 1);
      const b = picture(width, height, noise, 2);
      // The package keeps its windows as float32.
      assert.ok(Math.abs(structuralSimilarity(a, b) - reference(a, b)) < 1e-6, `noise ${noise}`);
    }
  });
}

test('a picture is like itself, and unlike its negative', () => {
  const a = picture(64, 64, 50, 3);
  assert.equal(structuralSimilarity(a, a), 1);
  const negative = { ...a, data: a.data.map((value) => 255 - value) };
  assert.ok(structuralSimilarity(a, negative) < 0);
});

test('pictures of different or no size are refused', () => {
  assert.throws(() => structuralSimilarity(picture(8, 8, 0, 1), picture(8, 9, 0, 1)), RangeError);
  assert.throws(() => structuralSimilarity(picture(0, 8, 0, 1), picture(0, 8, 0, 1)), RangeError);
});
