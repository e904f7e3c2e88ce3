/**
 * Writes a tfjs GraphModel topology node by node, in the JSON form of TensorFlow's NodeDef
 * (tensorflow/core/framework/node_def.proto; strings are base64 as in the converter's output).
 */

type Attribute = Readonly<Record<string, unknown>>;

export interface GraphNode {
  readonly name: string;
  readonly op: string;
  readonly input: readonly string[];
  readonly attr: Readonly<Record<string, Attribute>>;
}

export interface GraphTensor {
  readonly name: string;
  readonly shape: readonly number[];
  /** Int32Array: numbers that steer the graph (paddings, axes, shapes). */
  readonly data: Float32Array | Int32Array;
  /** Few values whose rounding would cost much: they stay more precise than the rest. */
  readonly precise?: boolean;
}

export type Activation = 'linear' | 'Relu' | 'Relu6' | 'Sigmoid';
export type Padding = 'SAME' | 'VALID';

/** What a fused convolution does besides convolving. */
export interface FusedOptions {
  readonly stride?: number;
  readonly padding?: Padding;
  readonly activation?: Activation;
}

const float: Attribute = { type: 'DT_FLOAT' };
const integer: Attribute = { type: 'DT_INT32' };
const text = (value: string): Attribute => ({ s: Buffer.from(value).toString('base64') });
const texts = (values: readonly string[]): Attribute => ({
  list: { s: values.map((value) => Buffer.from(value).toString('base64')) },
});
const integers = (values: readonly number[]): Attribute => ({ list: { i: values.map(String) } });
const shapeOf = (shape: readonly number[]): { dim: { size: string }[] } => ({
  dim: shape.map((size) => ({ size: String(size) })),
});

/** Collects nodes and their weights; each method returns the name of the node it added. */
export class GraphWriter {
  readonly nodes: GraphNode[] = [];
  readonly tensors: GraphTensor[] = [];

