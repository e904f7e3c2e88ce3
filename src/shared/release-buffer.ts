/**
 * Gives the memory of a buffer back now instead of when the garbage collector comes by: pixels are megabytes outside
 * of the heap, and the collector hardly sees them. The buffer is empty afterwards. Does nothing where
 * `ArrayBuffer.prototype.transfer` is missing (before Chrome 114, Firefox 122, Safari 17.4).
 */
export function releaseBuffer(buffer: ArrayBuffer): void {
  const transferable = buffer as ArrayBuffer & { transfer?: (byteLength: number) => ArrayBuffer };
  transferable.transfer?.(0);
}
