import type { GraphNode } from '../graph-definition.ts';
import type { GraphInput } from '../graph-network.ts';
import type { WeightValues } from '../read-weights.ts';
import { bindGradients } from './bind-gradients.ts';
import { KernelProgram } from './kernel-program.ts';
import type { Kernels } from './kernels.ts';
import { planGradient } from './plan-gradient.ts';
import { planGraph } from './plan-graph.ts';
import { planLayout } from './plan-layout.ts';

/** One output of a network, and how it would change with each number of the input. */
export interface InputGradient {
  /** All numbers of the output, row-major. */
  readonly output: Float32Array;
  /** ∂output[index]/∂input, of the input's shape. */
  readonly gradient: Float32Array;
}

/** A network with the way back from one of its outputs. */
export interface GradientNetwork {
  /**
   * One run, there and back, in parts: whoever asks decides after each `next` whether to go on. What it yields is the share
   * that is done, 0..1. A run that is not finished leaves nothing behind.
   *
   * @param input of the network's input shape
   * @param index which number of the output
   */
  run(input: Float32Array, index: number): Generator<number, InputGradient, void>;
  /** Frees weights and maps; `run` must not be called afterwards. */
  dispose(): void;
}

/**
 * Loads a network for its input gradient: the forward weights, those of the way back, and room for all maps of which the way
 * back needs something. About three times the memory of the network itself, to be given back when it is idle.
 *
 * @returns `undefined` where our kernels do not know the whole way
 * @throws AppError `pack-invalid` {reason}, `engine-out-of-memory`
 */
export function loadGradientNetwork(
  nodes: ReadonlyMap<string, GraphNode>,
  input: GraphInput,
  weightValues: Iterable<WeightValues>,
  output: string,
  kernels: Kernels,
): GradientNetwork | undefined {
  const weights = new Map(Array.from(weightValues, (weight) => [weight.name, weight]));
  const forward = planLayout(planGraph(nodes, weights, [output]), [input.name], [output]);
  const plan = planGradient(forward, input.name, output);
  if (plan === undefined) return undefined;
  const { seed, result } = plan;
  const layout = planLayout(plan, [input.name, seed], [output, result]);
  return run(new KernelProgram(layout, kernels, bindGradients), layout.operations.length, {
    input: input.name,
    output,
    seed,
    result,
  });
}

interface Names {
  readonly input: string;
  readonly output: string;
  readonly seed: string;
  readonly result: string;
}

/** A function of its own, so that nothing that runs holds on to the weights as they came. */
function run(program: KernelProgram, count: number, names: Names): GradientNetwork {
  const shape = program.shapeOf(names.output);
  const outputs = shape === undefined ? 0 : shape.height * shape.width * shape.channels;
  return {
    *run(values, index) {
      const seed = new Float32Array(outputs);
      seed[index] = 1;
      program.begin();
      program.write(names.input, values);
      program.write(names.seed, seed);
      for (let step = 0; step < count; step += 1) {
        program.step(step);
        yield (step + 1) / count;
      }
      return { output: program.read(names.output), gradient: program.read(names.result) };
    },
    dispose: () => program.dispose(),
  };
}
