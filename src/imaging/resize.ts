/**
 * The one resize kernel of this project, so that the page, its workers and Node make the same pixels.
 *
 * Pixel i covers the interval [i, i + 1), its centre lies at i + 0.5. Where an axis is reduced, an output value is
 * the mean of the source over exactly the interval that the output pixel covers (area-weighted, so antialiased);
 * where it is enlarged, it is linear between the two nearest source centres, and constant beyond the outermost ones.
 * Separable: along rows first, then along columns. Sums are in float64, rows between the two passes in float32.
 */

/** A part of a picture in pixels; fractions are allowed. */
export interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Writes row `y` of a picture into `into`, which is as long as the picture is wide. Values of any range. */
export type RowReader = (y: number, into: Float32Array<ArrayBuffer>) => void;

/** What one axis of the output needs of the source: output i = Σ weights[i · span + k] · source[first[i] + k]. */
interface AxisWeights {
  readonly first: Int32Array;
  readonly count: Int32Array;
  /** Weights a pixel of output; unused ones are 0. */
  readonly span: number;
  readonly weights: Float64Array;
}

/**
 * Resizes the part `field` of a picture of `width` × `height` that is read row by row, top to bottom;
 * never more than four of its rows are held.
 *
 * @returns row-major, `outWidth` × `outHeight`, in the unit of the source
 * @throws RangeError where a size is not positive or the field leaves the picture
 */
export function resizeRows(
  readRow: RowReader,
  width: number,
  height: number,
  field: Rectangle,
  outWidth: number,
  outHeight: number,
): Float32Array<ArrayBuffer> {
  checkSizes(width, height, field, outWidth, outHeight);
  const isWhole = field.x === 0 && field.y === 0 && field.width === width && field.height === height;
  if (isWhole && outWidth === width && outHeight === height) return copyRows(readRow, width, height);
  const columns = axisWeights(width, field.x, field.width, outWidth);
  const rows = axisWeights(height, field.y, field.height, outHeight);
  // Longer than a row: the unrolled sums below read one pixel too far, with a weight of 0.
  const sourceRow = new Float32Array(width + columns.span);
  const readInto = sourceRow.subarray(0, width);
  const output = new Float32Array(outWidth * outHeight);
  const sum = new Float64Array(outWidth);
  // Neighbouring output rows share a source row or two: reduced rows are kept until their place is needed.
  const kept = Array.from({ length: keptRows }, () => ({ y: -1, values: new Float32Array(outWidth) }));
  const reducedRow = (y: number): Float32Array => {
    const place = kept[y % keptRows]!;
    if (place.y !== y) {
      readRow(y, readInto);
      reduceRow(sourceRow, columns, place.values);
      place.y = y;
    }
    return place.values;
  };

  for (let outY = 0; outY < outHeight; outY += 1) {
    const first = rows.first[outY] ?? 0;
    const count = rows.count[outY] ?? 0;
    const weights = rows.weights.subarray(outY * rows.span, outY * rows.span + count);
    const into = output.subarray(outY * outWidth, (outY + 1) * outWidth);
    if (count <= keptRows) {
      addRows(
        Array.from(weights, (_, k) => reducedRow(first + k)),
        weights,
        into,
      );
      continue;
    }
    sum.fill(0);
    weights.forEach((weight, k) => {
      const reduced = reducedRow(first + k);
      for (let x = 0; x < outWidth; x += 1) sum[x] = sum[x]! + weight * reduced[x]!;
    });
    into.set(sum);
  }
  return output;
}

/** As many as a photograph's output row is made of: they are added up in one pass. */
const keptRows = 3;

/** @param rows one to `keptRows` of them */
function addRows(rows: readonly Float32Array[], weights: Float64Array, into: Float32Array): void {
  const [a, b, c] = rows;
  const [wa = 0, wb = 0, wc = 0] = weights;
  if (a === undefined) return;
  if (b === undefined) for (let x = 0; x < into.length; x += 1) into[x] = wa * a[x]!;
  else if (c === undefined) for (let x = 0; x < into.length; x += 1) into[x] = wa * a[x]! + wb * b[x]!;
  else for (let x = 0; x < into.length; x += 1) into[x] = wa * a[x]! + wb * b[x]! + wc * c[x]!;
}

/**
 * Resizes the part `field` (default: all) of a picture in memory.
 *
 * @param data row-major, `width` × `height`
 * @returns row-major, `outWidth` × `outHeight`, in the unit of `data`
 * @throws RangeError where a size is not positive, the field leaves the picture, or `data` is too short
 */
