/** A photograph of a film as grey: the film's cast taken out first, so that blue film and yellow light read alike. */

import type { ColourStatistics, Corners, PhotoImage } from '../../shared/analysis.ts';
import { createChromaHistogram, summarizeChroma } from '../gray.ts';
import type { GrayPixels } from '../network-input.ts';
import { applyHomography, homographyFromUnitSquare } from './homography.ts';
import { luma601 } from './luma.ts';

const rgbaBytes = 4;
const white = 255;
/** A channel at its end tells no colour: lamps mirrored in the film, light beside it. */
const clipped = 250;
const nearlyBlack = 8;
/** Points along each side of the grid on which colours are looked at. */
const gridSide = 96;
/** No film or lamp casts more; a picture that does is no X-ray, and the gate shall see its colours. */
const gainBounds = { least: 0.6, most: 1.7 };

export interface GreyPhoto {
  /** The whole photograph, 0..1: luma of ITU-R BT.601 on the balanced, gamma-encoded values. */
  readonly grey: GrayPixels & { readonly data: Float32Array<ArrayBuffer> };
  /** What colours are left inside the corners; near 0 for a film or a monitor with an X-ray. */
  readonly colour: ColourStatistics;
}

/**
 * White balance on what lies inside the corners (grey world: an X-ray has no colours of its own, so its means of red,
 * green and blue must be equal; Buchsbaum 1980), without clipped pixels, then luma.
 */
export function greyPhoto(photo: PhotoImage, corners: Corners): GreyPhoto {
  const inside = placesInside(photo, corners);
  const [red, green, blue] = castOf(photo, inside);
  const { width, height, rgba } = photo;
  const data = new Float32Array(width * height);
  const [redWeight, greenWeight, blueWeight] = [0.299 * red, 0.587 * green, 0.114 * blue].map(
    (weight) => weight / white,
  ) as [number, number, number];
  for (let index = 0, at = 0; index < data.length; index += 1, at += rgbaBytes) {
    const value = redWeight * rgba[at]! + greenWeight * rgba[at + 1]! + blueWeight * rgba[at + 2]!;
    data[index] = value > 1 ? 1 : value;
  }
  return { grey: { width, height, data }, colour: coloursLeft(photo, inside, [red, green, blue]) };
}

/** Byte places in `rgba` of a grid over the quadrilateral; those outside the photograph are left out. */
function placesInside({ width, height }: PhotoImage, corners: Corners): readonly number[] {
  const map = homographyFromUnitSquare(corners);
  const places: number[] = [];
  for (let row = 0; row < gridSide; row += 1) {
    for (let column = 0; column < gridSide; column += 1) {
      const [x, y] = applyHomography(map, (column + 1 / 2) / gridSide, (row + 1 / 2) / gridSide);
      if (x < 0 || y < 0 || x >= width || y >= height) continue;
      places.push((Math.floor(y) * width + Math.floor(x)) * rgbaBytes);
    }
  }
  return places;
}

/** Factors for red, green and blue that take the cast out; luma of the mean stays what it is. */
function castOf({ rgba }: PhotoImage, places: readonly number[]): readonly [number, number, number] {
  const sums = [0, 0, 0];
  let count = 0;
  for (const at of places) {
    const [red, green, blue] = [rgba[at]!, rgba[at + 1]!, rgba[at + 2]!];
    if (Math.max(red, green, blue) > clipped || Math.max(red, green, blue) < nearlyBlack) continue;
    sums[0] = sums[0]! + red;
    sums[1] = sums[1]! + green;
    sums[2] = sums[2]! + blue;
    count += 1;
  }
  // All clipped or all black: there is no cast to be seen.
  if (count < places.length / 50) return [1, 1, 1];
  const mean = luma601(sums[0]!, sums[1]!, sums[2]!) / count;
  return sums.map((sum) =>
    Math.min(gainBounds.most, Math.max(gainBounds.least, mean / Math.max(1, sum / count))),
  ) as unknown as readonly [number, number, number];
}

function coloursLeft(
  { rgba }: PhotoImage,
  places: readonly number[],
  [redGain, greenGain, blueGain]: readonly [number, number, number],
): ColourStatistics {
  const histogram = createChromaHistogram();
  for (const at of places) {
    const red = Math.min(white, rgba[at]! * redGain);
    const green = Math.min(white, rgba[at + 1]! * greenGain);
    const blue = Math.min(white, rgba[at + 2]! * blueGain);
    const bin = Math.round(Math.max(red, green, blue) - Math.min(red, green, blue));
    histogram[bin] = histogram[bin]! + 1;
  }
  if (places.length === 0) return { meanChroma: 0, chroma95: 0, saturatedShare: 0 };
  return summarizeChroma(histogram);
}
