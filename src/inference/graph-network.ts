import { AppError } from '../shared/app-error.ts';
import type { PackContents, PackManifest } from '../shared/pack.ts';
import { graphPath, parseGraph, type GraphNode } from './graph-definition.ts';
import type { Kernels } from './kernels/kernels.ts';
import { loadPlannedNetwork } from './kernels/planned-network.ts';
import { readWeights, type WeightValues } from './read-weights.ts';
import { stockEngine } from './stock-engine.ts';
import { runningKernels } from './engine-modes.ts';

/** Values of one output: row-major, the shape that the graph gave them. */
export interface GraphOutput {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/** The node that the picture goes into. */
export interface GraphInput {
  readonly name: string;
  /** [1, height, width, channels] */
  readonly shape: readonly number[];
}

export interface GraphRunner {
  /**
   * One run. Every tensor that it made is disposed before it returns.
   * @param outputs names of what the pack states as its outputs, or, where it states none, of any nodes
   * @throws AppError `wrong-output` where the input has another length than the graph's
   */
  run(input: Float32Array, outputs: readonly string[]): Record<string, GraphOutput>;
  /** Frees the weights; `run` must not be called afterwards. */
  dispose(): void;
}

/** A pack's graph with its weights on the engine that runs. */
export interface GraphNetwork extends GraphRunner {
  /** Shape of the one input, [1, height, width, channels]. */
  readonly inputShape: readonly number[];
}

/**
 * Puts a pack's weights onto the engine that runs and orders its graph. Weights are made float32 here, once:
 * a multiplication in the graph would make XNNPACK pack them anew in every run.
 *
 * @param kernels our kernels for what they can do of the graph, by default those that run; `null`: tfjs's do it all
 * @throws AppError `pack-invalid` {reason}
 */
export function loadGraphNetwork(
  { manifest, files }: PackContents,
  kernels: Kernels | null | undefined = runningKernels(),
): GraphNetwork {
  const nodes = parseGraph(fileOf(files, graphPath));
  const weights = readWeights(manifest.weights, (path) => fileOf(files, path));
  return loadGraph(nodes, weights, outputsOf(manifest), kernels);
}

/**
 * As `loadGraphNetwork`, for a graph that need not come from a pack.
 * @param outputs names that `run` may be asked for; `undefined`: of any nodes, planned anew for each choice of them
 */
export function loadGraph(
  nodes: ReadonlyMap<string, GraphNode>,
  weights: Iterable<WeightValues>,
  outputs: readonly string[] | undefined,
  kernels: Kernels | null | undefined,
): GraphNetwork {
  const input = placeholderOf(nodes);
  const inputLength = input.shape.reduce((product, size) => product * size, 1);
  const runner =
    kernels === undefined || kernels === null
      ? stockEngine().loadNetwork(nodes, input, weights)
      : outputs === undefined
        ? planOnDemand(nodes, input, weights, kernels)
        : loadPlannedNetwork(nodes, input, weights, outputs, kernels);
  return {
    inputShape: input.shape,
    run: (values, names) => {
      if (values.length !== inputLength) {
        throw new AppError('wrong-output', { inputs: values.length, expected: inputLength });
      }
      return runner.run(values, names);
    },
    dispose: () => runner.dispose(),
  };
}

/** For tools and tests, which look at any node of a graph: the weights are kept for the next plan. */
function planOnDemand(
  nodes: ReadonlyMap<string, GraphNode>,
  input: GraphInput,
  weightValues: Iterable<WeightValues>,
  kernels: Kernels,
): GraphRunner {
  const weights = [...weightValues];
  const planned = new Map<string, GraphRunner>();
  return {
    run: (values, names) => {
      const key = names.join();
      const runner = planned.get(key) ?? loadPlannedNetwork(nodes, input, weights, names, kernels);
      planned.set(key, runner);
      return runner.run(values, names);
    },
    dispose: () => planned.forEach((runner) => runner.dispose()),
  };
}

/** @throws AppError `pack-invalid` unless there is exactly one input */
export function placeholderOf(nodes: ReadonlyMap<string, GraphNode>): GraphInput {
  const [input, ...more] = [...nodes.values()].filter((node) => node.op === 'Placeholder');
  if (input === undefined || more.length > 0) {
    throw new AppError('pack-invalid', { reason: 'model.json: a network has exactly one input' });
  }
  return { name: input.name, shape: input.attributes.shape('shape') };
}

/** What a pack states as its outputs; graphs of tools and tests come without. */
function outputsOf(manifest: PackManifest): readonly string[] | undefined {
  const stated: Readonly<Record<string, string>> = { ...(manifest.outputs as object | undefined) };
  const names = [...new Set(Object.values(stated))];
  return names.length > 0 ? names : undefined;
}

/** @throws AppError `pack-invalid` */
export function fileOf(files: PackContents['files'], path: string): ArrayBuffer {
  const bytes = files.get(path);
  if (bytes === undefined) throw new AppError('pack-invalid', { reason: `${path} is missing` });
  return bytes;
}
