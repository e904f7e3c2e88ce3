/** AVIF and HEIC: pictures in ISO base media files (ISO/IEC 14496-12 boxes, 23008-12 items and properties). */

import { AppError } from '../shared/app-error.ts';
import { ByteReader } from './byte-reader.ts';
import { checkDeclaredSize } from './declared-size.ts';
import type { Orientation } from './exif-orientation.ts';
import type { ImageHeader } from './image-header.ts';

type IsoMediaFormat = 'avif' | 'heic';

const eightBits = 8;
const boxHeadBytes = 8;
const longBoxHeadBytes = 16;
/** Pictures have some dozens; a hostile file of boxes alone would have millions. */
const mostBoxes = 4096;
/** Version and flags of a full box. */
const fullBoxBytes = 4;

interface Box {
  readonly type: string;
  /** Of its content. */
  readonly from: number;
  readonly to: number;
}

/**
 * The EXIF orientations that undo the same: `irot` turns anti-clockwise by so many quarters (ISO/IEC 23008-12 §6.5.10), then
 * `imir` swaps top and bottom, or left and right (§6.5.12, edition of 2022).
 */
const orientations = {
  notMirrored: [1, 8, 3, 6],
  topAndBottom: [4, 5, 2, 7],
  leftAndRight: [2, 7, 4, 5],
} as const satisfies Readonly<Record<string, readonly Orientation[]>>;

/**
 * Size, rotation and mirroring of the primary item; browsers undo the latter two. Where the file does not say which properties are its
 * own, the largest size counts: that of a tile or thumbnail is smaller.
 *
 * @throws AppError `image-corrupt`, `image-truncated`, `image-too-large`
 */
export function readIsoMediaHeader(bytes: Uint8Array, format: IsoMediaFormat): ImageHeader {
  const reader = new ByteReader(bytes, format, false);
  const top = boxesIn(reader, 0, bytes.length, format);
  const brand = top.find(({ type }) => type === 'ftyp');
  const meta = top.find(({ type }) => type === 'meta');
  const inMeta = meta === undefined ? [] : boxesIn(reader, meta.from + fullBoxBytes, meta.to, format);
  const inProperties = within(reader, inMeta, 'iprp', format);
  const properties = within(reader, inProperties, 'ipco', format);
  const own = primaryProperties(reader, inMeta, inProperties, properties);
  const sizes = (boxes: readonly Box[]): { readonly width: number; readonly height: number }[] =>
    boxes
      .filter(({ type }) => type === 'ispe')
      .map(({ from }) => ({ width: reader.u32(from + fullBoxBytes), height: reader.u32(from + fullBoxBytes + 4) }));
  const largest = sizes(properties).reduce(
    (most, size) => (size.width * size.height > most.width * most.height ? size : most),
    { width: 0, height: 0 },
  );
  checkDeclaredSize(format, largest.width, largest.height);
  const size = sizes(own)[0] ?? largest;
  return {
    format,
    ...size,
    bitsPerSample: eightBits,
    colour: 'colour',
    orientation: orientationOf(reader, own),
    animated: brand !== undefined && /^(avis|hevc|msf1)$/.test(reader.ascii(brand.from, 4)),
  };
}

function orientationOf(reader: ByteReader, properties: readonly Box[]): Orientation {
  const rotation = properties.find(({ type }) => type === 'irot');
  const mirror = properties.find(({ type }) => type === 'imir');
  const swapped =
    mirror === undefined ? 'notMirrored' : (reader.u8(mirror.from) & 1) === 0 ? 'topAndBottom' : 'leftAndRight';
  const quarters = rotation === undefined ? 0 : reader.u8(rotation.from) & 3;
  return orientations[swapped][quarters] ?? 1;
}

/** The properties that `ipma` gives to the item that `pitm` names. */
function primaryProperties(
  reader: ByteReader,
  inMeta: readonly Box[],
  inProperties: readonly Box[],
  properties: readonly Box[],
): readonly Box[] {
  const primary = inMeta.find(({ type }) => type === 'pitm');
  const associations = inProperties.find(({ type }) => type === 'ipma');
  if (primary === undefined || associations === undefined) return [];
  const readId = (at: number, isWide: boolean): number => (isWide ? reader.u32(at) : reader.u16(at));
  const wanted = readId(primary.from + fullBoxBytes, reader.u8(primary.from) > 0);
  const { from, to } = associations;
  const hasWideIds = reader.u8(from) > 0;
  const hasWideIndices = (reader.u8(from + 3) & 1) === 1;
  const idBytes = hasWideIds ? 4 : 2;
  const indexBytes = hasWideIndices ? 2 : 1;
  const indexMask = hasWideIndices ? 0x7fff : 0x7f;
  let at = from + fullBoxBytes + 4;
  while (at + idBytes < to) {
    const id = readId(at, hasWideIds);
    const count = reader.u8(at + idBytes);
    const first = at + idBytes + 1;
    if (id === wanted) {
      return Array.from({ length: count }, (_, index) => {
        const place = first + index * indexBytes;
        // Counted from 1; 0 is none.
        return properties[((hasWideIndices ? reader.u16(place) : reader.u8(place)) & indexMask) - 1];
      }).filter((box) => box !== undefined);
    }
    at = first + count * indexBytes;
  }
  return [];
}

function within(reader: ByteReader, boxes: readonly Box[], type: string, format: IsoMediaFormat): Box[] {
  const box = boxes.find((candidate) => candidate.type === type);
  return box === undefined ? [] : boxesIn(reader, box.from, box.to, format);
}

/** A box that leaves its parent means a cut file. */
function boxesIn(reader: ByteReader, from: number, to: number, format: IsoMediaFormat): Box[] {
  const boxes: Box[] = [];
  for (let at = from; at + boxHeadBytes <= to;) {
    let length = reader.u32(at);
    let head = boxHeadBytes;
    if (length === 1) {
      length = reader.u32(at + boxHeadBytes) * 2 ** 32 + reader.u32(at + boxHeadBytes + 4);
      head = longBoxHeadBytes;
    } else if (length === 0) {
      length = to - at;
    }
    if (length < head) throw new AppError('image-corrupt', { format });
    reader.need(at, length);
    if (boxes.length === mostBoxes) throw new AppError('image-corrupt', { format });
    boxes.push({ type: reader.ascii(at + 4, 4), from: at + head, to: Math.min(to, at + length) });
    at += length;
  }
  return boxes;
}
