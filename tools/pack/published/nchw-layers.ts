/**
 * The layers of networks that came from PyTorch through ONNX into TensorFlow: maps are [1, channels, height, width], each
 * convolution stands between a transposition to [1, height, width, channels] and one back, batch norms are a
 * multiplication and an addition with constants [1, channels, 1, 1]. Each function takes one layer off a walk, from its
 * last node to its first.
 */

import type { AffineNorm } from '../densenet/densenet-121.ts';
import type { SourceTensor } from '../safetensors.ts';
import type { GraphWalk } from './graph-walk.ts';

const channelsLast = [0, 2, 3, 1];
const channelsFirst = [0, 3, 1, 2];

/** Takes the transposition [1, c, h, w] → [1, h, w, c]. @returns what it reads */
export function takeToChannelsLast(walk: GraphWalk, name: string): string {
  return takeTransposition(walk, name, channelsLast);
}

/** Takes the transposition [1, h, w, c] → [1, c, h, w]. @returns what it reads */
export function takeToChannelsFirst(walk: GraphWalk, name: string): string {
  return takeTransposition(walk, name, channelsFirst);
}

function takeTransposition(walk: GraphWalk, name: string, order: readonly number[]): string {
  const node = walk.take(name, 'Transpose');
  const input = walk.input(node, 0, 2);
  walk.requireIntegers(node, 1, order, 'its order');
  return input;
}

/** Takes Add(Mul(x, scale), shift), operands in any order. */
export function takeNorm(walk: GraphWalk, name: string, channels: number): { norm: AffineNorm; input: string } {
  const sum = takeWithConstant(walk, name, ['Add', 'AddV2'], channels);
  const product = takeWithConstant(walk, sum.input, ['Mul'], channels);
  return { norm: { scale: product.values, shift: sum.values }, input: product.input };
}

function takeWithConstant(
  walk: GraphWalk,
  name: string,
  ops: readonly string[],
  channels: number,
): { values: Float32Array; input: string } {
  const node = walk.take(name, ...ops);
  const pair = [walk.input(node, 0, 2), walk.input(node, 1, 2)];
  const [constant, ...more] = pair.filter((input) => walk.opOf(input) === 'Const');
  if (constant === undefined || more.length > 0) walk.refuse(name, 'one operand should be a constant');
  const { data } = walk.floats(node, pair.indexOf(constant), [1, channels, 1, 1]);
  return { values: data, input: pair.find((input) => input !== constant)! };
}

/** Takes Relu. @returns what it reads */
export function takeRelu(walk: GraphWalk, name: string): string {
  return walk.input(walk.take(name, 'Relu'), 0, 1);
}

/** Takes `pixels` zeros on all four sides of [1, c, h, w]. @returns what is padded */
export function takePadding(walk: GraphWalk, name: string, pixels: number): string {
  const node = walk.take(name, 'Pad');
  const input = walk.input(node, 0, 2);
  walk.requireIntegers(node, 1, [0, 0, 0, 0, pixels, pixels, pixels, pixels], 'its padding');
  return input;
}

/**
 * Takes a convolution over [1, h, w, in] without padding.
 *
 * @param expected kernel as [height, width, in, out]
 */
export function takeConvolution(
  walk: GraphWalk,
  name: string,
  expected: readonly number[],
  stride: number,
): { kernel: SourceTensor; input: string } {
  const node = walk.take(name, 'Conv2D');
  walk.requireAttribute(node, 'dilations', [1, 1, 1, 1]);
  walk.requireAttribute(node, 'strides', [1, stride, stride, 1]);
  walk.requireAttribute(node, 'padding', 'VALID');
  walk.requireAttribute(node, 'data_format', 'NHWC');
  const input = walk.input(node, 0, 2);
  return { kernel: walk.floats(node, 1, expected), input };
}

/** Takes a pooling over [1, h, w, c] without padding. @returns what is pooled */
export function takePool(
  walk: GraphWalk,
  name: string,
  op: 'MaxPool' | 'AvgPool',
  size: number,
  stride: number,
): string {
  const node = walk.take(name, op);
  walk.requireAttribute(node, 'ksize', [1, size, size, 1]);
  walk.requireAttribute(node, 'strides', [1, stride, stride, 1]);
  walk.requireAttribute(node, 'padding', 'VALID');
  walk.requireAttribute(node, 'data_format', 'NHWC');
  return walk.input(node, 0, 1);
}