  #add(name: string, op: string, input: readonly string[], attr: GraphNode['attr']): string {
    this.nodes.push({ name, op, input, attr });
    return name;
  }

  placeholder(name: string, shape: readonly number[]): string {
    return this.#add(name, 'Placeholder', [], { dtype: float, shape: { shape: shapeOf(shape) } });
  }

  constant(name: string, shape: readonly number[], data: Float32Array, precise = false): string {
    this.tensors.push({ name, shape, data, precise });
    return this.#add(name, 'Const', [], {
      dtype: float,
      value: { tensor: { dtype: 'DT_FLOAT', tensorShape: shapeOf(shape) } },
    });
  }

  /** int32 constant; row-major, by default one dimension. */
  integerConstant(name: string, values: readonly number[], shape: readonly number[] = [values.length]): string {
    this.tensors.push({ name, shape, data: Int32Array.from(values) });
    return this.#add(name, 'Const', [], {
      dtype: integer,
      value: { tensor: { dtype: 'DT_INT32', tensorShape: shapeOf(shape) } },
    });
  }

  /** Convolution with bias; `weight` is [height, width, in, out], padding SAME as TensorFlow's. */
  convolution(
    name: string,
    input: string,
    weight: string,
    bias: string,
    stride: number,
    activation: Activation,
  ): string {
    return this.fusedConvolution(name, [input, weight, bias], { stride, activation });
  }

  /** Convolution with bias, of any padding; a fourth input is the slopes [out] of a PReLU, then no other activation. */
  fusedConvolution(
    name: string,
    inputs: readonly [input: string, weight: string, bias: string, slopes?: string],
    options: FusedOptions = {},
  ): string {
    const activation = inputs[3] === undefined ? (options.activation ?? 'linear') : 'Prelu';
    const { stride = 1, padding = 'SAME' } = options;
    const defined = inputs.filter((input) => input !== undefined);
    return this.#add(name, '_FusedConv2D', defined, fusedAttributes(stride, padding, activation));
  }

  /** Depthwise convolution with bias; `weight` is [height, width, channels, 1], padding SAME. */
  depthwise(name: string, input: string, weight: string, bias: string, stride: number, activation: Activation): string {
    const attributes = fusedAttributes(stride, 'SAME', activation);
    return this.#add(name, 'FusedDepthwiseConv2dNative', [input, weight, bias], attributes);
  }

  /** Convolution without bias. */
  plainConvolution(name: string, input: string, weight: string): string {
    return this.#add(name, 'Conv2D', [input, weight], convolutionAttributes(1, 'SAME'));
  }

  /** Mean over the whole map of `size` × `size`: [1, size, size, c] → [1, 1, 1, c]. */
  globalAverage(name: string, input: string, size: number): string {
    return this.#add(name, 'AvgPool', [input], poolAttributes(size, size));
  }

  /** Means of windows of `size` × `size` that do not leave the map. */
  averagePool(name: string, input: string, size: number, stride: number): string {
    return this.#add(name, 'AvgPool', [input], poolAttributes(size, stride));
  }

  /** Maxima of windows of `size` × `size` that do not leave the map. */
  maxPool(name: string, input: string, size: number, stride: number): string {
    return this.#add(name, 'MaxPool', [input], poolAttributes(size, stride));
  }

  /** Joins maps of one size along their channels. */
  concat(name: string, inputs: readonly string[], axis: string): string {
    return this.#add(name, 'ConcatV2', [...inputs, axis], { T: float, Tidx: integer, N: { i: String(inputs.length) } });
  }

  /** Zeros around a map; `paddings` is an int32 constant [4, 2]: before and after, a dimension. */
  pad(name: string, input: string, paddings: string): string {
    return this.#add(name, 'Pad', [input, paddings], { T: float, Tpaddings: integer });
  }

  reshape(name: string, input: string, shape: string): string {
    return this.#add(name, 'Reshape', [input, shape], { T: float, Tshape: integer });
  }

  transpose(name: string, input: string, permutation: string): string {
    return this.#add(name, 'Transpose', [input, permutation], { T: float, Tperm: integer });
  }

  /** Part of a tensor; `begin` and `size` are int32 constants with one number a dimension. */
  slice(name: string, input: string, begin: string, size: string): string {
    return this.#add(name, 'Slice', [input, begin, size], { T: float, Index: integer });
  }

  /** Bilinear, pixel centres at + 0.5; `size` is an int32 constant: height, width. */
  resizeBilinear(name: string, input: string, size: string): string {
    return this.#add(name, 'ResizeBilinear', [input, size], {
      T: float,
      align_corners: { b: false },
      half_pixel_centers: { b: true },
    });
  }

  add(name: string, a: string, b: string): string {
    return this.#add(name, 'AddV2', [a, b], { T: float });
  }

  multiply(name: string, a: string, b: string): string {
    return this.#add(name, 'Mul', [a, b], { T: float });
  }

  topology(): Readonly<Record<string, unknown>> {
    return { node: this.nodes, library: {}, versions: { producer: 0 } };
  }
}

function convolutionAttributes(stride: number, padding: Padding): GraphNode['attr'] {
  return {
    T: float,
    strides: integers([1, stride, stride, 1]),
    dilations: integers([1, 1, 1, 1]),
    padding: text(padding),
    explicit_paddings: { list: {} },
    data_format: text('NHWC'),
  };
}

function fusedAttributes(stride: number, padding: Padding, activation: Activation | 'Prelu'): GraphNode['attr'] {
  return {
    ...convolutionAttributes(stride, padding),
    num_args: { i: activation === 'Prelu' ? '2' : '1' },
    fused_ops: texts(activation === 'linear' ? ['BiasAdd'] : ['BiasAdd', activation]),
  };
}

function poolAttributes(size: number, stride: number): GraphNode['attr'] {
  return {
    T: float,
    ksize: integers([1, size, size, 1]),
    strides: integers([1, stride, stride, 1]),
    padding: text('VALID'),
    data_format: text('NHWC'),
  };
}
