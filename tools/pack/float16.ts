/** IEEE 754 binary16, rounded to nearest, ties to even (IEEE 754-2019, §4.3.1). Node 20 has no Float16Array. */

const float32 = new Float32Array(1);
const bits = new Uint32Array(float32.buffer);

/** The 16 bits of one value; beyond the range it becomes infinity, NaN stays NaN. */
export function toFloat16Bits(value: number): number {
  float32[0] = value;
  const word = bits[0] ?? 0;
  const sign = (word >>> 16) & 0x8000;
  const exponent = (word >>> 23) & 0xff;
  const mantissa = word & 0x7fffff;
  if (exponent === 0xff) return sign | 0x7c00 | (mantissa === 0 ? 0 : 0x200);
  const halfExponent = exponent - 127 + 15;
  if (halfExponent >= 0x1f) return sign | 0x7c00;
  if (halfExponent <= 0) {
    // Subnormal: the implicit one becomes explicit and is shifted out with the rest.
    const shift = 14 - halfExponent;
    if (shift > 24) return sign;
    return sign | roundShift(mantissa | 0x800000, shift);
  }
  // A carry out of the mantissa raises the exponent, which is what rounding up means.
  return sign | ((halfExponent << 10) + roundShift(mantissa, 13));
}

function roundShift(value: number, shift: number): number {
  const kept = value >>> shift;
  const rest = value & ((1 << shift) - 1);
  const half = 1 << (shift - 1);
  const roundUp = rest > half || (rest === half && (kept & 1) === 1);
  return kept + (roundUp ? 1 : 0);
}

export function toFloat16(values: Float32Array): Uint16Array {
  return Uint16Array.from(values, toFloat16Bits);
}
