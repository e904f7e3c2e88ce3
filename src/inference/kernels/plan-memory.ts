import type { MapBuffer } from './plan-layout.ts';

/** Bytes of a float32. */
export const floatBytes = 4;
/** Buffers begin at cache lines. */
const alignment = 64;

/** Numbers in one row of a buffer, border included. */
export function rowStrideOf({ shape, border, pixelStride }: MapBuffer): number {
  return (shape.width + border.left + border.right) * pixelStride;
}

export function bytesOf(buffer: MapBuffer): number {
  const rows = buffer.shape.height + buffer.border.top + buffer.border.bottom;
  return Math.ceil((rows * rowStrideOf(buffer) * floatBytes) / alignment) * alignment;
}

/**
 * Places buffers so that those which are in use at the same time do not overlap. The largest come first, each at the
 * lowest place that is free all through its life: "greedy by size" of Pisarchyk & Lee, arXiv 2001.03288.
 *
 * @returns offset of each buffer in bytes, and the bytes that all of them need
 */
export function planMemory(buffers: readonly MapBuffer[]): {
  readonly offsets: ReadonlyMap<MapBuffer, number>;
  readonly bytes: number;
} {
  const offsets = new Map<MapBuffer, number>();
  let bytes = 0;
  for (const buffer of [...buffers].sort((one, other) => bytesOf(other) - bytesOf(one))) {
    const size = bytesOf(buffer);
    const taken = [...offsets]
      .filter(([other]) => other.firstWrite <= buffer.lastRead && buffer.firstWrite <= other.lastRead)
      .map(([other, offset]) => ({ start: offset, end: offset + bytesOf(other) }))
      .sort((one, other) => one.start - other.start);
    let offset = 0;
    for (const { start, end } of taken) {
      if (offset + size <= start) break;
      offset = Math.max(offset, end);
    }
    offsets.set(buffer, offset);
    bytes = Math.max(bytes, offset + size);
  }
  return { offsets, bytes };
}
