import { AppError } from '../shared/app-error.ts';

/**
 * Bounds-checked reads from a file's bytes: whatever would lie beyond the end is `image-truncated`,
 * so that no parser of ours ever meets a RangeError, which means "out of memory" here.
 */
export class ByteReader {
  readonly bytes: Uint8Array;
  readonly #view: DataView;
  readonly #littleEndian: boolean;
  readonly #format: string;

  /** @param format for the error's details */
  constructor(bytes: Uint8Array, format: string, littleEndian: boolean) {
    this.bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#littleEndian = littleEndian;
    this.#format = format;
  }

  get length(): number {
    return this.bytes.length;
  }

  /** @throws AppError `image-truncated` where fewer than `length` bytes lie at `offset` */
  need(offset: number, length: number): void {
    if (offset < 0 || offset + length > this.bytes.length)
      throw new AppError('image-truncated', { format: this.#format });
  }

  u8(offset: number): number {
    this.need(offset, 1);
    return this.#view.getUint8(offset);
  }

  u16(offset: number): number {
    this.need(offset, 2);
    return this.#view.getUint16(offset, this.#littleEndian);
  }

  /** Three bytes, little-endian, as WebP has them. */
  u24le(offset: number): number {
    this.need(offset, 3);
    return this.#view.getUint16(offset, true) + this.#view.getUint8(offset + 2) * 0x10000;
  }

  u32(offset: number): number {
    this.need(offset, 4);
    return this.#view.getUint32(offset, this.#littleEndian);
  }

  i32(offset: number): number {
    this.need(offset, 4);
    return this.#view.getInt32(offset, this.#littleEndian);
  }

  /** `length` bytes as Latin-1; for four-letter codes. */
  ascii(offset: number, length: number): string {
    this.need(offset, length);
    return String.fromCharCode(...this.bytes.subarray(offset, offset + length));
  }

  slice(offset: number, length: number): Uint8Array {
    this.need(offset, length);
    return this.bytes.subarray(offset, offset + length);
  }
}
