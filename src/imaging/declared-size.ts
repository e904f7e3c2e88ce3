import { AppError } from '../shared/app-error.ts';
import { maxDeclaredPixels } from '../shared/limits.ts';
import type { PictureFormat } from './sniff-format.ts';

/**
 * Holds the size that a header declares against the limit, before anything is allocated for it.
 *
 * @throws AppError `image-too-large`, or `image-corrupt` where a side is not positive
 */
export function checkDeclaredSize(format: PictureFormat, width: number, height: number): void {
  if (width < 1 || height < 1) throw new AppError('image-corrupt', { format, width, height });
  if (width * height > maxDeclaredPixels) {
    throw new AppError('image-too-large', { format, width, height, maxPixels: maxDeclaredPixels });
  }
}
