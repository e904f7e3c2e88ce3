import { luma601 } from './luma.ts';
import type { SmallPhoto } from './reduce-photo.ts';

/** What is compared across the sides of a film; all arrays row-major, in the small photograph's pixels. */
export interface PhotoTones {
  readonly width: number;
  readonly height: number;
  /** ITU-R BT.601, 0..1. */
  readonly luma: Float32Array;
  /** Logarithm of the luma, 0..1: a step from one black to another counts as one from grey to white does. */
  readonly logarithm: Float32Array;
  /** The largest channel less the smallest, 0..1. */
  readonly chroma: Float32Array;
}

const white = 255;
/** Added before the logarithm is taken, of 0..255: below it is noise. */
const toe = 4;
/** Steps of the table of logarithms for one of 0..255. */
const finer = 8;

export function photoTones({ width, height, red, green, blue }: SmallPhoto): PhotoTones {
  const size = width * height;
  const luma = new Float32Array(size);
  const logarithm = new Float32Array(size);
  const chroma = new Float32Array(size);
  const logarithms = Float32Array.from(
    { length: white * finer + 1 },
    (_, step) => Math.log((step / finer + toe) / toe) / Math.log((white + toe) / toe),
  );
  for (let at = 0; at < size; at += 1) {
    const [r, g, b] = [red[at]!, green[at]!, blue[at]!];
    const value = luma601(r, g, b);
    luma[at] = value / white;
    logarithm[at] = logarithms[Math.round(value * finer)]!;
    const most = r > g ? (r > b ? r : b) : g > b ? g : b;
    const least = r < g ? (r < b ? r : b) : g < b ? g : b;
    chroma[at] = (most - least) / white;
  }
  return { width, height, luma, logarithm, chroma };
}
