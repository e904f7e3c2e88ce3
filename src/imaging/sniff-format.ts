/** Which format a file really has, by its content: names and MIME types are never believed. */

import { AppError } from '../shared/app-error.ts';

/** What this app reads. */
export const pictureFormats = ['png', 'jpeg', 'webp', 'gif', 'bmp', 'avif', 'heic'] as const;
export type PictureFormat = (typeof pictureFormats)[number];
export type ReadableFormat = PictureFormat | 'dicom';

export type SniffedFormat =
  | PictureFormat
  | 'tiff'
  | 'jpeg-2000'
  | 'jpeg-xl'
  | 'ico'
  | 'psd'
  | 'pdf'
  | 'video'
  | 'dicom'
  | 'svg'
  | 'html'
  | 'text'
  | 'archive'
  | 'program'
  | 'empty'
  | 'unknown';

/** Bytes from the start of a file that `sniffFormat` looks at. */
export const sniffedBytes = 1024;

interface Signature {
  readonly format: SniffedFormat;
  readonly at: number;
  /** Latin-1. */
  readonly bytes: string;
}

/** Sources: the formats' specifications; WHATWG MIME Sniffing §4.1 and §6 for those that it has. */
const signatures: readonly Signature[] = [
  { format: 'png', at: 0, bytes: '\x89PNG\r\n\x1a\n' },
  { format: 'jpeg', at: 0, bytes: '\xff\xd8\xff' },
  { format: 'gif', at: 0, bytes: 'GIF87a' },
  { format: 'gif', at: 0, bytes: 'GIF89a' },
  { format: 'dicom', at: 128, bytes: 'DICM' },
  { format: 'tiff', at: 0, bytes: 'II*\0' },
  { format: 'tiff', at: 0, bytes: 'MM\0*' },
  { format: 'tiff', at: 0, bytes: 'II+\0' },
  { format: 'jpeg-2000', at: 0, bytes: '\0\0\0\x0cjP  ' },
  { format: 'jpeg-2000', at: 0, bytes: '\xff\x4f\xff\x51' },
  { format: 'jpeg-xl', at: 0, bytes: '\0\0\0\x0cJXL ' },
  { format: 'jpeg-xl', at: 0, bytes: '\xff\x0a' },
  { format: 'ico', at: 0, bytes: '\0\0\x01\0' },
  { format: 'psd', at: 0, bytes: '8BPS' },
  { format: 'pdf', at: 0, bytes: '%PDF-' },
  { format: 'video', at: 0, bytes: '\x1a\x45\xdf\xa3' },
  { format: 'archive', at: 0, bytes: 'PK\x03\x04' },
  { format: 'archive', at: 0, bytes: 'PK\x05\x06' },
  { format: 'archive', at: 0, bytes: '\x1f\x8b' },
  { format: 'archive', at: 0, bytes: "7z\xbc\xaf'\x1c" },
  { format: 'archive', at: 0, bytes: 'Rar!\x1a\x07' },
  { format: 'archive', at: 257, bytes: 'ustar' },
  { format: 'program', at: 0, bytes: '\x7fELF' },
];

/** Brands of ISO base media files (`ftyp` box; MIAF, ISO/IEC 23000-22). */
const avifBrands: readonly string[] = ['avif', 'avis'];
const heicBrands: readonly string[] = ['heic', 'heix', 'heim', 'heis', 'hevc', 'hevx', 'mif1', 'msf1'];

/**
 * @param head the first `sniffedBytes` of the file or more (all of it where it is shorter)
 */
export function sniffFormat(head: Uint8Array): SniffedFormat {
  if (head.length === 0) return 'empty';
  const found = signatures.find((signature) => hasBytes(head, signature.at, signature.bytes));
  if (found !== undefined) return found.format;
  if (hasBytes(head, 0, 'RIFF')) return hasBytes(head, 8, 'WEBP') ? 'webp' : 'video';
  if (hasBytes(head, 4, 'ftyp')) return isoMediaFormat(head);
  if (isBitmap(head)) return 'bmp';
  if (isProgram(head)) return 'program';
  if (isDicomWithoutPreamble(head)) return 'dicom';
  return textFormat(head);
}

/**
 * Narrows to the formats that this app reads.
 *
 * @throws AppError that says what the file is instead
 */
