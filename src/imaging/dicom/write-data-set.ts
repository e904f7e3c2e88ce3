/** Writes data sets (PS3.5 §7): values as they are, lengths always stated, so that nothing has to be searched for an end. */

import { byteLength } from './join-bytes.ts';
import { shortVrs, type ElementSyntax } from './parse-data-set.ts';
import { tags } from './tags.ts';

export interface WrittenElement {
  readonly tag: number;
  /** Ignored where VRs are implicit; there and where it is unknown it may be empty. */
  readonly vr: string;
  readonly content: ElementContent;
}

export type ElementContent =
  | { readonly kind: 'value'; readonly bytes: Uint8Array }
  | { readonly kind: 'items'; readonly items: readonly (readonly WrittenElement[])[] }
  /** Encapsulated pixel data (PS3.5 §A.4): the items with their headers, without the delimiter that ends them. */
  | { readonly kind: 'fragments'; readonly bytes: Uint8Array };

const undefinedLength = 0xffff_ffff;
const shortHeaderBytes = 8;
const longHeaderBytes = 12;
const space = 0x20;
/** Text is padded with a space, UIDs and bytes with a zero (PS3.5 §6.2). */
const paddedWithSpace: ReadonlySet<string> = new Set('AE AS CS DA DS DT IS LO LT PN SH ST TM UC UR UT'.split(' '));
/** What is implicit inside whatever lies around it (PS3.5 §6.2.2, note 2). */
const insideUnknown: ElementSyntax = { explicit: false, littleEndian: true };

/** @returns the parts of which the data set consists, in order; large values are not copied */
export function writeDataSet(elements: readonly WrittenElement[], syntax: ElementSyntax): readonly Uint8Array[] {
  return [...elements].sort((a, b) => a.tag - b.tag).flatMap((element) => writeElement(element, syntax));
}

function writeElement({ tag, vr, content }: WrittenElement, syntax: ElementSyntax): readonly Uint8Array[] {
  switch (content.kind) {
    case 'value': {
      const { bytes } = content;
      const isOdd = bytes.length % 2 === 1;
      const padding = isOdd ? [Uint8Array.of(paddedWithSpace.has(vr) ? space : 0)] : [];
      return [header(tag, vr, bytes.length + padding.length, syntax), bytes, ...padding];
    }
    case 'items': {
      const inner = syntax.explicit && vr !== 'SQ' ? insideUnknown : syntax;
      const parts = content.items.flatMap((item) => {
        const own = writeDataSet(item, inner);
        return [itemHeader(tags.item, byteLength(own), inner.littleEndian), ...own];
      });
      return [header(tag, vr, byteLength(parts), syntax), ...parts];
    }
    case 'fragments':
      return [
        header(tag, vr, undefinedLength, syntax),
        content.bytes,
        itemHeader(tags.sequenceDelimitation, 0, syntax.littleEndian),
      ];
  }
}

function header(tag: number, vr: string, length: number, { explicit, littleEndian }: ElementSyntax): Uint8Array {
  if (!explicit) return itemHeader(tag, length, littleEndian);
  const stated = vr === '' ? 'UN' : vr;
  const isShort = shortVrs.has(stated);
  const bytes = new Uint8Array(isShort ? shortHeaderBytes : longHeaderBytes);
  const view = new DataView(bytes.buffer);
  writeTag(view, tag, littleEndian);
  bytes[4] = stated.charCodeAt(0);
  bytes[5] = stated.charCodeAt(1);
  if (isShort) view.setUint16(6, length, littleEndian);
  else view.setUint32(8, length, littleEndian);
  return bytes;
}

/** Tag and 32-bit length: of items, delimiters and implicit elements. */
function itemHeader(tag: number, length: number, littleEndian: boolean): Uint8Array {
  const view = new DataView(new ArrayBuffer(shortHeaderBytes));
  writeTag(view, tag, littleEndian);
  view.setUint32(4, length, littleEndian);
  return new Uint8Array(view.buffer);
}

function writeTag(view: DataView, tag: number, littleEndian: boolean): void {
  const wordBits = 16;
  const wordMask = 0xffff;
  view.setUint16(0, tag >>> wordBits, littleEndian);
  view.setUint16(2, tag & wordMask, littleEndian);
}
