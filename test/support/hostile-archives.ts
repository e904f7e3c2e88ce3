/** `.chesterpack` files as nobody should make them. Browser and Node. */

import { writePackArchive, type ArchivedFile } from '../../src/storage/archive/write-pack-archive.ts';
import { manifestPath, type PackManifest } from '../../src/shared/pack.ts';
import type { SamplePack } from './sample-pack.ts';

/** A pack's files in the order of its archive. */
export function archivedFiles({ manifest, manifestBytes, files }: SamplePack): ArchivedFile[] {
  return [
    { path: manifestPath, bytes: new Uint8Array(manifestBytes) },
    ...manifest.files.map(({ path }) => ({ path, bytes: new Uint8Array(files.get(path) ?? new ArrayBuffer(0)) })),
  ];
}

export async function zipOf(files: Iterable<ArchivedFile>): Promise<Uint8Array<ArrayBuffer>> {
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  for await (const piece of writePackArchive(files)) pieces.push(piece.slice());
  return joined(pieces);
}

export function joined(pieces: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

/** A little-endian number over whatever lies there. */
export function patched(
  bytes: Uint8Array<ArrayBuffer>,
  at: number,
  value: number,
  size: 2 | 4,
): Uint8Array<ArrayBuffer> {
  const copy = bytes.slice();
  const view = new DataView(copy.buffer);
  if (size === 2) view.setUint16(at, value, true);
  else view.setUint32(at, value, true);
  return copy;
}

/** Where each local header begins, in an archive of ours. */
export function headerOffsets(files: readonly ArchivedFile[]): number[] {
  const headerBytes = 30;
  let at = 0;
  return files.map(({ path, bytes }) => {
    const own = at;
    at += headerBytes + path.length + bytes.length;
    return own;
  });
}

/** A pack whose manifest is changed after it was made, its other files as they were. */
export function withManifest(pack: SamplePack, change: (manifest: PackManifest) => PackManifest): SamplePack {
  const manifest = change(pack.manifest);
  return { ...pack, manifest, manifestBytes: new TextEncoder().encode(JSON.stringify(manifest)).buffer };
}
