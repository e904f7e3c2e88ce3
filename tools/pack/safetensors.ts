/**
 * Reads a safetensors file: 8 bytes of header length (little-endian), a JSON header, raw tensors that fill the rest
 * without holes and without overlap. Source: huggingface/safetensors, README, "Format".
 */

import { readFile } from 'node:fs/promises';
import { bytesPerElement, toFloat32, type ElementType } from './element-types.ts';
import { RefusedFileError } from './refused-file.ts';

export interface SourceTensor {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

interface TensorEntry {
  readonly name: string;
  readonly type: ElementType;
  readonly shape: readonly number[];
  /** In bytes after the header. */
  readonly begin: number;
  readonly end: number;
}

export const safetensorsLengthBytes = 8;
/** The reference implementation's own limit. */
const maxHeaderBytes = 100_000_000;
const openingBrace = 0x7b;
const maxDimensions = 8;

const elementTypes: ReadonlyMap<unknown, ElementType> = new Map([
  ['F64', 'float64'],
  ['F32', 'float32'],
  ['F16', 'float16'],
  ['BF16', 'bfloat16'],
  ['I64', 'int64'],
  ['I32', 'int32'],
  ['I16', 'int16'],
  ['I8', 'int8'],
  ['U8', 'uint8'],
  ['BOOL', 'bool'],
]);

/** @throws RefusedFileError */
export async function readSafetensors(path: string): Promise<ReadonlyMap<string, SourceTensor>> {
  return parseSafetensors(await readFile(path));
}

/**
 * Every length is checked before anything of that length is made.
 *
 * @returns the tensors as float32, in the order in which they lie in the file
 * @throws RefusedFileError `truncated`, `too-large`, `malformed` or `unsupported`, with the tensor's name
 */
export function parseSafetensors(bytes: Uint8Array): ReadonlyMap<string, SourceTensor> {
  const dataStart = dataStartOf(bytes);
  const header = parseHeader(bytes.subarray(safetensorsLengthBytes, dataStart));
  const entries = Object.entries(header)
    .filter(([name]) => name !== '__metadata__')
    .map(([name, entry]) => parseEntry(name, entry))
    .sort((a, b) => a.begin - b.begin || a.end - b.end);

  // In the order of their places each must begin where the one before it ends: no overlap, no holes.
  let place = 0;
  for (const { name, begin, end } of entries) {
    if (begin !== place) {
      throw malformed(begin < place ? `${name} overlaps the tensor before it` : `there is a hole before ${name}`);
    }
    place = end;
  }
  const available = bytes.length - dataStart;
  if (place > available) {
    throw new RefusedFileError('truncated', `The file announces ${place} bytes of tensors and holds ${available}.`);
  }
  if (place < available) throw malformed(`${available - place} bytes belong to no tensor`);

  return new Map(
    entries.map(({ name, type, shape, begin, end }) => [
      name,
      { shape, data: toFloat32(bytes.subarray(dataStart + begin, dataStart + end), type) },
    ]),
  );
}

function dataStartOf(bytes: Uint8Array): number {
  if (bytes.length < safetensorsLengthBytes) {
    throw new RefusedFileError('truncated', 'The file ends before the length of its header.');
  }
  const length = new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true);
  if (length > maxHeaderBytes) {
    throw new RefusedFileError('too-large', `The header says it is ${length.toString()} bytes long.`);
  }
  const dataStart = safetensorsLengthBytes + Number(length);
  if (dataStart > bytes.length) {
    throw new RefusedFileError(
      'truncated',
      `The header says it is ${length.toString()} bytes long, the file has ${bytes.length}.`,
    );
  }
  return dataStart;
}

function parseHeader(bytes: Uint8Array): object {
  if (bytes[0] !== openingBrace) throw malformed('the header does not begin with {');
  let header: unknown;
  try {
    header = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    throw malformed(`the header is not JSON: ${cause instanceof Error ? cause.message : String(cause)}`);
  }
  // What begins with { is an object.
  return header as object;
}

function parseEntry(name: string, entry: unknown): TensorEntry {
  if (typeof entry !== 'object' || entry === null) throw malformed(`${name} is not described`);
  const { dtype, shape, data_offsets: offsets } = entry as Readonly<Record<string, unknown>>;
  const type = elementTypes.get(dtype);
  if (type === undefined) {
    throw new RefusedFileError('unsupported', `${name} holds numbers of a kind that is not read: ${String(dtype)}.`);
  }
  if (!isListOfSizes(shape) || shape.length > maxDimensions) throw malformed(`${name} has no proper shape`);
  if (!isListOfSizes(offsets) || offsets.length !== 2) throw malformed(`${name} has no proper place`);
  const [begin = 0, end = 0] = offsets;
  const bytes = shape.reduce((product, size) => product * size, bytesPerElement[type]);
  if (end - begin !== bytes) throw malformed(`the bytes of ${name} do not fit its shape`);
  return { name, type, shape, begin, end };
}

function isListOfSizes(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.every((size) => Number.isSafeInteger(size) && (size as number) >= 0);
}

function malformed(what: string): RefusedFileError {
  return new RefusedFileError('malformed', `Not a proper safetensors file: ${what}.`);
}
