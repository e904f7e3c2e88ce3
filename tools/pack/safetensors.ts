/**
 * Reads a safetensors file: 8 bytes of header length (little-endian), a JSON header, raw tensors.
 * Source: the format's description at huggingface/safetensors, "Format".
 */

import { readFile } from 'node:fs/promises';

export interface SourceTensor {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

interface HeaderEntry {
  readonly dtype?: string;
  readonly shape?: number[];
  readonly data_offsets?: [number, number];
}

const lengthBytes = 8;

/** @throws Error where a tensor is not float32 or lies outside the file */
export async function readSafetensors(path: string): Promise<ReadonlyMap<string, SourceTensor>> {
  const bytes = await readFile(path);
  const headerLength = Number(bytes.readBigUInt64LE(0));
  const dataStart = lengthBytes + headerLength;
  const header = JSON.parse(bytes.toString('utf8', lengthBytes, dataStart)) as Record<string, HeaderEntry>;
  const tensors = new Map<string, SourceTensor>();
  for (const [name, { dtype, shape, data_offsets: offsets }] of Object.entries(header)) {
    if (name === '__metadata__') continue;
    if (dtype !== 'F32' || shape === undefined || offsets === undefined) throw new Error(`${name}: only F32 is read`);
    const values = shape.reduce((product, size) => product * size, 1);
    if (offsets[1] - offsets[0] !== values * 4 || dataStart + offsets[1] > bytes.byteLength) {
      throw new Error(`${name}: its bytes do not fit its shape`);
    }
    // Copied, because a typed array must start on a multiple of its element's size.
    const data = new Float32Array(values);
    new Uint8Array(data.buffer).set(bytes.subarray(dataStart + offsets[0], dataStart + offsets[1]));
    tensors.set(name, { shape, data });
  }
  return tensors;
}