export function resizeArea(
  data: Float32Array,
  width: number,
  height: number,
  outWidth: number,
  outHeight: number,
  field: Rectangle = { x: 0, y: 0, width, height },
): Float32Array<ArrayBuffer> {
  if (data.length < width * height) throw new RangeError('the picture has fewer values than pixels');
  const readRow: RowReader = (y, into) => into.set(data.subarray(y * width, (y + 1) * width));
  return resizeRows(readRow, width, height, field, outWidth, outHeight);
}

/**
 * The largest size of the same shape that keeps both bounds; never enlarges, never below 1 pixel.
 *
 * @returns whole pixels
 */
export function boundedSize(
  width: number,
  height: number,
  longSide: number,
  area: number,
): { readonly width: number; readonly height: number } {
  const scale = Math.min(1, longSide / Math.max(width, height), Math.sqrt(area / (width * height)));
  if (scale === 1) return { width, height };
  // Rounded down, so that rounding never breaks a bound.
  return { width: Math.max(1, Math.floor(width * scale)), height: Math.max(1, Math.floor(height * scale)) };
}

function copyRows(readRow: RowReader, width: number, height: number): Float32Array<ArrayBuffer> {
  const output = new Float32Array(width * height);
  for (let y = 0; y < height; y += 1) readRow(y, output.subarray(y * width, (y + 1) * width));
  return output;
}

/** Photographs are reduced by less than two or three: those sums are written out, which takes half the time. */
function reduceRow(source: Float32Array, columns: AxisWeights, into: Float32Array): void {
  const { first, count, span, weights } = columns;
  if (span === 3) {
    for (let x = 0, at = 0; x < into.length; x += 1, at += 3) {
      const start = first[x]!;
      into[x] =
        weights[at]! * source[start]! + weights[at + 1]! * source[start + 1]! + weights[at + 2]! * source[start + 2]!;
    }
    return;
  }
  if (span === 4) {
    for (let x = 0, at = 0; x < into.length; x += 1, at += 4) {
      const start = first[x]!;
      into[x] =
        weights[at]! * source[start]! +
        weights[at + 1]! * source[start + 1]! +
        weights[at + 2]! * source[start + 2]! +
        weights[at + 3]! * source[start + 3]!;
    }
    return;
  }
  for (let x = 0; x < into.length; x += 1) {
    const start = first[x]!;
    const end = count[x]!;
    let at = x * span;
    let sum = 0;
    for (let k = 0; k < end; k += 1, at += 1) sum += weights[at]! * source[start + k]!;
    into[x] = sum;
  }
}

function axisWeights(size: number, origin: number, extent: number, outSize: number): AxisWeights {
  const scale = extent / outSize;
  // An interval of length `scale` touches at most this many whole pixels; two when enlarging.
  const span = scale > 1 ? Math.ceil(scale) + 1 : 2;
  const first = new Int32Array(outSize);
  const count = new Int32Array(outSize);
  const weights = new Float64Array(outSize * span);
  for (let index = 0; index < outSize; index += 1) {
    if (scale > 1) {
      const from = origin + index * scale;
      const to = Math.min(size, origin + (index + 1) * scale);
      const start = Math.min(size - 1, Math.floor(from));
      const pixels = Math.min(span, Math.max(1, Math.ceil(to) - start));
      let total = 0;
      for (let k = 0; k < pixels; k += 1) {
        const overlap = Math.max(0, Math.min(to, start + k + 1) - Math.max(from, start + k));
        weights[index * span + k] = overlap;
        total += overlap;
      }
      // Normalised by what was really covered, so that a constant picture stays exactly as bright up to its edge.
      for (let k = 0; k < pixels; k += 1) weights[index * span + k] = weights[index * span + k]! / total;
      first[index] = start;
      count[index] = pixels;
    } else {
      const centre = origin + (index + 1 / 2) * scale - 1 / 2;
      const below = Math.floor(centre);
      const share = centre - below;
      const start = Math.min(size - 1, Math.max(0, below));
      const inside = below >= 0 && below < size - 1 && share > 0;
      first[index] = start;
      count[index] = inside ? 2 : 1;
      weights[index * span] = inside ? 1 - share : 1;
      if (inside) weights[index * span + 1] = share;
    }
  }
  return { first, count, span, weights };
}

function checkSizes(width: number, height: number, field: Rectangle, outWidth: number, outHeight: number): void {
  for (const size of [width, height, outWidth, outHeight]) {
    if (!Number.isInteger(size) || size < 1) throw new RangeError('a picture needs a whole number of pixels');
  }
  // Fractional fields are computed; allow for their rounding.
  const slack = 1e-6;
  const inside =
    field.x >= -slack &&
    field.y >= -slack &&
    field.width > 0 &&
    field.height > 0 &&
    field.x + field.width <= width + slack &&
    field.y + field.height <= height + slack;
  if (!inside) throw new RangeError('the field leaves the picture');
}
