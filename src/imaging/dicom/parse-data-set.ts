/**
 * The structure of a DICOM data set (PS3.5 §7): bounded before it allocates. Nothing is believed that reaches beyond
 * its container; nesting and the number of elements are capped. Values stay where they are and are read on demand.
 */

import { AppError } from '../../shared/app-error.ts';
import { maxDicomElements, maxDicomNesting } from '../../shared/limits.ts';
import { DataSet, type ByteRange, type DicomElement } from './data-set.ts';
import { knownSequences, tagName, tags } from './tags.ts';

export interface ElementSyntax {
  readonly explicit: boolean;
  readonly littleEndian: boolean;
}

const undefinedLength = 0xffff_ffff;
const itemHeaderBytes = 8;
const longHeaderBytes = 12;
/** VRs whose length field has 16 bits; all others, future ones too, have 32 (PS3.5 §7.1.2, §6.2.2). */
export const shortVrs: ReadonlySet<string> = new Set(
  'AE AS AT CS DA DS DT FL FD IS LO LT PN SH SL SS ST TM UI UL US'.split(' '),
);
const longVrs: ReadonlySet<string> = new Set('OB OD OF OL OV OW SQ SV UC UN UR UT UV'.split(' '));

export function isKnownVr(vr: string): boolean {
  return shortVrs.has(vr) || longVrs.has(vr);
}

interface Header extends ByteRange {
  readonly tag: number;
  readonly vr: string;
}

export interface ParseDepth {
  /**
   * Enter everything that begins like a sequence, also where no VR says that it is one (implicit VR, UN): what is to be
   * de-identified must be seen whole. For reading pixels the few known sequences are enough.
   */
  readonly everySequence?: boolean;
}

/** Parses one run of bytes; use once. */
export class DataSetParser {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #everySequence: boolean;
  #elements = 0;

