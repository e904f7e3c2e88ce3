import { OperationBinder } from './bind-operations.ts';
import type { Kernels } from './kernels.ts';
import { readMap, writeMap } from './map-values.ts';
import { MemoryBlock, type Reserved } from './memory-block.ts';
import { PackedConstants } from './packed-constants.ts';
import type { Layout, MapBuffer, MapView } from './plan-layout.ts';
import { planMemory } from './plan-memory.ts';
import type { PlannedGradient } from './planned-gradients.ts';
import type { MapShape, PlannedOperation } from './planned-operation.ts';
import { TaskBinder, type Step } from './task-binder.ts';

/** Index of the moment before the first operation, when the inputs are written. */
const beforeFirst = -1;

/** What makes steps of the way back (./bind-gradients.ts): only explanations need it. */
export type BindGradients = (tasks: TaskBinder) => (operation: PlannedGradient, views: Layout['views']) => Step;

/** A laid out plan with its weights in linear memory, ready to run operation by operation. */
export class KernelProgram {
  readonly #memory: WebAssembly.Memory;
  readonly #block: MemoryBlock;
  readonly #views: Layout['views'];
  readonly #addressOf: (buffer: MapBuffer) => number;
  readonly #inputSteps: readonly Step[];
  readonly #steps: readonly (readonly Step[])[];

  /**
   * @param bindGradients for layouts that have a way back
   * @throws AppError `engine-out-of-memory`
   */
  constructor({ operations, views, buffers }: Layout, kernels: Kernels, bindGradients?: BindGradients) {
    this.#memory = kernels.memory;
    this.#views = views;
    const { offsets, bytes } = planMemory(buffers);
    this.#block = new MemoryBlock(kernels);
    let maps: Reserved = { address: 0 };
    this.#addressOf = (buffer) => maps.address + (offsets.get(buffer) ?? 0);
    const constants = new PackedConstants(kernels, this.#block, () => maps.address);
    const tasks = new TaskBinder(kernels, this.#block, constants, this.#addressOf);
    const forward = new OperationBinder(tasks);
    const back = bindGradients?.(tasks);
    const clearBorders = (index: number): Step[] =>
      buffers
        .filter(({ firstWrite }) => firstWrite === index)
        .map((buffer) => tasks.clearBorder(buffer))
        .filter((step) => step !== undefined);
    this.#inputSteps = clearBorders(beforeFirst);
    const bind = (operation: PlannedOperation): readonly Step[] => bindOperation({ forward, back }, operation, views);
    this.#steps = operations.map((operation, index) => [...clearBorders(index), ...bind(operation)]);
    tasks.reserveScratch();
    // Filters wait to be packed where the maps will be.
    maps = this.#block.reserve(Math.max(bytes, constants.stagingBytes));
    this.#block.allocate();
  }

  /** To be called before the inputs of a run are written. */
  begin(): void {
    for (const step of this.#inputSteps) step();
  }

  /** Runs one operation of the layout; what is not done by our kernels only gets its room made ready. */
  step(index: number): void {
    for (const step of this.#steps[index] ?? []) step();
  }

  /** The shape of a map that lies in this program's memory. */
  shapeOf(name: string): MapShape | undefined {
    return this.#views.get(name)?.shape;
  }

  /** @param values [height][width][channels] */
  write(name: string, values: Float32Array): void {
    const view = this.#viewOf(name);
    writeMap(this.#memory, view, this.#addressOf(view.buffer), values);
  }

  /** A copy, [height][width][channels]. */
  read(name: string): Float32Array<ArrayBuffer> {
    const view = this.#viewOf(name);
    return readMap(this.#memory, view, this.#addressOf(view.buffer));
  }

  dispose(): void {
    this.#block.free();
  }

  #viewOf(name: string): MapView {
    const view = this.#views.get(name);
    if (view === undefined) throw new Error(`${name} does not lie in the kernels' memory`);
    return view;
  }
}

interface Binders {
  readonly forward: OperationBinder;
  readonly back: ReturnType<BindGradients> | undefined;
}

function bindOperation(
  { forward, back }: Binders,
  operation: PlannedOperation,
  views: Layout['views'],
): readonly Step[] {
  switch (operation.kind) {
    case 'convolution':
      return [forward.convolution(operation, views)];
    case 'depthwise':
      return [forward.depthwise(operation, views)];
    case 'max-pool':
    case 'average-pool':
      return [forward.pool(operation, views)];
    case 'affine':
      return [forward.affine(operation, views)];
    case 'add':
      return [forward.add(operation, views)];
    case 'resize':
      return [forward.resize(operation, views)];
    case 'pad':
    case 'concat':
    case 'stock':
      return [];
    default:
      if (back === undefined) throw new Error(`${operation.kind}: this program was made without a way back`);
      return [back(operation, views)];
  }
}
