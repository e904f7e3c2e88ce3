import { AppError } from '../../../shared/app-error.ts';

/** Codes have at most this many bits (ITU-T T.81 §C). */
export const maxCodeBits = 16;

/** A Huffman table as it is written: how many codes there are of each length, 1..16, and their symbols in order. */
export interface HuffmanSpecification {
  readonly counts: Uint8Array;
  readonly symbols: Uint8Array;
}

/**
 * For each possible 16 bits: the length of the code they begin with × 256 + its symbol; 0 where they begin with none
 * (T.81 §C.2, Annex F.2.2.3).
 *
 * @throws AppError `image-corrupt` where the counts leave no prefix code
 */
export function buildHuffmanTable({ counts, symbols }: HuffmanSpecification): Uint16Array {
  const table = new Uint16Array(1 << maxCodeBits);
  let next = 0;
  let symbol = 0;
  for (let bits = 1; bits <= maxCodeBits; bits += 1) {
    const span = 1 << (maxCodeBits - bits);
    for (let index = 0; index < counts[bits - 1]!; index += 1) {
      if (next + span > table.length) throw new AppError('image-corrupt', { format: 'jpeg' });
      table.fill((bits << 8) | symbols[symbol]!, next, next + span);
      next += span;
      symbol += 1;
    }
  }
  return table;
}
