import { AppError } from '../shared/app-error.ts';
import { maxFileBytes } from '../shared/limits.ts';

/**
 * What can be said of a file before any of it is decoded: it is not too large, and it can be read at all.
 * @throws AppError `file-too-large` {bytes, limit}, `file-empty`, `file-is-folder`, `file-unreadable`
 */
export async function checkFile(file: File): Promise<void> {
  if (file.size > maxFileBytes) throw new AppError('file-too-large', { bytes: file.size, limit: maxFileBytes });
  try {
    await file.slice(0, 1).arrayBuffer();
  } catch (thrown) {
    // A dropped folder comes as a File that fails to be read; so does a file that was moved meanwhile.
    // Folders have neither a type nor, mostly, an extension, and browsers tell nothing more.
    const looksLikeFolder = file.type === '' && !/\.[^.]+$/.test(file.name);
    throw new AppError(looksLikeFolder ? 'file-is-folder' : 'file-unreadable', {}, thrown);
  }
  if (file.size === 0) throw new AppError('file-empty');
}
