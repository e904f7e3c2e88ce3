/**
 * Reads a `.chesterpack` that anybody may have made. Strict rather than clever: what our own writer never writes is
 * refused by name, so that nothing is ever inflated, and no entry is read that the manifest does not list.
 */

import { AppError } from '../../shared/app-error.ts';
import type { ErrorDetails } from '../../shared/app-error.ts';
import { cleanText } from '../../shared/clean-text.ts';
import { crc32 } from '../../shared/crc32.ts';
import { maxFileBytes, maxManifestBytes } from '../../shared/limits.ts';
import { manifestPath } from '../../shared/pack.ts';
import type { PackFile, PackManifest } from '../../shared/pack.ts';
import { sha256Hex } from '../../shared/sha256.ts';
import { validatePack } from '../validate-pack.ts';
import { ChunkReader } from './chunk-reader.ts';
import type { ArchivedFile } from './write-pack-archive.ts';
import {
  directoryHeaderBytes,
  directorySignature,
  endBytes,
  endSignature,
  flagBits,
  localHeaderBytes,
  localSignature,
  readHeader,
  readSignature,
  signatureBytes,
  storedMethod,
} from './zip-format.ts';

/** Longer names are none of a pack's: the schema allows 128. */
const maxNameBytes = 256;

export type PackFileFault =
  | 'not-a-zip'
  | 'manifest-not-first'
  | 'cut-off'
  | 'unsafe-path'
  | 'unlisted'
  | 'repeated'
  | 'missing'
  | 'encrypted'
  | 'compressed'
  | 'sizes-follow'
  | 'too-large'
  | 'wrong-size'
  | 'changed'
  | 'directory'
  | 'surplus';

export interface PackArchive {
  /** Found right by itself; who it is, and whether to believe that, is the caller's business. */
  readonly manifest: PackManifest;
  readonly manifestBytes: Uint8Array<ArrayBuffer>;
  /** Hexadecimal. */
  readonly manifestSha256: string;
  /**
   * The other files, one by one as they lie there, each with the size and SHA-256 that the manifest states. It ends only
   * after the whole archive was found right; whoever stops before has half of it.
   *
   * @throws AppError as `openPackArchive`
   */
  files(): AsyncGenerator<ArchivedFile>;
  /** For who does not want the files. */
  close(): Promise<void>;
}

/**
 * Reads and checks the manifest; the other files come from `files()`. Nothing is allocated that was not bounded before.
 *
 * @param onBytes hears how many bytes have come so far
 * @throws AppError `pack-file-invalid` {reason: PackFileFault, path?}, `pack-invalid`, `pack-version-unknown`,
 *   `file-unreadable` where the stream fails
 */
export async function openPackArchive(
  stream: ReadableStream<Uint8Array>,
  onBytes: (received: number) => void = () => undefined,
): Promise<PackArchive> {
  const reader = new ChunkReader(stream, onBytes);
  try {
    const signature = await reader.take(signatureBytes);
    if (signature.length < signatureBytes || readSignature(signature) !== localSignature) throw fault('not-a-zip');
    const first = await readEntry(reader, (path) => {
      if (path !== manifestPath) throw fault('manifest-not-first', path);
      return { maxBytes: maxManifestBytes };
    });
    const manifest = validatePack(parseManifest(first.bytes));
    const totalBytes = manifest.files.reduce((sum, { bytes }) => sum + bytes, first.bytes.length);
    if (totalBytes > maxFileBytes) throw fault('too-large', undefined, { bytes: totalBytes, maxBytes: maxFileBytes });
    const manifestSha256 = await sha256Hex(first.bytes);
    return {
      manifest,
      manifestBytes: first.bytes,
      manifestSha256,
      files: () => readFiles(reader, manifest),
      close: () => reader.cancel(),
    };
  } catch (thrown) {
    await reader.cancel();
    throw thrown;
  }
}

async function* readFiles(reader: ChunkReader, manifest: PackManifest): AsyncGenerator<ArchivedFile> {
  const listed = new Map(manifest.files.map((file): [string, PackFile] => [file.path, file]));
  const order = [manifestPath];
  try {
    let signature = await takeSignature(reader);
    for (; signature === localSignature; signature = await takeSignature(reader)) {
      const { path, bytes } = await readEntry(reader, (name) => {
        const file = listed.get(name);
        if (file === undefined) throw fault(refusedName(name), name);
        if (order.includes(name)) throw fault('repeated', name);
        return { maxBytes: file.bytes, exactly: true };
      });
      if ((await sha256Hex(bytes)) !== listed.get(path)?.sha256) throw fault('changed', path);
      order.push(path);
      yield { path, bytes };
    }
    const missing = manifest.files.find(({ path }) => !order.includes(path));
    if (missing !== undefined) throw fault('missing', missing.path);
    await readDirectory(reader, signature, order);
  } finally {
    await reader.cancel();
  }
}

