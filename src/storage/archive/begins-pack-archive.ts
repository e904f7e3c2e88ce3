import { manifestPath } from '../../shared/pack.ts';
import { localHeaderBytes, localSignature, readHeader, readSignature, signatureBytes } from './zip-format.ts';

/** Bytes from the start of a file that `beginsPackArchive` looks at. */
export const packArchiveHeadBytes = localHeaderBytes + manifestPath.length;

/**
 * Whether a file begins as a `.chesterpack` does: a zip whose first entry is `pack.json`. Names are never believed.
 * @param head the first `packArchiveHeadBytes` of the file or more
 */
export function beginsPackArchive(head: Uint8Array): boolean {
  const name = new TextEncoder().encode(manifestPath);
  if (head.length < packArchiveHeadBytes || readSignature(head) !== localSignature) return false;
  return (
    readHeader(head, signatureBytes).nameBytes === name.length &&
    name.every((byte, index) => head[localHeaderBytes + index] === byte)
  );
}
