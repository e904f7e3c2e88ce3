/**
 * Finds the DenseNet-121 (arXiv 1608.06993, Table 1) in a published graph by walking it from its sigmoid to its input: the
 * weights are taken from where they act, and a graph that computes anything else is refused by the node's name.
 */

import type { DenseLayerWeights, DenseNet121Weights, TransitionWeights } from '../densenet/densenet-121.ts';
import type { PublishedGraph } from './graph-model.ts';
import { GraphWalk } from './graph-walk.ts';
import {
  takeConvolution,
  takeNorm,
  takePadding,
  takePool,
  takeRelu,
  takeToChannelsFirst,
  takeToChannelsLast,
} from './nchw-layers.ts';

/** Layers a block, channels that each adds, channels between its convolutions, channels of the stem. */
const blockLayers = [6, 12, 24, 16];
const growth = 32;
const bottleneck = 4 * growth;
const stemChannels = 64;
const stemKernel = 7;
const stemPadding = 3;
const poolSize = 3;

/** Where a graph's answers are, and what goes in. */
export interface DenseNetNodes {
  /** [1, 1, height, width] */
  readonly input: string;
  /** [1, outputs], before and after the sigmoid. */
  readonly logits: string;
  readonly probabilities: string;
}

export interface RecognisedDenseNet extends DenseNet121Weights {
  readonly nodes: DenseNetNodes;
}

/** @throws Error naming the first node that does not fit */
export function recogniseDenseNet(graph: PublishedGraph): RecognisedDenseNet {
  const walk = new GraphWalk(graph, 'a DenseNet-121');
  const sigmoid = walk.output('Sigmoid');
  const logits = walk.input(sigmoid, 0, 1);
  const { classifier, input: pooled, features } = takeClassifier(walk, logits);

  const last = takeNorm(walk, takeRelu(walk, takeMean(walk, pooled)), features);
  const blocks: DenseLayerWeights[][] = [];
  const transitions: TransitionWeights[] = [];
  let name = last.input;
  let channels = features;
  for (let block = blockLayers.length - 1; block >= 0; block -= 1) {
    const taken = takeBlock(walk, name, channels, blockLayers[block]!);
    blocks.unshift(taken.layers);
    name = taken.input;
    channels -= growth * taken.layers.length;
    if (block === 0) break;
    const transition = takeTransition(walk, name, channels);
    transitions.unshift(transition.weights);
    name = transition.input;
    channels *= 2;
  }
  const stem = takeStem(walk, name);
  walk.finish();
  return {
    conv0: stem.conv0,
    norm0: stem.norm0,
    blocks,
    transitions,
    norm5: last.norm,
    classifier,
    nodes: { input: stem.input, logits, probabilities: sigmoid.name },
  };
}

/** Takes Add(MatMul(x, weight), bias). */
function takeClassifier(
  walk: GraphWalk,
  name: string,
): { classifier: DenseNet121Weights['classifier']; input: string; features: number } {
  const sum = walk.take(name, 'Add', 'AddV2', 'BiasAdd');
  const product = walk.take(walk.input(sum, 0, 2), 'MatMul');
  walk.requireAttribute(product, 'transpose_a', false);
  walk.requireAttribute(product, 'transpose_b', false);
  const pooled = walk.input(product, 0, 2);
  const features = lastChannels();
  const weight = walk.floats(product, 1, [features, undefined]);
  const bias = walk.floats(sum, 1, [weight.shape[1]]);
  return { classifier: { weight, bias: bias.data }, input: pooled, features };
}

/** Channels after the last block: each block adds its own, each transition halves them. */
function lastChannels(): number {
  return blockLayers.reduce(
    (channels, layers, block) => (block === 0 ? channels : channels / 2) + layers * growth,
    stemChannels,
  );
}

/** Takes Reshape(Mean over height and width). @returns the map */
function takeMean(walk: GraphWalk, name: string): string {
  const flat = walk.take(name, 'Reshape');
  const mean = walk.take(walk.input(flat, 0, 2), 'Mean');
  walk.requireIntegers(flat, 1, [1, -1], 'its shape');
  const map = walk.input(mean, 0, 2);
  walk.requireIntegers(mean, 1, [2, 3], 'its axes');
  return map;
}

/** Takes `count` dense layers, the last first. @returns them in order, and what the first reads */
function takeBlock(
  walk: GraphWalk,
  end: string,
  channels: number,
  count: number,
): { layers: DenseLayerWeights[]; input: string } {
  const layers: DenseLayerWeights[] = [];
  let name = end;
  for (let left = count; left > 0; left -= 1) {
    const concat = walk.take(name, 'ConcatV2');
    const before = walk.input(concat, 0, 3);
    walk.requireIntegers(concat, 2, [1], 'its axis');
    const into = channels - growth * (count - left + 1);
    layers.unshift(takeLayer(walk, walk.input(concat, 1, 3), before, into));
    name = before;
  }
  return { layers, input: name };
}

/** Takes norm-ReLU-1×1, norm-ReLU-3×3, which must start from the map that the layer's result is joined to. */
function takeLayer(walk: GraphWalk, end: string, joined: string, channels: number): DenseLayerWeights {
  const conv2 = takeConvolution(walk, takeToChannelsFirst(walk, end), [3, 3, bottleneck, growth], 1);
  const padded = takePadding(walk, takeToChannelsLast(walk, conv2.input), 1);
  const norm2 = takeNorm(walk, takeRelu(walk, padded), bottleneck);
  const conv1 = takeConvolution(walk, takeToChannelsFirst(walk, norm2.input), [1, 1, channels, bottleneck], 1);
  const norm1 = takeNorm(walk, takeRelu(walk, takeToChannelsLast(walk, conv1.input)), channels);
  if (norm1.input !== joined)
    walk.refuse(norm1.input, `${joined} should stand there, which the layer's result is joined to`);
  return { norm1: norm1.norm, conv1: conv1.kernel, norm2: norm2.norm, conv2: conv2.kernel };
}

/** Takes norm-ReLU-1×1-average. @param channels that come out: half of those that go in */
function takeTransition(walk: GraphWalk, end: string, channels: number): { weights: TransitionWeights; input: string } {
  const pooled = takePool(walk, takeToChannelsFirst(walk, end), 'AvgPool', 2, 2);
  const conv = takeConvolution(walk, pooled, [1, 1, 2 * channels, channels], 1);
  const { norm, input } = takeNorm(walk, takeRelu(walk, takeToChannelsLast(walk, conv.input)), 2 * channels);
  return { weights: { norm, conv: conv.kernel }, input };
}

/** Takes 7×7-norm-ReLU-maximum and the input. */
function takeStem(walk: GraphWalk, end: string): Pick<DenseNet121Weights, 'conv0' | 'norm0'> & { input: string } {
  const pooled = takePool(walk, takeToChannelsFirst(walk, end), 'MaxPool', poolSize, 2);
  const activated = takePadding(walk, takeToChannelsLast(walk, pooled), 1);
  const { norm, input } = takeNorm(walk, takeRelu(walk, activated), stemChannels);
  const kernel = [stemKernel, stemKernel, 1, stemChannels];
  const conv = takeConvolution(walk, takeToChannelsFirst(walk, input), kernel, 2);
  const image = takePadding(walk, takeToChannelsLast(walk, conv.input), stemPadding);
  return { conv0: conv.kernel, norm0: norm, input: walk.take(image, 'Placeholder').name };
}
