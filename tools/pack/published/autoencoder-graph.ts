/**
 * Chester's autoencoder as a graph of fast kernels, equal to the original up to float32 rounding: leaky ReLUs are fused
 * PReLUs; norms, which follow them, are 1×1 depthwise convolutions (folded into the next convolution they would gain nothing
 * measurable and cost two decimals); transposed convolutions become ordinary ones whose channels are laid out as pixels;
 * tanh(x) is 2 · sigmoid(2x) − 1, and the sigmoid is fused.
 */

import type { AffineNorm } from '../densenet/densenet-121.ts';
import { GraphWriter } from '../graph.ts';
import type { SourceTensor } from '../safetensors.ts';
import type { AutoencoderWeights, DecoderLayer, EncoderLayer } from './recognise-autoencoder.ts';
import { asSubPixelConvolution } from './transposed-convolution.ts';

export interface AutoencoderGraph {
  readonly writer: GraphWriter;
  /** `reconstruction` [1, size, size, 1], −1..1; `code` [1, 1, 1, 512]. */
  readonly outputs: { readonly reconstruction: string; readonly code: string };
}

export function buildAutoencoderGraph({ size, encoder, code, decoder, last }: AutoencoderWeights): AutoencoderGraph {
  const writer = new GraphWriter();
  let node = writer.placeholder('input', [1, size, size, 1]);
  encoder.forEach((layer, index) => {
    node = encode(writer, `encoder${index + 1}`, node, layer);
  });
  const coded = writer.plainConvolution('code', node, writer.constant('code/weight', code.shape, code.data));
  node = coded;
  let side = 1;
  decoder.forEach((layer, index) => {
    ({ node, side } = decode(writer, `decoder${index + 1}`, node, layer, side));
  });
  return { writer, outputs: { reconstruction: tanhOf(writer, node, last), code: coded } };
}

/** Convolution, leaky ReLU, norm. */
function encode(writer: GraphWriter, name: string, input: string, { conv, stride, leak, norm }: EncoderLayer): string {
  const channels = conv.shape[3] ?? 0;
  const weight = writer.constant(`${name}/weight`, conv.shape, conv.data);
  const bias = writer.constant(`${name}/bias`, [channels], new Float32Array(channels));
  const slopes = writer.constant(`${name}/slopes`, [channels], new Float32Array(channels).fill(leak));
  const activated = writer.fusedConvolution(name, [input, weight, bias, slopes], { stride, padding: 'VALID' });
  return affine(writer, `${name}/norm`, activated, norm);
}

/** Transposed convolution, ReLU, norm. @param into side of the input */
function decode(
  writer: GraphWriter,
  name: string,
  input: string,
  { conv, stride, norm }: DecoderLayer,
  into: number,
): { node: string; side: number } {
  const { weight, padding, block, spread, side } = asSubPixelConvolution(conv, stride, into);
  let node = input;
  if (padding > 0) {
    const zeros = [0, 0, padding, padding, padding, padding, 0, 0];
    node = writer.pad(`${name}/pad`, node, writer.integerConstant(`${name}/paddings`, zeros, [4, 2]));
  }
  const outputs = weight.shape[3] ?? 0;
  const bias = writer.constant(`${name}/bias`, [outputs], new Float32Array(outputs));
  node = writer.fusedConvolution(name, [node, writer.constant(`${name}/weight`, weight.shape, weight.data), bias], {
    padding: 'VALID',
    activation: 'Relu',
  });
  node = affine(writer, `${name}/norm`, node, repeated(norm, block * block));
  if (block === 1) return { node, side };

  // Depth to space: [places, places, block, block · out] → [places, block, places, block · out] → pixels.
  const places = spread / block;
  const out = conv.shape[2] ?? 0;
  const rows = writer.integerConstant(`${name}/blocks`, [places, places, block, block * out]);
  node = writer.reshape(`${name}/in-blocks`, node, rows);
  node = writer.transpose(`${name}/in-rows`, node, writer.integerConstant(`${name}/order`, [0, 2, 1, 3]));
  const pixels = writer.integerConstant(`${name}/pixels`, [1, spread, spread, out]);
  node = writer.reshape(`${name}/depth-to-space`, node, pixels);
  if (spread === side) return { node, side };
  const begin = writer.integerConstant(`${name}/begin`, [0, 0, 0, 0]);
  const extent = writer.integerConstant(`${name}/extent`, [1, side, side, out]);
  return { node: writer.slice(`${name}/crop`, node, begin, extent), side };
}

/** The norm of each channel, for as many places of a block. */
function repeated({ scale, shift }: AffineNorm, times: number): AffineNorm {
  const repeat = (values: Float32Array): Float32Array =>
    Float32Array.from({ length: values.length * times }, (_, index) => values[index % values.length]!);
  return { scale: repeat(scale), shift: repeat(shift) };
}

/** Scale and shift as a 1×1 depthwise convolution: one pass, threaded. */
function affine(writer: GraphWriter, name: string, input: string, { scale, shift }: AffineNorm): string {
  const weight = writer.constant(`${name}/scale`, [1, 1, scale.length, 1], scale, true);
  const bias = writer.constant(`${name}/shift`, [shift.length], shift, true);
  return writer.depthwise(name, input, weight, bias, 1, 'linear');
}

/** 1×1 convolution to one channel and hyperbolic tangent. @param last [1, 1, 1, in], which in memory is [1, 1, in, 1] */
function tanhOf(writer: GraphWriter, input: string, last: SourceTensor): string {
  const doubled = last.data.map((value) => 2 * value);
  const weight = writer.constant('last/weight', [1, 1, doubled.length, 1], doubled);
  const bias = writer.constant('last/bias', [1], new Float32Array(1));
  const sigmoid = writer.fusedConvolution('last', [input, weight, bias], { activation: 'Sigmoid' });
  const twice = writer.multiply('twice', sigmoid, writer.constant('two', [1], Float32Array.of(2)));
  return writer.add('reconstruction', twice, writer.constant('minus-one', [1], Float32Array.of(-1)));
}
