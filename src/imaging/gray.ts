/**
 * Colour to grey. Luma of ITU-R BT.601 on the stored, gamma-encoded values (no colour management: a stored 128 is
 * 128 on every device). The weights are whole thousandths, so that R = G = B gives exactly that value and a grey JPEG
 * equals its grey PNG to the last bit.
 *
 * What is transparent becomes black, the empty part of an X-ray: white would read as dense tissue.
 */

import type { ColourStatistics } from '../shared/analysis.ts';
import type { PixelRows, SampleRow } from './pixel-rows.ts';

const redWeight = 299;
const greenWeight = 587;
const blueWeight = 114;
const weightSum = 1000;

/** Chroma is counted in this many steps above 0, those of 8 bits. */
const chromaSteps = 255;
/** An int32 shifted by this is −1 where it was negative, else 0. */
const signShift = 31;
/** Chroma above which a pixel counts as saturated (ColourStatistics). */
const saturatedChroma = 0.25;
const statedPercentile = 0.95;

/** Counts of pixels by chroma, 0..255. No picture has more pixels than 32 bits count. */
export type ChromaHistogram = Uint32Array<ArrayBuffer>;

export function createChromaHistogram(): ChromaHistogram {
  return new Uint32Array(chromaSteps + 1);
}

/**
 * Reads row `y` as grey.
 *
 * @param into `rows.width` values, 0..1
 * @param histogram where the chroma of the row's pixels is counted; given for pictures with colours
 */
export function readGrayRow(
  rows: PixelRows,
  y: number,
  into: Float32Array<ArrayBuffer>,
  histogram: ChromaHistogram | undefined,
): void {
  const samples = rows.readRow(y);
  const { channels, white } = rows;
  if (channels === 4 && rows.opaque === true && white === chromaSteps && histogram !== undefined) {
    readBytesOfColour(samples, into, histogram);
    return;
  }
  if (channels <= 2) readGrey(samples, channels, white, into);
  else {
    readLuma(samples, channels, white, into);
    if (histogram !== undefined) countChroma(samples, channels, white, histogram);
  }
  if ((channels === 2 || channels === 4) && rows.opaque !== true) blackenTransparent(samples, channels, white, into);
}

function readGrey(samples: SampleRow, channels: number, white: number, into: Float32Array): void {
  for (let x = 0, at = 0; x < into.length; x += 1, at += channels) into[x] = samples[at]! / white;
}

function readLuma(samples: SampleRow, channels: number, white: number, into: Float32Array): void {
  const scale = weightSum * white;
  for (let x = 0, at = 0; x < into.length; x += 1, at += channels) {
    into[x] = (redWeight * samples[at]! + greenWeight * samples[at + 1]! + blueWeight * samples[at + 2]!) / scale;
  }
}

function blackenTransparent(samples: SampleRow, channels: number, white: number, into: Float32Array): void {
  for (let x = 0, at = channels - 1; x < into.length; x += 1, at += channels) {
    const alpha = samples[at]!;
    if (alpha !== white) into[x] = (into[x]! * alpha) / white;
  }
}

/** Luma and chroma of opaque RGBA bytes in one pass and without branches: a photograph has tens of millions of pixels. */
function readBytesOfColour(samples: SampleRow, into: Float32Array, histogram: ChromaHistogram): void {
  const scale = weightSum * chromaSteps;
  for (let x = 0, at = 0; x < into.length; x += 1, at += 4) {
    const red = samples[at]!;
    const green = samples[at + 1]!;
    const blue = samples[at + 2]!;
    into[x] = (redWeight * red + greenWeight * green + blueWeight * blue) / scale;
    // The difference where it is negative, else 0.
    const below = (red - green) & ((red - green) >> signShift);
    const higher = red - below;
    const lower = green + below;
    const highest = higher - ((higher - blue) & ((higher - blue) >> signShift));
    const lowest = blue + ((lower - blue) & ((lower - blue) >> signShift));
    histogram[highest - lowest]! += 1;
  }
}

function countChroma(samples: SampleRow, channels: number, white: number, histogram: ChromaHistogram): void {
  // 65,535 / 255 = 257, a whole number.
  const step = white / chromaSteps;
  const end = samples.length;
  for (let at = 0; at < end; at += channels) {
    const red = samples[at]!;
    const green = samples[at + 1]!;
    const blue = samples[at + 2]!;
    const highest = red > green ? (red > blue ? red : blue) : green > blue ? green : blue;
    const lowest = red < green ? (red < blue ? red : blue) : green < blue ? green : blue;
    const bin = step === 1 ? highest - lowest : Math.round((highest - lowest) / step);
    histogram[bin] = histogram[bin]! + 1;
  }
}

/** Black and white swapped, in place. */
export function invertGrey(data: Float32Array): void {
  for (let index = 0; index < data.length; index += 1) data[index] = 1 - data[index]!;
}

/** The three figures of `ColourStatistics` from the counts of all pixels. */
export function summarizeChroma(histogram: ChromaHistogram): ColourStatistics {
  let pixels = 0;
  let sum = 0;
  let saturated = 0;
  for (let bin = 0; bin <= chromaSteps; bin += 1) {
    const count = histogram[bin]!;
    pixels += count;
    sum += count * bin;
    if (bin / chromaSteps > saturatedChroma) saturated += count;
  }
  let bin = 0;
  for (let below = histogram[0]!; below < statedPercentile * pixels; below += histogram[bin]!) bin += 1;
  return {
    meanChroma: sum / pixels / chromaSteps,
    chroma95: bin / chromaSteps,
    saturatedShare: saturated / pixels,
  };
}
