import { AppError } from '../../shared/app-error.ts';
import { touchedPixels, type PictureBox } from '../../shared/picture-box.ts';
import { colourRows } from './colour-rows.ts';
import type { DataSet } from './data-set.ts';
import type { StoredFrame } from './stored-values.ts';
import { tags } from './tags.ts';

const byteBits = 8;
/** Chroma of what has no colour, as a share of its range. */
const neutralChroma = 0.5;

/**
 * Sets what a box touches to black, in place: the header's padding value where it has one, else the darkest value of
 * the frame, so that a window which is fitted to the picture stays what it was.
 *
 * @param boxes in shares of the frame as it is stored; DICOM is not turned when it is shown
 */
export function blackOut(frame: StoredFrame, dataSet: DataSet, boxes: readonly PictureBox[]): void {
  const { width, height, samples, values } = frame;
  const black = blackOf(frame, dataSet);
  for (const box of boxes) {
    const { left, top, right, bottom } = touchedPixels(box, width, height);
    for (let y = top; y < bottom; y += 1) {
      for (let at = (y * width + left) * samples; at < (y * width + right) * samples; at += 1) {
        values[at] = black[at % samples]!;
      }
    }
  }
}

/** One value a sample. */
function blackOf(frame: StoredFrame, dataSet: DataSet): readonly number[] {
  const { photometric, image, values, bits } = frame;
  switch (photometric) {
    case 'RGB':
    case 'YBR_RCT':
    case 'YBR_ICT':
      return [0, 0, 0];
    case 'YBR_FULL':
    case 'YBR_FULL_422': {
      const middle = 2 ** bits * neutralChroma;
      return [0, middle, middle];
    }
    case 'PALETTE COLOR':
      return [darkestIndex(dataSet, frame)];
    case 'MONOCHROME1':
    case 'MONOCHROME2': {
      const padding = dataSet.number(tags.pixelPaddingValue, image.signed ? 'SS' : 'US');
      if (padding !== undefined && isStorable(padding, image.bitsStored, image.signed)) return [padding];
      // Values of 32 unsigned bits are wrapped: compared as what they are.
      const asIs = (value: number): number => (image.signed ? value : value >>> 0);
      const isBetter =
        photometric === 'MONOCHROME1' ? (a: number, b: number) => a > b : (a: number, b: number) => a < b;
      let found = values[0] ?? 0;
      for (const value of values) if (isBetter(asIs(value), asIs(found))) found = value;
      return [found];
    }
  }
}

function isStorable(value: number, bits: number, signed: boolean): boolean {
  const [low, high] = signed ? [-(2 ** (bits - 1)), 2 ** (bits - 1) - 1] : [0, 2 ** bits - 1];
  return value >= low && value <= high;
}

/** The palette's index of the frame's darkest pixel. */
function darkestIndex(dataSet: DataSet, frame: StoredFrame): number {
  const rows = colourRows(dataSet, frame);
  let darkest = Infinity;
  let index = 0;
  for (let y = 0; y < frame.height; y += 1) {
    const row = rows.readRow(y);
    for (let x = 0; x < frame.width; x += 1) {
      const brightness = row[x * 3]! + row[x * 3 + 1]! + row[x * 3 + 2]!;
      if (brightness < darkest) {
        darkest = brightness;
        index = frame.values[y * frame.width + x]!;
      }
    }
  }
  return index;
}

/**
 * Samples as uncompressed pixel data (PS3.5 §8.1.1), a pixel's samples side by side, in the lowest bits.
 *
 * @param bitsAllocated 1, 8, 16 or 32
 */
export function encodeNative(
  values: Int32Array,
  bitsAllocated: number,
  littleEndian: boolean,
): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(Math.ceil((values.length * bitsAllocated) / byteBits));
  const view = new DataView(bytes.buffer);
  switch (bitsAllocated) {
    case 1:
      values.forEach((value, index) => (bytes[index >>> 3]! |= (value & 1) << (index & 7)));
      return bytes;
    case byteBits:
      bytes.set(values);
      return bytes;
    case 2 * byteBits:
      values.forEach((value, index) => view.setInt16(index * 2, value, littleEndian));
      return bytes;
    case 4 * byteBits:
      values.forEach((value, index) => view.setInt32(index * 4, value, littleEndian));
      return bytes;
    default:
      throw new AppError('dicom-unsupported', { feature: `${bitsAllocated} bits allocated` });
  }
}
