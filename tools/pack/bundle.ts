/** One pack in one file, written from its folder and read back, by the code that the app uses. */

import { createReadStream } from 'node:fs';
import { open, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { AppError } from '../../src/shared/app-error.ts';
import { manifestPath, type PackContents, type PackManifest } from '../../src/shared/pack.ts';
import { sha256Hex } from '../../src/shared/sha256.ts';
import { openPackArchive } from '../../src/storage/archive/read-pack-archive.ts';
import { writePackArchive, type ArchivedFile } from '../../src/storage/archive/write-pack-archive.ts';
import { validatePack } from '../../src/storage/validate-pack.ts';

/**
 * Writes the `.chesterpack` of a pack's folder. Each file is checked against its SHA-256 on the way; the file appears under
 * its name only when it is whole.
 *
 * @returns bytes of the file
 * @throws AppError `pack-missing`, `pack-invalid`, `pack-damaged` {pack, path}
 */
export async function bundlePack(folder: string, outFile: string): Promise<number> {
  const unfinished = `${outFile}.part`;
  try {
    const out = await open(unfinished, 'w');
    let bytes = 0;
    try {
      for await (const piece of writePackArchive(folderFiles(folder))) {
        await out.write(piece);
        bytes += piece.length;
      }
    } finally {
      await out.close();
    }
    await rename(unfinished, outFile);
    return bytes;
  } catch (thrown) {
    await rm(unfinished, { force: true });
    throw thrown;
  }
}

/**
 * A `.chesterpack` in memory, everything checked. Its id is what it calls itself: whom to believe is for a person to say
 * who named the file.
 *
 * @throws AppError `pack-missing` where it cannot be read, and those of `openPackArchive`
 */
export async function readPackArchive(file: string): Promise<PackContents> {
  try {
    const archive = await openPackArchive(Readable.toWeb(createReadStream(file)) as ReadableStream<Uint8Array>);
    const files = new Map<string, ArrayBuffer>();
    for await (const { path, bytes } of archive.files()) files.set(path, bytes.buffer);
    return { manifest: archive.manifest, files };
  } catch (thrown) {
    const error = AppError.from(thrown);
    throw error.code === 'file-unreadable' ? new AppError('pack-missing', { pack: file }, error) : error;
  }
}

async function* folderFiles(folder: string): AsyncGenerator<ArchivedFile> {
  const manifestBytes = await readBytes(folder, manifestPath);
  const manifest = validatePack(parse(manifestBytes));
  yield { path: manifestPath, bytes: manifestBytes };
  for (const { path, sha256 } of manifest.files) {
    const bytes = await readBytes(folder, path);
    if ((await sha256Hex(bytes)) !== sha256) throw new AppError('pack-damaged', { pack: manifest.id, path });
    yield { path, bytes };
  }
}

async function readBytes(folder: string, path: string): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return Uint8Array.from(await readFile(join(folder, path)));
  } catch (thrown) {
    throw new AppError('pack-missing', { pack: folder, path }, thrown);
  }
}

function parse(bytes: Uint8Array): PackManifest {
  try {
    return JSON.parse(new TextDecoder().decode(bytes)) as PackManifest;
  } catch (thrown) {
    throw new AppError('pack-invalid', { reason: `${manifestPath} is not JSON` }, thrown);
  }
}