export function requireReadableFormat(format: SniffedFormat): ReadableFormat {
  switch (format) {
    case 'png':
    case 'jpeg':
    case 'webp':
    case 'gif':
    case 'bmp':
    case 'avif':
    case 'heic':
    case 'dicom':
      return format;
    case 'empty':
      throw new AppError('file-empty');
    case 'svg':
      throw new AppError('format-is-svg');
    case 'html':
    case 'text':
      throw new AppError('format-is-text', { format });
    case 'archive':
      throw new AppError('format-is-archive');
    case 'unknown':
      throw new AppError('format-unknown');
    default:
      throw new AppError('format-unsupported', { format });
  }
}

function hasBytes(head: Uint8Array, at: number, bytes: string): boolean {
  if (head.length < at + bytes.length) return false;
  for (let index = 0; index < bytes.length; index += 1) {
    if (head[at + index] !== bytes.charCodeAt(index)) return false;
  }
  return true;
}

function isoMediaFormat(head: Uint8Array): SniffedFormat {
  const boxLength = new DataView(head.buffer, head.byteOffset).getUint32(0);
  // Major brand at 8, minor version at 12, compatible brands from 16.
  const brands: string[] = [];
  for (let at = 8; at + 4 <= Math.min(boxLength, head.length); at += 4) {
    if (at !== 12) brands.push(String.fromCharCode(...head.subarray(at, at + 4)));
  }
  if (brands.some((brand) => avifBrands.includes(brand))) return 'avif';
  return brands.some((brand) => heicBrands.includes(brand)) ? 'heic' : 'video';
}

/** "BM" alone begins many a text: the sizes of the known headers must follow (BITMAPCOREHEADER to V5). */
function isBitmap(head: Uint8Array): boolean {
  const knownHeaderBytes = [12, 16, 40, 52, 56, 64, 108, 124];
  const headerSizeAt = 14;
  if (!hasBytes(head, 0, 'BM') || head.length < headerSizeAt + 4) return false;
  return knownHeaderBytes.includes(new DataView(head.buffer, head.byteOffset).getUint32(headerSizeAt, true));
}

/** "MZ" and no text: DOS and Windows programs. */
function isProgram(head: Uint8Array): boolean {
  return hasBytes(head, 0, 'MZ') && !looksLikeText(head);
}

/** VRs of the elements that may come first. */
const firstVrs: readonly string[] = ['UL', 'OB', 'UI', 'CS', 'DA', 'TM', 'SH', 'LO'];

/** Files of old archives begin with the first element of group 0002 or 0008 (DICOM PS3.5 §7.1). */
function isDicomWithoutPreamble(head: Uint8Array): boolean {
  if (hasBytes(head, 0, '\0\x08\0')) return firstVrs.includes(String.fromCharCode(head[4] ?? 0, head[5] ?? 0));
  const isGroup = hasBytes(head, 0, '\x02\0') || hasBytes(head, 0, '\x08\0');
  // Elements of these groups that come first are below 0100H.
  const highestFirstElement = 0x20;
  if (!isGroup || head.length < 8 || head[3] !== 0 || (head[2] ?? 0) > highestFirstElement) return false;
  const representation = String.fromCharCode(head[4] ?? 0, head[5] ?? 0);
  const explicit = firstVrs.includes(representation);
  const implicitLength = new DataView(head.buffer, head.byteOffset).getUint32(4, true);
  return explicit || (implicitLength > 0 && implicitLength <= 64);
}

function textFormat(head: Uint8Array): SniffedFormat {
  const isUtf16 = hasBytes(head, 0, '\xff\xfe') || hasBytes(head, 0, '\xfe\xff');
  if (!isUtf16 && !looksLikeText(head)) return 'unknown';
  const encoding = hasBytes(head, 0, '\xfe\xff') ? 'utf-16be' : isUtf16 ? 'utf-16le' : 'utf-8';
  const text = new TextDecoder(encoding).decode(head).trimStart().toLowerCase();
  if (!text.startsWith('<')) return 'text';
  if (/<svg[\s>:]/.test(text)) return 'svg';
  return /<(!doctype html|html|head|body|script)[\s>]/.test(text) ? 'html' : 'text';
}

/** No byte that text never has (WHATWG MIME Sniffing §3, "binary data byte"). */
function looksLikeText(head: Uint8Array): boolean {
  const escape = 0x1b;
  const space = 0x20;
  return head.subarray(0, sniffedBytes).every((byte) => {
    return byte >= space || byte === escape || (byte >= 0x09 && byte <= 0x0d && byte !== 0x0b);
  });
}
