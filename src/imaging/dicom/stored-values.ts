import { AppError } from '../../shared/app-error.ts';
import { encapsulatedFrame } from './frame-bytes.ts';
import { isColour, readImageModule, type ImageModule, type Photometric } from './image-module.ts';
import { nativePixels } from './native-pixels.ts';
import type { DicomFile } from './parse-dicom.ts';
import { decodeRle } from './rle.ts';
import type { SampleGrid } from './sample-grid.ts';
import { decodeWithWasm, type CompileCodec } from './wasm-codecs.ts';

/** One frame as it is stored: no rescale, no window, no colour conversion. */
export interface StoredFrame extends SampleGrid {
  /** What the samples mean now: JPEG 2000's codec undoes its own colour transform. */
  readonly photometric: Photometric;
  readonly image: ImageModule;
}

/**
 * @param frame 1-based, as the standard counts
 * @throws AppError `dicom-no-image`, `dicom-no-frame`, `dicom-unsupported`, `image-…`, `needs-browser`
 */
export async function decodeStoredFrame(
  file: DicomFile,
  frame: number,
  compile: CompileCodec | undefined,
): Promise<StoredFrame> {
  const image = readImageModule(file.dataSet);
  if (!Number.isInteger(frame) || frame < 1 || frame > image.frames) {
    throw new AppError('dicom-no-frame', { frame, frames: image.frames });
  }
  const grid = await decodeGrid(file, image, frame - 1, compile);
  return { ...grid, image, photometric: photometricAfter(file, image) };
}

async function decodeGrid(
  { dataSet, transferSyntax }: DicomFile,
  image: ImageModule,
  frame: number,
  compile: CompileCodec | undefined,
): Promise<SampleGrid> {
  const { codec } = transferSyntax;
  if (codec === 'native') return nativePixels(dataSet, image, frame);
  const bytes = encapsulatedFrame(dataSet, image, frame);
  if (codec === 'rle') return decodeRle(bytes, image);
  const { width, height, samples } = image;
  const shape = { width, height, samples };
  const grid =
    codec === 'jpeg' ? await decodeOurJpeg(bytes, shape) : await decodeWithWasm(codec, bytes, shape, compile);
  if (grid.bits > image.bitsAllocated) throw new AppError('image-corrupt', { format: codec, bits: grid.bits });
  return withHeadersSign(grid, image);
}

/** Loaded only when a file needs it, as the other codecs are. */
async function decodeOurJpeg(
  bytes: Uint8Array,
  shape: Pick<ImageModule, 'width' | 'height' | 'samples'>,
): Promise<SampleGrid> {
  const { decodeJpeg } = await import('./jpeg/decode-jpeg.ts');
  return decodeJpeg(bytes, shape);
}

/** A stream knows signs by its own or not at all: values that the header calls signed are two's complement of the stream's width. */
function withHeadersSign(grid: SampleGrid, image: ImageModule): SampleGrid {
  if (!image.signed || grid.signed) return grid;
  const wordBits = 32;
  const shift = wordBits - grid.bits;
  for (let at = 0; at < grid.values.length; at += 1) grid.values[at] = (grid.values[at]! << shift) >> shift;
  return { ...grid, signed: true };
}

function photometricAfter({ transferSyntax }: DicomFile, { photometric }: ImageModule): Photometric {
  const isWavelet = transferSyntax.codec === 'jpeg-2000' || transferSyntax.codec === 'htj2k';
  return isWavelet && isColour(photometric) ? 'RGB' : photometric;
}
