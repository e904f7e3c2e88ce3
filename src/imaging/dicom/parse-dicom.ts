import { AppError } from '../../shared/app-error.ts';
import { cleanText } from '../../shared/clean-text.ts';
import type { DataSet } from './data-set.ts';
import { inflateDataSet } from './inflate-data-set.ts';
import { DataSetParser, isKnownVr, type ParseDepth } from './parse-data-set.ts';
import { tags } from './tags.ts';
import {
  explicitBigEndian,
  explicitLittleEndian,
  findTransferSyntax,
  implicitLittleEndian,
  refusedTransferSyntaxes,
  type TransferSyntax,
} from './transfer-syntaxes.ts';

export interface DicomFile {
  /** File meta information (PS3.10 §7.1), as far as there is any. */
  readonly meta: DataSet;
  readonly dataSet: DataSet;
  readonly transferSyntax: TransferSyntax;
  /** True where the file names none, or one that its first element contradicts. */
  readonly transferSyntaxGuessed: boolean;
}

const preambleBytes = 128;
const prefix = 'DICM';
const metaGroup = 0x0002;
const wordBits = 16;

/**
 * The door to DICOM files (PS3.10 §7): with or without preamble and meta header.
 *
 * @param bytes the whole file
 * @throws AppError `dicom-unsupported` (the transfer syntax), `image-truncated`, `image-corrupt`, `dicom-too-complex`
 */
export function parseDicom(bytes: Uint8Array, depth: ParseDepth = {}): DicomFile {
  const start = hasPreamble(bytes) ? preambleBytes + prefix.length : 0;
  const isMeta = (tag: number): boolean => tag >>> wordBits === metaGroup;
  // Group length is often wrong: the meta header ends where its group does. It is explicit little-endian always.
  const meta = new DataSetParser(bytes).parse(start, explicitLittleEndian, isMeta);
  const uid = meta.dataSet.text(tags.transferSyntaxUid);
  const named = uid === undefined ? undefined : requireTransferSyntax(uid);
  if (named?.deflated === true) {
    const inflated = inflateDataSet(bytes.subarray(meta.end));
    const { dataSet } = new DataSetParser(inflated, depth).parse(0, named);
    return { meta: meta.dataSet, dataSet, transferSyntax: named, transferSyntaxGuessed: false };
  }
  const seen = guessSyntax(bytes.subarray(meta.end));
  const isContradicted = named?.codec === 'native' && named.explicit === false && seen?.explicit === true;
  const transferSyntax = (isContradicted ? seen : (named ?? seen)) ?? implicitLittleEndian;
  const { dataSet } = new DataSetParser(bytes, depth).parse(meta.end, transferSyntax);
  return { meta: meta.dataSet, dataSet, transferSyntax, transferSyntaxGuessed: transferSyntax !== named };
}

function hasPreamble(bytes: Uint8Array): boolean {
  return Array.from(prefix).every((letter, index) => bytes[preambleBytes + index] === letter.charCodeAt(0));
}

function requireTransferSyntax(uid: string): TransferSyntax {
  const known = findTransferSyntax(uid);
  if (known !== undefined) return known;
  throw new AppError('dicom-unsupported', {
    feature: refusedTransferSyntaxes[uid] ?? `transfer syntax ${cleanText(uid)}`,
  });
}

/** From the first element: its VR where there is one, and the byte order in which its group is the smaller number. */
function guessSyntax(bytes: Uint8Array): TransferSyntax | undefined {
  const headerBytes = 8;
  if (bytes.length < headerBytes) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const isExplicit = isKnownVr(String.fromCharCode(bytes[4]!, bytes[5]!));
  if (!isExplicit) return implicitLittleEndian;
  return view.getUint16(0, true) <= view.getUint16(0, false) ? explicitLittleEndian : explicitBigEndian;
}
