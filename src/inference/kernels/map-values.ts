import type { MapView } from './plan-layout.ts';
import { floatBytes, rowStrideOf } from './plan-memory.ts';

/** Calls `copy` for each run of contiguous numbers of a map: where it lies in memory, and where in a packed copy. */
function eachRun(
  { buffer, shape, y, x, channel }: MapView,
  address: number,
  copy: (at: number, packedAt: number, length: number) => void,
): void {
  const rowStride = rowStrideOf(buffer);
  const isPacked = buffer.pixelStride === shape.channels;
  const runs = isPacked ? 1 : shape.width;
  const length = isPacked ? shape.width * shape.channels : shape.channels;
  const start = address / floatBytes + channel;
  let packedAt = 0;
  for (let row = 0; row < shape.height; row += 1) {
    const rowStart = start + (row + y + buffer.border.top) * rowStride + (x + buffer.border.left) * buffer.pixelStride;
    for (let run = 0; run < runs; run += 1, packedAt += length) {
      copy(rowStart + run * buffer.pixelStride, packedAt, length);
    }
  }
}

/**
 * Writes [height][width][channels] into a map.
 * @param address of the map's buffer
 */
export function writeMap(memory: WebAssembly.Memory, view: MapView, address: number, values: Float32Array): void {
  const floats = new Float32Array(memory.buffer);
  eachRun(view, address, (at, packedAt, length) => floats.set(values.subarray(packedAt, packedAt + length), at));
}

/** A copy [height][width][channels] of a map. */
export function readMap(memory: WebAssembly.Memory, view: MapView, address: number): Float32Array<ArrayBuffer> {
  const floats = new Float32Array(memory.buffer);
  const { height, width, channels } = view.shape;
  const values = new Float32Array(height * width * channels);
  eachRun(view, address, (at, packedAt, length) => values.set(floats.subarray(at, at + length), packedAt));
  return values;
}
