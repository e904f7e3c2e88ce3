import type { DataSet } from './data-set.ts';
import { tags } from './tags.ts';

/** A table over consecutive values; what lies outside takes the nearest end (PS3.3 §C.11.1.1). */
export interface LookupTable {
  readonly first: number;
  readonly entries: Uint16Array;
  /** Bits an entry. */
  readonly bits: number;
}

export interface LookupTableTags {
  readonly descriptor: number;
  readonly data: number;
}

const itemTags: LookupTableTags = { descriptor: tags.lutDescriptor, data: tags.lutData };
/** A count of 0 in the descriptor's 16 bits means 65,536. */
const fullCount = 0x1_0000;
const highestSigned = 0x7fff;

/**
 * @param signed whether the values that are looked up have signs: it decides how the descriptor's first value is read
 * @returns undefined where the table is missing or has fewer entries than it says
 */
export function readLookupTable(
  item: DataSet,
  signed: boolean,
  { descriptor, data }: LookupTableTags = itemTags,
): LookupTable | undefined {
  const count = item.number(descriptor, 'US', 0);
  const stated = item.number(descriptor, signed ? 'SS' : 'US', 1);
  const bits = item.number(descriptor, 'US', 2);
  if (count === undefined || stated === undefined || bits === undefined || bits < 1 || bits > 16) return undefined;
  // Where values have signs the first one does, even in a descriptor that was written as US.
  const first = signed && stated > highestSigned ? stated - fullCount : stated;
  // The count is unsigned even where the descriptor's VR is SS.
  const length = (count & 0xffff) === 0 ? fullCount : count & 0xffff;
  const bytes = item.value(data) ?? new Uint8Array();
  // Some writers pack 8-bit entries two a word, as PS3.3 §C.7.6.3.1.6 allows for palettes.
  const isPacked = bits <= 8 && bytes.length < length * 2;
  const entries = isPacked ? packedEntries(item, data, length) : item.words(data).subarray(0, length);
  return entries.length < length ? undefined : { first, entries, bits };
}

function packedEntries(item: DataSet, data: number, length: number): Uint16Array {
  const bytes = item.value(data) ?? new Uint8Array();
  const flip = item.littleEndian || item.element(data)?.vr === 'OB' ? 0 : 1;
  return Uint16Array.from({ length: Math.min(length, bytes.length) }, (_, index) => bytes[index ^ flip] ?? 0);
}

export function lookUp({ first, entries }: LookupTable, value: number): number {
  const index = Math.floor(value) - first;
  return entries[index < 0 ? 0 : index >= entries.length ? entries.length - 1 : index]!;
}
