import { maxShownTextLength } from '../../shared/limits.ts';

/** A run of bytes of a file. */
export interface ByteRange {
  readonly offset: number;
  readonly length: number;
}

export interface DicomElement extends ByteRange {
  readonly tag: number;
  /** Two letters; empty where the file does not say (implicit VR). */
  readonly vr: string;
  /** The file ends before the element does; only ever true for pixel data. */
  readonly truncated?: boolean;
  /** Begins like a sequence and is none; only with `everySequence`. */
  readonly unreadable?: boolean;
  /** Items of a sequence. */
  readonly items?: readonly DataSet[];
  /** Encapsulated pixel data: the first is the basic offset table (DICOM PS3.5 §A.4). */
  readonly fragments?: readonly ByteRange[];
}

/** Bytes of a numeric VR's value. */
const widths: Readonly<Record<string, number>> = { US: 2, SS: 2, UL: 4, SL: 4, FL: 4, FD: 8 };

/** Elements of one data set or item, read on demand. No method throws on odd content: what cannot be read is absent. */
export class DataSet {
  readonly bytes: Uint8Array;
  readonly littleEndian: boolean;
  readonly #view: DataView;
  readonly #elements: ReadonlyMap<number, DicomElement>;

  constructor(bytes: Uint8Array, littleEndian: boolean, elements: ReadonlyMap<number, DicomElement>) {
    this.bytes = bytes;
    this.littleEndian = littleEndian;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#elements = elements;
  }

  get size(): number {
    return this.#elements.size;
  }

  elements(): Iterable<DicomElement> {
    return this.#elements.values();
  }

  element(tag: number): DicomElement | undefined {
    return this.#elements.get(tag);
  }

  items(tag: number): readonly DataSet[] {
    return this.#elements.get(tag)?.items ?? [];
  }

  /** The element's bytes. */
  value(tag: number): Uint8Array | undefined {
    const element = this.#elements.get(tag);
    return element === undefined ? undefined : this.bytes.subarray(element.offset, element.offset + element.length);
  }

  /** All values of a text element, each trimmed; at most `maxShownTextLength` characters are looked at. */
  texts(tag: number): readonly string[] {
    const value = this.value(tag)?.subarray(0, maxShownTextLength) ?? new Uint8Array();
    // Code strings, dates and numbers are ASCII (PS3.5 §6.2); anything else is not believed anyway.
    const text = Array.from(value, (byte) => String.fromCharCode(byte)).join('');
    return text.split('\\').map((part) => part.replace(/^[\s\0]+|[\s\0]+$/g, ''));
  }

  /** The first value of a text element; undefined where it is absent or empty. */
  text(tag: number): string | undefined {
    const [first] = this.texts(tag);
    return first === undefined || first === '' ? undefined : first;
  }

  /** All finite values of a DS or IS element. */
  decimals(tag: number): readonly number[] {
    return this.texts(tag)
      .filter((text) => text !== '')
      .map(Number)
      .filter(Number.isFinite);
  }

  decimal(tag: number): number | undefined {
    return this.decimals(tag)[0];
  }

  /**
   * A binary number.
   *
   * @param expectedVr of an implicit file, and of the elements that may be US or SS
   */
  number(tag: number, expectedVr = 'US', index = 0): number | undefined {
    const element = this.#elements.get(tag);
    if (element === undefined) return undefined;
    const vr = element.vr in widths ? element.vr : expectedVr;
    const width = widths[vr] ?? 2;
    if ((index + 1) * width > element.length) return undefined;
    const at = element.offset + index * width;
    const little = this.littleEndian;
    switch (vr) {
      case 'SS':
        return this.#view.getInt16(at, little);
      case 'UL':
        return this.#view.getUint32(at, little);
      case 'SL':
        return this.#view.getInt32(at, little);
      case 'FL':
        return this.#view.getFloat32(at, little);
      case 'FD':
        return this.#view.getFloat64(at, little);
      default:
        return this.#view.getUint16(at, little);
    }
  }

  /** 16-bit words of an element, in the file's byte order. */
  words(tag: number): Uint16Array {
    const value = this.value(tag) ?? new Uint8Array();
    const view = new DataView(value.buffer, value.byteOffset, value.byteLength);
    return Uint16Array.from({ length: value.length >> 1 }, (_, index) => view.getUint16(index * 2, this.littleEndian));
  }
}
