/** Turns what is planned into tasks in linear memory: filters packed, addresses and strides filled in. */

import type { KernelFlavour } from '../../shared/messages.ts';
import {
  depthwiseVectors,
  packDepthwise,
  panelColumns,
  roundUp,
  winogradPlaces,
  type WinogradSide,
} from './pack-filter.ts';
import { winogradSide, type MapView } from './plan-layout.ts';
import { floatBytes, rowStrideOf } from './plan-memory.ts';
import { placesOf } from './plan-resize.ts';
import type {
  PlannedAdd,
  PlannedAffine,
  PlannedConvolution,
  PlannedDepthwise,
  PlannedPool,
  PlannedResize,
} from './planned-operation.ts';
import type { Step, TaskBinder } from './task-binder.ts';

const laneCount = 4;
/** Rows of the largest tile, and bytes for the addresses of its rows (./assembly/gemm-tile.ts). */
export const tileRows = 6;
export const addressBytes = 96;
/** Room before Winograd's patches (./assembly/winograd.ts). */
const winogradHeadBytes = 704;
/** Room between the places of Winograd's patches, and of their products. */
const winogradGapBytes = 64;
/**
 * Tiles that go through Winograd's three steps together, whole tiles of the product's rows: patches of 128 channels (200 to
 * 280 KB) stay in the second-level cache. More tiles gain nothing, fewer fetch the filters too often.
 */
const winogradGroupTiles: Readonly<Record<KernelFlavour, number>> = { relaxed: 12, plain: 15 };

export class OperationBinder {
  readonly #tasks: TaskBinder;

  constructor(tasks: TaskBinder) {
    this.#tasks = tasks;
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
    const weights = this.#tasks.constants.filter(filter, columns * totalDepth, (staged, to) =>
      this.#tasks.kernels.pack.packPanels(staged, totalDepth, columns, to),
    );
    const bias = this.#tasks.constants.vector(operation.bias, filter.columns);
    const inputOffsets = this.#tasks.pixelOffsets(output, input, strides.y, strides.x);
    const outputOffsets = this.#tasks.pixelOffsets(output, output, 1, 1);
    const residualOffsets = residual && this.#tasks.pixelOffsets(output, residual, 1, 1);
    const segmentOffsets = this.#tasks.block.reserveInts(runs.offsets);
    const normScale = norm && this.#tasks.constants.vector(norm.scale, filter.depth);
    const normShift = norm && this.#tasks.constants.vector(norm.shift, filter.depth);
    this.#tasks.needScratch(addressBytes + (norm === undefined ? 0 : tileRows * runs.depth * floatBytes));
    return this.#tasks.step('convolve', () => ({
      input: this.#tasks.origin(input, operation.padding).address,
      inputOffsets: inputOffsets.address,
      output: this.#tasks.origin(output).address,
      outputOffsets: outputOffsets.address,
      residual: residual === undefined ? 0 : this.#tasks.origin(residual).address,
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
      ...this.#tasks.scratch,
    }));
  }

  depthwise(operation: PlannedDepthwise, views: ReadonlyMap<string, MapView>): Step {
    const input = views.get(operation.inputs[0])!;
    const output = views.get(operation.output)!;
    const channels = roundUp(output.shape.channels, laneCount);
    const weights = this.#tasks.block.reserveFloats(channels * depthwiseVectors, (to) =>
      packDepthwise(operation.values, operation.bias, output.shape.channels, to),
    );
    return this.#tasks.step('depthwise', () => ({
      ...this.#tasks.maps(input, output, operation.padding),
      channels,
      stride: operation.stride,
      weights: weights.address,
      ...operation.clamp,
    }));
  }

  pool(operation: PlannedPool, views: ReadonlyMap<string, MapView>): Step {
    const input = views.get(operation.inputs[0])!;
    const output = views.get(operation.output)!;
    const norm = operation.norm && this.#tasks.constants.norm(operation.norm);
    return this.#tasks.step(operation.kind === 'max-pool' ? 'maxPool' : 'averagePool', () => ({
      ...this.#tasks.maps(input, output),
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
    const { scale, shift } = this.#tasks.constants.norm(operation.norm);
    return this.#tasks.step('affine', () => ({
      ...this.#tasks.maps(input, output),
      channels: roundUp(output.shape.channels, laneCount),
      scale: scale.address,
      shift: shift.address,
      ...operation.clamp,
    }));
  }

  add(operation: PlannedAdd, views: ReadonlyMap<string, MapView>): Step {
    const [input, other] = operation.inputs.map((name) => views.get(name)!) as [MapView, MapView];
    const output = views.get(operation.output)!;
    return this.#tasks.step('add', () => {
      const second = this.#tasks.origin(other);
      return {
        ...this.#tasks.maps(input, output),
        other: second.address,
        otherRowBytes: second.rowBytes,
        otherPixelBytes: second.pixelBytes,
        channels: roundUp(output.shape.channels, laneCount),
      };
    });
  }

  resize(operation: PlannedResize, views: ReadonlyMap<string, MapView>): Step {
    const [inputName, otherName] = operation.inputs;
    const input = views.get(inputName)!;
    const output = views.get(operation.output)!;
    const other = otherName === undefined ? undefined : views.get(otherName)!;
    const { height, width } = input.shape;
    const rowBytes = rowStrideOf(input.buffer) * floatBytes;
    const pixelBytes = input.buffer.pixelStride * floatBytes;
    const rows = this.#tasks.constants.places(placesOf(height, output.shape.height, operation.from), rowBytes);
    const columns = this.#tasks.constants.places(placesOf(width, output.shape.width, operation.from), pixelBytes);
    return this.#tasks.step('resize', () => {
      const added = other && this.#tasks.origin(other);
      return {
        ...this.#tasks.maps(input, output),
        channels: roundUp(output.shape.channels, laneCount),
        rows: rows.address,
        columns: columns.address,
        other: added?.address ?? 0,
        otherRowBytes: added?.rowBytes ?? 0,
        otherPixelBytes: added?.pixelBytes ?? 0,
      };
    });
  }

  #winograd({ filter, bias, clamp }: PlannedConvolution, side: WinogradSide, input: MapView, output: MapView): Step {
    const columns = roundUp(filter.columns, panelColumns);
    const places = winogradPlaces(side);
    const weights = this.#tasks.constants.filter(filter, places * columns * filter.depth, (staged, to, free) =>
      this.#tasks.kernels.pack.packWinograd(staged, filter.depth, columns, side, free, to),
    );
    const shift = this.#tasks.constants.vector(bias, filter.columns);
    const zeros = this.#tasks.constants.vector(undefined, filter.columns);
    const groupTiles = winogradGroupTiles[this.#tasks.kernels.flavour];
    const placeBytes = groupTiles * (filter.depth + columns) * floatBytes + 2 * winogradGapBytes;
    this.#tasks.needScratch(winogradHeadBytes + places * placeBytes);
    return this.#tasks.step('convolveWinograd', () => ({
      ...this.#tasks.maps(input, output, { top: 1, left: 1, bottom: 1, right: 1 }),
      tileSide: side,
      depth: filter.depth,
      columns,
      weights: weights.address,
      bias: shift.address,
      zeros: zeros.address,
      ...clamp,
      groupTiles,
      ...this.#tasks.scratch,
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
}
