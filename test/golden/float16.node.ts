import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromFloat16 } from '../../src/inference/float16.ts';
import { toFloat16, toFloat16Bits } from '../../tools/pack/float16.ts';

/** What the packer writes, the app reads. */
test('every float16 survives the way there and back', () => {
  const every = Uint16Array.from({ length: 0x10000 }, (_, bits) => bits);
  const back = toFloat16(fromFloat16(new Uint8Array(every.buffer)));
  every.forEach((bits, index) => {
    const isNaN16 = (bits & 0x7c00) === 0x7c00 && (bits & 0x3ff) !== 0;
    if (isNaN16) assert.equal(back[index]! & 0x7e00, 0x7e00);
    else assert.equal(back[index], bits);
  });
});

test('values between two float16 go to the nearer one, ties to the even one (IEEE 754-2019, 4.3.1)', () => {
  // Around 1 the step is 2^-10.
  assert.equal(toFloat16Bits(1 + 0.4 * 2 ** -10), 0x3c00);
  assert.equal(toFloat16Bits(1 + 0.6 * 2 ** -10), 0x3c01);
  assert.equal(toFloat16Bits(1 + 0.5 * 2 ** -10), 0x3c00);
  assert.equal(toFloat16Bits(1 + 1.5 * 2 ** -10), 0x3c02);
  // Below 2^-14 the step is 2^-24, and half of it goes to zero.
  assert.equal(toFloat16Bits(2 ** -25), 0x0000);
  assert.equal(toFloat16Bits(1.5 * 2 ** -25), 0x0001);
  // 65,520 is half way to the number that does not exist any more.
  assert.equal(toFloat16Bits(65519), 0x7bff);
  assert.equal(toFloat16Bits(65520), 0x7c00);
});
