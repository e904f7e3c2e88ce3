/**
 * PNG pixels, inflated row by row.
 *
 * Our own rather than a library's: what a hostile file may inflate to is bounded by the rows that its header declares,
 * a 64-megapixel picture never lies in memory as a whole, profiles and texts (which may be bombs too) are never
 * inflated, and checksums are checked. (PNG third edition, W3C, §7–§10.)
 */

import { Unzlib } from 'fflate';
import { AppError } from '../shared/app-error.ts';
import type { PixelRows, SampleRow } from './pixel-rows.ts';
import { pngColour, readPngChunks, type PngChunks } from './png-header.ts';

/**
 * Compressed bytes a step: deflate expands at most 1,032 times, so a step yields at most 17 MB. Smaller steps cost
 * more: fflate allocates 160 KB for each.
 */
const inflateStepBytes = 16 * 1024;
/** Interlaced pictures must be held whole; beyond this they are refused. */
const maxInterlacedBytes = 256e6;
const white8 = 255;
const white16 = 65_535;

/** Adam7: first column, first row, column step, row step of each pass (§8.1). */
const adam7Passes: readonly (readonly [number, number, number, number])[] = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
];

const channelsOf: Readonly<Record<number, 1 | 2 | 3 | 4>> = {
  [pngColour.grey]: 1,
  [pngColour.rgb]: 3,
  [pngColour.palette]: 1,
  [pngColour.greyAlpha]: 2,
  [pngColour.rgba]: 4,
};

/**
 * @param bytes a whole PNG file whose declared size was checked
 * @throws AppError `image-truncated`, `image-corrupt`, `image-too-large`; also from `readRow`
 */
export function decodePng(bytes: Uint8Array): PixelRows {
  const chunks = readPngChunks(bytes);
  const inflated = new InflatedBytes(chunks.data);
  const fileChannels = channelsOf[chunks.colourType] ?? 1;
  const samples = chunks.interlaced ? interlacedSamples(chunks, fileChannels, inflated) : undefined;
  const scanlines = new Scanlines(inflated, chunks.width, chunks.bitDepth, fileChannels);
  const rowLength = chunks.width * fileChannels;
  const finish = rowFinisher(chunks, fileChannels);
  return {
    width: chunks.width,
    height: chunks.height,
    channels: finish.channels,
    white: chunks.bitDepth === 16 ? white16 : white8,
    readRow: (y) => {
      const row = samples === undefined ? scanlines.next() : samples.subarray(y * rowLength, (y + 1) * rowLength);
      return finish.apply(row);
    },
  };
}

/** The bytes of a zlib stream, taken as they are needed. */
class InflatedBytes {
  readonly #pieces: readonly Uint8Array[];
  readonly #inflator: Unzlib;
  #ready: Uint8Array[] = [];
  #piece = 0;
  #at = 0;

  constructor(pieces: readonly Uint8Array[]) {
    this.#pieces = pieces.filter((piece) => piece.length > 0);
    this.#inflator = new Unzlib((chunk) => {
      if (chunk.length > 0) this.#ready.push(chunk);
    });
  }

  /** Fills `into`. */
  take(into: Uint8Array): void {
    for (let filled = 0; filled < into.length;) {
      const chunk = this.#ready[0];
      if (chunk === undefined) {
        this.#inflateMore();
        continue;
      }
      const wanted = into.length - filled;
      into.set(wanted < chunk.length ? chunk.subarray(0, wanted) : chunk, filled);
      filled += Math.min(wanted, chunk.length);
      if (wanted < chunk.length) this.#ready[0] = chunk.subarray(wanted);
      else this.#ready.shift();
    }
  }

  #inflateMore(): void {
    const piece = this.#pieces[this.#piece];
    if (piece === undefined) throw new AppError('image-truncated', { format: 'png' });
    const end = Math.min(piece.length, this.#at + inflateStepBytes);
    const isLast = end === piece.length && this.#piece === this.#pieces.length - 1;
    try {
      this.#inflator.push(piece.subarray(this.#at, end), isLast);
    } catch (thrown) {
      if (thrown instanceof RangeError) throw thrown;
      throw new AppError('image-corrupt', { format: 'png' }, thrown);
    }
    this.#at = end;
    if (end === piece.length) {
      this.#piece += 1;
      this.#at = 0;
    }
  }
}

