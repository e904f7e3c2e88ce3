import {
  decodeIdentifiable,
  decodePicture,
  type IdentifiablePicture,
  type PictureCodecs,
} from '../imaging/decode-picture.ts';
import { toDisplayImage } from '../imaging/display-image.ts';
import { isFromCamera, isTinted } from '../imaging/photo/seems-photograph.ts';
import { requireReadableFormat, sniffedBytes, sniffFormat } from '../imaging/sniff-format.ts';
import type { PictureLook, PictureReading } from '../shared/analysis.ts';
import { AppError } from '../shared/app-error.ts';
import type { DeidentifiedCopy } from '../shared/deidentified-copy.ts';
import { maxFileBytes } from '../shared/limits.ts';
import type { DecodedFile, DecodeStage, OpenedPhoto, SeenPicture } from '../shared/messages.ts';
import type { PictureBox } from '../shared/picture-box.ts';
import { releaseBuffer } from '../shared/release-buffer.ts';
import { sha256Hex } from '../shared/sha256.ts';

/**
 * One hostile file to one picture. Its size is checked before it is read, its format before the rest of it is read.
 *
 * @throws AppError `file-too-large`, `file-unreadable` (a folder, or gone since it was chosen), and those of
 *   `decodePicture`
 */
export async function decodeFile(
  file: Blob,
  codecs: PictureCodecs,
  onStage: (stage: DecodeStage) => void,
  reading: PictureReading = {},
  decode = (bytes: Uint8Array<ArrayBuffer>): Promise<IdentifiablePicture> => decodeReading(bytes, codecs, reading),
): Promise<DecodedFile> {
  onStage('reading');
  return withBytes(file, (bytes) => decodeBytes(bytes, onStage, decode));
}

/**
 * A file as what it seems to be: a picture, or a photograph of a film or a monitor, in which a person says first where the
 * film is.
 *
 * @param openAsPhoto loads what photographs need, and opens one: most files are none
 * @throws AppError as `decodeFile`
 */
export async function openFile(
  file: Blob,
  codecs: PictureCodecs,
  onStage: (stage: DecodeStage) => void,
  openAsPhoto: (bytes: Uint8Array<ArrayBuffer>) => Promise<OpenedPhoto>,
): Promise<DecodedFile | OpenedPhoto> {
  onStage('reading');
  return withBytes(file, async (bytes) => {
    if (isFromCamera(bytes)) return openAsPhoto(bytes);
    const decoded = await decodeBytes(bytes, onStage, () => decodeReading(bytes, codecs, {}));
    if (!isTinted(decoded.image.source)) return decoded;
    releaseBuffer(decoded.image.data.buffer);
    return openAsPhoto(bytes);
  });
}

async function decodeBytes(
  bytes: Uint8Array<ArrayBuffer>,
  onStage: (stage: DecodeStage) => void,
  decode: (bytes: Uint8Array<ArrayBuffer>) => Promise<IdentifiablePicture>,
): Promise<DecodedFile> {
  onStage('hashing');
  const sha256 = await sha256Hex(bytes);
  onStage('decoding');
  const { image, readPatient } = await decode(bytes);
  onStage('preparing');
  const patient = readPatient?.();
  return { image, display: toDisplayImage(image), sha256, ...(patient === undefined ? {} : { patient }) };
}

/**
 * A copy of a DICOM file without its patient.
 *
 * @throws AppError `file-too-large`, `file-unreadable`, `format-…` for what is no DICOM, and those of `deidentifyDicom`
 */
export async function deidentifyFile(
  file: Blob,
  boxes: readonly PictureBox[],
  { compileDicomCodec }: PictureCodecs,
): Promise<DeidentifiedCopy> {
  if (file.size > maxFileBytes) throw new AppError('file-too-large', { bytes: file.size, maxBytes: maxFileBytes });
  const format = requireReadableFormat(sniffFormat(await read(file.slice(0, sniffedBytes))));
  if (format !== 'dicom') throw new AppError('format-unsupported', { format });
  const bytes = await read(file);
  try {
    const { deidentifyDicom } = await import('../imaging/dicom/deidentify-dicom.ts');
    return await deidentifyDicom(bytes, boxes, compileDicomCodec);
  } catch (thrown) {
    if (thrown instanceof RangeError) throw new AppError('decode-out-of-memory', { bytes: file.size }, thrown);
    throw thrown;
  } finally {
    releaseBuffer(bytes.buffer);
  }
}

/**
 * A picture of the file in another frame or window, for eyes alone.
 *
 * @throws AppError as `decodeFile`; `dicom-no-frame`, `wrong-usage` where the file has no such frame or window
 */
export async function lookAtFile(file: Blob, codecs: PictureCodecs, look: PictureLook): Promise<SeenPicture> {
  return withBytes(file, async (bytes) => {
    const image = await decodePicture(bytes, codecs, look);
    return { display: toDisplayImage(image), source: image.source };
  });
}

/** Nothing but frame and inversion: windows are for eyes alone. */
function decodeReading(
  bytes: Uint8Array<ArrayBuffer>,
  codecs: PictureCodecs,
  { frame = 1, inverted = false }: PictureReading,
): Promise<IdentifiablePicture> {
  return decodeIdentifiable(bytes, codecs, { frame, inverted });
}

/**
 * Works with the bytes of a file, which are given back when it ends.
 *
 * @throws AppError `file-too-large`, `file-unreadable`, `format-…`, and what the work throws
 */
export async function withBytes<T>(file: Blob, work: (bytes: Uint8Array<ArrayBuffer>) => Promise<T>): Promise<T> {
  const bytes = await readBounded(file);
  try {
    return await work(bytes);
  } finally {
    releaseBuffer(bytes.buffer);
  }
}

async function readBounded(file: Blob): Promise<Uint8Array<ArrayBuffer>> {
  if (file.size > maxFileBytes) throw new AppError('file-too-large', { bytes: file.size, maxBytes: maxFileBytes });
  requireReadableFormat(sniffFormat(await read(file.slice(0, sniffedBytes))));
  return read(file);
}

async function read(file: Blob): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return new Uint8Array(await file.arrayBuffer());
  } catch (thrown) {
    if (thrown instanceof RangeError) throw new AppError('decode-out-of-memory', { bytes: file.size }, thrown);
    // NotFoundError, NotReadableError: what was chosen is a folder, was moved, or lies on a card that was pulled out.
    throw new AppError('file-unreadable', { bytes: file.size }, thrown);
  }
}