interface SizeRule {
  readonly maxBytes: number;
  readonly exactly?: boolean;
}

/** One entry, its signature taken already. `admit` sees the name before anything else of it is read, and may throw. */
async function readEntry(reader: ChunkReader, admit: (path: string) => SizeRule): Promise<ArchivedFile> {
  const record = await takeAll(reader, localHeaderBytes - signatureBytes);
  const header = readHeader(record, 0);
  if (header.nameBytes > maxNameBytes) throw fault('unsafe-path');
  const path = await takeName(reader, header.nameBytes);
  const { maxBytes, exactly = false } = admit(path);
  const { encrypted, strongEncryption, maskedHeaders, sizesFollow } = flagBits;
  if ((header.flags & (encrypted | strongEncryption | maskedHeaders)) !== 0) throw fault('encrypted', path);
  // Sizes after the content: its end would have to be guessed.
  if ((header.flags & sizesFollow) !== 0) throw fault('sizes-follow', path);
  if (header.bytes > maxBytes) throw fault('too-large', path, { bytes: header.bytes, maxBytes });
  if (header.method !== storedMethod) throw fault('compressed', path);
  if (header.storedBytes !== header.bytes || (exactly && header.bytes !== maxBytes)) throw fault('wrong-size', path);
  // Times and owners of other writers; at most 64 KiB.
  await takeAll(reader, header.extraBytes);
  const bytes = await takeAll(reader, header.bytes, path);
  if (crc32(bytes) !== header.crc32) throw fault('changed', path);
  return { path, bytes };
}

/** The end says what the beginning said, and nothing comes after it. */
async function readDirectory(reader: ChunkReader, firstSignature: number, order: readonly string[]): Promise<void> {
  let signature = firstSignature;
  for (const path of order) {
    if (signature !== directorySignature) throw fault('directory', path);
    const record = await takeAll(reader, directoryHeaderBytes - signatureBytes);
    const { nameBytes, extraBytes } = readHeader(record, 2);
    const commentBytes = new DataView(record.buffer).getUint16(28, true);
    if ((await takeName(reader, nameBytes)) !== path) throw fault('directory', path);
    await takeAll(reader, extraBytes + commentBytes);
    signature = await takeSignature(reader);
  }
  if (signature !== endSignature) throw fault('directory');
  const end = new DataView((await takeAll(reader, endBytes - signatureBytes)).buffer);
  if (end.getUint16(4, true) !== order.length || end.getUint16(6, true) !== order.length) throw fault('directory');
  await takeAll(reader, end.getUint16(16, true));
  if ((await reader.take(1)).length > 0) throw fault('surplus');
}

async function takeAll(reader: ChunkReader, length: number, path?: string): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = await reader.take(length);
  if (bytes.length < length) throw fault('cut-off', path);
  return bytes;
}

async function takeSignature(reader: ChunkReader): Promise<number> {
  return readSignature(await takeAll(reader, signatureBytes));
}

/** As Latin-1, which never fails: a name that is not ASCII is in no manifest, nor is one that is too long. */
async function takeName(reader: ChunkReader, length: number): Promise<string> {
  return String.fromCharCode(...(await takeAll(reader, Math.min(length, maxNameBytes + 1))));
}

function refusedName(path: string): PackFileFault {
  if (path === manifestPath) return 'repeated';
  const isUnsafe = path.startsWith('/') || path.includes('\\') || path.includes(':') || /(^|\/)\.\.?(\/|$)/.test(path);
  return isUnsafe ? 'unsafe-path' : 'unlisted';
}

function parseManifest(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (thrown) {
    throw new AppError('pack-invalid', { reason: `${manifestPath} is not JSON` }, thrown);
  }
}

function fault(reason: PackFileFault, path?: string, details: ErrorDetails = {}): AppError {
  const named = path === undefined ? {} : { path: cleanText(path, maxNameBytes) };
  return new AppError('pack-file-invalid', { reason, ...named, ...details });
}
