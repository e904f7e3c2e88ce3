/**
 * The entries of a zip file that only stores (APPNOTE.TXT 6.3.10). PyTorch never compresses, so nothing is inflated here
 * and a file cannot hold more than its own bytes. Sizes come from the central directory; zip64 is read because PyTorch
 * writes its end record always.
 */

import { crc32 } from '../../../src/shared/crc32.ts';
import { RefusedFileError } from '../refused-file.ts';

export interface ZipEntry {
  readonly name: string;
  readonly crc: number;
  /** Stored, a part of the file. */
  readonly bytes: Uint8Array;
}

const endSignature = 0x06054b50;
const endBytes = 22;
const maxCommentBytes = 0xffff;
const zip64LocatorSignature = 0x07064b50;
const zip64LocatorBytes = 20;
const zip64EndSignature = 0x06064b50;
const zip64EndBytes = 56;
const centralSignature = 0x02014b50;
const centralBytes = 46;
const localSignature = 0x04034b50;
const localBytes = 30;
const zip64ExtraId = 0x0001;
const inZip64 = 0xffffffff;
const encryptedFlag = 1;
/** The whole DenseNet-121 has about 730. */
const maxEntries = 1 << 16;

interface Directory {
  readonly entries: number;
  readonly offset: number;
  readonly bytes: number;
}

/**
 * Nothing is copied; checksums are not compared yet (`checkedBytes`).
 *
 * @throws RefusedFileError `truncated`, `too-large`, `malformed`, `unsupported`
 */
export function readZipDirectory(file: Uint8Array): ReadonlyMap<string, ZipEntry> {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const directory = findDirectory(file, view);
  if (directory.entries > maxEntries) {
    throw new RefusedFileError('too-large', `The zip file announces ${directory.entries} entries.`);
  }
  need(file, directory.offset, directory.bytes, 'its directory');
  const entries = new Map<string, ZipEntry>();
  let offset = directory.offset;
  for (let index = 0; index < directory.entries; index += 1) {
    const { entry, next } = readEntry(file, view, offset);
    if (entries.has(entry.name)) throw malformed(`${entry.name} is there twice`);
    entries.set(entry.name, entry);
    offset = next;
  }
  return entries;
}

/** @throws RefusedFileError `damaged` where the checksum does not hold */
export function checkedBytes({ name, crc, bytes }: ZipEntry): Uint8Array {
  if (crc32(bytes) !== crc) {
    throw new RefusedFileError('damaged', `The checksum of ${name} does not hold: fetch the file again.`);
  }
  return bytes;
}

function findDirectory(file: Uint8Array, view: DataView): Directory {
  const first = Math.max(0, file.length - endBytes - maxCommentBytes);
  let end = file.length - endBytes;
  while (end >= first && view.getUint32(end, true) !== endSignature) end -= 1;
  if (end < first) {
    throw new RefusedFileError('truncated', 'The end of the zip file is missing: fetch the file again.');
  }
  const locator = end - zip64LocatorBytes;
  if (locator >= 0 && view.getUint32(locator, true) === zip64LocatorSignature) {
    const zip64End = u64(view, locator + 8);
    need(file, zip64End, zip64EndBytes, 'its zip64 end record');
    if (view.getUint32(zip64End, true) !== zip64EndSignature) throw malformed('its zip64 end record is missing');
    return { entries: u64(view, zip64End + 32), bytes: u64(view, zip64End + 40), offset: u64(view, zip64End + 48) };
  }
  return {
    entries: view.getUint16(end + 10, true),
    bytes: view.getUint32(end + 12, true),
    offset: view.getUint32(end + 16, true),
  };
}

function readEntry(file: Uint8Array, view: DataView, offset: number): { entry: ZipEntry; next: number } {
  need(file, offset, centralBytes, 'its directory');
  if (view.getUint32(offset, true) !== centralSignature) throw malformed('its directory is not one');
  const flags = view.getUint16(offset + 8, true);
  const method = view.getUint16(offset + 10, true);
  const crc = view.getUint32(offset + 16, true);
  const nameBytes = view.getUint16(offset + 28, true);
  const extraBytes = view.getUint16(offset + 30, true);
  const commentBytes = view.getUint16(offset + 32, true);
  const next = offset + centralBytes + nameBytes + extraBytes + commentBytes;
  need(file, offset, next - offset, 'its directory');
  const name = Buffer.from(file.subarray(offset + centralBytes, offset + centralBytes + nameBytes)).toString('utf8');
  if (method !== 0 || (flags & encryptedFlag) !== 0) {
    throw new RefusedFileError(
      'unsupported',
      `${name} is compressed or encrypted, which torch.save() never does: take the file as it was saved.`,
    );
  }

  // Values that do not fit 32 bits follow one another in the zip64 field, in this order (APPNOTE 4.5.3).
  const wide = zip64Values(view, offset + centralBytes + nameBytes, extraBytes);
  const read = (place: number): number => {
    const value = view.getUint32(offset + place, true);
    return value === inZip64 ? (wide.shift() ?? value) : value;
  };
  const size = read(24);
  const packedSize = read(20);
  const headerOffset = read(42);
  if (packedSize !== size) throw malformed(`${name} is stored and has two sizes`);
  return { entry: { name, crc, bytes: storedBytes(file, view, name, headerOffset, size) }, next };
}

function storedBytes(file: Uint8Array, view: DataView, name: string, offset: number, size: number): Uint8Array {
  need(file, offset, localBytes, name);
  if (view.getUint32(offset, true) !== localSignature) throw malformed(`${name} is not where the directory says`);
  const start = offset + localBytes + view.getUint16(offset + 26, true) + view.getUint16(offset + 28, true);
  need(file, start, size, name);
  return file.subarray(start, start + size);
}

function zip64Values(view: DataView, start: number, length: number): number[] {
  const end = start + length;
  for (let offset = start; offset + 4 <= end;) {
    const id = view.getUint16(offset, true);
    const bytes = view.getUint16(offset + 2, true);
    const next = offset + 4 + bytes;
    if (next > end) throw malformed('an extra field is longer than its place');
    if (id === zip64ExtraId) {
      const values: number[] = [];
      for (let place = offset + 4; place + 8 <= next; place += 8) values.push(u64(view, place));
      return values;
    }
    offset = next;
  }
  return [];
}

/** Beyond 2⁵³ rounded, which no place in a file survives. */
function u64(view: DataView, offset: number): number {
  return Number(view.getBigUint64(offset, true));
}

function need(file: Uint8Array, offset: number, length: number, what: string): void {
  if (offset + length > file.length) {
    throw new RefusedFileError('truncated', `The zip file ends before the end of ${what}: fetch the file again.`);
  }
}

function malformed(what: string): RefusedFileError {
  return new RefusedFileError('malformed', `Not a proper zip file: ${what}.`);
}
