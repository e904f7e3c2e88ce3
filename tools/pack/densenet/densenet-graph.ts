/**
 * DenseNet-121 as the fastest graph of tfjs's stock WASM kernels, equal to the original up to float32 rounding:
 * batch norms that follow a convolution are folded into it; those that precede one are a 1×1 depthwise convolution with
 * bias and ReLU, one threaded pass for any sign of the scale; transitions average before they convolve (both are linear
 * and act on different axes: a quarter of the work); the stem reads 2×2 pixels as four channels.
 */

import { GraphWriter } from '../graph.ts';
import type { SourceTensor } from '../safetensors.ts';
import type { AffineNorm, DenseLayerWeights, DenseNet121Weights, TransitionWeights } from './densenet-121.ts';
import { foldStem, scaleOutputs } from './fold-norm.ts';

export interface DenseNetGraph {
  readonly writer: GraphWriter;
  /** Nodes: `maps` [1, size/32, size/32, n], `logits` [1, 1, 1, n] = mean of the maps + bias, `features` [1, 1, 1, 1024]. */
  readonly outputs: { readonly logits: string; readonly maps: string; readonly features: string };
  /** Of the classifier, in the order of its outputs. */
  readonly biases: Float32Array;
}

/** Strides of the stem, the pooling and the three transitions multiply to 32. */
const totalStride = 32;
/** Padding of the 7×7 stem (arXiv 1608.06993, Table 1). */
const stemPadding = 3;
/** Stride of the stem, and the side of the squares that become channels. */
const stemBlock = 2;
const poolSize = 3;
const poolStride = 2;

/**
 * @param weights convolutions as [height, width, in, out]
 * @param size of the input [1, size, size, 1], pixels; a multiple of 32
 * @throws Error where the size is not a multiple of 32
 */
export function buildDenseNetGraph(weights: DenseNet121Weights, size: number): DenseNetGraph {
  if (!Number.isInteger(size) || size <= 0 || size % totalStride !== 0) {
    throw new Error(`A DenseNet-121 reads squares whose side is a multiple of ${totalStride} pixels, not ${size}.`);
  }
  const writer = new GraphWriter();
  const channelAxis = writer.integerConstant('channels', [3], []);
  let node = stem(writer, weights, size);
  weights.blocks.forEach((layers, block) => {
    layers.forEach((layer, index) => {
      const name = `block${block + 1}/layer${index + 1}`;
      const grown = denseLayer(writer, name, node, layer);
      node = writer.concat(`${name}/concat`, [node, grown], channelAxis);
    });
    const transition = weights.transitions[block];
    if (transition !== undefined) node = downsample(writer, `transition${block + 1}`, node, transition);
  });
  node = normRelu(writer, 'norm5', node, weights.norm5);
  return { writer, outputs: head(writer, node, weights, size / totalStride), biases: weights.classifier.bias };
}

function stem(writer: GraphWriter, { conv0, norm0 }: DenseNet121Weights, size: number): string {
  const padded = size + 2 * stemPadding;
  const half = padded / stemBlock;
  const around = [0, 0, stemPadding, stemPadding, stemPadding, stemPadding, 0, 0];
  let node = writer.placeholder('input', [1, size, size, 1]);
  node = writer.pad('stem/pad', node, writer.integerConstant('stem/paddings', around, [4, 2]));
  // Space to depth: [half, 2, half, 2] → [half, half, 2, 2] → four channels a square.
  const squares = writer.integerConstant('stem/squares', [half, stemBlock, half, stemBlock]);
  node = writer.reshape('stem/rows-and-columns', node, squares);
  node = writer.transpose('stem/together', node, writer.integerConstant('stem/order', [0, 2, 1, 3]));
  const image = writer.integerConstant('stem/shape', [1, half, half, stemBlock * stemBlock]);
  node = writer.reshape('stem/space-to-depth', node, image);
  const { shape, data } = foldStem(scaleOutputs(conv0, norm0.scale));
  node = writer.fusedConvolution(
    'stem/convolution',
    [node, writer.constant('stem/weight', shape, data), vector(writer, 'stem/bias', norm0.shift)],
    { padding: 'VALID', activation: 'Relu' },
  );
  // After a ReLU zeros around the map never win: the same as a pooling that ignores what lies outside. The size is even,
  // so the windows reach one pixel beyond the top and the left only.
  node = writer.pad('pool/pad', node, writer.integerConstant('pool/paddings', [0, 0, 1, 0, 1, 0, 0, 0], [4, 2]));
  return writer.maxPool('pool', node, poolSize, poolStride);
}

/** @returns the channels that the layer adds */
function denseLayer(writer: GraphWriter, name: string, input: string, layer: DenseLayerWeights): string {
  const activated = normRelu(writer, `${name}/norm1`, input, layer.norm1);
  const bottleneck = writer.fusedConvolution(
    `${name}/conv1`,
    [
      activated,
      tensor(writer, `${name}/conv1/weight`, scaleOutputs(layer.conv1, layer.norm2.scale)),
      vector(writer, `${name}/conv1/bias`, layer.norm2.shift),
    ],
    { activation: 'Relu' },
  );
  return writer.plainConvolution(`${name}/conv2`, bottleneck, tensor(writer, `${name}/conv2/weight`, layer.conv2));
}

function downsample(writer: GraphWriter, name: string, input: string, { norm, conv }: TransitionWeights): string {
  const activated = normRelu(writer, `${name}/norm`, input, norm);
  const pooled = writer.averagePool(`${name}/pool`, activated, 2, 2);
  return writer.plainConvolution(`${name}/conv`, pooled, tensor(writer, `${name}/conv/weight`, conv));
}

function normRelu(writer: GraphWriter, name: string, input: string, { scale, shift }: AffineNorm): string {
  // As float16 the scales alone would cost as much accuracy as all filters together.
  const weight = writer.constant(`${name}/scale`, [1, 1, scale.length, 1], scale, true);
  return writer.depthwise(name, input, weight, vector(writer, `${name}/shift`, shift), 1, 'Relu');
}

/** Pooling and a linear layer commute: the last map times the classifier is a map of each output (arXiv 1512.04150, eq. 2). */
function head(
  writer: GraphWriter,
  features: string,
  { classifier }: DenseNet121Weights,
  mapSize: number,
): DenseNetGraph['outputs'] {
  const weight = writer.constant('classifier/weight', [1, 1, ...classifier.weight.shape], classifier.weight.data);
  const maps = writer.plainConvolution('maps', features, weight);
  const mean = writer.globalAverage('maps/mean', maps, mapSize);
  const logits = writer.add(
    'logits',
    mean,
    writer.constant('classifier/bias', [classifier.bias.length], classifier.bias, true),
  );
  return { logits, maps, features: writer.globalAverage('features', features, mapSize) };
}

function tensor(writer: GraphWriter, name: string, { shape, data }: SourceTensor): string {
  return writer.constant(name, shape, data);
}

function vector(writer: GraphWriter, name: string, values: Float32Array): string {
  return writer.constant(name, [values.length], values);
}
