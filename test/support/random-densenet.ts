/**
 * DenseNet-121 (Huang et al., arXiv 1608.06993) or a smaller sister with seeded random weights that keep the variance of
 * what passes through, written as packs have it: the graph that is fastest with tfjs's own kernels. For Node and browser.
 */

import { parseGraph } from '../../src/inference/graph-definition.ts';
import type { GraphNode } from '../../src/inference/graph-definition.ts';
import { weightOf, type WeightValues } from '../../src/inference/read-weights.ts';
import { randomNumbers, type RandomNumbers } from './random-numbers.ts';

export interface RandomGraph {
  readonly nodes: ReadonlyMap<string, GraphNode>;
  readonly weights: readonly WeightValues[];
  /** Values of one input. */
  readonly inputLength: number;
  /** As tfjs-converter reads it. */
  readonly topology?: object;
}

export interface DenseNetSize {
  /** Layers of each block; transitions in between. */
  readonly blocks: readonly number[];
  /** Side of the input, a multiple of 32. */
  readonly side: number;
  readonly growth?: number;
  readonly outputs?: number;
}

export const denseNet121: DenseNetSize = { blocks: [6, 12, 24, 16], side: 224 };

/** What `run` may be asked for. */
export const denseNetOutputs = ['logits', 'maps', 'features'] as const;

const stemChannels = 64;
const stemPadding = 3;
/** Channels of the bottleneck over those that a layer adds. */
const bottleneckFactor = 4;

interface NodeDef {
  readonly name: string;
  readonly op: string;
  readonly input?: readonly string[];
  readonly attr?: Readonly<Record<string, unknown>>;
}

export class RandomGraphWriter {
  readonly #random: RandomNumbers;
  readonly #nodes: NodeDef[] = [];
  readonly #weights: WeightValues[] = [];

  constructor(seed: number) {
    this.#random = randomNumbers(seed);
  }

  add(name: string, op: string, input: readonly string[], attr: NodeDef['attr'] = {}): string {
    this.#nodes.push({ name, op, input, attr });
    return name;
  }

  input(height: number, width: number, channels: number): string {
    const shape = { dim: [1, height, width, channels].map((size) => ({ size })) };
    return this.add('input', 'Placeholder', [], { shape: { shape } });
  }

