/** From a picture to the numbers that a network reads. */

import type { PackInput } from '../shared/pack.ts';
import { resizeArea, type Rectangle } from './resize.ts';

/** A grey picture without its history: row-major, `width * height` values in 0..1. */
export interface GrayPixels {
  readonly width: number;
  readonly height: number;
  readonly data: Float32Array;
}

/** The shape of the network's input; square unless said otherwise. */
export interface InputShape {
  readonly width: number;
  readonly height: number;
}

const squareShape: InputShape = { width: 1, height: 1 };

/**
 * The part of a picture of `width` × `height` pixels that the network sees, in its pixels.
 *
 * - `crop-resize` (TorchXRayVision `XRayCenterCrop` then `XRayResizer`; the pilot): the centre rectangle of the
 *   network's shape in whole pixels, offsets rounded down.
 * - `resize-crop` (Chester v3): the whole picture is scaled so that its short side fits, its long side rounded to a
 *   whole pixel of the *network*, and the centre is cut out, offset rounded down. Both steps are one resampling of
 *   the rectangle returned here, whose edges may be fractions.
 * - `squash` (Chester's autoencoder): the whole picture.
 */
export function networkField(
  width: number,
  height: number,
  geometry: PackInput['geometry'],
  shape: InputShape = squareShape,
): Rectangle {
  if (geometry === 'crop-resize') {
    const fieldWidth = Math.max(1, Math.min(width, Math.round((height * shape.width) / shape.height)));
    const fieldHeight = Math.max(1, Math.min(height, Math.round((width * shape.height) / shape.width)));
    return {
      x: Math.floor((width - fieldWidth) / 2),
      y: Math.floor((height - fieldHeight) / 2),
      width: fieldWidth,
      height: fieldHeight,
    };
  }
  if (geometry === 'squash') return { x: 0, y: 0, width, height };
  const scale = Math.max(shape.width / width, shape.height / height);
  const across = fieldAxis(width, scale, shape.width);
  const down = fieldAxis(height, scale, shape.height);
  return { x: across.start, y: down.start, width: across.extent, height: down.extent };
}

/**
 * What the network reads: the field of `image`, resized to the input's size (a picture of exactly that size stays as it is)
 * and moved to its range.
 *
 * @returns row-major, `input.width * input.height` values in `input.range`
 */
export function toNetworkInput(image: GrayPixels, input: PackInput): Float32Array<ArrayBuffer> {
  const field = networkField(image.width, image.height, input.geometry, input);
  const values = resizeArea(image.data, image.width, image.height, input.width, input.height, field);
  const [low, high] = input.range;
  const spread = high - low;
  for (let index = 0; index < values.length; index += 1) values[index] = low + values[index]! * spread;
  return values;
}

function fieldAxis(size: number, scale: number, outSize: number): { start: number; extent: number } {
  const scaled = Math.max(outSize, Math.round(size * scale));
  const offset = Math.floor((scaled - outSize) / 2);
  return { start: (offset * size) / scaled, extent: (outSize * size) / scaled };
}
