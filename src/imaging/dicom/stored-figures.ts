import { sha256Hex } from '../../shared/sha256.ts';
import { parseDicom } from './parse-dicom.ts';
import { decodeStoredFrame } from './stored-values.ts';
import type { CompileCodec } from './wasm-codecs.ts';

/** What tells one decoder's answer from another's. */
export interface StoredFigures {
  readonly minimum: number;
  readonly maximum: number;
  readonly mean: number;
  /** Of the values as little-endian int32, row by row, the samples of a pixel side by side. Hexadecimal. */
  readonly sha256: string;
}

/**
 * Figures of the first frame's stored values: before rescale and window, YBR at full chroma and not converted, palette
 * indices as they are, 32-bit unsigned values wrapped to int32.
 *
 * @throws AppError as `decodeDicom`
 */
export async function readStoredFigures(bytes: Uint8Array, compile: CompileCodec | undefined): Promise<StoredFigures> {
  const { values } = await decodeStoredFrame(parseDicom(bytes), 1, compile);
  let minimum = values[0]!;
  let maximum = minimum;
  let sum = 0;
  const littleEndian = new DataView(new ArrayBuffer(values.length * Int32Array.BYTES_PER_ELEMENT));
  for (let index = 0; index < values.length; index += 1) {
    const value = values[index]!;
    if (value < minimum) minimum = value;
    if (value > maximum) maximum = value;
    sum += value;
    littleEndian.setInt32(index * Int32Array.BYTES_PER_ELEMENT, value, true);
  }
  const sha256 = await sha256Hex(new Uint8Array(littleEndian.buffer));
  return { minimum, maximum, mean: sum / values.length, sha256 };
}
