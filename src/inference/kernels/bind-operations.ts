/** Turns what is planned into tasks in linear memory: filters packed, addresses and strides filled in. */

import type { KernelFlavour } from '../../shared/messages.ts';
import type { MemoryBlock, Reserved } from './memory-block.ts';
import type { Kernels } from './kernels.ts';
import { taskBytes, writeTask, type KernelName, type TaskOf } from './kernel-tasks.ts';
import {
  depthwiseVectors,
  packDepthwise,
  panelColumns,
  roundUp,
  winogradPlaces,
  type WinogradSide,
} from './pack-filter.ts';
import type { PackedConstants } from './packed-constants.ts';
import { winogradSide, type MapBuffer, type MapView } from './plan-layout.ts';
import { floatBytes, rowStrideOf } from './plan-memory.ts';
import type {
  Border,
  PlannedAdd,
  PlannedAffine,
  PlannedConvolution,
  PlannedDepthwise,
  PlannedPool,
} from './planned-operation.ts';

/** Ready to run. */
export type Step = () => void;

const laneCount = 4;
/** Scratches of threads begin at cache lines. */
const scratchAlignment = 64;
/** Rows of the largest tile, and bytes for the addresses of its rows (./assembly/gemm-tile.ts). */
const tileRows = 6;
const addressBytes = 96;
/** Room before Winograd's patches (./assembly/winograd.ts). */
const winogradHeadBytes = 704;
/** Room between the places of Winograd's patches, and of their products. */
const winogradGapBytes = 64;
/**
 * Tiles that go through Winograd's three steps together, whole tiles of the product's rows: patches of 128 channels (200 to
 * 280 KB) stay in the second-level cache. More tiles gain nothing, fewer fetch the filters too often.
 */
const winogradGroupTiles: Readonly<Record<KernelFlavour, number>> = { relaxed: 12, plain: 15 };

interface Origin {
  readonly address: number;
  readonly rowBytes: number;
  readonly pixelBytes: number;
}

export class OperationBinder {
  readonly #kernels: Kernels;
  readonly #block: MemoryBlock;
  readonly #addressOf: (buffer: MapBuffer) => number;
  readonly #constants: PackedConstants;
  #scratch: Reserved | undefined;
  #scratchBytes = 0;

  /** @param addressOf address of a buffer, known once the block is allocated */
  constructor(
    kernels: Kernels,
    block: MemoryBlock,
    constants: PackedConstants,
    addressOf: (buffer: MapBuffer) => number,
  ) {
    this.#constants = constants;
    this.#kernels = kernels;
    this.#block = block;
    this.#addressOf = addressOf;
  }

  /** After all operations: room that every kernel may use while it runs, as much as the greediest needs. */
  reserveScratch(): void {
    this.#scratchBytes = roundUp(this.#scratchBytes, scratchAlignment);
    this.#scratch = this.#block.reserve(this.#scratchBytes * this.#kernels.threads);
  }

