import type { Kernels } from './kernels.ts';
import type { MemoryBlock, Reserved } from './memory-block.ts';
import { fillUpRows, panelColumns, roundUp } from './pack-filter.ts';
import { floatBytes } from './plan-memory.ts';
import type { Place } from './plan-resize.ts';
import type { Filter, Norm } from './planned-operation.ts';

/** Bytes before a filter that waits to be packed: room for the 18 vectors of Winograd's, rounded up to cache lines. */
const stagingHeadBytes = 320;

/** Two offsets and a share of four bytes each. */
const placeBytes = 12;

/** Bytes of a binary16. */
const halfBytes = 2;

/** What tasks read and nobody writes: filters in packed form, a number a channel, tables of offsets. */
export class PackedConstants {
  readonly #kernels: Kernels;
  readonly #block: MemoryBlock;
  readonly #staging: () => number;
  readonly #tables = new Map<string, Reserved>();
  #stagingBytes = 0;

  /** @param staging address of `stagingBytes` bytes that are free while the block is filled, known then */
  constructor(kernels: Kernels, block: MemoryBlock, staging: () => number) {
    this.#kernels = kernels;
    this.#block = block;
    this.#staging = staging;
  }

  get stagingBytes(): number {
    return this.#stagingBytes;
  }

  /** A number a channel, zeros where there are none and up to whole panels. */
  vector(values: Float32Array | undefined, length: number): Reserved {
    return this.#block.reserveFloats(roundUp(length, panelColumns), (to) => {
      to.fill(0);
      if (values !== undefined) to.set(values);
    });
  }

  norm({ scale, shift }: Norm): { readonly scale: Reserved; readonly shift: Reserved } {
    return { scale: this.vector(scale, scale.length), shift: this.vector(shift, shift.length) };
  }

  /** Offsets in bytes of `height` × `width` pixels, row by row; tables are shared where they are the same. */
  pixelOffsets(height: number, width: number, rowBytes: number, pixelBytes: number): Reserved {
    const key = [height, width, rowBytes, pixelBytes].join();
    const known = this.#tables.get(key);
    if (known !== undefined) return known;
    const offsets = Array.from(
      { length: height * width },
      (_, index) => Math.floor(index / width) * rowBytes + (index % width) * pixelBytes,
    );
    const table = this.#block.reserveInts(offsets);
    this.#tables.set(key, table);
    return table;
  }

  /** Rows or columns that lie between two others (./assembly/resize.ts). @param stepBytes from one to the next */
  places(places: readonly Place[], stepBytes: number): Reserved {
    return this.#block.reserve(places.length * placeBytes, (address) => {
      const view = new DataView(this.#kernels.memory.buffer, address);
      places.forEach(({ before, after, share }, index) => {
        view.setInt32(index * placeBytes, before * stepBytes, true);
        view.setInt32(index * placeBytes + floatBytes, after * stepBytes, true);
        view.setFloat32(index * placeBytes + 2 * floatBytes, share, true);
      });
    });
  }

  /**
   * A packed filter of `length` numbers. It is packed by a kernel: in JavaScript the millions of numbers of a DenseNet-121
   * take 40 to 70 ms.
   *
   * @param pack told where the filter lies, row by row and filled up to whole panels, where it goes, and of 288 free bytes
   */
  filter(filter: Filter, length: number, pack: (staged: number, to: number, free: number) => void): Reserved {
    const { height, width, depth, columns } = filter;
    const staged = height * width * depth * roundUp(columns, panelColumns);
    this.#stagingBytes = Math.max(this.#stagingBytes, stagingHeadBytes + staged * (floatBytes + halfBytes));
    return this.#block.reserve(length * floatBytes, (address) => {
      const free = this.#staging();
      const from = free + stagingHeadBytes;
      this.#stage(filter, from, staged);
      pack(from, address, free);
    });
  }

  /** Puts a filter's `count` numbers to `to`; behind them there is room for as many halves. */
  #stage(filter: Filter, to: number, count: number): void {
    const { memory, pack } = this.#kernels;
    if (filter.halves?.byteLength === count * halfBytes) {
      const halves = to + count * floatBytes;
      new Uint8Array(memory.buffer, halves, count * halfBytes).set(filter.halves);
      pack.decodeFloat16(halves, count, to);
    } else fillUpRows(filter, new Float32Array(memory.buffer, to, count));
  }
}
