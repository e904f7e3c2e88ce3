/**
 * What tfjs does for networks, as everybody else sees it. It is loaded and started only where something needs it: its
 * JavaScript and its WebAssembly are most of what an engine is, and the packs that come with the app are wholly ours.
 */

import type { GraphNode } from './graph-definition.ts';
import type { GraphInput, GraphOutput, GraphRunner } from './graph-network.ts';
import type { KernelProgram } from './kernels/kernel-program.ts';
import type { PlannedOperation } from './kernels/planned-operation.ts';
import type { WeightValues } from './read-weights.ts';

export interface StockEngine {
  /** A graph run node by node by tfjs's kernels. The weights are taken one after another, so that they may be read so. */
  loadNetwork(nodes: ReadonlyMap<string, GraphNode>, input: GraphInput, weights: Iterable<WeightValues>): GraphRunner;
  /**
   * Those operations of a plan that are tfjs's. Allocates nothing yet.
   * @throws AppError `pack-invalid` {reason} for an operation that packs may not use
   */
  bind(
    operations: readonly PlannedOperation[],
    weights: ReadonlyMap<string, WeightValues>,
    outputs: readonly string[],
  ): StockSteps;
}

/** The maps of our kernels, for tfjs's kernels to read and to write. */
export type KernelMaps = Pick<KernelProgram, 'shapeOf' | 'read' | 'write'>;

/** The part of a planned network that tfjs does. */
export interface StockSteps {
  /** Makes the constants that its kernels read; once, before the first run. */
  load(maps: KernelMaps): void;
  /** Begins a run; whatever it makes is disposed by `end`. */
  begin(): void;
  /** The network's input, where none of our kernels reads it. */
  put(input: GraphInput, values: Float32Array): void;
  /** Does the plan's operation of this index, where it is tfjs's. */
  run(index: number): void;
  /** What lies with tfjs alone. */
  read(name: string): GraphOutput | undefined;
  end(): void;
  dispose(): void;
}

/** Something needs tfjs, and it does not run: whoever may wait starts it and tries again. */
export class StockEngineMissing extends Error {
  constructor() {
    super('tfjs is not started');
  }
}

let running: StockEngine | undefined;

/** @throws StockEngineMissing */
export function stockEngine(): StockEngine {
  if (running === undefined) throw new StockEngineMissing();
  return running;
}

/** For tfjs.ts alone. @param engine `undefined`: it ended */
export function setStockEngine(engine: StockEngine | undefined): void {
  running = engine;
}
