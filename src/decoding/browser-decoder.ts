import type { BrowserDecoder } from '../imaging/decode-picture.ts';
import { swapsSides } from '../imaging/exif-orientation.ts';
import { boundedSize } from '../imaging/resize.ts';
import { AppError } from '../shared/app-error.ts';
import { maxArea, maxLongSide } from '../shared/limits.ts';

/**
 * Decodes through `createImageBitmap` and an `OffscreenCanvas`: for WebP, GIF, BMP, AVIF and HEIC, for CMYK JPEG, and for
 * JPEG where our decoder cannot start or the picture is very large. Browsers undo EXIF orientation here whatever they
 * are told.
 *
 * @throws AppError `format-unsupported` where this browser has no `OffscreenCanvas`; DOMException `InvalidStateError`
 *   where it cannot read the file
 */
export const decodeInBrowser: BrowserDecoder = async (bytes, mimeType, header) => {
  if (typeof OffscreenCanvas === 'undefined' || typeof createImageBitmap === 'undefined') {
    throw new AppError('format-unsupported', { format: header.format });
  }
  const swapped = swapsSides(header.orientation);
  const [width, height] = swapped ? [header.height, header.width] : [header.width, header.height];
  const bounds = boundedSize(width, height, maxLongSide, maxArea);
  const isReduced = bounds.width < width;
  const bitmap = await createImageBitmap(new Blob([bytes], { type: mimeType }), {
    // Stored values are wanted, not those for this screen.
    colorSpaceConversion: 'none',
    premultiplyAlpha: 'none',
    ...(isReduced ? { resizeWidth: bounds.width, resizeHeight: bounds.height, resizeQuality: 'high' as const } : {}),
  });
  try {
    const size = boundedSize(bitmap.width, bitmap.height, maxLongSide, maxArea);
    const canvas = new OffscreenCanvas(size.width, size.height);
    // Without alpha the canvas is black, which is what transparency becomes. Pixels are read once: no GPU.
    const context = canvas.getContext('2d', { alpha: false, willReadFrequently: true, colorSpace: 'srgb' });
    if (context === null) throw new AppError('decode-out-of-memory', { format: header.format });
    context.drawImage(bitmap, 0, 0, size.width, size.height);
    return context.getImageData(0, 0, size.width, size.height);
  } finally {
    bitmap.close();
  }
};
