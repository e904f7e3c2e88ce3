import { resizeArea } from '../../imaging/resize.ts';
import type { GrayImage } from '../../shared/analysis.ts';
import { findLungFields, lungFieldSide } from './lung-fields.ts';
import { mirrorSymmetry } from './mirror-symmetry.ts';

/** What a first look at the pixels measures; each can be told in one sentence. All but two are shares or correlations. */
export interface PixelSigns {
  /** Shorter side of the picture, in pixels. */
  readonly shortSide: number;
  /** Longer side over shorter side, ≥ 1. */
  readonly elongation: number;
  /** Mean chroma, 0..1; 0 where the file had no colours. See `ColourStatistics`. */
  readonly meanChroma: number;
  /**
   * Mean absolute difference between a pixel and its four neighbours, over the standard deviation of the picture, on
   * the reduced copy: how much of the contrast is fine detail. X-rays superimpose the whole body, so they are smooth.
   */
  readonly detail: number;
  /** Share of pixels of the reduced copy where brightness changes by more than `sharpStep` to the next pixel. */
  readonly sharpEdges: number;
  /** Share of pixels that the three commonest of 32 tones, spread over the picture's own range, hold together. */
  readonly commonTones: number;
  /** Share of pixels at the white end of the range. */
  readonly white: number;
  /** Share of pixels at the black end of the range. */
  readonly black: number;
  /** Share of black pixels in a frame of a twentieth of the short side along the edges. */
  readonly blackFrame: number;
  /** How well two lung fields can be found, −1..1; see lung-fields.ts. */
  readonly lungFields: number;
  /** The same in the picture's negative. */
  readonly invertedLungFields: number;
  /** Correlation with the mirror image, −1..1. */
  readonly symmetry: number;
}

/**
 * Long side of the reduced copy, in pixels. On a chest of 40 cm a pixel is then 3 mm: noise, compression and letters
 * of a few millimetres are averaged away, ribs and the edges of organs stay. It also makes the signs independent of
 * the file's resolution, and cheap.
 */
const copySide = 128;
/** A step of this share of the range within 3 mm: the surface of a bone against air in a slice, or printed ink. */
const sharpStep = 0.12;
/** Sixteen of 256 grey levels: black with the noise that compression adds. White likewise. */
const endOfRange = 1 / 16;
const toneCount = 32;
const commonToneCount = 3;
/** Tones are counted between the 1st and the 99th percentile: a dull picture is not one of few tones. */
const outlierPart = 0.01;
const framePart = 1 / 20;
/** A flatter picture is taken for this flat, so that rounding is not mistaken for detail. */
const leastDeviation = 0.01;

/**
 * Measures all signs. Reads the picture once, for the reduced copy; the rest costs a few milliseconds.
 *
 * @throws RangeError where the image holds fewer values than pixels
 */
export function measurePixelSigns(image: GrayImage): PixelSigns {
  const scale = Math.min(1, copySide / Math.max(image.width, image.height));
  const width = Math.max(1, Math.round(image.width * scale));
  const height = Math.max(1, Math.round(image.height * scale));
  const copy = resizeArea(image.data, image.width, image.height, width, height);
  const square = resizeArea(copy, width, height, lungFieldSide, lungFieldSide);
  const lungFields = findLungFields(square);
  return {
    shortSide: Math.min(image.width, image.height),
    elongation: Math.max(image.width, image.height) / Math.min(image.width, image.height),
    meanChroma: image.source.colour?.meanChroma ?? 0,
    detail: measureDetail(copy, width, height),
    sharpEdges: measureSharpEdges(copy, width, height),
    commonTones: measureCommonTones(copy),
    white: shareOf(copy, (value) => value > 1 - endOfRange),
    black: shareOf(copy, (value) => value < endOfRange),
    blackFrame: measureBlackFrame(copy, width, height),
    lungFields: lungFields.upright,
    invertedLungFields: lungFields.inverted,
    symmetry: mirrorSymmetry(square, lungFieldSide),
  };
}

function shareOf(values: Float32Array, holds: (value: number) => boolean): number {
  let count = 0;
  for (const value of values) if (holds(value)) count += 1;
  return count / values.length;
}

/** Discrete Laplacian (four neighbours, edges repeated), mean absolute value, over the standard deviation. */
function measureDetail(copy: Float32Array, width: number, height: number): number {
  const neighbours = 4;
  let total = 0;
  let sum = 0;
  let squares = 0;
  for (let y = 0; y < height; y += 1) {
    const up = Math.max(0, y - 1) * width;
    const row = y * width;
    const down = Math.min(height - 1, y + 1) * width;
    for (let x = 0; x < width; x += 1) {
      const value = copy[row + x]!;
      const left = copy[row + Math.max(0, x - 1)]!;
      const right = copy[row + Math.min(width - 1, x + 1)]!;
      total += Math.abs(value - (copy[up + x]! + copy[down + x]! + left + right) / neighbours);
      sum += value;
      squares += value * value;
    }
  }
  const deviation = Math.sqrt(Math.max(0, squares / copy.length - (sum / copy.length) ** 2));
  return total / copy.length / Math.max(deviation, leastDeviation);
}

function measureSharpEdges(copy: Float32Array, width: number, height: number): number {
  let sharp = 0;
  for (let y = 0; y + 1 < height; y += 1) {
    for (let x = 0; x + 1 < width; x += 1) {
      const value = copy[y * width + x]!;
      const across = copy[y * width + x + 1]! - value;
      const along = copy[(y + 1) * width + x]! - value;
      if (Math.hypot(across, along) > sharpStep) sharp += 1;
    }
  }
  return sharp / Math.max(1, (width - 1) * (height - 1));
}

function measureCommonTones(copy: Float32Array): number {
  const sorted = Float32Array.from(copy).sort();
  const low = sorted[Math.floor(sorted.length * outlierPart)]!;
  const high = sorted[Math.ceil(sorted.length * (1 - outlierPart)) - 1]!;
  if (!(high > low)) return 1;
  const counts = new Uint32Array(toneCount);
  for (const value of copy) {
    const tone = Math.floor(((value - low) / (high - low)) * toneCount);
    const bounded = Math.min(toneCount - 1, Math.max(0, tone));
    counts[bounded] = counts[bounded]! + 1;
  }
  const commonest = counts.sort().subarray(toneCount - commonToneCount);
  return commonest.reduce((total, count) => total + count, 0) / copy.length;
}

function measureBlackFrame(copy: Float32Array, width: number, height: number): number {
  const frame = Math.max(1, Math.round(Math.min(width, height) * framePart));
  let pixels = 0;
  let black = 0;
  for (let y = 0; y < height; y += 1) {
    const wholeRow = y < frame || y >= height - frame;
    for (let x = 0; x < width; x += 1) {
      if (!wholeRow && x >= frame && x < width - frame) continue;
      pixels += 1;
      if (copy[y * width + x]! < endOfRange) black += 1;
    }
  }
  return black / pixels;
}
