/**
 * Fills a published graph with seeded random weights that keep the variance of its maps, in the manifest's shapes and
 * order, and writes it as it is published: `model.json` and shards of 4 MiB.
 */

import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseGraph } from '../../src/inference/graph-definition.ts';
import type { PublishedGraph } from '../../tools/pack/published/graph-model.ts';
import { seededNumbers } from '../../tools/pack/seeded-numbers.ts';
import type { NodeDef, PublishedModelJson } from './published-style.ts';

export type PublishedWeights = Map<string, Float32Array<ArrayBuffer> | Int32Array<ArrayBuffer>>;

const shardBytes = 4 * 1024 * 1024;

export interface RandomOptions {
  readonly seed: number;
  /** Root mean square of what the network reads: the first convolution divides by it. */
  readonly inputSize: number;
}

/** @returns one array a weight of the manifest */
export function randomWeights(model: PublishedModelJson, { seed, inputSize }: RandomOptions): PublishedWeights {
  const specs = new Map(model.weightsManifest.flatMap(({ weights }) => weights).map((spec) => [spec.name, spec]));
  const nodes = new Map(model.modelTopology.node.map((node) => [node.name, node]));
  const values: PublishedWeights = new Map();
  const next = seededNumbers(seed);
  const fill = (name: string, value: () => number): void => {
    const count = specs.get(name)!.shape.reduce((product, size) => product * size, 1);
    values.set(name, Float32Array.from({ length: count }, value));
  };
  const whole = (name: string, numbers: readonly number[]): void => void values.set(name, Int32Array.from(numbers));
  const normal = (deviation: number) => normalNumbers(next, deviation);

  let side = 1;
  for (const node of nodes.values()) {
    const [first = '', second = '', third = ''] = node.input ?? [];
    const constant = specs.has(first) ? first : second;
    switch (node.op) {
      case 'Transpose':
        whole(
          second,
          reads(nodes, node, ['Conv2D', 'Conv2DBackpropInput', 'MaxPool', 'AvgPool']) ? [0, 3, 1, 2] : [0, 2, 3, 1],
        );
        break;
      case 'Pad': {
        const pixels = reads(nodes, node, ['Placeholder']) ? 3 : 1;
        whole(second, [0, 0, 0, 0, pixels, pixels, pixels, pixels]);
        break;
      }
      case 'ConcatV2':
        whole(third, [1]);
        break;
      case 'Mean':
        whole(second, [2, 3]);
        break;
      case 'Reshape':
        whole(second, [1, -1]);
        break;
      case 'Conv2D': {
        const [height = 0, width = 0, into = 0] = specs.get(second)!.shape;
        const scale = into === 1 ? inputSize : 1;
        fill(second, normal(Math.sqrt(2 / (height * width * into)) / scale));
        break;
      }
      case 'Conv2DBackpropInput': {
        const [kernel = 0, , out = 0, into = 0] = specs.get(second)!.shape;
        const stride = strideOf(node);
        // A pixel of the result meets every stride-th tap of each dimension; one pixel alone meets one.
        const taps = side === 1 ? 1 : Math.max(1, (kernel / stride) ** 2);
        side = (side - 1) * stride + kernel;
        whole(first, [1, side, side, out]);
        fill(second, normal(Math.sqrt(2 / (taps * into))));
        break;
      }
      case 'Mul':
        // Of either sign: a kernel that needs positive scales must not pass.
        fill(constant, () => (next() < 0.2 ? -1 : 1) * (0.6 + 0.8 * next()));
        break;
      case 'Add':
        fill(constant, normal(0.3));
        break;
      case 'MatMul':
        fill(second, normal(1 / Math.sqrt(specs.get(second)!.shape[0]!)));
        break;
    }
  }
  const unfilled = [...specs.keys()].filter((name) => !values.has(name));
  if (unfilled.length > 0) throw new Error(`nothing reads the weights ${unfilled.join(', ')}`);
  return values;
}

/** Whether the node's first input is the result of one of these operations. */
function reads(nodes: ReadonlyMap<string, NodeDef>, node: NodeDef, ops: readonly string[]): boolean {
  return ops.includes(nodes.get(node.input?.[0] ?? '')?.op ?? '');
}

function strideOf({ attr }: NodeDef): number {
  const { list } = attr?.['strides'] as { list: { i: readonly string[] } };
  return Number(list.i[1]);
}

/** Normally distributed around 0 (Box and Muller, Annals of Mathematical Statistics 29 (1958), 610). */
export function normalNumbers(next: () => number, deviation: number): () => number {
  return () => deviation * Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
}

/** Writes `model.json` and the shards that its manifest names. */
export async function writePublished(
  folder: string,
  model: PublishedModelJson,
  values: PublishedWeights,
): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'model.json'), JSON.stringify(model));
  for (const { paths, weights } of model.weightsManifest) {
    const all = Buffer.concat(weights.map(({ name }) => Buffer.from(values.get(name)!.buffer)));
    for (const [index, path] of paths.entries()) {
      const end = index === paths.length - 1 ? all.byteLength : (index + 1) * shardBytes;
      await writeFile(join(folder, path), all.subarray(index * shardBytes, end));
    }
  }
}

/** What `readGraphModel` would read, without files; a constant that has no values holds zeros. */
export function publishedGraph(model: PublishedModelJson, values: PublishedWeights): PublishedGraph {
  const bytes = new TextEncoder().encode(JSON.stringify(model));
  const specs = model.weightsManifest.flatMap(({ weights }) => weights);
  return {
    nodes: parseGraph(bytes.buffer),
    tensors: new Map(
      specs.map(({ name, shape, dtype }) => {
        const count = shape.reduce((product, size) => product * size, 1);
        const zeros = dtype === 'int32' ? new Int32Array(count) : new Float32Array(count);
        return [name, { shape, data: values.get(name) ?? zeros }];
      }),
    ),
    topology: model.modelTopology,
  };
}
