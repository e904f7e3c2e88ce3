import { engine, type Tensor } from '@tensorflow/tfjs-core';
import { AppError } from '../shared/app-error.ts';
import { orderNodes } from './execution-order.ts';
import type { GraphNode } from './graph-definition.ts';
import type { GraphInput, GraphOutput, GraphRunner } from './graph-network.ts';
import { isSteering, operationInputs } from './graph-operation-inputs.ts';
import { operationOf, type Operation } from './graph-operations.ts';
import type { WeightValues } from './read-weights.ts';

interface Weight {
  readonly tensor: Tensor;
  /** Read by operations that want numbers: axes, shapes, limits. */
  readonly values?: WeightValues['values'];
}

/** One node, ready to run. */
interface Step {
  readonly node: GraphNode;
  readonly operation: Operation;
  /** Results that nobody reads after this step. */
  readonly lastReads: readonly string[];
}

/** A graph run node by node by tfjs's own kernels. The weights are taken one after another, so that they may be read so. */
export function loadStockNetwork(
  nodes: ReadonlyMap<string, GraphNode>,
  input: GraphInput,
  weightValues: Iterable<WeightValues>,
): GraphRunner {
  const weights = loadWeights(weightValues);
  const plans = new Map<string, readonly Step[]>();
  return {
    run: (values, outputs) => {
      const key = outputs.join();
      const plan = plans.get(key) ?? makePlan(nodes, outputs);
      plans.set(key, plan);
      return runPlan(plan, weights, input, values, outputs);
    },
    dispose: () => disposeWeights(weights),
  };
}

function runPlan(
  plan: readonly Step[],
  weights: ReadonlyMap<string, Weight>,
  input: GraphInput,
  values: Float32Array,
  outputs: readonly string[],
): Record<string, GraphOutput> {
  const results = new Map<string, Tensor>();
  // The scope disposes whatever is still there at its end, also when a kernel throws.
  engine().startScope();
  try {
    results.set(input.name, engine().makeTensor(values, [...input.shape], 'float32'));
    const tensorOf = (name: string): Tensor | undefined => results.get(name) ?? weights.get(name)?.tensor;
    const numbersOf = (name: string): Weight['values'] => weights.get(name)?.values;
    for (const { node, operation, lastReads } of plan) {
      results.set(node.name, operation(operationInputs(node, tensorOf, numbersOf), node.attributes));
      // Freed as soon as they were read: the peak is two layers instead of all of them.
      for (const name of lastReads) {
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

function makePlan(nodes: ReadonlyMap<string, GraphNode>, outputs: readonly string[]): readonly Step[] {
  const ordered = orderNodes(nodes, outputs);
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

function loadWeights(weightValues: Iterable<WeightValues>): ReadonlyMap<string, Weight> {
  const weights = new Map<string, Weight>();
  try {
    for (const { name, shape, values } of weightValues) {
      const tensor = engine().makeTensor(values, [...shape], values instanceof Int32Array ? 'int32' : 'float32');
      weights.set(name, isSteering(values) ? { tensor, values } : { tensor });
    }
    return weights;
  } catch (thrown) {
    disposeWeights(weights);
    throw thrown;
  }
}

function disposeWeights(weights: ReadonlyMap<string, Weight>): void {
  for (const { tensor } of weights.values()) tensor.dispose();
}