  /** Zeros around a buffer; `undefined` where it has no border. */
  clearBorder(buffer: MapBuffer): Step | undefined {
    const { border, pixelStride, shape } = buffer;
    if (border.top + border.left + border.bottom + border.right === 0) return undefined;
    const rowBytes = rowStrideOf(buffer) * floatBytes;
    return this.#step('clearBorder', () => ({
      buffer: this.#addressOf(buffer),
      rowBytes,
      height: shape.height,
      topBytes: border.top * rowBytes,
      bottomBytes: border.bottom * rowBytes,
      leftBytes: border.left * pixelStride * floatBytes,
      rightBytes: border.right * pixelStride * floatBytes,
    }));
  }

  convolution(operation: PlannedConvolution, views: ReadonlyMap<string, MapView>): Step {
    const [inputName, residualName] = operation.inputs;
    const input = views.get(inputName)!;
    const output = views.get(operation.output)!;
    const side = winogradSide(operation, views);
    if (side !== undefined) return this.#winograd(operation, side, input, output);
    const { filter, strides, norm, clamp } = operation;
    const residual = residualName === undefined ? undefined : views.get(residualName)!;
    const runs = this.#runs(operation, input);
    const totalDepth = runs.offsets.length * runs.depth;
    const columns = roundUp(filter.columns, panelColumns);
    const weights = this.#constants.filter(filter, columns * totalDepth, (staged, to) =>
      this.#kernels.pack.packPanels(staged, totalDepth, columns, to),
    );
    const bias = this.#constants.vector(operation.bias, filter.columns);
    const inputOffsets = this.#pixelOffsets(output, input, strides.y, strides.x);
    const outputOffsets = this.#pixelOffsets(output, output, 1, 1);
    const residualOffsets = residual && this.#pixelOffsets(output, residual, 1, 1);
    const segmentOffsets = this.#block.reserveInts(runs.offsets);
    const normScale = norm && this.#constants.vector(norm.scale, filter.depth);
    const normShift = norm && this.#constants.vector(norm.shift, filter.depth);
    this.#needScratch(addressBytes + (norm === undefined ? 0 : tileRows * runs.depth * floatBytes));
    return this.#step('convolve', () => ({
      input: this.#origin(input, operation.padding).address,
      inputOffsets: inputOffsets.address,
      output: this.#origin(output).address,
      outputOffsets: outputOffsets.address,
      residual: residual === undefined ? 0 : this.#origin(residual).address,
      residualOffsets: residualOffsets?.address ?? 0,
      pixels: output.shape.height * output.shape.width,
      columns,
      weights: weights.address,
      bias: bias.address,
      segments: runs.offsets.length,
      segmentOffsets: segmentOffsets.address,
      depth: runs.depth,
      normScale: normScale?.address ?? 0,
      normShift: normShift?.address ?? 0,
      ...clamp,
      ...this.#scratchOf(),
    }));
  }

  depthwise(operation: PlannedDepthwise, views: ReadonlyMap<string, MapView>): Step {
    const input = views.get(operation.inputs[0])!;
    const output = views.get(operation.output)!;
    const channels = roundUp(output.shape.channels, laneCount);
    const weights = this.#block.reserveFloats(channels * depthwiseVectors, (to) =>
      packDepthwise(operation.values, operation.bias, output.shape.channels, to),
    );
    return this.#step('depthwise', () => ({
      ...this.#maps(input, output, operation.padding),
      channels,
      stride: operation.stride,
      weights: weights.address,
      ...operation.clamp,
    }));
  }

  pool(operation: PlannedPool, views: ReadonlyMap<string, MapView>): Step {
    const input = views.get(operation.inputs[0])!;
    const output = views.get(operation.output)!;
    const norm = operation.norm && this.#constants.norm(operation.norm);
    return this.#step(operation.kind === 'max-pool' ? 'maxPool' : 'averagePool', () => ({
      ...this.#maps(input, output),
      channels: roundUp(output.shape.channels, laneCount),
      windowHeight: operation.window.height,
      windowWidth: operation.window.width,
      strideY: operation.strides.y,
      strideX: operation.strides.x,
      normScale: norm?.scale.address ?? 0,
      normShift: norm?.shift.address ?? 0,
    }));
  }

  affine(operation: PlannedAffine, views: ReadonlyMap<string, MapView>): Step {
    const input = views.get(operation.inputs[0])!;
    const output = views.get(operation.output)!;
    const { scale, shift } = this.#constants.norm(operation.norm);
    return this.#step('affine', () => ({
      ...this.#maps(input, output),
      channels: roundUp(output.shape.channels, laneCount),
      scale: scale.address,
      shift: shift.address,
      ...operation.clamp,
    }));
  }

  add(operation: PlannedAdd, views: ReadonlyMap<string, MapView>): Step {
    const [input, other] = operation.inputs.map((name) => views.get(name)!) as [MapView, MapView];
    const output = views.get(operation.output)!;
    return this.#step('add', () => {
      const second = this.#origin(other);
      return {
        ...this.#maps(input, output),
        other: second.address,
        otherRowBytes: second.rowBytes,
        otherPixelBytes: second.pixelBytes,
        channels: roundUp(output.shape.channels, laneCount),
      };
    });
  }

  #winograd({ filter, bias, clamp }: PlannedConvolution, side: WinogradSide, input: MapView, output: MapView): Step {
    const columns = roundUp(filter.columns, panelColumns);
    const places = winogradPlaces(side);
    const weights = this.#constants.filter(filter, places * columns * filter.depth, (staged, to, free) =>
      this.#kernels.pack.packWinograd(staged, filter.depth, columns, side, free, to),
    );
    const shift = this.#constants.vector(bias, filter.columns);
    const zeros = this.#constants.vector(undefined, filter.columns);
    const groupTiles = winogradGroupTiles[this.#kernels.flavour];
    const placeBytes = groupTiles * (filter.depth + columns) * floatBytes + 2 * winogradGapBytes;
    this.#needScratch(winogradHeadBytes + places * placeBytes);
    return this.#step('convolveWinograd', () => ({
      ...this.#maps(input, output, { top: 1, left: 1, bottom: 1, right: 1 }),
      tileSide: side,
      depth: filter.depth,
      columns,
      weights: weights.address,
      bias: shift.address,
      zeros: zeros.address,
      ...clamp,
      groupTiles,
      ...this.#scratchOf(),
    }));
  }

  /** The contiguous runs of numbers that a window reads: a run a row where pixels touch, else a run a pixel. */
  #runs({ filter }: PlannedConvolution, { buffer }: MapView): { offsets: number[]; depth: number } {
    const rowBytes = rowStrideOf(buffer) * floatBytes;
    const rows = Array.from({ length: filter.height }, (_, y) => y * rowBytes);
    if (buffer.pixelStride === filter.depth) return { offsets: rows, depth: filter.width * filter.depth };
    const pixelBytes = buffer.pixelStride * floatBytes;
    const offsets = rows.flatMap((row) => Array.from({ length: filter.width }, (_, x) => row + x * pixelBytes));
    return { offsets, depth: filter.depth };
  }

  /** Offset of the pixel that belongs to each output pixel. */
  #pixelOffsets({ shape }: MapView, { buffer }: MapView, strideY: number, strideX: number): Reserved {
    const rowBytes = strideY * rowStrideOf(buffer) * floatBytes;
    const pixelBytes = strideX * buffer.pixelStride * floatBytes;
    return this.#constants.pixelOffsets(shape.height, shape.width, rowBytes, pixelBytes);
  }

  #maps(input: MapView, output: MapView, padding?: Border) {
    const from = this.#origin(input, padding);
    const to = this.#origin(output);
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
  #origin({ buffer, y, x, channel }: MapView, padding?: Border): Origin {
    const rowStride = rowStrideOf(buffer);
    const row = y + buffer.border.top - (padding?.top ?? 0);
    const column = x + buffer.border.left - (padding?.left ?? 0);
    return {
      address: this.#addressOf(buffer) + (row * rowStride + column * buffer.pixelStride + channel) * floatBytes,
      rowBytes: rowStride * floatBytes,
      pixelBytes: buffer.pixelStride * floatBytes,
    };
  }

  /** Known once it is reserved; what each thread's begins with lies `scratchBytes` apart. */
  #scratchOf(): { scratch: number; scratchBytes: number } {
    return { scratch: this.#scratch?.address ?? 0, scratchBytes: this.#scratchBytes };
  }

  #needScratch(bytes: number): void {
    this.#scratchBytes = Math.max(this.#scratchBytes, bytes);
  }

  /** @param task called once all addresses are known */
  #step<Name extends KernelName>(kernel: Name, task: () => TaskOf<Name>): Step {
    const { run, memory } = this.#kernels;
    const place = this.#block.reserve(taskBytes(kernel), (address) => writeTask(memory, address, kernel, task()));
    return stepOf(run[kernel], place);
  }
}

/** A function of its own, so that a step does not hold on to what its task was made from. */
function stepOf(run: (task: number) => void, place: Reserved): Step {
  return () => run(place.address);
}
