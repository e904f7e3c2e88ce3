/** A DICOM file without its patient. Loaded when somebody asks for the copy. */

import { AppError } from '../../shared/app-error.ts';
import type { DeidentifiedCopy } from '../../shared/deidentified-copy.ts';
import type { PictureBox } from '../../shared/picture-box.ts';
import { blackOut, encodeNative } from './black-out.ts';
import { deidentifyDataSet, type ReportInProgress } from './deidentify-data-set.ts';
import { asciiBytes } from './dummy-values.ts';
import { isColour, readImageModule } from './image-module.ts';
import { parseDicom, type DicomFile } from './parse-dicom.ts';
import { newUid, ReplacedUids } from './replaced-uids.ts';
import { decodeStoredFrame, type StoredFrame } from './stored-values.ts';
import { tags } from './tags.ts';
import { explicitLittleEndian, type TransferSyntax } from './transfer-syntaxes.ts';
import type { CompileCodec } from './wasm-codecs.ts';
import { writeDicomFile } from './write-dicom-file.ts';
import type { WrittenElement } from './write-data-set.ts';

/** Codes of the method (PS3.16, CID 7050). */
const basicProfile = { code: '113100', meaning: 'Basic Application Confidentiality Profile' };
const cleanPixelData = { code: '113101', meaning: 'Clean Pixel Data Option' };
const methodName = 'PS3.15 2024b Basic Application Level Confidentiality Profile';
const secondaryCapture = '1.2.840.10008.5.1.4.1.1.7';
/** Extended offset tables say where compressed frames lie: without these they point nowhere. */
const offsetTables: ReadonlySet<number> = new Set([tags.extendedOffsetTable, tags.extendedOffsetTableLengths]);

/**
 * A copy by the Basic Application Level Confidentiality Profile (PS3.15 Annex E, see confidentiality-profile.ts), with
 * an empty preamble and a meta header of ours. Without boxes the pixel data are those of the file, byte by byte; with
 * boxes every frame is decoded, blackened there and written uncompressed. Big-endian and implicit data sets stay so;
 * deflated ones, and decoded ones that were compressed, become explicit little-endian.
 *
 * @param bytes the whole file
 * @param boxes to be blackened in every frame, in shares of its width and height
 * @throws AppError as `decodeDicom`
 */
export async function deidentifyDicom(
  bytes: Uint8Array,
  boxes: readonly PictureBox[],
  compile: CompileCodec | undefined,
): Promise<DeidentifiedCopy> {
  const file = parseDicom(bytes, { everySequence: true });
  readImageModule(file.dataSet);
  const uids = new ReplacedUids();
  const report: ReportInProgress = {
    removed: new Set(),
    emptied: new Set(),
    replaced: new Set(),
    unknownRemoved: 0,
  };
  const { transferSyntax: read } = file;
  const isNative = read.codec === 'native';
  const staysAsItIs = !read.deflated && (isNative || boxes.length === 0);
  const syntax = staysAsItIs ? read : explicitLittleEndian;
  const kept = deidentifyDataSet(file.dataSet, !read.explicit, uids, report).filter(
    ({ tag }) => tag !== tags.pixelData,
  );
  const elements = new Map(kept.map((element) => [element.tag, element]));
  const changes = [
    ...identityOf(file, elements),
    ...methodElements(boxes.length > 0),
    ...(boxes.length > 0 ? await blackenedPixels(file, boxes, syntax, compile) : [pixelsAsTheyAre(file)]),
  ];
  for (const change of changes) elements.set(change.tag, change);
  if (boxes.length > 0) for (const tag of offsetTables) elements.delete(tag);
  return {
    bytes: writeDicomFile([...elements.values()], syntax),
    report: {
      removed: [...report.removed],
      emptied: [...report.emptied],
      replaced: [...report.replaced],
      unknownRemoved: report.unknownRemoved,
    },
  };
}

