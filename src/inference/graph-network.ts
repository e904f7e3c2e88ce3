import { engine, type Tensor } from '@tensorflow/tfjs-core';
import { AppError } from '../shared/app-error.ts';
import type { PackContents, PackManifest } from '../shared/pack.ts';
import { parseGraph, type GraphNode } from './graph-definition.ts';
import { operationOf, type Operation, type OperationInputs } from './graph-operations.ts';
import { readWeights } from './read-weights.ts';

/** Values of one output: row-major, the shape that the graph gave them. */
export interface GraphOutput {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/** A pack's graph with its weights on the engine that runs. */
export interface GraphNetwork {
  /** Shape of the one input, [1, height, width, channels]. */
  readonly inputShape: readonly number[];
  /**
   * One run. Every tensor that it made is disposed before it returns.
   * @throws AppError `wrong-output` where the input has another length than the graph's
   */
  run(input: Float32Array, outputs: readonly string[]): Record<string, GraphOutput>;
  /** Frees the weights; `run` must not be called afterwards. */
  dispose(): void;
}

interface Weight {
  readonly tensor: Tensor;
  /** Read by operations that want numbers: axes, shapes, limits. */
  readonly values: Float32Array | Int32Array;
}

/** One node, ready to run. */
interface Step {
  readonly node: GraphNode;
  readonly operation: Operation;
  /** Results that nobody reads after this step. */
  readonly lastReads: readonly string[];
}

/** Constants with more values than this are weights, never axes or shapes: their values are not kept twice. */
const maxSteeringValues = 16;

/**
 * Puts a pack's weights onto the engine that runs and orders its graph. Weights are made float32 here, once:
 * a multiplication in the graph would make XNNPACK pack them anew in every run.
 *
 * @throws AppError `pack-invalid` {reason}
 */
export function loadGraphNetwork({ manifest, files }: PackContents): GraphNetwork {
  const nodes = parseGraph(fileOf(files, 'model.json'));
  const weights = loadWeights(manifest, files);
  try {
    const input = placeholderOf(nodes);
    const inputShape = input.attributes.shape('shape');
    const inputLength = inputShape.reduce((product, size) => product * size, 1);
    const plans = new Map<string, readonly Step[]>();

    return {
      inputShape,
      run: (values, outputs) => {
        if (values.length !== inputLength) {
          throw new AppError('wrong-output', { inputs: values.length, expected: inputLength });
        }
        const key = outputs.join();
        const plan = plans.get(key) ?? makePlan(nodes, outputs);
        plans.set(key, plan);
        return runPlan(plan, weights, { name: input.name, values, shape: [...inputShape] }, outputs);
      },
      dispose: () => disposeWeights(weights),
    };
  } catch (thrown) {
    disposeWeights(weights);
    throw thrown;
  }
}

function runPlan(
  plan: readonly Step[],
  weights: ReadonlyMap<string, Weight>,
  input: { readonly name: string; readonly values: Float32Array; readonly shape: number[] },
  outputs: readonly string[],
): Record<string, GraphOutput> {
  const results = new Map<string, Tensor>();
  // The scope disposes whatever is still there at its end, also when a kernel throws.
  engine().startScope();
  try {
    results.set(input.name, engine().makeTensor(input.values, input.shape, 'float32'));
    for (const step of plan) {
      results.set(step.node.name, step.operation(inputsOf(step.node, results, weights), step.node.attributes));
      // Freed as soon as they were read: the peak is two layers instead of all of them.
      for (const name of step.lastReads) {
        results.get(name)?.dispose();
        results.delete(name);
      }
    }
    const found: Record<string, GraphOutput> = {};
    for (const name of outputs) {
      const tensor = results.get(name);
      if (tensor === undefined) throw new AppError('pack-invalid', { reason: `model.json: no node ${name}` });
      found[name] = { shape: tensor.shape, values: tensor.dataSync<'float32'>() };
    }
    return found;
  } finally {
    engine().endScope();
  }
}

function inputsOf(
  node: GraphNode,
  results: ReadonlyMap<string, Tensor>,
  weights: ReadonlyMap<string, Weight>,
): OperationInputs {
  const tensor = (index: number): Tensor => {
    const name = node.inputs[index] ?? '';
    const found = results.get(name) ?? weights.get(name)?.tensor;
    if (found === undefined) throw new AppError('pack-invalid', { reason: `model.json: ${node.name} lacks an input` });
    return found;
  };
  return {
    tensor,
    get tensors() {
      return node.inputs.map((_, index) => tensor(index));
    },
    numbers: (index) => {
      const values = weights.get(node.inputs[index] ?? '')?.values;
      if (values === undefined || values.length > maxSteeringValues) {
        throw new AppError('pack-invalid', { reason: `model.json: ${node.name} wants a short constant` });
      }
      return Array.from(values);
    },
  };
}

/** Only what the outputs need, inputs before readers. */
function makePlan(nodes: ReadonlyMap<string, GraphNode>, outputs: readonly string[]): readonly Step[] {
  const ordered: GraphNode[] = [];
  const state = new Map<string, 'open' | 'done'>();
  const visit = (name: string): void => {
    const node = nodes.get(name);
    if (node === undefined) throw new AppError('pack-invalid', { reason: `model.json: no node ${name}` });
    if (state.get(name) === 'done') return;
    if (state.get(name) === 'open') throw new AppError('pack-invalid', { reason: `model.json: a ring at ${name}` });
    state.set(name, 'open');
    node.inputs.forEach(visit);
    state.set(name, 'done');
    if (node.op !== 'Const' && node.op !== 'Placeholder') ordered.push(node);
  };
  outputs.forEach(visit);

  const lastReader = new Map<string, string>();
  for (const node of ordered) for (const input of node.inputs) lastReader.set(input, node.name);
  return ordered.map((node) => ({
    node,
    operation: operationOf(node),
    lastReads: [...new Set(node.inputs)].filter(
      (name) => lastReader.get(name) === node.name && !outputs.includes(name),
    ),
  }));
}

function placeholderOf(nodes: ReadonlyMap<string, GraphNode>): GraphNode {
  const [input, ...more] = [...nodes.values()].filter((node) => node.op === 'Placeholder');
  if (input === undefined || more.length > 0) {
    throw new AppError('pack-invalid', { reason: 'model.json: a network has exactly one input' });
  }
  return input;
}

function loadWeights(manifest: PackManifest, files: PackContents['files']): ReadonlyMap<string, Weight> {
  const weights = new Map<string, Weight>();
  try {
    for (const { name, shape, values } of readWeights(manifest.weights, (path) => fileOf(files, path))) {
      const tensor = engine().makeTensor(values, [...shape], values instanceof Int32Array ? 'int32' : 'float32');
      weights.set(name, { tensor, values: values.length <= maxSteeringValues ? values : tooManyValues });
    }
    return weights;
  } catch (thrown) {
    disposeWeights(weights);
    throw thrown;
  }
}

/** Stands for the values of large constants. */
const tooManyValues = new Float32Array(maxSteeringValues + 1);

function fileOf(files: PackContents['files'], path: string): ArrayBuffer {
  const bytes = files.get(path);
  if (bytes === undefined) throw new AppError('pack-invalid', { reason: `${path} is missing` });
  return bytes;
}

function disposeWeights(weights: ReadonlyMap<string, Weight>): void {
  for (const { tensor } of weights.values()) tensor.dispose();
}
