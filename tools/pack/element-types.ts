/** The number formats that files with weights hold, and their values as float32. All little-endian. */

import { fromFloat16 } from '../../src/inference/float16.ts';

export type ElementType =
  'float64' | 'float32' | 'float16' | 'bfloat16' | 'int64' | 'int32' | 'int16' | 'int8' | 'uint8' | 'bool';

export const bytesPerElement: Readonly<Record<ElementType, number>> = {
  float64: 8,
  float32: 4,
  float16: 2,
  bfloat16: 2,
  int64: 8,
  int32: 4,
  int16: 2,
  int8: 1,
  uint8: 1,
  bool: 1,
};

/** bfloat16 is the upper half of a float32. */
const bfloat16Shift = 16;

/**
 * `bytes` as float32, rounded to nearest where float32 is the narrower; always a copy.
 *
 * @param bytes a multiple of the element's size; at any offset of its buffer
 */
export function toFloat32(bytes: Uint8Array, type: ElementType): Float32Array {
  // Copied first: a typed array must start on a multiple of its element's size. (`slice` of a Buffer would not copy.)
  const { buffer } = new Uint8Array(bytes);
  switch (type) {
    case 'float32':
      return new Float32Array(buffer);
    case 'float64':
      return Float32Array.from(new Float64Array(buffer));
    case 'float16':
      return fromFloat16(bytes);
    case 'bfloat16':
      return new Float32Array(Uint32Array.from(new Uint16Array(buffer), (half) => half << bfloat16Shift).buffer);
    case 'int64':
      return Float32Array.from(new BigInt64Array(buffer), Number);
    case 'int32':
      return Float32Array.from(new Int32Array(buffer));
    case 'int16':
      return Float32Array.from(new Int16Array(buffer));
    case 'int8':
      return Float32Array.from(new Int8Array(buffer));
    case 'uint8':
      return Float32Array.from(new Uint8Array(buffer));
    case 'bool':
      return Float32Array.from(new Uint8Array(buffer), (value) => (value === 0 ? 0 : 1));
  }
}
