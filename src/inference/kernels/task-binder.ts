/** What every binder needs to write tasks: addresses of maps, tables of offsets, room for scratch, places for tasks. */

import type { Kernels } from './kernels.ts';
import { taskBytes, writeTask, type KernelName, type TaskOf } from './kernel-tasks.ts';
import type { MemoryBlock, Reserved } from './memory-block.ts';
import { roundUp } from './pack-filter.ts';
import type { PackedConstants } from './packed-constants.ts';
import type { MapBuffer, MapView } from './plan-layout.ts';
import { bytesOf, floatBytes, rowStrideOf } from './plan-memory.ts';
import type { Border } from './planned-operation.ts';

/** Scratches of threads begin at cache lines. */
const scratchAlignment = 64;

/** Ready to run. */
export type Step = () => void;

interface Origin {
  readonly address: number;
  readonly rowBytes: number;
  readonly pixelBytes: number;
}

export class TaskBinder {
  readonly kernels: Kernels;
  readonly block: MemoryBlock;
  readonly constants: PackedConstants;
  readonly #addressOf: (buffer: MapBuffer) => number;
  #scratch: Reserved | undefined;
  #scratchBytes = 0;

  /** @param addressOf address of a buffer, known once the block is allocated */
  constructor(
    kernels: Kernels,
    block: MemoryBlock,
    constants: PackedConstants,
    addressOf: (buffer: MapBuffer) => number,
  ) {
    this.constants = constants;
    this.kernels = kernels;
    this.block = block;
    this.#addressOf = addressOf;
  }

  /** Room that every kernel may use while it runs, `scratchBytes` a thread; known once the block is allocated. */
  get scratch(): { readonly scratch: number; readonly scratchBytes: number } {
    return { scratch: this.#scratch?.address ?? 0, scratchBytes: this.#scratchBytes };
  }

  needScratch(bytes: number): void {
    this.#scratchBytes = Math.max(this.#scratchBytes, bytes);
  }

  /** After all operations: as much as the greediest needs. */
  reserveScratch(): void {
    this.#scratchBytes = roundUp(this.#scratchBytes, scratchAlignment);
    this.#scratch = this.block.reserve(this.#scratchBytes * this.kernels.threads);
  }

  /** Zeros around a buffer; `undefined` where it has no border. */
  clearBorder(buffer: MapBuffer): Step | undefined {
    const { border, pixelStride, shape } = buffer;
    if (border.top + border.left + border.bottom + border.right === 0) return undefined;
    const rowBytes = rowStrideOf(buffer) * floatBytes;
    return this.step('clearBorder', () => ({
      buffer: this.#addressOf(buffer),
      rowBytes,
      height: shape.height,
      topBytes: border.top * rowBytes,
      bottomBytes: border.bottom * rowBytes,
      leftBytes: border.left * pixelStride * floatBytes,
      rightBytes: border.right * pixelStride * floatBytes,
    }));
  }

  /** Zeros all over a buffer: a border that leaves nothing within. */
  clearAll(buffer: MapBuffer): Step {
    return this.step('clearBorder', () => ({
      buffer: this.#addressOf(buffer),
      rowBytes: 0,
      height: 0,
      topBytes: bytesOf(buffer),
      bottomBytes: 0,
      leftBytes: 0,
      rightBytes: 0,
    }));
  }

  /** Offset of the pixel that belongs to each output pixel. */
  pixelOffsets({ shape }: MapView, { buffer }: MapView, strideY: number, strideX: number): Reserved {
    const rowBytes = strideY * rowStrideOf(buffer) * floatBytes;
    const pixelBytes = strideX * buffer.pixelStride * floatBytes;
    return this.constants.pixelOffsets(shape.height, shape.width, rowBytes, pixelBytes);
  }

  maps(input: MapView, output: MapView, padding?: Border) {
    const from = this.origin(input, padding);
    const to = this.origin(output);
    return {
      input: from.address,
      inputRowBytes: from.rowBytes,
      inputPixelBytes: from.pixelBytes,
      output: to.address,
      outputRowBytes: to.rowBytes,
      outputPixelBytes: to.pixelBytes,
      height: output.shape.height,
      width: output.shape.width,
    };
  }

  /** Where a map begins, or the padding around it. */
  origin({ buffer, y, x, channel }: MapView, padding?: Border): Origin {
    const rowStride = rowStrideOf(buffer);
    const row = y + buffer.border.top - (padding?.top ?? 0);
    const column = x + buffer.border.left - (padding?.left ?? 0);
    return {
      address: this.#addressOf(buffer) + (row * rowStride + column * buffer.pixelStride + channel) * floatBytes,
      rowBytes: rowStride * floatBytes,
      pixelBytes: buffer.pixelStride * floatBytes,
    };
  }

  /** @param task called once all addresses are known */
  step<Name extends KernelName>(kernel: Name, task: () => TaskOf<Name>): Step {
    const { run, memory } = this.kernels;
    const place = this.block.reserve(taskBytes(kernel), (address) => writeTask(memory, address, kernel, task()));
    return stepOf(run[kernel], place);
  }
}

/** A function of its own, so that a step does not hold on to what its task was made from. */
function stepOf(run: (task: number) => void, place: Reserved): Step {
  return () => run(place.address);
}
