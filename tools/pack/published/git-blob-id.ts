/** The name that git gives a file's content: SHA-1 of `blob SIZE\0CONTENT` (Pro Git, "Git Internals: Git Objects"). */

import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';

/**
 * @param size bytes of the whole content; git hashes it first
 * @param content in any pieces
 * @returns 40 hexadecimal digits, lower case
 * @throws Error where the content has another size
 */
export async function gitBlobId(
  size: number,
  content: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): Promise<string> {
  const hash = createHash('sha1').update(`blob ${size}\0`);
  let seen = 0;
  for await (const piece of content) {
    seen += piece.byteLength;
    hash.update(piece);
  }
  if (seen !== size) throw new Error(`A content of ${size} bytes was announced and ${seen} came.`);
  return hash.digest('hex');
}

/** Of a file, read piece by piece. */
export async function gitBlobIdOfFile(path: string): Promise<string> {
  const { size } = await stat(path);
  return gitBlobId(size, createReadStream(path) as AsyncIterable<Uint8Array>);
}
