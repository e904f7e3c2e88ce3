import { AppError } from '../../shared/app-error.ts';
import type { ByteRange, DataSet, DicomElement } from './data-set.ts';
import type { ImageModule } from './image-module.ts';
import { joinBytes } from './join-bytes.ts';
import { tags } from './tags.ts';

const itemHeaderBytes = 8;
/** JPEG and JPEG-LS streams begin with SOI, JPEG 2000 ones with SOC; both begin with FF. */
const streamBegins: readonly number[] = [0xffd8, 0xff4f];

/**
 * The compressed bytes of one frame (PS3.5 §A.4): through the extended or basic offset table where it leads somewhere,
 * else one fragment a frame, else from one start of a stream to the next.
 *
 * @param frame 0-based
 * @throws AppError `image-truncated`, `image-corrupt`
 */
export function encapsulatedFrame(dataSet: DataSet, image: ImageModule, frame: number): Uint8Array {
  const element = dataSet.element(tags.pixelData);
  const [table, ...fragments] = element?.fragments ?? [];
  if (element === undefined || table === undefined) throw corrupt();
  const own = ownFragments(dataSet, element, table, fragments, image.frames, frame);
  const last = own.at(-1);
  if (last === undefined) throw new AppError('image-truncated', { format: 'dicom', frame: frame + 1 });
  if (element.truncated === true && last === fragments.at(-1))
    throw new AppError('image-truncated', { format: 'dicom' });
  return join(dataSet.bytes, own);
}

function ownFragments(
  dataSet: DataSet,
  element: DicomElement,
  table: ByteRange,
  fragments: readonly ByteRange[],
  frames: number,
  frame: number,
): readonly ByteRange[] {
  if (frames === 1) return fragments;
  const first = fragments[0];
  if (first === undefined) return [];
  const offsets = extendedOffsets(dataSet, frames) ?? basicOffsets(dataSet, table, frames);
  const start = first.offset - itemHeaderBytes;
  const leads = offsets?.every((offset) =>
    fragments.some((fragment) => fragment.offset - itemHeaderBytes === start + offset),
  );
  if (offsets !== undefined && leads === true) {
    const from = start + offsets[frame]!;
    const to = frame + 1 < frames ? start + offsets[frame + 1]! : element.offset + element.length;
    return fragments.filter(({ offset }) => offset - itemHeaderBytes >= from && offset - itemHeaderBytes < to);
  }
  if (fragments.length === frames) return fragments.slice(frame, frame + 1);
  const starts = fragments.flatMap(({ offset, length }, index) => {
    const word = length < 2 ? 0 : dataSet.bytes[offset]! * 256 + dataSet.bytes[offset + 1]!;
    return streamBegins.includes(word) ? [index] : [];
  });
  if (starts.length !== frames) throw corrupt();
  return fragments.slice(starts[frame], starts[frame + 1]);
}

function basicOffsets(dataSet: DataSet, table: ByteRange, frames: number): readonly number[] | undefined {
  const width = 4;
  if (table.length !== frames * width) return undefined;
  const view = new DataView(dataSet.bytes.buffer, dataSet.bytes.byteOffset + table.offset, table.length);
  return Array.from({ length: frames }, (_, index) => view.getUint32(index * width, true));
}

/** 64-bit offsets (PS3.3 §C.7.6.3.1.8). */
function extendedOffsets(dataSet: DataSet, frames: number): readonly number[] | undefined {
  const width = 8;
  const value = dataSet.value(tags.extendedOffsetTable);
  if (value?.length !== frames * width) return undefined;
  const view = new DataView(value.buffer, value.byteOffset, value.length);
  return Array.from({ length: frames }, (_, index) => Number(view.getBigUint64(index * width, true)));
}

function join(bytes: Uint8Array, ranges: readonly ByteRange[]): Uint8Array {
  const parts = ranges.map(({ offset, length }) => bytes.subarray(offset, offset + length));
  // One alone, as most are, is not copied.
  return parts.length === 1 ? parts[0]! : joinBytes(parts);
}

function corrupt(): AppError {
  return new AppError('image-corrupt', { format: 'dicom' });
}