  constructor(bytes: Uint8Array, { everySequence = false }: ParseDepth = {}) {
    this.#bytes = bytes;
    this.#everySequence = everySequence;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /**
   * Elements from `at` on, to the pixel data (what follows them is not needed) or the end.
   *
   * @param belongs ends the data set before the first element whose tag it refuses
   * @returns the data set and where it ends
   * @throws AppError `image-truncated`, `image-corrupt`, `dicom-too-complex`
   */
  parse(at: number, syntax: ElementSyntax, belongs: (tag: number) => boolean = () => true) {
    return this.#dataSet(at, this.#bytes.length, syntax, 0, belongs);
  }

  #dataSet(
    start: number,
    end: number,
    syntax: ElementSyntax,
    depth: number,
    belongs?: (tag: number) => boolean,
  ): { readonly dataSet: DataSet; readonly end: number } {
    if (depth > maxDicomNesting) throw new AppError('dicom-too-complex', { nesting: depth });
    const elements = new Map<number, DicomElement>();
    const finish = (at: number) => ({ dataSet: new DataSet(this.#bytes, syntax.littleEndian, elements), end: at });
    let at = start;
    while (at + itemHeaderBytes <= end) {
      const tag = this.#tag(at, syntax.littleEndian);
      if (belongs !== undefined && !belongs(tag)) return finish(at);
      if (tag === tags.itemDelimitation && depth > 0) return finish(at + itemHeaderBytes);
      // Zeros at the end are padding; delimiters that close nothing are met in the wild and carry nothing.
      if (tag === 0 && depth === 0 && this.#isZero(at, end)) return finish(end);
      if (tag === tags.itemDelimitation || tag === tags.sequenceDelimitation) {
        at += itemHeaderBytes;
        continue;
      }
      this.#count();
      const header = this.#header(at, tag, end, syntax);
      if (tag === tags.pixelData && depth === 0) {
        elements.set(tag, this.#pixelData(header, end, syntax));
        return finish(end);
      }
      const { element, end: next } = this.#element(header, end, syntax, depth);
      // Of an element that is there twice the first counts.
      if (!elements.has(tag)) elements.set(tag, element);
      at = next;
    }
    if (depth === 0 && at < end && !this.#isZero(at, end)) throw new AppError('image-truncated', { format: 'dicom' });
    return finish(end);
  }

  #element(header: Header, end: number, syntax: ElementSyntax, depth: number) {
    const { tag, vr, offset, length } = header;
    const isOpen = length === undefinedLength;
    if (!isOpen && length > end - offset) {
      throw new AppError('image-truncated', { format: 'dicom', tag: tagName(tag), bytes: length });
    }
    const isSequence = vr === 'SQ' || isOpen || ((vr === '' || vr === 'UN') && knownSequences.has(tag) && length > 0);
    if (!isSequence) return { element: this.#hiddenSequence(header, syntax, depth), end: offset + length };
    // What was written as UN is implicit little-endian inside, whatever is around it (PS3.5 §6.2.2, note 2).
    const inner = vr === 'UN' ? { explicit: false, littleEndian: true } : syntax;
    const stop = isOpen ? end : offset + length;
    const { items, end: next } = this.#items(tag, offset, stop, isOpen, inner, depth + 1);
    return { element: { ...header, length: next - offset, items }, end: isOpen ? next : stop };
  }

  /** An element of no stated VR that begins like a sequence, entered; marked where it then turns out to be none. */
  #hiddenSequence(header: Header, syntax: ElementSyntax, depth: number): DicomElement {
    const { tag, vr, offset, length } = header;
    const inner = vr === 'UN' ? { explicit: false, littleEndian: true } : syntax;
    const mayBe = this.#everySequence && (vr === '' || vr === 'UN') && length >= itemHeaderBytes;
    if (!mayBe || this.#tag(offset, inner.littleEndian) !== tags.item) return header;
    try {
      return { ...header, items: this.#items(tag, offset, offset + length, false, inner, depth + 1).items };
    } catch (thrown) {
      if (thrown instanceof AppError && thrown.code !== 'dicom-too-complex') return { ...header, unreadable: true };
      throw thrown;
    }
  }

  #items(tag: number, start: number, end: number, isOpen: boolean, syntax: ElementSyntax, depth: number) {
    const items: DataSet[] = [];
    let at = start;
    while (at + itemHeaderBytes <= end) {
      const itemTag = this.#tag(at, syntax.littleEndian);
      const length = this.#view.getUint32(at + 4, syntax.littleEndian);
      at += itemHeaderBytes;
      if (itemTag === tags.sequenceDelimitation) return { items, end: at };
      if (itemTag !== tags.item) throw new AppError('image-corrupt', { format: 'dicom', tag: tagName(tag) });
      this.#count();
      if (length !== undefinedLength && length > end - at) {
        throw new AppError('image-truncated', { format: 'dicom', tag: tagName(tag), bytes: length });
      }
      const stop = length === undefinedLength ? end : at + length;
      const parsed = this.#dataSet(at, stop, syntax, depth);
      items.push(parsed.dataSet);
      at = length === undefinedLength ? parsed.end : stop;
    }
    if (isOpen) throw new AppError('image-truncated', { format: 'dicom', tag: tagName(tag) });
    return { items, end };
  }

  /** Native: a range that may end early. Encapsulated: fragments up to the delimiter or the end of the file. */
  #pixelData(header: Header, end: number, { littleEndian }: ElementSyntax): DicomElement {
    const { offset, length } = header;
    if (length !== undefinedLength) {
      const available = Math.min(length, end - offset);
      return { ...header, length: available, ...(available < length ? { truncated: true } : {}) };
    }
    const fragments: ByteRange[] = [];
    let at = offset;
    let truncated = false;
    while (at + itemHeaderBytes <= end && this.#tag(at, littleEndian) === tags.item) {
      this.#count();
      const wanted = this.#view.getUint32(at + 4, littleEndian);
      at += itemHeaderBytes;
      const available = Math.min(wanted, end - at);
      truncated ||= available < wanted;
      fragments.push({ offset: at, length: available });
      at += available;
    }
    return { ...header, length: at - offset, fragments, ...(truncated ? { truncated } : {}) };
  }

  #header(at: number, tag: number, end: number, { explicit, littleEndian }: ElementSyntax): Header {
    const vr = explicit ? String.fromCharCode(this.#bytes[at + 4]!, this.#bytes[at + 5]!) : '';
    // A known VR, or one of the future: two capitals and two reserved zeros. Else this element was written implicitly.
    const isFuture = /^[A-Z]{2}$/.test(vr) && this.#view.getUint16(at + 6) === 0;
    if (!explicit || !(isKnownVr(vr) || isFuture)) {
      return { tag, vr: '', offset: at + itemHeaderBytes, length: this.#view.getUint32(at + 4, littleEndian) };
    }
    if (shortVrs.has(vr)) {
      return { tag, vr, offset: at + itemHeaderBytes, length: this.#view.getUint16(at + 6, littleEndian) };
    }
    if (at + longHeaderBytes > end) throw new AppError('image-truncated', { format: 'dicom', tag: tagName(tag) });
    return { tag, vr, offset: at + longHeaderBytes, length: this.#view.getUint32(at + 8, littleEndian) };
  }

  #tag(at: number, littleEndian: boolean): number {
    const wordBits = 0x1_0000;
    return this.#view.getUint16(at, littleEndian) * wordBits + this.#view.getUint16(at + 2, littleEndian);
  }

  #isZero(from: number, to: number): boolean {
    for (let at = from; at < to; at += 1) if (this.#bytes[at] !== 0) return false;
    return true;
  }

  #count(): void {
    this.#elements += 1;
    if (this.#elements > maxDicomElements) throw new AppError('dicom-too-complex', { elements: this.#elements });
  }
}