/** What a file in this format cannot be without. */
function identityOf({ meta }: DicomFile, elements: ReadonlyMap<number, WrittenElement>): readonly WrittenElement[] {
  const stated = meta.text(tags.mediaStorageSopClassUid) ?? secondaryCapture;
  const isMissing = (tag: number): boolean => {
    const content = elements.get(tag)?.content;
    return content?.kind !== 'value' || content.bytes.length === 0;
  };
  return [
    ...(isMissing(tags.sopClassUid) ? [text(tags.sopClassUid, 'UI', stated)] : []),
    ...(isMissing(tags.sopInstanceUid) ? [text(tags.sopInstanceUid, 'UI', newUid())] : []),
  ];
}

function methodElements(pixelsAreCleaned: boolean): readonly WrittenElement[] {
  const codes = pixelsAreCleaned ? [basicProfile, cleanPixelData] : [basicProfile];
  const items = codes.map(({ code, meaning }) => [
    text(tags.codeValue, 'SH', code),
    text(tags.codingSchemeDesignator, 'SH', 'DCM'),
    text(tags.codeMeaning, 'LO', meaning),
  ]);
  return [
    text(tags.patientIdentityRemoved, 'CS', 'YES'),
    text(tags.deidentificationMethod, 'LO', methodName),
    { tag: tags.deidentificationMethodCodeSequence, vr: 'SQ', content: { kind: 'items', items } },
    text(tags.longitudinalTemporalInformationModified, 'CS', 'REMOVED'),
    ...(pixelsAreCleaned ? [text(tags.burnedInAnnotation, 'CS', 'NO')] : []),
  ];
}

function pixelsAsTheyAre({ dataSet }: DicomFile): WrittenElement {
  const element = dataSet.element(tags.pixelData);
  if (element === undefined || element.truncated === true) throw new AppError('image-truncated', { format: 'dicom' });
  const bytes = dataSet.bytes.subarray(element.offset, element.offset + element.length);
  const kind = element.fragments === undefined ? 'value' : 'fragments';
  return { tag: tags.pixelData, vr: element.vr, content: { kind, bytes } };
}

/** The frames with black boxes, and the elements of the image module (PS3.3 §C.7.6.3) that say how they are stored now. */
async function blackenedPixels(
  file: DicomFile,
  boxes: readonly PictureBox[],
  { littleEndian }: TransferSyntax,
  compile: CompileCodec | undefined,
): Promise<readonly WrittenElement[]> {
  const { dataSet, transferSyntax } = file;
  const image = readImageModule(dataSet);
  const { bitsAllocated } = image;
  const parts: Int32Array[] = [];
  let first: StoredFrame | undefined;
  for (let number = 1; number <= image.frames; number += 1) {
    const frame = await decodeStoredFrame(file, number, compile);
    blackOut(frame, dataSet, boxes);
    first ??= frame;
    parts.push(frame.values);
  }
  if (first === undefined) throw new AppError('dicom-no-image');
  // A stream may hold more bits than the header says; none of them is cut off.
  const bitsStored = Math.max(image.bitsStored, first.bits);
  const photometric = first.photometric === 'YBR_FULL_422' ? 'YBR_FULL' : first.photometric;
  const word = (tag: number, value: number): WrittenElement => number16(tag, value, littleEndian);
  const byteBits = 8;
  return [
    text(tags.photometricInterpretation, 'CS', photometric),
    ...(isColour(image.photometric) ? [word(tags.planarConfiguration, 0)] : []),
    word(tags.bitsStored, bitsStored),
    word(tags.highBit, bitsStored - 1),
    ...(transferSyntax.lossy ? [text(tags.lossyImageCompression, 'CS', '01')] : []),
    {
      tag: tags.pixelData,
      vr: bitsAllocated > byteBits ? 'OW' : 'OB',
      content: { kind: 'value', bytes: encodeNative(joined(parts), bitsAllocated, littleEndian) },
    },
  ];
}

function joined(parts: readonly Int32Array[]): Int32Array {
  if (parts.length === 1) return parts[0]!;
  const whole = new Int32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function text(tag: number, vr: string, value: string): WrittenElement {
  return { tag, vr, content: { kind: 'value', bytes: asciiBytes(value) } };
}

function number16(tag: number, value: number, littleEndian: boolean): WrittenElement {
  const view = new DataView(new ArrayBuffer(2));
  view.setUint16(0, value, littleEndian);
  return { tag, vr: 'US', content: { kind: 'value', bytes: new Uint8Array(view.buffer) } };
}
