import type { DisplayImage } from '../shared/analysis.ts';
import { maxDisplaySide } from '../shared/limits.ts';
import type { GrayPixels } from './network-input.ts';
import { boundedSize, resizeArea } from './resize.ts';

const white = 255;

/** The copy that people look at: 8 bits, long side ≤ `maxDisplaySide`, the same shape to within a pixel. */
export function toDisplayImage(image: GrayPixels): DisplayImage {
  const { width, height } = boundedSize(image.width, image.height, maxDisplaySide, maxDisplaySide ** 2);
  const isWhole = width === image.width && height === image.height;
  const values = isWhole ? image.data : resizeArea(image.data, image.width, image.height, width, height);
  const data = new Uint8Array(values.length);
  for (let index = 0; index < data.length; index += 1) data[index] = Math.round(values[index]! * white);
  return { width, height, data };
}
