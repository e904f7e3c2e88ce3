import { engine, type Tensor } from '@tensorflow/tfjs-core';
import { AppError } from '../../shared/app-error.ts';
import type { GraphNode } from '../graph-definition.ts';
import type { GraphInput, GraphOutput, GraphRunner } from '../graph-network.ts';
import { isSteering, operationInputs } from '../graph-operation-inputs.ts';
import { operationOf, type Operation } from '../graph-operations.ts';
import type { WeightValues } from '../read-weights.ts';
import { KernelProgram } from './kernel-program.ts';
import type { Kernels } from './kernels.ts';
import { planGraph } from './plan-graph.ts';
import { planLayout } from './plan-layout.ts';
import type { PlannedOperation, PlannedStock } from './planned-operation.ts';

/** Tensors of one run: those that tfjs's kernels make or read. */
type Tensors = Map<string, Tensor>;
type Step = (tensors: Tensors) => void;

/**
 * A graph run by our kernels where they know it, by tfjs's where they do not. Everything is decided here, once: which
 * nodes go together, where each map lies, in what form the weights are kept.
 *
 * @param outputs names that `run` may be asked for
 * @throws AppError `pack-invalid` {reason}, `engine-out-of-memory`
 */
export function loadPlannedNetwork(
  nodes: ReadonlyMap<string, GraphNode>,
  input: GraphInput,
  weightValues: Iterable<WeightValues>,
  outputs: readonly string[],
  kernels: Kernels,
): GraphRunner {
  const { program, constants, stockSteps } = prepare(nodes, input, weightValues, outputs, kernels);

  /** What another of tfjs's kernels made, or a copy of what one of ours made. */
  const tensorOf = (name: string, tensors: Tensors): Tensor | undefined => {
    const known = constants.tensor(name) ?? tensors.get(name);
    const shape = program.shapeOf(name);
    if (known !== undefined || shape === undefined) return known;
    const { height, width, channels } = shape;
    const tensor = engine().makeTensor(program.read(name), [1, height, width, channels], 'float32');
    tensors.set(name, tensor);
    return tensor;
  };

  const steps = stockSteps.map((stock, index): Step => {
    return (tensors) => {
      program.step(index);
      if (stock === undefined) return;
      const result = stock.run((name) => tensorOf(name, tensors));
      tensors.set(stock.output, result);
      if (program.shapeOf(stock.output) !== undefined) program.write(stock.output, result.dataSync<'float32'>());
      for (const name of stock.lastReads) {
        // What does not lie in our memory may still be asked for as an output.
        if (outputs.includes(name) && program.shapeOf(name) === undefined) continue;
        tensors.get(name)?.dispose();
        tensors.delete(name);
      }
    };
  });

  const readOutput = (name: string, tensors: Tensors): GraphOutput => {
    const shape = program.shapeOf(name);
    if (shape !== undefined) {
      return { shape: [1, shape.height, shape.width, shape.channels], values: program.read(name) };
    }
    const tensor = tensors.get(name);
    if (tensor === undefined) throw new AppError('pack-invalid', { reason: `model.json: ${name} is not an output` });
    return { shape: tensor.shape, values: tensor.dataSync<'float32'>() };
  };

  return {
    run: (values, names) => {
      const unknown = names.find((name) => !outputs.includes(name));
      if (unknown !== undefined) {
        throw new AppError('pack-invalid', { reason: `model.json: ${unknown} is not an output` });
      }
      const tensors: Tensors = new Map();
      // The scope disposes whatever tensors are still there at its end, also when a kernel throws.
      engine().startScope();
      try {
        program.begin();
        if (program.shapeOf(input.name) !== undefined) program.write(input.name, values);
        else tensors.set(input.name, engine().makeTensor(values, [...input.shape], 'float32'));
        for (const step of steps) step(tensors);
        return Object.fromEntries(names.map((name) => [name, readOutput(name, tensors)]));
      } finally {
        engine().endScope();
      }
    },
    dispose: () => {
      program.dispose();
      constants.dispose();
    },
  };
}

interface Prepared {
  readonly program: KernelProgram;
  readonly constants: StockConstants;
  /** One an operation; `undefined`: it is done by our kernels. */
  readonly stockSteps: readonly (StockStep | undefined)[];
}

/** A function of its own, so that nothing that runs holds on to the weights as they came. */
function prepare(
  nodes: ReadonlyMap<string, GraphNode>,
  input: GraphInput,
  weightValues: Iterable<WeightValues>,
  outputs: readonly string[],
  kernels: Kernels,
): Prepared {
  const weights = new Map(Array.from(weightValues, (weight) => [weight.name, weight]));
  const layout = planLayout(planGraph(nodes, weights, outputs), [input.name], outputs);
  const constants = new StockConstants();
  // Before anything is allocated: an operation that packs may not use is refused here.
  const stockSteps = layout.operations.map((operation, index) =>
    operation.kind === 'stock'
      ? bindStock(operation, lastReadsOf(operation, layout.operations.slice(index + 1)), weights, constants)
      : undefined,
  );
  const program = new KernelProgram(layout, kernels);
  try {
    constants.load();
  } catch (thrown) {
    program.dispose();
    constants.dispose();
    throw thrown;
  }
  return { program, constants, stockSteps };
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

interface StockStep {
  readonly output: string;
  /** Inputs that none of tfjs's kernels reads afterwards. */
  readonly lastReads: readonly string[];
  run(tensorOf: (name: string) => Tensor | undefined): Tensor;
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
  return { output, lastReads, run: stockRun(node, operation, numbers) };
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

function stockRun(
  node: GraphNode,
  operation: Operation,
  numbers: ReadonlyMap<string, WeightValues['values']>,
): StockStep['run'] {
  return (tensorOf) =>
    operation(
      operationInputs(node, tensorOf, (name) => numbers.get(name)),
      node.attributes,
    );
}
