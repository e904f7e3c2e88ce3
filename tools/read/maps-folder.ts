import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { FileReading } from './reader.ts';

/**
 * Where what belongs to `file` is written: under `folder`, at the file's own path with `ending` added. A leading slash is
 * dropped and each `..` becomes `_up`, so that nothing is ever written outside `folder`.
 */
export function mapsPath(folder: string, file: string, ending = '.json'): string {
  const parts = file
    .split(/[\\/]/u)
    .filter((part) => part !== '' && part !== '.')
    .map((part) => (part === '..' ? '_up' : part.replaceAll(':', '_')));
  return join(folder, `${parts.join('/')}${ending}`);
}

/**
 * Writes `{ file, sha256, image, field, maps }`: the maps of all findings in logit units, row-major, and the part of
 * the picture that they cover. Written aside and renamed, so that a file that exists is whole.
 */
export async function writeMaps(folder: string, file: string, { analysis, maps }: FileReading): Promise<void> {
  const { sha256, width, height } = analysis.image;
  const path = mapsPath(folder, file);
  const part = `${path}.${process.pid}.part`;
  await mkdir(dirname(path), { recursive: true });
  await writeFile(part, `${JSON.stringify({ file, sha256, image: { width, height }, field: analysis.field, maps })}\n`);
  await rename(part, path);
}
