import { AppError } from '../../shared/app-error.ts';
import type { PixelRows } from '../pixel-rows.ts';
import type { DataSet } from './data-set.ts';
import { lookUp, readLookupTable, type LookupTable } from './lookup-table.ts';
import type { StoredFrame } from './stored-values.ts';
import { tags } from './tags.ts';

const byteWhite = 255;
const wordWhite = 65_535;
const byteBits = 8;
const wordBits = 16;

/**
 * Colour pictures (secondary captures, photographs) as RGB rows: YBR is converted (PS3.3 §C.7.6.3.1.2, the full-range
 * transform of ITU-R BT.601), palettes are looked up.
 *
 * @throws AppError `dicom-unsupported` (segmented palettes), `image-corrupt` (no palette)
 */
export function colourRows(dataSet: DataSet, frame: StoredFrame): PixelRows {
  const { width, height, photometric } = frame;
  const readPixel = photometric === 'PALETTE COLOR' ? paletteReader(dataSet, frame) : samplesReader(frame);
  const isWide = photometric === 'PALETTE COLOR' || frame.image.bitsStored > byteBits;
  const row = isWide ? new Uint16Array(width * 3) : new Uint8ClampedArray(width * 3);
  return {
    width,
    height,
    channels: 3,
    white: isWide ? wordWhite : byteWhite,
    readRow: (y) => {
      for (let x = 0; x < width; x += 1) readPixel(y * width + x, row, x * 3);
      return row;
    },
  };
}

type PixelReader = (pixel: number, into: Uint16Array | Uint8ClampedArray, at: number) => void;

/** Scales whatever depth to the row's white. */
function samplesReader({ values, photometric, image }: StoredFrame): PixelReader {
  const white = image.bitsStored > byteBits ? wordWhite : byteWhite;
  const highest = 2 ** image.bitsStored - 1;
  const scale = white / highest;
  const sample = (at: number): number => {
    const value = values[at]!;
    // 32-bit unsigned values are kept wrapped.
    return (image.signed ? value + (highest + 1) / 2 : value < 0 ? value + 2 ** 32 : value) * scale;
  };
  if (!photometric.startsWith('YBR')) {
    return (pixel, into, at) => {
      for (let channel = 0; channel < 3; channel += 1) into[at + channel] = Math.round(sample(pixel * 3 + channel));
    };
  }
  const middle = (white + 1) / 2;
  const bounded = (value: number): number => Math.min(white, Math.max(0, Math.round(value)));
  return (pixel, into, at) => {
    const luma = sample(pixel * 3);
    const blue = sample(pixel * 3 + 1) - middle;
    const red = sample(pixel * 3 + 2) - middle;
    into[at] = bounded(luma + 1.402 * red);
    into[at + 1] = bounded(luma - 0.344136 * blue - 0.714136 * red);
    into[at + 2] = bounded(luma + 1.772 * blue);
  };
}

function paletteReader(dataSet: DataSet, { values, image }: StoredFrame): PixelReader {
  if (dataSet.element(tags.segmentedRedPaletteData) !== undefined) {
    throw new AppError('dicom-unsupported', { feature: 'segmented palette' });
  }
  const tables = [
    { descriptor: tags.redPaletteDescriptor, data: tags.redPaletteData },
    { descriptor: tags.greenPaletteDescriptor, data: tags.greenPaletteData },
    { descriptor: tags.bluePaletteDescriptor, data: tags.bluePaletteData },
  ].map((own): LookupTable => {
    const table = readLookupTable(dataSet, image.signed, own);
    if (table === undefined) throw new AppError('image-corrupt', { format: 'dicom', missing: 'palette' });
    return table;
  });
  const scales = tables.map(({ bits, entries }) => {
    // Some writers say 16 bits and fill 8 of them: such a palette would be all but black.
    const depth = bits === wordBits && entries.every((entry) => entry <= byteWhite) ? byteBits : bits;
    return wordWhite / (2 ** depth - 1);
  });
  return (pixel, into, at) => {
    const value = values[pixel]!;
    for (let channel = 0; channel < 3; channel += 1) {
      into[at + channel] = Math.min(wordWhite, Math.round(lookUp(tables[channel]!, value) * scales[channel]!));
    }
  };
}
