import type { BrowserDecoder, PictureCodecs } from '../imaging/decode-picture.ts';
import { swapsSides } from '../imaging/exif-orientation.ts';
import type { ImageHeader } from '../imaging/image-header.ts';
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
export const decodeInBrowser: BrowserDecoder = (bytes, mimeType, header) =>
  decodeWithin(bytes, mimeType, header, { longSide: maxLongSide, area: maxArea }, 'high');

/**
 * A photograph, as small as it is needed while it is decoded: `medium` costs nothing beside decoding, `high` half as much
 * again (docs/decisions/0036-opening-files.md).
 *
 * @returns undefined where canvases are not to be believed
 * @throws as `decodeInBrowser`
 */
export const decodePhotographInBrowser: NonNullable<PictureCodecs['photograph']> = async (bytes, header, longSide) => {
  if (!(await canvasTellsTruth())) return undefined;
  const most = { longSide, area: longSide ** 2 };
  const { width, height, data } = await decodeWithin(bytes, `image/${header.format}`, header, most, 'medium');
  return { width, height, rgba: data };
};

async function decodeWithin(
  bytes: Uint8Array<ArrayBuffer>,
  mimeType: string,
  header: ImageHeader,
  { longSide, area }: { readonly longSide: number; readonly area: number },
  resizeQuality: ResizeQuality,
): Promise<ImageData> {
  if (typeof OffscreenCanvas === 'undefined' || typeof createImageBitmap === 'undefined') {
    throw new AppError('format-unsupported', { format: header.format });
  }
  const swapped = swapsSides(header.orientation);
  const [width, height] = swapped ? [header.height, header.width] : [header.width, header.height];
  const bounds = boundedSize(width, height, longSide, area);
  const isReduced = bounds.width < width;
  const bitmap = await createImageBitmap(new Blob([bytes], { type: mimeType }), {
    // Stored values are wanted, not those for this screen.
    colorSpaceConversion: 'none',
    // JPEG has no alpha, and a pass over its pixels less.
    ...(header.format === 'jpeg' ? {} : { premultiplyAlpha: 'none' as const }),
    ...(isReduced ? { resizeWidth: bounds.width, resizeHeight: bounds.height, resizeQuality } : {}),
  });
  try {
    const size = boundedSize(bitmap.width, bitmap.height, longSide, area);
    // Without alpha the canvas is black, which is what transparency becomes.
    const context = openCanvas(size.width, size.height, header.format);
    context.drawImage(bitmap, 0, 0, size.width, size.height);
    return context.getImageData(0, 0, size.width, size.height);
  } finally {
    bitmap.close();
  }
}

/** Pixels are read once: no GPU. */
function openCanvas(width: number, height: number, format: string): OffscreenCanvasRenderingContext2D {
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d', { alpha: false, willReadFrequently: true, colorSpace: 'srgb' });
  if (context === null) throw new AppError('decode-out-of-memory', { format });
  return context;
}

/** Side of the pattern that is drawn, and by how much a pixel may come back otherwise. */
const patternSide = 16;
const largestLie = 2;

/**
 * Browsers that resist fingerprinting give back other pixels than were drawn: Firefox white or random ones
 * (`privacy.resistFingerprinting`), Brave some that differ by one. Drawn and read back once for each worker.
 */
function canvasTellsTruth(): Promise<boolean> {
  return (truth ??= checkCanvas().catch(() => false));
}
let truth: Promise<boolean> | undefined;

async function checkCanvas(): Promise<boolean> {
  const drawn = new ImageData(patternSide, patternSide);
  const opaque = 255;
  for (let at = 0; at < drawn.data.length; at += 4) {
    const pixel = at / 4;
    drawn.data.set([pixel, (pixel * 37) % 256, (pixel * 101) % 256, opaque], at);
  }
  const bitmap = await createImageBitmap(drawn);
  try {
    const context = openCanvas(patternSide, patternSide, 'pattern');
    context.drawImage(bitmap, 0, 0);
    const { data } = context.getImageData(0, 0, patternSide, patternSide);
    return data.every((value, at) => Math.abs(value - drawn.data[at]!) <= largestLie);
  } finally {
    bitmap.close();
  }
}
