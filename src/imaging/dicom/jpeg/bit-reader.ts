import { AppError } from '../../../shared/app-error.ts';
import { maxCodeBits } from './huffman-table.ts';

const markerByte = 0xff;
const byteBits = 8;
/** A 32-bit register that holds more than this has no room for another byte. */
const fullBits = 24;

/** Reads the entropy-coded bits of one scan, up to the next marker (T.81 §F.1.2.3: FF 00 is the byte FF). */
export class BitReader {
  readonly #bytes: Uint8Array;
  #at: number;
  #register = 0;
  #count = 0;
  /** Zeros that were put behind the last real bit, so that a short last code can be looked up. */
  #padding = 0;

  constructor(bytes: Uint8Array, at: number) {
    this.#bytes = bytes;
    this.#at = at;
  }

  /** Where the marker lies that ended the bits. */
  get position(): number {
    return this.#at;
  }

  /** @throws AppError `image-corrupt` for bits that are no code, `image-truncated` */
  decode(table: Uint16Array): number {
    this.#fill();
    const found = table[(this.#register >>> (this.#count - maxCodeBits)) & 0xffff]!;
    const length = found >> byteBits;
    if (length === 0) throw new AppError(this.#padding > 0 ? 'image-truncated' : 'image-corrupt', { format: 'jpeg' });
    this.#drop(length);
    return found & 0xff;
  }

  /** `bits` (0..16) bits as the signed difference that they stand for (T.81 §F.2.2.1, EXTEND). */
  receiveExtend(bits: number): number {
    if (bits === 0) return 0;
    this.#fill();
    const value = (this.#register >>> (this.#count - bits)) & ((1 << bits) - 1);
    this.#drop(bits);
    return value < 1 << (bits - 1) ? value - (1 << bits) + 1 : value;
  }

  /**
   * Goes past the restart marker that must come now (T.81 §E.2.4).
   *
   * @throws AppError `image-corrupt` where there is none
   */
  restart(): void {
    this.#count = 0;
    this.#padding = 0;
    const marker = this.#bytes[this.#at] === markerByte ? this.#bytes[this.#at + 1] : undefined;
    const isRestart = marker !== undefined && marker >= 0xd0 && marker <= 0xd7;
    if (!isRestart) throw new AppError(marker === undefined ? 'image-truncated' : 'image-corrupt', { format: 'jpeg' });
    this.#at += 2;
  }

  #drop(bits: number): void {
    this.#count -= bits;
    if (this.#count < this.#padding) throw new AppError('image-truncated', { format: 'jpeg' });
  }

  #fill(): void {
    while (this.#count <= fullBits) {
      const byte = this.#bytes[this.#at];
      const isStuffed = byte === markerByte && this.#bytes[this.#at + 1] === 0;
      const ends = byte === undefined || (byte === markerByte && !isStuffed);
      this.#register = (this.#register << byteBits) | (ends ? 0 : byte);
      this.#count += byteBits;
      if (ends) this.#padding += byteBits;
      else this.#at += isStuffed ? 2 : 1;
    }
  }
}
