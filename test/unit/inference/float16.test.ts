import { expect } from '@open-wc/testing';
import { fromFloat16 } from '../../../src/inference/float16.ts';

/** IEEE 754-2019, table 3.5 (binary16): bits and the value they stand for. */
const known: readonly (readonly [number, number])[] = [
  [0x0000, 0],
  [0x8000, -0],
  [0x3c00, 1],
  [0xc000, -2],
  [0x3555, 0.333251953125],
  [0x7bff, 65504],
  [0x0400, 2 ** -14],
  [0x03ff, 2 ** -14 - 2 ** -24],
  [0x8001, -(2 ** -24)],
  [0x7c00, Infinity],
  [0xfc00, -Infinity],
  [0x7e00, NaN],
];

describe('fromFloat16', () => {
  it('reads zeros, normal and subnormal numbers, infinities and NaN', () => {
    const bytes = Uint8Array.from(known.flatMap(([bits]) => [bits & 0xff, bits >> 8]));
    expect(Array.from(fromFloat16(bytes))).to.deep.equal(known.map(([, value]) => value));
  });

  it('refuses half a number', () => {
    expect(() => fromFloat16(new Uint8Array(3))).to.throw(RangeError);
  });
});
