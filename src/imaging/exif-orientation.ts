/** Undoing EXIF orientation. */

/** 1 = as stored; the others are mirrored and rotated copies (TIFF 6.0 §8, tag 0x0112). */
export type Orientation = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8;

/** Whether undoing `orientation` swaps width and height. */
export function swapsSides(orientation: Orientation): boolean {
  return orientation >= 5;
}

/** Pixels in reading order: start index, and the steps to the next pixel and to the next row. */
export function readingOrder(
  width: number,
  height: number,
  orientation: Orientation,
): readonly [number, number, number] {
  const lastColumn = width - 1;
  const lastRow = (height - 1) * width;
  switch (orientation) {
    case 1:
      return [0, 1, width];
    case 2: // mirrored
      return [lastColumn, -1, width];
    case 3: // rotated by 180°
      return [lastRow + lastColumn, -1, -width];
    case 4: // upside down
      return [lastRow, 1, -width];
    case 5: // transposed
      return [0, width, 1];
    case 6: // to be turned 90° clockwise
      return [lastRow, -width, 1];
    case 7: // transposed along the other diagonal
      return [lastRow + lastColumn, -width, -1];
    case 8: // to be turned 90° counter-clockwise
      return [lastColumn, width, -1];
  }
}

/**
 * The picture as it is meant to be looked at.
 *
 * @param data row-major, `width` × `height`; returned as it is for orientation 1
 */
export function undoOrientation(
  data: Float32Array<ArrayBuffer>,
  width: number,
  height: number,
  orientation: Orientation,
): { readonly width: number; readonly height: number; readonly data: Float32Array<ArrayBuffer> } {
  if (orientation === 1) return { width, height, data };
  const [start, columnStep, rowStep] = readingOrder(width, height, orientation);
  const outWidth = swapsSides(orientation) ? height : width;
  const outHeight = swapsSides(orientation) ? width : height;
  const upright = new Float32Array(data.length);
  let to = 0;
  for (let y = 0; y < outHeight; y += 1) {
    let from = start + y * rowStep;
    for (let x = 0; x < outWidth; x += 1, from += columnStep, to += 1) upright[to] = data[from]!;
  }
  return { width: outWidth, height: outHeight, data: upright };
}
