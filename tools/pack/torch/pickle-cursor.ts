import { RefusedFileError } from '../refused-file.ts';

/** No text in a network's pickle is longer; the longest are the sources of its classes, some ten thousand bytes. */
const maxTextBytes = 1 << 20;
/** PyTorch's magic number takes ten bytes. */
const maxIntegerBytes = 16;
const maxNameBytes = 256;
const newline = 0x0a;
const bitsPerByte = 8;

/** Reads the arguments of a pickle's operations; every length is compared with what is left before it is used. */
export class PickleCursor {
  #offset: number;
  readonly #bytes: Uint8Array;
  readonly #view: DataView;

  constructor(bytes: Uint8Array, start: number) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#offset = start;
  }

  get offset(): number {
    return this.#offset;
  }

  /** @returns where the `length` bytes begin that were passed over */
  #advance(length: number): number {
    const start = this.#offset;
    const left = this.#bytes.length - start;
    if (length > left) {
      throw new RefusedFileError(
        'truncated',
        `At byte ${start} the pickle announces ${length} bytes and ${left} are left: the file is cut off or not what it says.`,
      );
    }
    this.#offset += length;
    return start;
  }

  u8(): number {
    return this.#view.getUint8(this.#advance(1));
  }

  u16(): number {
    return this.#view.getUint16(this.#advance(2), true);
  }

  i32(): number {
    return this.#view.getInt32(this.#advance(4), true);
  }

  u32(): number {
    return this.#view.getUint32(this.#advance(4), true);
  }

  /** Beyond 2⁵³ rounded, which no length survives anyway. */
  u64(): number {
    return Number(this.#view.getBigUint64(this.#advance(8), true));
  }

  /** BINFLOAT is the one big-endian value. */
  float64(): number {
    return this.#view.getFloat64(this.#advance(8), false);
  }

  bytes(length: number): Uint8Array {
    if (length < 0) throw new RefusedFileError('malformed', `At byte ${this.#offset} a length is negative.`);
    const start = this.#advance(length);
    return this.#bytes.subarray(start, start + length);
  }

  /** Compares `length` with what is left and stays where it is. */
  expect(length: number): void {
    this.#offset = this.#advance(length);
  }

  text(length: number): string {
    const start = this.#offset;
    const bytes = this.bytes(length);
    if (length > maxTextBytes) throw new RefusedFileError('too-large', `At byte ${start} a text has ${length} bytes.`);
    try {
      return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    } catch {
      throw new RefusedFileError('malformed', `At byte ${start} a text is not UTF-8.`);
    }
  }

  /** Little-endian two's complement (LONG1, LONG4); a number where it is a safe integer. */
  integer(length: number): number | bigint {
    const start = this.#offset;
    const bytes = this.bytes(length);
    if (length > maxIntegerBytes) {
      throw new RefusedFileError('too-large', `At byte ${start} an integer has ${length} bytes.`);
    }
    const unsigned = bytes.reduceRight((value, byte) => (value << BigInt(bitsPerByte)) | BigInt(byte), 0n);
    const value = BigInt.asIntN(length * bitsPerByte, unsigned);
    const asNumber = Number(value);
    return Number.isSafeInteger(asNumber) ? asNumber : value;
  }

  /** Up to the next newline: a module's or a class's name. */
  line(): string {
    const start = this.#offset;
    const end = this.#bytes.subarray(start, start + maxNameBytes).indexOf(newline);
    if (end < 0) {
      if (start + maxNameBytes > this.#bytes.length) {
        throw new RefusedFileError('truncated', `The pickle ends within the name at byte ${start}.`);
      }
      throw new RefusedFileError('too-large', `At byte ${start} a name has more than ${maxNameBytes} bytes.`);
    }
    const name = this.text(end);
    this.#advance(1);
    return name;
  }
}
