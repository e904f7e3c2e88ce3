/** Pictures from the system's share sheet: into the inbox, then to the page, which takes them out. */

import { AppError } from '../src/shared/app-error.ts';
import { maxFileBytes } from '../src/shared/limits.ts';
import { sharedFilesQuery, shareTargetPath } from '../src/shared/messages.ts';
import type { StoredSharedFile } from '../src/storage/inbox.ts';
import { putSharedFiles } from '../src/storage/inbox.ts';
import { scopeAddress } from './worker-scope.ts';

/** What a person shares by hand; more is a mistake, and each is held in memory here. */
const maxSharedFiles = 20;

/** 303: the browser goes on with GET, so that a reload does not share again (RFC 9110, §15.4.4). */
const seeOther = 303;

export function isShare(request: Request): boolean {
  return request.method === 'POST' && request.url === new URL(shareTargetPath, scopeAddress()).href;
}

/** Always leads to the page; where it failed the query says why: `?shared=storage-full`. */
export async function receiveShare(request: Request): Promise<Response> {
  const target = new URL(`./?${sharedFilesQuery}`, scopeAddress());
  try {
    await putSharedFiles(await filesOf(request));
  } catch (thrown) {
    target.searchParams.set(sharedFilesQuery, AppError.from(thrown, 'file-unreadable').code);
  }
  return Response.redirect(target.href, seeOther);
}

async function filesOf(request: Request): Promise<StoredSharedFile[]> {
  const entries = [...(await request.formData()).values()];
  const files = entries.filter((entry): entry is File => entry instanceof File).slice(0, maxSharedFiles);
  const tooLarge = files.find((file) => file.size > maxFileBytes);
  if (tooLarge !== undefined) throw new AppError('file-too-large', { bytes: tooLarge.size });
  return Promise.all(
    files.map(async (file) => ({ name: file.name, type: file.type, bytes: await file.arrayBuffer() })),
  );
}
