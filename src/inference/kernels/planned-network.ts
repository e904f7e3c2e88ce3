import { AppError } from '../../shared/app-error.ts';
import type { GraphNode } from '../graph-definition.ts';
import type { GraphInput, GraphOutput, GraphRunner } from '../graph-network.ts';
import type { WeightValues } from '../read-weights.ts';
import { stockEngine, type StockSteps } from '../stock-engine.ts';
import { KernelProgram } from './kernel-program.ts';
import type { Kernels } from './kernels.ts';
import { planGraph } from './plan-graph.ts';
import { planLayout } from './plan-layout.ts';

/**
 * A graph run by our kernels where they know it, by tfjs's where they do not. Everything is decided here, once: which
 * nodes go together, where each map lies, in what form the weights are kept.
 *
 * @param outputs names that `run` may be asked for
 * @throws AppError `pack-invalid` {reason}, `engine-out-of-memory`; StockEngineMissing where it needs tfjs, which does not run
 */
export function loadPlannedNetwork(
  nodes: ReadonlyMap<string, GraphNode>,
  input: GraphInput,
  weightValues: Iterable<WeightValues>,
  outputs: readonly string[],
  kernels: Kernels,
): GraphRunner {
  const { program, count, stock } = prepare(nodes, input, weightValues, outputs, kernels);

  const readOutput = (name: string): GraphOutput => {
    const shape = program.shapeOf(name);
    if (shape !== undefined) {
      return { shape: [1, shape.height, shape.width, shape.channels], values: program.read(name) };
    }
    const output = stock?.read(name);
    if (output === undefined) throw new AppError('pack-invalid', { reason: `model.json: ${name} is not an output` });
    return output;
  };

  return {
    run: (values, names) => {
      const unknown = names.find((name) => !outputs.includes(name));
      if (unknown !== undefined) {
        throw new AppError('pack-invalid', { reason: `model.json: ${unknown} is not an output` });
      }
      stock?.begin();
      try {
        program.begin();
        if (program.shapeOf(input.name) !== undefined) program.write(input.name, values);
        else stock?.put(input, values);
        for (let index = 0; index < count; index += 1) {
          program.step(index);
          stock?.run(index);
        }
        return Object.fromEntries(names.map((name) => [name, readOutput(name)]));
      } finally {
        stock?.end();
      }
    },
    dispose: () => {
      program.dispose();
      stock?.dispose();
    },
  };
}

interface Prepared {
  readonly program: KernelProgram;
  /** Of the operations. */
  readonly count: number;
  /** `undefined`: everything is done by our kernels. */
  readonly stock: StockSteps | undefined;
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
  const { operations } = layout;
  // Before anything is allocated: an operation that packs may not use is refused here.
  const needsStock = operations.some(({ kind }) => kind === 'stock');
  const stock = needsStock ? stockEngine().bind(operations, weights, outputs) : undefined;
  const program = new KernelProgram(layout, kernels);
  try {
    stock?.load(program);
  } catch (thrown) {
    program.dispose();
    stock?.dispose();
    throw thrown;
  }
  return { program, count: operations.length, stock };
}
