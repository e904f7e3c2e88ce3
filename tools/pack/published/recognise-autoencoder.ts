/**
 * Finds Chester's convolutional autoencoder (arXiv 1901.11210, section 3) in a published graph by walking it from its
 * hyperbolic tangent to its input; a graph that computes anything else is refused by the node's name.
 */

import type { AffineNorm } from '../densenet/densenet-121.ts';
import type { SourceTensor } from '../safetensors.ts';
import type { PublishedGraph } from './graph-model.ts';
import { GraphWalk } from './graph-walk.ts';
import { takeConvolution, takeNorm, takeRelu, takeToChannelsFirst, takeToChannelsLast } from './nchw-layers.ts';

export interface EncoderLayer {
  /** [height, width, in, out] */
  readonly conv: SourceTensor;
  readonly stride: number;
  /** Slope of the leaky ReLU below zero; the norm follows it. */
  readonly leak: number;
  readonly norm: AffineNorm;
}

export interface DecoderLayer {
  /** Of a transposed convolution: [height, width, out, in]. */
  readonly conv: SourceTensor;
  readonly stride: number;
  /** Follows the ReLU. */
  readonly norm: AffineNorm;
}

export interface AutoencoderWeights {
  /** Side of the input and of the reconstruction, pixels. */
  readonly size: number;
  readonly encoder: readonly EncoderLayer[];
  /** 1×1 and linear, in the middle. */
  readonly code: SourceTensor;
  readonly decoder: readonly DecoderLayer[];
  /** 1×1 [1, 1, out, in], before the hyperbolic tangent. */
  readonly last: SourceTensor;
}

export interface RecognisedAutoencoder extends AutoencoderWeights {
  /** `input` [1, 1, size, size], `reconstruction` of the same shape, −1..1. */
  readonly nodes: { readonly input: string; readonly reconstruction: string };
}

interface LayerShape {
  readonly kernel: number;
  readonly stride: number;
  readonly into: number;
  readonly out: number;
}

const size = 64;
const codeChannels = 512;
const encoderShapes: readonly LayerShape[] = [
  { kernel: 2, stride: 1, into: 1, out: 64 },
  { kernel: 7, stride: 2, into: 64, out: 128 },
  { kernel: 5, stride: 2, into: 128, out: 256 },
  { kernel: 7, stride: 2, into: 256, out: 512 },
  { kernel: 4, stride: 1, into: 512, out: codeChannels },
];
const decoderShapes: readonly LayerShape[] = [
  { kernel: 4, stride: 1, into: codeChannels, out: 256 },
  { kernel: 7, stride: 2, into: 256, out: 128 },
  { kernel: 5, stride: 2, into: 128, out: 64 },
  { kernel: 7, stride: 2, into: 64, out: 32 },
  { kernel: 2, stride: 1, into: 32, out: 32 },
];
const lastShape: LayerShape = { kernel: 1, stride: 1, into: 32, out: 1 };

/** @throws Error naming the first node that does not fit */
export function recogniseAutoencoder(graph: PublishedGraph): RecognisedAutoencoder {
  const walk = new GraphWalk(graph, "Chester's autoencoder");
  const tanh = walk.output('Tanh');
  const sides = decodedSides();
  const last = takeTransposed(walk, takeToChannelsFirst(walk, walk.input(tanh, 0, 1)), lastShape, sides.at(-1)!);

  const decoder: DecoderLayer[] = [];
  let name = last.input;
  decoderShapes.toReversed().forEach((shape, index) => {
    const { norm, input } = takeNorm(walk, takeToChannelsLast(walk, name), shape.out);
    const activated = takeToChannelsFirst(walk, takeRelu(walk, input));
    const conv = takeTransposed(walk, activated, shape, sides.at(-1 - index)!);
    decoder.unshift({ conv: conv.kernel, stride: shape.stride, norm });
    name = conv.input;
  });

  const code = takeConvolution(walk, name, [1, 1, codeChannels, codeChannels], 1);
  const encoder: EncoderLayer[] = [];
  name = code.input;
  for (const shape of encoderShapes.toReversed()) {
    const { norm, input } = takeNorm(walk, takeToChannelsLast(walk, name), shape.out);
    const leaky = walk.take(input, 'LeakyRelu');
    const convolution = takeToChannelsFirst(walk, walk.input(leaky, 0, 1));
    const conv = takeConvolution(walk, convolution, [shape.kernel, shape.kernel, shape.into, shape.out], shape.stride);
    const leak = leaky.attributes.number('alpha', defaultLeak);
    encoder.unshift({ conv: conv.kernel, stride: shape.stride, leak, norm });
    name = conv.input;
  }
  const input = walk.take(takeToChannelsLast(walk, name), 'Placeholder');
  const shape = input.attributes.shape('shape');
  if (shape.join() !== [1, 1, size, size].join())
    walk.refuse(input.name, `its shape should be [1, 1, ${size}, ${size}]`);
  walk.finish();
  const nodes = { input: input.name, reconstruction: tanh.name };
  return { size, encoder, code: code.kernel, decoder, last: last.kernel, nodes };
}

/** TensorFlow's own default of `LeakyRelu` (tensorflow/core/ops/nn_ops.cc). */
const defaultLeak = 0.2;

/** Side of the map that each layer of the decoder makes: it starts from one pixel. */
function decodedSides(): number[] {
  let side = 1;
  return decoderShapes.map(({ kernel, stride }) => (side = (side - 1) * stride + kernel));
}

/** Takes a transposed convolution over [1, h, w, in] without padding: the gradient of a convolution [h, w, out, in]. */
function takeTransposed(
  walk: GraphWalk,
  name: string,
  { kernel, stride, into, out }: LayerShape,
  side: number,
): { kernel: SourceTensor; input: string } {
  const node = walk.take(name, 'Conv2DBackpropInput');
  walk.requireAttribute(node, 'dilations', [1, 1, 1, 1]);
  walk.requireAttribute(node, 'strides', [1, stride, stride, 1]);
  walk.requireAttribute(node, 'padding', 'VALID');
  walk.requireAttribute(node, 'data_format', 'NHWC');
  const input = walk.input(node, 2, 3);
  walk.requireIntegers(node, 0, [1, side, side, out], 'its size');
  return { kernel: walk.floats(node, 1, [kernel, kernel, out, into]), input };
}
