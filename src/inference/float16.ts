/** IEEE 754 half precision (binary16) to single; `Float16Array` is younger than our oldest browsers. */

const signBit = 0x8000;
const exponentShift = 10;
const exponentMask = 0x1f;
const fractionMask = 0x3ff;
const exponentBias = 15;

/** The value of one binary16, given as its 16 bits. */
function fromFloat16Bits(bits: number): number {
  const sign = (bits & signBit) === 0 ? 1 : -1;
  const exponent = (bits >> exponentShift) & exponentMask;
  const fraction = (bits & fractionMask) / 2 ** exponentShift;
  if (exponent === exponentMask) return fraction === 0 ? sign * Infinity : NaN;
  if (exponent === 0) return sign * fraction * 2 ** (1 - exponentBias);
  return sign * (1 + fraction) * 2 ** (exponent - exponentBias);
}

// Millions of weights share 65,536 values: a table is several times faster than arithmetic.
let table: Float32Array | undefined;

/**
 * @param bytes little-endian binary16 values; an odd number of bytes is a RangeError
 * @returns as many float32 values
 */
export function fromFloat16(bytes: Uint8Array): Float32Array<ArrayBuffer> {
  if (bytes.byteLength % 2 !== 0) throw new RangeError('half a float16');
  table ??= Float32Array.from({ length: signBit * 2 }, (_, bits) => fromFloat16Bits(bits));
  const values = new Float32Array(bytes.byteLength / 2);
  for (let index = 0; index < values.length; index += 1) {
    values[index] = table[bytes[2 * index]! | (bytes[2 * index + 1]! << 8)]!;
  }
  return values;
}
