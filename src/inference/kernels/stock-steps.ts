/** The operations of a plan that our kernels do not know, by tfjs's kernels on tensors of their own. */

import { engine, type Tensor } from '@tensorflow/tfjs-core';
import type { GraphInput, GraphOutput } from '../graph-network.ts';
import { isSteering, operationInputs } from '../graph-operation-inputs.ts';
import { operationOf } from '../graph-operations.ts';
import type { WeightValues } from '../read-weights.ts';
import type { KernelMaps, StockSteps } from '../stock-engine.ts';
import type { PlannedOperation, PlannedStock } from './planned-operation.ts';

interface StockStep {
  readonly output: string;
  /** Inputs that none of tfjs's kernels reads afterwards. */
  readonly lastReads: readonly string[];
  run(tensorOf: (name: string) => Tensor | undefined): Tensor;
}

/**
 * @param outputs names that may be asked for after a run
 * @throws AppError `pack-invalid` {reason} for an operation that packs may not use
 */
export function bindStockSteps(
  operations: readonly PlannedOperation[],
  weights: ReadonlyMap<string, WeightValues>,
  outputs: readonly string[],
): StockSteps {
  const constants = new StockConstants();
  const steps = operations.map((operation, index) =>
    operation.kind === 'stock'
      ? bindStock(operation, lastReadsOf(operation, operations.slice(index + 1)), weights, constants)
      : undefined,
  );
  return new BoundSteps(steps, constants, outputs);
}

class BoundSteps implements StockSteps {
  readonly #steps: readonly (StockStep | undefined)[];
  readonly #constants: StockConstants;
  readonly #outputs: readonly string[];
  /** Of one run: those that tfjs's kernels make or read. */
  readonly #tensors = new Map<string, Tensor>();
  #maps: KernelMaps | undefined;

  constructor(steps: readonly (StockStep | undefined)[], constants: StockConstants, outputs: readonly string[]) {
    this.#steps = steps;
    this.#constants = constants;
    this.#outputs = outputs;
  }

  load(maps: KernelMaps): void {
    this.#maps = maps;
    this.#constants.load();
  }

  begin(): void {
    // The scope disposes whatever tensors are still there at its end, also when a kernel throws.
    engine().startScope();
  }

  put({ name, shape }: GraphInput, values: Float32Array): void {
    this.#tensors.set(name, engine().makeTensor(values, [...shape], 'float32'));
  }

  run(index: number): void {
    const step = this.#steps[index];
    if (step === undefined) return;
    const maps = this.#maps;
    const result = step.run((name) => this.#tensorOf(name));
    this.#tensors.set(step.output, result);
    if (maps?.shapeOf(step.output) !== undefined) maps.write(step.output, result.dataSync<'float32'>());
    for (const name of step.lastReads) {
      // What does not lie in our memory may still be asked for as an output.
      if (this.#outputs.includes(name) && maps?.shapeOf(name) === undefined) continue;
      this.#tensors.get(name)?.dispose();
      this.#tensors.delete(name);
    }
  }

  read(name: string): GraphOutput | undefined {
    const tensor = this.#tensors.get(name);
    return tensor && { shape: tensor.shape, values: tensor.dataSync<'float32'>() };
  }

  end(): void {
    this.#tensors.clear();
    engine().endScope();
  }

  dispose(): void {
    this.#constants.dispose();
  }

  /** What another of tfjs's kernels made, or a copy of what one of ours made. */
  #tensorOf(name: string): Tensor | undefined {
    const known = this.#constants.tensor(name) ?? this.#tensors.get(name);
    const shape = this.#maps?.shapeOf(name);
    if (known !== undefined || this.#maps === undefined || shape === undefined) return known;
    const { height, width, channels } = shape;
    const tensor = engine().makeTensor(this.#maps.read(name), [1, height, width, channels], 'float32');
    this.#tensors.set(name, tensor);
    return tensor;
  }
}

/** Constants that tfjs's kernels read; all others live in packed form only. */
class StockConstants {
  readonly #wanted = new Map<string, WeightValues>();
  readonly #tensors = new Map<string, Tensor>();

  want(weight: WeightValues): void {
    this.#wanted.set(weight.name, weight);
  }

  load(): void {
    for (const { name, shape, values } of this.#wanted.values()) {
      const type = values instanceof Int32Array ? 'int32' : 'float32';
      this.#tensors.set(name, engine().makeTensor(values, [...shape], type));
    }
    this.#wanted.clear();
  }

  tensor(name: string): Tensor | undefined {
    return this.#tensors.get(name);
  }

  dispose(): void {
    for (const tensor of this.#tensors.values()) tensor.dispose();
    this.#tensors.clear();
  }
}

/** Inputs that none of tfjs's kernels reads afterwards. */
function lastReadsOf({ inputs }: PlannedStock, later: readonly PlannedOperation[]): readonly string[] {
  return inputs.filter((name) => !later.some((other) => other.kind === 'stock' && other.inputs.includes(name)));
}

function bindStock(
  { node, output, inputs }: PlannedStock,
  lastReads: readonly string[],
  weights: ReadonlyMap<string, WeightValues>,
  constants: StockConstants,
): StockStep {
  const operation = operationOf(node);
  const read = inputs.map((name) => weights.get(name)).filter((weight) => weight !== undefined);
  for (const weight of read) constants.want(weight);
  const numbers = steeringNumbers(read);
  const run: StockStep['run'] = (tensorOf) =>
    operation(
      operationInputs(node, tensorOf, (name) => numbers.get(name)),
      node.attributes,
    );
  return { output, lastReads, run };
}

/** Kept beyond loading: only what may steer an operation. */
function steeringNumbers(read: readonly WeightValues[]): ReadonlyMap<string, WeightValues['values']> {
  return new Map(
    read.flatMap((weight) => {
      const { name, values } = weight;
      return isSteering(values) ? [[name, values] as const] : [];
    }),
  );
}
