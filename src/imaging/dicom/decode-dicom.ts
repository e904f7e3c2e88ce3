/** A DICOM file's bytes to one `GrayImage`. Loaded when a file needs it. */

import type { DicomFacts, GrayImage, PictureLook } from '../../shared/analysis.ts';
import { maxArea, maxLongSide } from '../../shared/limits.ts';
import type { PatientLabel } from '../../shared/patient-label.ts';
import { createChromaHistogram, invertGrey, readGrayRow, summarizeChroma } from '../gray.ts';
import { boundedSize, resizeRows, type RowReader } from '../resize.ts';
import { colourRows } from './colour-rows.ts';
import type { DataSet } from './data-set.ts';
import { readHeaderFacts } from './dicom-facts.ts';
import { createGreyPipeline, dicomPipelineVersion, firstOf, noSuchWindow } from './grey-pipeline.ts';
import { parseDicom, type DicomFile } from './parse-dicom.ts';
import { readPatientLabel } from './patient-label.ts';
import { decodeStoredFrame, type StoredFrame } from './stored-values.ts';
import { tags } from './tags.ts';
import type { CompileCodec } from './wasm-codecs.ts';

/** Pixels that are more oblong than this are a mistake in the header, and taken for square. */
const mostOblong = 10;
/** Spacings that differ by less are the same. */
const squareTolerance = 0.01;

export interface DecodedDicom {
  readonly image: GrayImage;
  /** Whom the file names, of the header that was parsed for the picture. Whoever does not show it does not read it. */
  readonly readPatient: () => PatientLabel | undefined;
}

/**
 * @param bytes the whole file; parsed, and inflated where it is deflated, once
 * @param compile compiles the codecs' WASM; without it JPEG-LS, JPEG 2000 and HTJ2K end as `needs-browser`
 * @throws AppError `dicom-…`, `image-…`, `needs-browser`, `decode-out-of-memory`; `wrong-usage` where it has no such window
 */
export async function decodeDicom(
  bytes: Uint8Array,
  compile: CompileCodec | undefined,
  look: PictureLook = {},
): Promise<DecodedDicom> {
  const file = parseDicom(bytes);
  const image = await toGrayImage(file, compile, look);
  return { image, readPatient: () => readPatientLabel(file) };
}

async function toGrayImage(file: DicomFile, compile: CompileCodec | undefined, look: PictureLook): Promise<GrayImage> {
  const { frame: frameNumber = 1, inverted = false } = look;
  const frame = await decodeStoredFrame(file, frameNumber, compile);
  const { image } = frame;
  const sources = [file.dataSet, ...functionalGroups(file.dataSet, frameNumber)];
  const header = { ...readHeaderFacts(file), photometric: image.photometric };
  const place = { frame: frameNumber, frames: image.frames, pipeline: dicomPipelineVersion };
  const isGrey = frame.photometric === 'MONOCHROME1' || frame.photometric === 'MONOCHROME2';
  const size = displayedSize(sources, frame);
  if (isGrey) {
    const { voi, offered, apply } = createGreyPipeline(sources, frame, look);
    const data = resize(greyRowReader(frame, apply), frame, size);
    const choice = { voi, voiChoices: offered.length, ...(offered.length > 1 ? { voiOffered: offered } : {}) };
    return toImage(data, size, frame, { ...header, ...choice, ...place }, inverted);
  }
  if (look.voi !== undefined && look.voi !== 0) throw noSuchWindow(look.voi, 0);
  const rows = colourRows(file.dataSet, frame);
  const histogram = createChromaHistogram();
  const data = resize((y, into) => readGrayRow(rows, y, into, histogram), frame, size);
  if (inverted) invertGrey(data);
  const facts: DicomFacts = { ...header, voi: { kind: 'none' }, voiChoices: 0, ...place };
  return toImage(data, size, frame, facts, inverted, summarizeChroma(histogram));
}

interface Size {
  readonly width: number;
  readonly height: number;
}

function resize(readRow: RowReader, { width, height }: StoredFrame, size: Size): Float32Array<ArrayBuffer> {
  return resizeRows(readRow, width, height, { x: 0, y: 0, width, height }, size.width, size.height);
}

function toImage(
  data: Float32Array<ArrayBuffer>,
  size: Size,
  { image }: StoredFrame,
  dicom: DicomFacts,
  inverted: boolean,
  colour?: ReturnType<typeof summarizeChroma>,
): GrayImage {
  return {
    ...size,
    data,
    source: {
      kind: 'dicom',
      inputKind: 'digital',
      format: 'dicom',
      storedWidth: image.width,
      storedHeight: image.height,
      orientation: 1,
      bitsPerSample: image.bitsStored,
      ...(colour === undefined ? {} : { colour }),
      // The others can be asked for: `dicom.frame` says which one this is.
      ...(image.frames > 1 && dicom.frame === 1 ? { firstOfSeveral: true } : {}),
      ...(inverted ? { inverted } : {}),
      dicom,
    },
  };
}

/** Up to 16 bits every value is computed once. */
function greyRowReader({ width, values, image }: StoredFrame, apply: (stored: number) => number): RowReader {
  const tableBits = 16;
  if (image.bitsStored > tableBits) {
    const isWrapped = !image.signed && image.bitsStored === 32;
    return (y, into) => {
      for (let x = 0, at = y * width; x < width; x += 1, at += 1) {
        const value = values[at]!;
        into[x] = apply(isWrapped && value < 0 ? value + 2 ** 32 : value);
      }
    };
  }
  const lowest = image.signed ? -(2 ** (tableBits - 1)) : 0;
  const table = new Float32Array(2 ** tableBits);
  const known = new Uint8Array(table.length);
  return (y, into) => {
    for (let x = 0, at = y * width; x < width; x += 1, at += 1) {
      const index = values[at]! - lowest;
      if (known[index] === 0) {
        table[index] = apply(index + lowest);
        known[index] = 1;
      }
      into[x] = table[index]!;
    }
  };
}

/** Items of the shared and of this frame's functional groups (PS3.3 §C.7.6.16) that change how values are shown. */
function functionalGroups(dataSet: DataSet, frame: number): DataSet[] {
  const perFrame = dataSet.items(tags.perFrameFunctionalGroups)[frame - 1];
  const shared = dataSet.items(tags.sharedFunctionalGroups)[0];
  return [perFrame, shared].flatMap((group) =>
    group === undefined
      ? []
      : [...group.items(tags.pixelValueTransformationSequence), ...group.items(tags.frameVoiLutSequence)],
  );
}

/** Square pixels: the coarser side is enlarged (PS3.3 §10.7.1, §C.7.6.3.1.7), within the bounds of every picture. */
function displayedSize(sources: readonly DataSet[], { width, height }: Size): Size {
  const [down, across] = firstOf(sources, (source) =>
    [tags.pixelSpacing, tags.imagerPixelSpacing, tags.pixelAspectRatio]
      .map((tag) => source.decimals(tag))
      .find(([row = 0, column = 0]) => row > 0 && column > 0),
  ) ?? [1, 1];
  const ratio = (down ?? 1) / (across ?? 1);
  const isSquare = Math.abs(ratio - 1) < squareTolerance || ratio > mostOblong || ratio < 1 / mostOblong;
  const [w, h] = isSquare
    ? [width, height]
    : ratio > 1
      ? [width, Math.round(height * ratio)]
      : [Math.round(width / ratio), height];
  return boundedSize(w, h, maxLongSide, maxArea);
}
