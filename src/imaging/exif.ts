/** What EXIF tells that matters here (Exif 2.32 §4.6: a TIFF structure of two directories). */

import type { Orientation } from './exif-orientation.ts';

export interface ExifFacts {
  readonly orientation: Orientation;
  /** A lens and a shutter made it: an exposure time, an aperture or a focal length is stated. */
  readonly isFromCamera: boolean;
}

const nothingKnown: ExifFacts = { orientation: 1, isFromCamera: false };

const headerBytes = 8;
const entryBytes = 12;
const shortType = 3;
const longType = 4;
const tag = { orientation: 0x0112, exifDirectory: 0x8769 } as const;
/** ExposureTime, FNumber, FocalLength. */
const cameraTags: readonly number[] = [0x829a, 0x829d, 0x920a];

/**
 * @param exif a TIFF structure, without the `Exif\0\0` that JPEG puts before it
 * @returns nothing known where there is none or the structure makes no sense: a picture is not refused for its metadata
 */
export function readExif(exif: Uint8Array): ExifFacts {
  if (exif.length < headerBytes) return nothingKnown;
  const view = new DataView(exif.buffer, exif.byteOffset, exif.byteLength);
  const littleEndian = exif[0] === 0x49 && exif[1] === 0x49;
  if (!littleEndian && !(exif[0] === 0x4d && exif[1] === 0x4d)) return nothingKnown;
  let { orientation, isFromCamera } = nothingKnown;
  eachEntry(view, littleEndian, view.getUint32(4, littleEndian), (found, type, at) => {
    if (found === tag.orientation && type === shortType) orientation = asOrientation(view.getUint16(at, littleEndian));
    if (found !== tag.exifDirectory || type !== longType) return;
    eachEntry(view, littleEndian, view.getUint32(at, littleEndian), (inner) => {
      isFromCamera ||= cameraTags.includes(inner);
    });
  });
  return { orientation, isFromCamera };
}

/** Calls with the tag, the type and the place of the value of each entry of a directory that lies within the structure. */
function eachEntry(
  view: DataView,
  littleEndian: boolean,
  directory: number,
  visit: (tag: number, type: number, at: number) => void,
): void {
  if (directory + 2 > view.byteLength) return;
  const entries = view.getUint16(directory, littleEndian);
  for (let index = 0; index < entries; index += 1) {
    const entry = directory + 2 + index * entryBytes;
    if (entry + entryBytes > view.byteLength) return;
    visit(view.getUint16(entry, littleEndian), view.getUint16(entry + 2, littleEndian), entry + 8);
  }
}

function asOrientation(value: number): Orientation {
  return value >= 1 && value <= 8 ? (value as Orientation) : 1;
}
