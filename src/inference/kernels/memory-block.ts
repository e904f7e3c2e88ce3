import { AppError } from '../../shared/app-error.ts';
import type { KernelMemory } from './kernels.ts';

/** Everything begins at a cache line. */
const alignment = 64;

type Fill = (address: number) => void;

/** A place in a block that is not there yet. */
export interface Reserved {
  /** Absolute, in bytes; 0 until the block is allocated. */
  address: number;
}

/**
 * One allocation for everything that a network keeps: WebAssembly memory grows once, by what is needed, and is given
 * back in one piece. Parts are reserved first, then the block is allocated, then each part is filled.
 */
export class MemoryBlock {
  readonly #memory: KernelMemory;
  readonly #parts: { readonly place: Reserved; readonly offset: number; readonly fill: Fill | undefined }[] = [];
  #bytes = 0;
  #start = 0;

  constructor(memory: KernelMemory) {
    this.#memory = memory;
  }

  /** @param fill writes the part, once all parts have their addresses */
  reserve(bytes: number, fill?: Fill): Reserved {
    const place = { address: 0 };
    this.#parts.push({ place, offset: this.#bytes, fill });
    this.#bytes += Math.ceil(bytes / alignment) * alignment;
    return place;
  }

  reserveInts(values: readonly number[]): Reserved {
    return this.reserve(values.length * Int32Array.BYTES_PER_ELEMENT, (address) => {
      new Int32Array(this.#memory.memory.buffer, address, values.length).set(values);
    });
  }

  reserveFloats(length: number, fill: (to: Float32Array) => void): Reserved {
    return this.reserve(length * Float32Array.BYTES_PER_ELEMENT, (address) =>
      fill(new Float32Array(this.#memory.memory.buffer, address, length)),
    );
  }

  /** @throws AppError `engine-out-of-memory` */
  allocate(): void {
    // Kernels of four lanes may read up to three numbers beyond the last one.
    this.#start = this.#memory.allocate(this.#bytes + 2 * alignment);
    if (this.#start === 0) throw new AppError('engine-out-of-memory', { bytes: this.#bytes });
    const base = Math.ceil(this.#start / alignment) * alignment;
    for (const { place, offset } of this.#parts) place.address = base + offset;
    for (const { place, fill } of this.#parts) fill?.(place.address);
    // What the parts were filled from may go.
    this.#parts.length = 0;
  }

  free(): void {
    if (this.#start !== 0) this.#memory.free(this.#start);
    this.#start = 0;
  }
}
