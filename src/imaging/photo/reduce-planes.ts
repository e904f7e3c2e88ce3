import type { PhotoImage } from '../../shared/analysis.ts';

/** One plane of a frame as cameras give it, bytes 0..255. */
export interface FramePlane {
  /** First byte of the plane and bytes from line to line: multiples of 4, so that four columns are read at once. */
  readonly offset: number;
  readonly stride: number;
  /** Samples of this plane are so many bytes apart (2 where blue and red differences take turns), from this byte on. */
  readonly apart: 1 | 2;
  readonly first: 0 | 1;
}

/** A frame of luma and of colour differences that are half as fine along both sides (4:2:0). */
export interface FramePlanes {
  readonly width: number;
  readonly height: number;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly luma: FramePlane;
  /** Cb and Cr. */
  readonly blue: FramePlane;
  readonly red: FramePlane;
  readonly colours: YuvColours;
}

/** How luma and colour differences are meant: ITU-R BT.601-7 §2.5, BT.709-6 §3. */
export interface YuvColours {
  /** Weights of red and of blue in the luma. */
  readonly redWeight: number;
  readonly blueWeight: number;
  /** Luma 0..255, not 16..235. */
  readonly isFullRange: boolean;
}

export interface ReducedFrame extends PhotoImage {
  /** Pixels of the frame along a pixel of the copy. */
  readonly step: number;
}

const halfway = 128;
const white = 255;
const rgbaBytes = 4;
const bytesAWord = 4;
/** Every other byte of a word, as two sums of 16 bits: they hold 257 bytes, so no block may have more lines. */
const everyOther = 0x00ff00ff;
const mostLines = 257;

/**
 * The means of whole blocks of pixels, as `reducePhoto` makes them of a photograph, without RGB of the whole frame: only the
 * means are converted. What is left over at the right and below, less than a block, is not looked at.
 *
 * @param longSide of the result, pixels; not less than a 257th of the frame's
 * @throws RangeError where it is
 */
export function reducePlanes(frame: FramePlanes, longSide: number): ReducedFrame {
  const step = Math.max(1, Math.ceil(Math.max(frame.width, frame.height) / longSide));
  if (step > mostLines) throw new RangeError(`a block of ${step} lines`);
  const width = Math.max(1, Math.floor(frame.width / step));
  const height = Math.max(1, Math.floor(frame.height / step));
  const words = new Int32Array(frame.bytes.buffer, 0, Math.floor(frame.bytes.byteLength / bytesAWord));
  const means = (plane: FramePlane, part: number): Float32Array =>
    blockMeans(
      words,
      plane,
      blocksAlong(width, step * part, Math.ceil(frame.width * part)),
      blocksAlong(height, step * part, Math.ceil(frame.height * part)),
    );
  const luma = means(frame.luma, 1);
  const [blue, red] = [means(frame.blue, 1 / 2), means(frame.red, 1 / 2)];
  return { width, height, rgba: toRgba(luma, blue, red, frame.colours), step };
}

/** Samples that each block touches: from one, to one beyond the last. */
interface Blocks {
  readonly count: number;
  readonly from: Int32Array;
  readonly to: Int32Array;
}

function blocksAlong(count: number, scale: number, samples: number): Blocks {
  const from = Int32Array.from({ length: count }, (_, block) => Math.floor(block * scale));
  const to = Int32Array.from({ length: count }, (_, block) => Math.min(samples, Math.ceil((block + 1) * scale)));
  return { count, from, to };
}

/**
 * Lines are summed first, four columns in two additions (SIMD within a register; Lamport 1975): the plane of luma has millions
 * of bytes, its sums a few hundred thousand. The order of bytes in a word is that of all browsers, the lowest first.
 */
function blockMeans(
  words: Int32Array,
  { offset, stride, apart, first }: FramePlane,
  columns: Blocks,
  rows: Blocks,
): Float32Array {
  const wordsALine = stride / bytesAWord;
  const sums = new Uint16Array(stride);
  const means = new Float32Array(columns.count * rows.count);
  for (let row = 0; row < rows.count; row += 1) {
    const lines = rows.to[row]! - rows.from[row]!;
    const start = offset / bytesAWord + rows.from[row]! * wordsALine;
    const end = start + lines * wordsALine;
    for (let index = 0, byte = 0; index < wordsALine; index += 1, byte += bytesAWord) {
      let even = 0;
      let odd = 0;
      for (let at = start + index; at < end; at += wordsALine) {
        const word = words[at]!;
        even = (even + (word & everyOther)) | 0;
        odd = (odd + ((word >>> 8) & everyOther)) | 0;
      }
      // Stored modulo 2¹⁶: the lower half.
      sums[byte] = even;
      sums[byte + 1] = odd;
      sums[byte + 2] = even >>> 16;
      sums[byte + 3] = odd >>> 16;
    }
    for (let column = 0; column < columns.count; column += 1) {
      const [from, to] = [columns.from[column]!, columns.to[column]!];
      let sum = 0;
      for (let byte = first + apart * from; byte < first + apart * to; byte += apart) sum += sums[byte]!;
      means[row * columns.count + column] = sum / ((to - from) * lines);
    }
  }
  return means;
}

function toRgba(
  luma: Float32Array,
  blue: Float32Array,
  red: Float32Array,
  { redWeight, blueWeight, isFullRange }: YuvColours,
): Uint8ClampedArray<ArrayBuffer> {
  const greenWeight = 1 - redWeight - blueWeight;
  const black = isFullRange ? 0 : 16;
  const lumaScale = isFullRange ? 1 : white / 219;
  const differenceScale = isFullRange ? 1 : white / 224;
  const rgba = new Uint8ClampedArray(luma.length * rgbaBytes).fill(white);
  for (let at = 0; at < luma.length; at += 1) {
    const y = (luma[at]! - black) * lumaScale;
    const r = y + 2 * (1 - redWeight) * (red[at]! - halfway) * differenceScale;
    const b = y + 2 * (1 - blueWeight) * (blue[at]! - halfway) * differenceScale;
    rgba[rgbaBytes * at] = r;
    rgba[rgbaBytes * at + 1] = (y - redWeight * r - blueWeight * b) / greenWeight;
    rgba[rgbaBytes * at + 2] = b;
  }
  return rgba;
}
