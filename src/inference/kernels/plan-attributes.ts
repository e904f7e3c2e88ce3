/** A node's attributes as the plan wants them: `undefined` for what our kernels do not do. */

import type { GraphNode } from '../graph-definition.ts';
import { noBorder, noClamp, type Border, type Clamp, type Strides } from './planned-operation.ts';

/** [batch, height, width, channels] → height and width. */
function spatial(values: readonly number[]): Strides | undefined {
  const [batch, y = 1, x = 1, channels] = values;
  return batch === 1 && channels === 1 ? { y, x } : undefined;
}

export function stridesOf({ attributes }: GraphNode): Strides | undefined {
  if (attributes.text('data_format', 'NHWC') !== 'NHWC') return undefined;
  return spatial(attributes.integers('strides'));
}

export function isDilated({ attributes }: GraphNode): boolean {
  return attributes.integers('dilations').some((dilation) => dilation !== 1);
}

/** Window of a pooling. */
export function windowOf({ attributes }: GraphNode): { height: number; width: number } | undefined {
  const size = spatial(attributes.integers('ksize'));
  return size && { height: size.y, width: size.x };
}

/** Output length and the zeros before and after, along one axis (TensorFlow's SAME: the odd one goes after). */
function alongAxis(
  padding: string,
  length: number,
  window: number,
  stride: number,
): { length: number; before: number; after: number } | undefined {
  if (padding === 'VALID') return { length: Math.floor((length - window) / stride) + 1, before: 0, after: 0 };
  if (padding !== 'SAME') return undefined;
  const output = Math.ceil(length / stride);
  const total = Math.max(0, (output - 1) * stride + window - length);
  const before = Math.floor(total / 2);
  return { length: output, before, after: total - before };
}

/** Size of the output and zeros around the input, of a window that slides. */
export function slide(
  { attributes }: GraphNode,
  input: { readonly height: number; readonly width: number },
  window: { readonly height: number; readonly width: number },
  strides: Strides,
): { readonly height: number; readonly width: number; readonly padding: Border } | undefined {
  const padding = attributes.text('padding');
  const rows = alongAxis(padding, input.height, window.height, strides.y);
  const columns = alongAxis(padding, input.width, window.width, strides.x);
  if (rows === undefined || columns === undefined || rows.length < 1 || columns.length < 1) return undefined;
  return {
    height: rows.length,
    width: columns.length,
    padding: { top: rows.before, bottom: rows.after, left: columns.before, right: columns.after },
  };
}

export function isNoBorder({ top, left, bottom, right }: Border): boolean {
  return top === 0 && left === 0 && bottom === 0 && right === 0;
}

const relu: Clamp = { floor: 0, ceiling: Infinity };
const relu6: Clamp = { floor: 0, ceiling: 6 };

/** The activation of `fused_ops`, or of a node by itself. */
export function clampOf(node: GraphNode): Clamp | undefined {
  switch (node.op) {
    case 'Conv2D':
    case 'DepthwiseConv2dNative':
      return noClamp;
    case 'Relu':
      return relu;
    case 'Relu6':
      return relu6;
  }
  const [bias, activation, ...more] = node.attributes.texts('fused_ops');
  if (bias !== 'BiasAdd' || more.length > 0) return undefined;
  switch (activation) {
    case undefined:
      return noClamp;
    case 'Relu':
      return relu;
    case 'Relu6':
      return relu6;
    default:
      return undefined;
  }
}

/** Of a Pad's constant [4, 2]: only rows and columns may grow. */
export function borderOf(paddings: ArrayLike<number>): Border | undefined {
  const [batchBefore, batchAfter, top = 0, bottom = 0, left = 0, right = 0, channelsBefore, channelsAfter] =
    Array.from(paddings);
  if (batchBefore !== 0 || batchAfter !== 0 || channelsBefore !== 0 || channelsAfter !== 0) return undefined;
  return { ...noBorder, top, bottom, left, right };
}
