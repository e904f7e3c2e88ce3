/** A picture file's bytes to one `GrayImage`. Runs in the decode worker and in Node. */

import type { GrayImage, ImageSource, PhotoImage, PictureLook } from '../shared/analysis.ts';
import { AppError } from '../shared/app-error.ts';
import { maxArea, maxLongSide } from '../shared/limits.ts';
import type { PatientLabel } from '../shared/patient-label.ts';
import { swapsSides, undoOrientation, type Orientation } from './exif-orientation.ts';
import type { CompileCodec } from './dicom/wasm-codecs.ts';
import { createChromaHistogram, invertGrey, readGrayRow, summarizeChroma } from './gray.ts';
import { readImageHeader, type ImageHeader } from './image-header.ts';
import type { JpegDecoder } from './jpeg-decoder.ts';
import { rgbaRows, type PixelRows, type RgbaPixels } from './pixel-rows.ts';
import { decodePng } from './png-decoder.ts';
import { boundedSize, resizeRows } from './resize.ts';
import { requireReadableFormat, sniffFormat } from './sniff-format.ts';

/**
 * The decoder of the browser, which Node has not: the first picture of a file, **with EXIF orientation undone**,
 * transparency over black, its size within `maxLongSide` and `maxArea`. Rejects where the browser cannot read the file.
 */
export type BrowserDecoder = (
  bytes: Uint8Array<ArrayBuffer>,
  mimeType: string,
  header: ImageHeader,
) => Promise<RgbaPixels>;

export interface PictureCodecs {
  /** Made by `createJpegDecoder`. */
  readonly jpeg: JpegDecoder;
  readonly browser?: BrowserDecoder;
  /**
   * The browser's decoder for photographs, whose pixels need not be the same everywhere: upright and opaque, long side ≤
   * `longSide`. Resolves with undefined where it is not to be believed.
   */
  readonly photograph?: (
    bytes: Uint8Array<ArrayBuffer>,
    header: ImageHeader,
    longSide: number,
  ) => Promise<PhotoImage | undefined>;
  /** Compiles what JPEG-LS, JPEG 2000 and HTJ2K need. */
  readonly compileDicomCodec?: CompileCodec;
}

/**
 * JPEGs with more pixels go to the browser where there is one: our decoder holds two copies of the pixels at 4 bytes,
 * and 24 megapixels (a large phone photograph) must stay below 400 MiB.
 */
const maxOwnJpegPixels = 32e6;

/** A picture, and the way to whom its file names. */
export interface IdentifiablePicture {
  readonly image: GrayImage;
  /** Of DICOM files. It holds the file's bytes: to be let go with them. */
  readonly readPatient?: () => PatientLabel | undefined;
}

/**
 * @param bytes the whole file
 * @param look which picture of the file and how; frames and windows are those of DICOM
 * @throws AppError `format-…`, `dicom-…`, `file-empty`, `image-…`, `needs-browser` (no `codecs.browser`), `decode-out-of-memory`,
 *   `decode-crashed`; `wrong-usage` where the file has no such window, or is no DICOM file and has one picture only
 */
export async function decodePicture(
  bytes: Uint8Array<ArrayBuffer>,
  codecs: PictureCodecs,
  look: PictureLook = {},
): Promise<GrayImage> {
  const { image } = await decodeIdentifiable(bytes, codecs, look);
  return image;
}

/** As `decodePicture`, for who shows whom the picture is of. */
export async function decodeIdentifiable(
  bytes: Uint8Array<ArrayBuffer>,
  codecs: PictureCodecs,
  look: PictureLook = {},
): Promise<IdentifiablePicture> {
  const format = requireReadableFormat(sniffFormat(bytes));
  try {
    if (format === 'dicom') {
      const { decodeDicom } = await import('./dicom/decode-dicom.ts');
      return await decodeDicom(bytes, codecs.compileDicomCodec, look);
    }
    requireOnePicture(look);
    const image = toGrayImage(await decodePixels(bytes, readImageHeader(bytes, format), codecs));
    return { image: look.inverted === true ? invertedImage(image) : image };
  } catch (thrown) {
    throw asDecodeError(thrown, format);
  }
}

/** @throws AppError `wrong-usage` where another picture is asked of a file than its only one */
export function requireOnePicture({ frame = 1, voi = 0 }: PictureLook): void {
  if (frame === 1 && voi === 0) return;
  throw new AppError('wrong-usage', { reason: 'only DICOM files have several frames and windows' });
}

/** Black and white swapped, in place, and said so. */
export function invertedImage(image: GrayImage): GrayImage {
  invertGrey(image.data);
  return { ...image, source: { ...image.source, inverted: true } };
}

