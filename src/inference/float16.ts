/** IEEE 754 half precision (binary16) to single. */

const halfCount = 2 ** 16;
const signBit = 0x8000;
const magnitudeMask = 0x7fff;
/** Bits of the fraction that single has more than half. */
const fractionShift = 13;
const signShift = 16;
/** From here on the exponent says infinity or NaN. */
const firstInfinite = 0x7c00;
const singleInfinity = 0x7f800000;
/** The exponent biases are 127 and 15. */
const biasCorrection = 2 ** (127 - 15);

/**
 * Every half. Its bits, moved to their places in a single, are its value times 2⁻¹¹², also where it is subnormal, for then
 * the single is subnormal too.
 */
function makeTable(): Float32Array {
  const values = new Float32Array(halfCount);
  const words = new Uint32Array(values.buffer);
  for (let half = 0; half < halfCount; half += 1) {
    const magnitude = half & magnitudeMask;
    words[half] = ((half & signBit) << signShift) | (magnitude << fractionShift);
    if (magnitude < firstInfinite) values[half] = values[half]! * biasCorrection;
    else words[half] = words[half]! | singleInfinity;
  }
  return values;
}

type HalfArray = new (buffer: ArrayBufferLike, byteOffset: number, length: number) => ArrayLike<number>;

/** Younger than our oldest browsers. No faster than the table, which itself takes milliseconds to make in a cold start. */
const { Float16Array: Halves } = globalThis as { readonly Float16Array?: HalfArray };

// Millions of weights share 65,536 values: a table is faster than arithmetic.
let table: Float32Array | undefined;

/**
 * @param bytes little-endian binary16 values; an odd number of bytes is a RangeError
 * @returns as many float32 values
 */
export function fromFloat16(bytes: Uint8Array): Float32Array<ArrayBuffer> {
  const values = new Float32Array(bytes.byteLength / 2);
  decodeFloat16(bytes, values);
  return values;
}

/** As `fromFloat16`, to where the values are wanted. */
export function decodeFloat16(bytes: Uint8Array, to: Float32Array): void {
  if (bytes.byteLength % 2 !== 0) throw new RangeError('half a float16');
  // Every device that runs this is little-endian; a view needs its bytes at an even place.
  const aligned = bytes.byteOffset % 2 === 0 ? bytes : new Uint8Array(bytes);
  const count = aligned.byteLength / 2;
  if (Halves !== undefined) {
    to.set(new Halves(aligned.buffer, aligned.byteOffset, count));
    return;
  }
  table ??= makeTable();
  const halves = new Uint16Array(aligned.buffer, aligned.byteOffset, count);
  for (let index = 0; index < to.length; index += 1) to[index] = table[halves[index]!]!;
}