  floats(name: string, shape: readonly number[], value: (random: RandomNumbers) => number): string {
    const length = shape.reduce((product, size) => product * size, 1);
    const values = Float32Array.from({ length }, () => value(this.#random));
    this.#weights.push(weightOf(name, shape, values));
    return this.add(name, 'Const', []);
  }

  integers(name: string, values: readonly number[], shape: readonly number[] = [values.length]): string {
    this.#weights.push(weightOf(name, shape, Int32Array.from(values)));
    return this.add(name, 'Const', []);
  }

  /** He et al., arXiv 1502.01852, eq. 10. */
  filter(name: string, height: number, width: number, depth: number, columns: number): string {
    const deviation = Math.sqrt(2 / (height * width * depth));
    return this.floats(name, [height, width, depth, columns], ({ normal }) => normal() * deviation);
  }

  bias(name: string, channels: number): string {
    return this.floats(name, [channels], ({ normal }) => normal() * 0.1);
  }

  convolution(
    name: string,
    input: string,
    filter: string,
    options: { stride?: number; padding?: string } = {},
  ): string {
    return this.add(name, 'Conv2D', [input, filter], sliding(options.stride ?? 1, options.padding ?? 'SAME'));
  }

  fusedConvolution(
    name: string,
    inputs: readonly string[],
    activation: string | undefined,
    options: { stride?: number; padding?: string; op?: string } = {},
  ): string {
    const ops = ['BiasAdd', ...(activation === undefined ? [] : [activation])];
    return this.add(name, options.op ?? '_FusedConv2D', inputs, {
      ...sliding(options.stride ?? 1, options.padding ?? 'SAME'),
      fused_ops: { list: { s: ops.map((op) => btoa(op)) } },
      // Inputs behind the filter: the bias.
      num_args: { i: 1 },
    });
  }

  normRelu(name: string, input: string, channels: number): string {
    // Either sign, as trained ones have.
    const scale = this.floats(`${name}/scale`, [1, 1, channels, 1], ({ uniform }) => 1.6 * uniform() - 0.3);
    const inputs = [input, scale, this.bias(`${name}/shift`, channels)];
    return this.fusedConvolution(name, inputs, 'Relu', { op: 'FusedDepthwiseConv2dNative' });
  }

  pool(name: string, op: 'MaxPool' | 'AvgPool', input: string, size: number, stride: number): string {
    return this.add(name, op, [input], {
      ...sliding(stride, 'VALID'),
      ksize: { list: { i: [1, size, size, 1] } },
    });
  }

  finish(inputLength: number): RandomGraph {
    const topology = { node: this.#nodes, versions: { producer: 1 } };
    const text = JSON.stringify({ modelTopology: topology });
    return { nodes: parseGraph(new TextEncoder().encode(text).buffer), weights: this.#weights, inputLength, topology };
  }
}

function sliding(stride: number, padding: string): Record<string, unknown> {
  return {
    strides: { list: { i: [1, stride, stride, 1] } },
    dilations: { list: { i: [1, 1, 1, 1] } },
    padding: { s: btoa(padding) },
  };
}

export function randomDenseNet(size: DenseNetSize, seed = 1): RandomGraph {
  const { blocks, side, growth = 32, outputs = 18 } = size;
  const graph = new RandomGraphWriter(seed);
  const axis = graph.integers('channels', [3], []);
  const around = [0, 0, stemPadding, stemPadding, stemPadding, stemPadding, 0, 0];
  const half = (side + 2 * stemPadding) / 2;
  let node = graph.add('stem/pad', 'Pad', [graph.input(side, side, 1), graph.integers('stem/around', around, [4, 2])]);
  node = graph.add('stem/split', 'Reshape', [node, graph.integers('stem/squares', [half, 2, half, 2])]);
  node = graph.add('stem/swap', 'Transpose', [node, graph.integers('stem/order', [0, 2, 1, 3])]);
  node = graph.add('stem/join', 'Reshape', [node, graph.integers('stem/shape', [1, half, half, 4])]);
  node = graph.fusedConvolution(
    'stem',
    [node, graph.filter('stem/filter', 4, 4, 4, stemChannels), graph.bias('stem/bias', stemChannels)],
    'Relu',
    { padding: 'VALID' },
  );
  node = graph.add('pool/pad', 'Pad', [node, graph.integers('pool/around', [0, 0, 1, 0, 1, 0, 0, 0], [4, 2])]);
  node = graph.pool('pool', 'MaxPool', node, 3, 2);

  let channels = stemChannels;
  const bottleneck = bottleneckFactor * growth;
  blocks.forEach((layers, block) => {
    for (let layer = 0; layer < layers; layer += 1, channels += growth) {
      const name = `block${block}/layer${layer}`;
      const normed = graph.normRelu(`${name}/norm`, node, channels);
      const squeezed = graph.fusedConvolution(
        `${name}/squeeze`,
        [
          normed,
          graph.filter(`${name}/squeeze/filter`, 1, 1, channels, bottleneck),
          graph.bias(`${name}/squeeze/bias`, bottleneck),
        ],
        'Relu',
      );
      const grown = graph.convolution(
        `${name}/grow`,
        squeezed,
        graph.filter(`${name}/grow/filter`, 3, 3, bottleneck, growth),
      );
      node = graph.add(`${name}/concat`, 'ConcatV2', [node, grown, axis], { N: { i: 2 } });
    }
    if (block === blocks.length - 1) return;
    const name = `transition${block}`;
    node = graph.pool(`${name}/pool`, 'AvgPool', graph.normRelu(`${name}/norm`, node, channels), 2, 2);
    node = graph.convolution(name, node, graph.filter(`${name}/filter`, 1, 1, channels, channels / 2));
    channels /= 2;
  });

  const mapSide = side / 2 ** (blocks.length + 1);
  node = graph.normRelu('last', node, channels);
  const classifier = graph.floats('classifier', [1, 1, channels, outputs], ({ normal }) => normal());
  const maps = graph.convolution('maps', node, classifier);
  graph.add('logits', 'AddV2', [graph.pool('mean', 'AvgPool', maps, mapSide, mapSide), graph.bias('bias', outputs)]);
  graph.pool('features', 'AvgPool', node, mapSide, mapSide);
  return graph.finish(side * side);
}
