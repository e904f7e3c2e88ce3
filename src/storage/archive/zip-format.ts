/**
 * The part of the zip format that a `.chesterpack` uses: entries stored as they are, sizes before the content, no zip64,
 * no encryption (PKWARE APPNOTE 6.3.10; numbers are little-endian).
 */

export const localSignature = 0x04034b50;
export const directorySignature = 0x02014b50;
export const endSignature = 0x06054b50;

/** Bytes of each record, without the name and whatever else follows it. */
export const localHeaderBytes = 30;
export const directoryHeaderBytes = 46;
export const endBytes = 22;
export const signatureBytes = 4;

/** Bits of "general purpose bit flag", 4.4.4. */
export const flagBits = { encrypted: 0x1, sizesFollow: 0x8, strongEncryption: 0x40, maskedHeaders: 0x2000 } as const;
export const storedMethod = 0;

/** 2.0: what folders and plain entries need. */
const versionNeeded = 20;
/** 1980-01-01 00:00, the first that the format knows: the same pack is the same file whenever it was written. */
const firstDay = 0x21;

/** What a local header and its line in the directory both say. */
export interface ZipEntry {
  /** ASCII. */
  readonly path: string;
  readonly bytes: number;
  readonly crc32: number;
}

export interface ReadHeader {
  readonly flags: number;
  readonly method: number;
  readonly crc32: number;
  readonly storedBytes: number;
  readonly bytes: number;
  readonly nameBytes: number;
  readonly extraBytes: number;
}

/** 4.3.7 */
export function writeLocalHeader(entry: ZipEntry): Uint8Array<ArrayBuffer> {
  const name = new TextEncoder().encode(entry.path);
  const { record, view } = makeRecord(localHeaderBytes, name);
  view.setUint32(0, localSignature, true);
  writeShared(view, 4, entry, name.length);
  return record;
}

/** 4.3.12 @param offset where the entry's local header begins */
export function writeDirectoryHeader(entry: ZipEntry, offset: number): Uint8Array<ArrayBuffer> {
  const name = new TextEncoder().encode(entry.path);
  const { record, view } = makeRecord(directoryHeaderBytes, name);
  view.setUint32(0, directorySignature, true);
  view.setUint16(4, versionNeeded, true);
  writeShared(view, 6, entry, name.length);
  view.setUint32(42, offset, true);
  return record;
}

/** 4.3.16 */
export function writeEnd(entries: number, directoryBytes: number, directoryOffset: number): Uint8Array<ArrayBuffer> {
  const record = new Uint8Array(endBytes);
  const view = new DataView(record.buffer);
  view.setUint32(0, endSignature, true);
  view.setUint16(8, entries, true);
  view.setUint16(10, entries, true);
  view.setUint32(12, directoryBytes, true);
  view.setUint32(16, directoryOffset, true);
  return record;
}

/** Of a record that begins with its signature. @param at offset of "version needed to extract" */
export function readHeader(record: Uint8Array, at: number): ReadHeader {
  const view = new DataView(record.buffer, record.byteOffset, record.byteLength);
  return {
    flags: view.getUint16(at + 2, true),
    method: view.getUint16(at + 4, true),
    crc32: view.getUint32(at + 10, true),
    storedBytes: view.getUint32(at + 14, true),
    bytes: view.getUint32(at + 18, true),
    nameBytes: view.getUint16(at + 22, true),
    extraBytes: view.getUint16(at + 24, true),
  };
}

export function readSignature(bytes: Uint8Array): number {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(0, true);
}

function makeRecord(headerBytes: number, name: Uint8Array): { record: Uint8Array<ArrayBuffer>; view: DataView } {
  const record = new Uint8Array(headerBytes + name.length);
  record.set(name, headerBytes);
  return { record, view: new DataView(record.buffer) };
}

/** From "version needed to extract" to "file name length"; flags, method and time are 0. */
function writeShared(view: DataView, at: number, { bytes, crc32 }: ZipEntry, nameBytes: number): void {
  view.setUint16(at, versionNeeded, true);
  view.setUint16(at + 8, firstDay, true);
  view.setUint32(at + 10, crc32, true);
  view.setUint32(at + 14, bytes, true);
  view.setUint32(at + 18, bytes, true);
  view.setUint16(at + 22, nameBytes, true);
}
