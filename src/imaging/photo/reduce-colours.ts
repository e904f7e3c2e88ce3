import type { PhotoImage } from '../../shared/analysis.ts';
import { readingOrder, swapsSides, type Orientation } from '../exif-orientation.ts';
import type { PixelRows } from '../pixel-rows.ts';

const channels = 3;
const rgbaBytes = 4;
const white = 255;

/**
 * The same area-weighted mean as `resizeRows` for colours, each row read once: three float rows and the output are all
 * that is held, so that 24 megapixels stay small. Transparency becomes black.
 *
 * @param width of the result before `toUndo`; never larger than the source
 * @param height likewise
 * @param toUndo the orientation to be undone
 */
export function reduceColours(rows: PixelRows, width: number, height: number, toUndo: Orientation): PhotoImage {
  const swapped = swapsSides(toUndo);
  const rgba = new Uint8ClampedArray(width * height * rgbaBytes).fill(white);
  const [start, columnStep, rowStep] = placesOf(width, height, toUndo);
  const sums = new Float64Array(width * channels);
  const reduced = new Float64Array(width * channels);
  const scale = rows.height / height;
  let row = 0;
  for (let y = 0; y < rows.height; y += 1) {
    reduceRow(rows, y, width, reduced);
    // A source row may end one row of the result and begin the next.
    let from = y;
    while (row < height) {
      const end = Math.min(y + 1, (row + 1) * scale);
      const share = (end - from) / scale;
      for (let index = 0; index < sums.length; index += 1) sums[index] = sums[index]! + share * reduced[index]!;
      // The last row ends with the source, whatever rounding says.
      const isDone = row === height - 1 ? y === rows.height - 1 : (row + 1) * scale <= y + 1;
      if (!isDone) break;
      writeRow(row);
      row += 1;
      from = end;
    }
  }
  return { width: swapped ? height : width, height: swapped ? width : height, rgba };

  function writeRow(written: number): void {
    let to = start + written * rowStep;
    for (let x = 0, at = 0; x < width; x += 1, at += channels, to += columnStep) {
      rgba[rgbaBytes * to] = sums[at]!;
      rgba[rgbaBytes * to + 1] = sums[at + 1]!;
      rgba[rgbaBytes * to + 2] = sums[at + 2]!;
    }
    sums.fill(0);
  }
}

/** Where in the upright picture the first stored pixel goes, and the steps to the next of its row and to the next row. */
function placesOf(width: number, height: number, toUndo: Orientation): readonly [number, number, number] {
  // `readingOrder` tells where upright pixels are stored; the inverse of each turn but 6 and 8 is the turn itself.
  const inverse = toUndo === 6 ? 8 : toUndo === 8 ? 6 : toUndo;
  return swapsSides(toUndo) ? readingOrder(height, width, inverse) : readingOrder(width, height, inverse);
}

/** Row `y` as means over the columns, 0..255. */
function reduceRow(rows: PixelRows, y: number, width: number, into: Float64Array): void {
  const samples = rows.readRow(y);
  const { channels: stored, white: storedWhite } = rows;
  const isColour = stored >= channels;
  const hasAlpha = stored === 2 || stored === 4;
  const toWhite = white / storedWhite;
  const scale = rows.width / width;
  into.fill(0);
  let column = 0;
  for (let x = 0, at = 0; x < rows.width; x += 1, at += stored) {
    const opacity = hasAlpha ? samples[at + stored - 1]! / storedWhite : 1;
    const factor = toWhite * opacity;
    const red = samples[at]! * factor;
    const green = isColour ? samples[at + 1]! * factor : red;
    const blue = isColour ? samples[at + 2]! * factor : red;
    let from = x;
    while (column < width) {
      const end = Math.min(x + 1, (column + 1) * scale);
      const share = (end - from) / scale;
      const to = column * channels;
      into[to] = into[to]! + share * red;
      into[to + 1] = into[to + 1]! + share * green;
      into[to + 2] = into[to + 2]! + share * blue;
      if ((column + 1) * scale > x + 1 || column === width - 1) break;
      column += 1;
      from = end;
    }
  }
}