/** Unfiltered rows of one picture or one interlacing pass, unpacked to one array element a sample. */
class Scanlines {
  readonly #inflated: InflatedBytes;
  readonly #bitDepth: number;
  readonly #bytesPerPixel: number;
  readonly #samples: Uint8Array | Uint16Array;
  /** Filter byte, then the row. */
  #line: Uint8Array;
  #previous: Uint8Array;

  constructor(inflated: InflatedBytes, width: number, bitDepth: number, channels: number) {
    const rowBytes = Math.ceil((width * channels * bitDepth) / 8);
    this.#inflated = inflated;
    this.#bitDepth = bitDepth;
    this.#bytesPerPixel = Math.max(1, (bitDepth * channels) / 8);
    this.#samples = bitDepth === 16 ? new Uint16Array(width * channels) : new Uint8Array(width * channels);
    this.#line = new Uint8Array(rowBytes + 1);
    this.#previous = new Uint8Array(rowBytes + 1);
  }

  /** The next row; the array is used again. */
  next(): Uint8Array | Uint16Array {
    const line = this.#previous;
    const previous = this.#line;
    this.#inflated.take(line);
    unfilter(line, previous, this.#bytesPerPixel);
    this.#line = line;
    this.#previous = previous;
    unpack(line, this.#bitDepth, this.#samples);
    return this.#samples;
  }
}

/** Undoes the filter named by `line[0]` (§9.2). `previous` has the same layout; all zero above the first row. */
function unfilter(line: Uint8Array, previous: Uint8Array, bytesPerPixel: number): void {
  const end = line.length;
  const firstWithLeft = 1 + bytesPerPixel;
  switch (line[0]) {
    case 0:
      return;
    case 1:
      for (let at = firstWithLeft; at < end; at += 1) line[at] = line[at]! + line[at - bytesPerPixel]!;
      return;
    case 2:
      for (let at = 1; at < end; at += 1) line[at] = line[at]! + previous[at]!;
      return;
    case 3:
      for (let at = 1; at < end; at += 1) {
        const left = at < firstWithLeft ? 0 : line[at - bytesPerPixel]!;
        line[at] = line[at]! + ((left + previous[at]!) >> 1);
      }
      return;
    case 4:
      for (let at = 1; at < Math.min(firstWithLeft, end); at += 1) line[at] = line[at]! + previous[at]!;
      for (let at = firstWithLeft; at < end; at += 1) {
        const left = line[at - bytesPerPixel]!;
        line[at] = line[at]! + paeth(left, previous[at]!, previous[at - bytesPerPixel]!);
      }
      return;
    default:
      throw new AppError('image-corrupt', { format: 'png' });
  }
}

function paeth(left: number, above: number, aboveLeft: number): number {
  const estimate = left + above - aboveLeft;
  const toLeft = Math.abs(estimate - left);
  const toAbove = Math.abs(estimate - above);
  const toAboveLeft = Math.abs(estimate - aboveLeft);
  if (toLeft <= toAbove && toLeft <= toAboveLeft) return left;
  return toAbove <= toAboveLeft ? above : aboveLeft;
}

function unpack(line: Uint8Array, bitDepth: number, into: Uint8Array | Uint16Array): void {
  if (bitDepth === 8) {
    into.set(line.subarray(1));
  } else if (bitDepth === 16) {
    for (let index = 0, at = 1; index < into.length; index += 1, at += 2)
      into[index] = (line[at]! << 8) | line[at + 1]!;
  } else {
    const perByte = 8 / bitDepth;
    const mask = 2 ** bitDepth - 1;
    for (let index = 0; index < into.length; index += 1) {
      const byte = line[1 + Math.floor(index / perByte)]!;
      into[index] = (byte >> (8 - bitDepth * ((index % perByte) + 1))) & mask;
    }
  }
}

function interlacedSamples(chunks: PngChunks, channels: number, inflated: InflatedBytes): Uint8Array | Uint16Array {
  const { width, height, bitDepth } = chunks;
  const length = width * height * channels;
  const bytes = bitDepth === 16 ? 2 * length : length;
  if (bytes > maxInterlacedBytes)
    throw new AppError('image-too-large', { format: 'png', width, height, interlaced: true });
  const whole = bitDepth === 16 ? new Uint16Array(length) : new Uint8Array(length);
  for (const [firstColumn, firstRow, columnStep, rowStep] of adam7Passes) {
    const passWidth = Math.ceil((width - firstColumn) / columnStep);
    if (passWidth <= 0) continue;
    const scanlines = new Scanlines(inflated, passWidth, bitDepth, channels);
    for (let y = firstRow; y < height; y += rowStep) {
      const row = scanlines.next();
      let to = (y * width + firstColumn) * channels;
      for (let from = 0; from < row.length; from += channels, to += columnStep * channels) {
        for (let channel = 0; channel < channels; channel += 1) whole[to + channel] = row[from + channel]!;
      }
    }
  }
  return whole;
}

interface RowFinisher {
  readonly channels: 1 | 2 | 3 | 4;
  /** Stored samples to samples of 0..white; the returned array is used again. */
  apply(row: Uint8Array | Uint16Array): SampleRow;
}

/** Applies palette, transparent colour and the scaling of 1, 2 and 4 bits. */
function rowFinisher(chunks: PngChunks, fileChannels: 1 | 2 | 3 | 4): RowFinisher {
  const { width, bitDepth, colourType, transparency } = chunks;
  if (colourType === pngColour.palette) return paletteFinisher(chunks);
  const scale = bitDepth < 8 ? white8 / (2 ** bitDepth - 1) : 1;
  const hasKey = transparency !== undefined && transparency.length >= 2 * fileChannels && (fileChannels & 1) === 1;
  if (!hasKey) {
    if (scale === 1) return { channels: fileChannels, apply: (row) => row };
    const scaled = new Uint8Array(width);
    return {
      channels: 1,
      apply: (row) => {
        for (let x = 0; x < width; x += 1) scaled[x] = row[x]! * scale;
        return scaled;
      },
    };
  }
  return keyFinisher(width, bitDepth, fileChannels, scale, transparency);
}

function paletteFinisher({ width, palette = new Uint8Array(0), transparency }: PngChunks): RowFinisher {
  const colours = Math.floor(palette.length / 3);
  const expanded = new Uint8Array(width * 4);
  return {
    channels: 4,
    apply: (row) => {
      for (let x = 0; x < width; x += 1) {
        const index = row[x]!;
        if (index >= colours) throw new AppError('image-corrupt', { format: 'png' });
        expanded[4 * x] = palette[3 * index]!;
        expanded[4 * x + 1] = palette[3 * index + 1]!;
        expanded[4 * x + 2] = palette[3 * index + 2]!;
        expanded[4 * x + 3] = transparency?.[index] ?? white8;
      }
      return expanded;
    },
  };
}

/** Pixels of exactly the colour in tRNS are transparent (§11.3.1.1). */
function keyFinisher(
  width: number,
  bitDepth: number,
  fileChannels: number,
  scale: number,
  transparency: Uint8Array,
): RowFinisher {
  const channels = fileChannels === 1 ? 2 : 4;
  const white = bitDepth === 16 ? white16 : white8;
  const withAlpha = bitDepth === 16 ? new Uint16Array(width * channels) : new Uint8Array(width * channels);
  const key = Array.from({ length: fileChannels }, (_, channel) => {
    return (transparency[2 * channel]! << 8) | transparency[2 * channel + 1]!;
  });
  return {
    channels,
    apply: (row) => {
      for (let x = 0; x < width; x += 1) {
        let isKey = true;
        for (let channel = 0; channel < fileChannels; channel += 1) {
          const sample = row[x * fileChannels + channel]!;
          isKey &&= sample === key[channel];
          withAlpha[x * channels + channel] = sample * scale;
        }
        withAlpha[x * channels + fileChannels] = isKey ? 0 : white;
      }
      return withAlpha;
    },
  };
}