/** A decoded raster picture, with what is still to be done to it. */
export interface DecodedPixels {
  readonly rows: PixelRows;
  readonly header: ImageHeader;
  /** What the decoder left of the header's orientation. */
  readonly toUndo: Orientation;
}

/** @throws whatever the decoder throws: to be told by `asDecodeError` */
export async function decodePixels(
  bytes: Uint8Array<ArrayBuffer>,
  header: ImageHeader,
  codecs: PictureCodecs,
): Promise<DecodedPixels> {
  if (header.format === 'png') return { rows: decodePng(bytes), header, toUndo: header.orientation };
  if (header.format === 'jpeg') return decodeJpeg(bytes, header, codecs);
  return decodeInBrowser(bytes, header, codecs);
}

async function decodeJpeg(
  bytes: Uint8Array<ArrayBuffer>,
  header: ImageHeader,
  codecs: PictureCodecs,
): Promise<DecodedPixels> {
  const isLarge = header.width * header.height > maxOwnJpegPixels && codecs.browser !== undefined;
  // libjpeg has no way from CMYK to RGB.
  if (header.colour === 'cmyk' || isLarge) return decodeInBrowser(bytes, header, codecs);
  let pixels: RgbaPixels;
  try {
    pixels = await codecs.jpeg(bytes);
  } catch (thrown) {
    const unavailable = thrown instanceof AppError && thrown.code === 'needs-browser' && codecs.browser !== undefined;
    if (unavailable) return decodeInBrowser(bytes, header, codecs);
    throw thrown;
  }
  if (pixels.width !== header.width || pixels.height !== header.height) {
    throw new AppError('image-corrupt', { format: 'jpeg' });
  }
  return { rows: rgbaRows(pixels), header, toUndo: header.orientation };
}

async function decodeInBrowser(
  bytes: Uint8Array<ArrayBuffer>,
  header: ImageHeader,
  { browser }: PictureCodecs,
): Promise<DecodedPixels> {
  const { format } = header;
  if (browser === undefined) throw new AppError('needs-browser', { format });
  let pixels: RgbaPixels;
  try {
    pixels = await browser(bytes, `image/${format}`, header);
  } catch (thrown) {
    if (thrown instanceof AppError || isFatal(thrown)) throw thrown;
    // Apple's browsers read HEIC, the others do not: what the file may be besides nobody can tell there.
    const code = format === 'heic' ? 'format-heic' : header.colour === 'cmyk' ? 'image-cmyk' : 'image-corrupt';
    throw new AppError(code, { format }, thrown);
  }
  return { rows: rgbaRows(pixels), header, toUndo: 1 };
}

function toGrayImage({ rows, header, toUndo }: DecodedPixels): GrayImage {
  const { width, height } = boundedSize(rows.width, rows.height, maxLongSide, maxArea);
  const histogram = header.colour === 'grey' ? undefined : createChromaHistogram();
  const reduced = resizeRows(
    (y, into) => readGrayRow(rows, y, into, histogram),
    rows.width,
    rows.height,
    { x: 0, y: 0, width: rows.width, height: rows.height },
    width,
    height,
  );
  const upright = undoOrientation(reduced, width, height, toUndo);
  return {
    ...upright,
    source: {
      ...rasterFacts(header),
      ...(histogram === undefined ? {} : { colour: summarizeChroma(histogram) }),
    },
  };
}

/** What a header says of a picture that is taken as a digital original. */
export function rasterFacts(header: ImageHeader): ImageSource {
  const swapped = swapsSides(header.orientation);
  return {
    kind: 'raster',
    inputKind: 'digital',
    format: header.format,
    storedWidth: swapped ? header.height : header.width,
    storedHeight: swapped ? header.width : header.height,
    orientation: header.orientation,
    bitsPerSample: header.bitsPerSample,
    ...(header.animated ? { firstOfSeveral: true } : {}),
  };
}

/** RangeError: an array could not be allocated. RuntimeError: WASM trapped. Their worker is not to be used again. */
function isFatal(thrown: unknown): boolean {
  return (
    thrown instanceof RangeError || (typeof WebAssembly !== 'undefined' && thrown instanceof WebAssembly.RuntimeError)
  );
}

/** What a decoder threw, as an `AppError` that says whether it is to be used again. */
export function asDecodeError(thrown: unknown, format: string): AppError {
  if (thrown instanceof AppError) return thrown;
  if (thrown instanceof RangeError) return new AppError('decode-out-of-memory', { format }, thrown);
  return new AppError('decode-crashed', { format }, thrown);
}
