/**
 * TensorFlow operations as tfjs kernels: what a pack's `model.json` may hold. Written out instead of using
 * tfjs-converter, which brings every operation that TensorFlow has: half of the engine's JavaScript.
 * test/golden/graph-operations.node.ts holds each of them against tfjs-converter.
 */

import { engine, type NamedAttrMap, type NamedTensorMap, type Tensor } from '@tensorflow/tfjs-core';
import { AppError } from '../shared/app-error.ts';
import type { GraphNode, NodeAttributes } from './graph-definition.ts';

export interface OperationInputs {
  /** The n-th input; `pack-invalid` where the node has fewer. */
  tensor(index: number): Tensor;
  readonly tensors: readonly Tensor[];
  /** The n-th input as numbers: it must be a constant of the pack. */
  numbers(index: number): number[];
}

export type Operation = (inputs: OperationInputs, attributes: NodeAttributes) => Tensor;

function kernel(name: string, inputs: NamedTensorMap, attributes: NamedAttrMap = {}): Tensor {
  return engine().runKernel(name, inputs, attributes);
}

const unary =
  (name: string): Operation =>
  (inputs) =>
    kernel(name, { x: inputs.tensor(0) });

const binary =
  (name: string): Operation =>
  (inputs) =>
    kernel(name, { a: inputs.tensor(0), b: inputs.tensor(1) });

const reduction =
  (name: string): Operation =>
  (inputs, attributes) =>
    kernel(name, { x: inputs.tensor(0) }, { axis: inputs.numbers(1), keepDims: attributes.flag('keep_dims') });

/** [batch, height, width, channel] → height and width. */
function spatial(values: readonly number[]): [number, number] {
  const [batch, height = 1, width = 1, channel] = values;
  if (batch !== 1 || channel !== 1) throw new AppError('pack-invalid', { reason: 'model.json: strides over channels' });
  return [height, width];
}

function padding(attributes: NodeAttributes): 'same' | 'valid' {
  const name = attributes.text('padding');
  if (name === 'SAME') return 'same';
  if (name === 'VALID') return 'valid';
  throw new AppError('pack-invalid', { reason: `model.json: padding ${name}` });
}

function convolution(attributes: NodeAttributes): NamedAttrMap {
  const layout = attributes.text('data_format', 'NHWC');
  if (layout !== 'NHWC') throw new AppError('pack-invalid', { reason: `model.json: layout ${layout}` });
  return {
    strides: spatial(attributes.integers('strides')),
    pad: padding(attributes),
    dataFormat: layout,
    dilations: spatial(attributes.integers('dilations')),
  };
}

/** `fused_ops`: `BiasAdd`, then at most one activation. */
const activations: Readonly<Record<string, string>> = {
  Relu: 'relu',
  Relu6: 'relu6',
  Sigmoid: 'sigmoid',
  Prelu: 'prelu',
};

function activation(attributes: NodeAttributes): string {
  const [bias, name, ...more] = attributes.texts('fused_ops');
  const known = name === undefined ? 'linear' : activations[name];
  if (bias !== 'BiasAdd' || known === undefined || more.length > 0) {
    throw new AppError('pack-invalid', { reason: `model.json: fused ${attributes.texts('fused_ops').join(' ')}` });
  }
  return known;
}

/** Bias, and the slopes of a fused PReLU. */
function fusedInputs(inputs: OperationInputs, name: string): NamedTensorMap {
  const slopes: NamedTensorMap = name === 'prelu' ? { preluActivationWeights: inputs.tensor(3) } : {};
  return { bias: inputs.tensor(2), ...slopes };
}

const fusedConvolution =
  (name: string): Operation =>
  (inputs, attributes) => {
    const fused = activation(attributes);
    return kernel(
      name,
      { x: inputs.tensor(0), filter: inputs.tensor(1), ...fusedInputs(inputs, fused) },
      { ...convolution(attributes), activation: fused },
    );
  };

const plainConvolution =
  (name: string): Operation =>
  (inputs, attributes) =>
    kernel(name, { x: inputs.tensor(0), filter: inputs.tensor(1) }, convolution(attributes));

const pool =
  (name: string): Operation =>
  (inputs, attributes) =>
    kernel(
      name,
      { x: inputs.tensor(0) },
      {
        filterSize: spatial(attributes.integers('ksize')),
        strides: spatial(attributes.integers('strides')),
        pad: padding(attributes),
      },
    );

const dtypes: Readonly<Record<string, string>> = { DT_FLOAT: 'float32', DT_INT32: 'int32' };

function dtype(name: string): string {
  const known = dtypes[name];
  if (known === undefined) throw new AppError('pack-invalid', { reason: `model.json: type ${name}` });
  return known;
}

/** One dimension may be −1: what is left. */
function reshape(x: Tensor, wanted: readonly number[]): Tensor {
  const known = wanted.reduce((product, size) => (size === -1 ? product : product * size), 1);
  return kernel('Reshape', { x }, { shape: wanted.map((size) => (size === -1 ? x.size / known : size)) });
}

function pad(inputs: OperationInputs, constantValue: number): Tensor {
  const flat = inputs.numbers(1);
  const paddings = Array.from({ length: flat.length / 2 }, (_, axis) => flat.slice(axis * 2, axis * 2 + 2));
  return kernel('PadV2', { x: inputs.tensor(0) }, { paddings, constantValue });
}

function slice(inputs: OperationInputs): Tensor {
  const x = inputs.tensor(0);
  const begin = inputs.numbers(1);
  // −1: up to the end.
  const size = inputs.numbers(2).map((extent, axis) => (extent === -1 ? x.shape[axis]! - begin[axis]! : extent));
  return kernel('Slice', { x }, { begin, size });
}

const transposes = (attributes: NodeAttributes): NamedAttrMap => ({
  transposeA: attributes.flag('transpose_a'),
  transposeB: attributes.flag('transpose_b'),
});

export const operations: Readonly<Record<string, Operation>> = {
  Identity: unary('Identity'),
  Conv2D: plainConvolution('Conv2D'),
  DepthwiseConv2dNative: plainConvolution('DepthwiseConv2dNative'),
  _FusedConv2D: fusedConvolution('FusedConv2D'),
  FusedDepthwiseConv2dNative: fusedConvolution('FusedDepthwiseConv2D'),
  Add: binary('Add'),
  AddV2: binary('Add'),
  BiasAdd: binary('Add'),
  Sub: binary('Sub'),
  Mul: binary('Multiply'),
  RealDiv: binary('RealDiv'),
  Relu: unary('Relu'),
  Relu6: unary('Relu6'),
  Sigmoid: unary('Sigmoid'),
  Prelu: (inputs) => kernel('Prelu', { x: inputs.tensor(0), alpha: inputs.tensor(1) }),
  ClipByValue: (inputs) => {
    const [clipValueMin = 0] = inputs.numbers(1);
    const [clipValueMax = 0] = inputs.numbers(2);
    return kernel('ClipByValue', { x: inputs.tensor(0) }, { clipValueMin, clipValueMax });
  },
  Mean: reduction('Mean'),
  Sum: reduction('Sum'),
  MaxPool: pool('MaxPool'),
  AvgPool: pool('AvgPool'),
  ConcatV2: (inputs) => {
    const last = inputs.tensors.length - 1;
    const [axis = 0] = inputs.numbers(last);
    // The kernel's inputs are an array; the type asks for a map.
    const parts = inputs.tensors.slice(0, last) as unknown as NamedTensorMap;
    return kernel('Concat', parts, { axis });
  },
  Pad: (inputs) => pad(inputs, 0),
  PadV2: (inputs) => pad(inputs, inputs.numbers(2)[0] ?? 0),
  Reshape: (inputs) => reshape(inputs.tensor(0), inputs.numbers(1)),
  ExpandDims: (inputs) => kernel('ExpandDims', { input: inputs.tensor(0) }, { dim: inputs.numbers(1)[0] ?? 0 }),
  Slice: slice,
  Transpose: (inputs) => kernel('Transpose', { x: inputs.tensor(0) }, { perm: inputs.numbers(1) }),
  Cast: (inputs, attributes) => kernel('Cast', { x: inputs.tensor(0) }, { dtype: dtype(attributes.type('DstT')) }),
  MatMul: (inputs, attributes) =>
    kernel('BatchMatMul', { a: inputs.tensor(0), b: inputs.tensor(1) }, transposes(attributes)),
  _FusedMatMul: (inputs, attributes) => {
    const fused = activation(attributes);
    // Unlike BatchMatMul the WASM kernel wants three dimensions, and reads beyond its memory when it gets two.
    const batched = (x: Tensor): Tensor => reshape(x, [1, ...x.shape]);
    const product = kernel(
      '_FusedMatMul',
      { a: batched(inputs.tensor(0)), b: batched(inputs.tensor(1)), ...fusedInputs(inputs, fused) },
      { ...transposes(attributes), activation: fused },
    );
    return reshape(product, product.shape.slice(1));
  },
  ResizeBilinear: (inputs, attributes) =>
    kernel(
      'ResizeBilinear',
      { images: inputs.tensor(0) },
      {
        size: inputs.numbers(1) as [number, number],
        alignCorners: attributes.flag('align_corners'),
        halfPixelCenters: attributes.flag('half_pixel_centers'),
      },
    ),
};

/** @throws AppError `pack-invalid` {reason} for an operation that packs may not use */
export function operationOf(node: GraphNode): Operation {
  const operation = Object.hasOwn(operations, node.op) ? operations[node.op] : undefined;
  if (operation === undefined) throw new AppError('pack-invalid', { reason: `model.json: operation ${node.op}` });
  return operation;
}
