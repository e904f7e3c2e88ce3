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
  /** Int32Array: numbers that steer the graph. */
  readonly data: Float32Array | Int32Array;
}

export type Activation = 'linear' | 'Relu6';

const float: Attribute = { type: 'DT_FLOAT' };
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

  constant(name: string, shape: readonly number[], data: Float32Array): string {
    this.tensors.push({ name, shape, data });
    return this.#add(name, 'Const', [], {
      dtype: float,
      value: { tensor: { dtype: 'DT_FLOAT', tensorShape: shapeOf(shape) } },
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
    return this.#add(name, '_FusedConv2D', [input, weight, bias], fusedAttributes(stride, activation));
  }

  /** Depthwise convolution with bias; `weight` is [height, width, channels, 1], padding SAME. */
  depthwise(name: string, input: string, weight: string, bias: string, stride: number, activation: Activation): string {
    return this.#add(name, 'FusedDepthwiseConv2dNative', [input, weight, bias], fusedAttributes(stride, activation));
  }

  /** Convolution without bias. */
  plainConvolution(name: string, input: string, weight: string): string {
    return this.#add(name, 'Conv2D', [input, weight], convolutionAttributes(1));
  }

  /** Mean over the whole map of `size` × `size`: [1, size, size, c] → [1, 1, 1, c]. */
  globalAverage(name: string, input: string, size: number): string {
    return this.#add(name, 'AvgPool', [input], {
      T: float,
      ksize: integers([1, size, size, 1]),
      strides: integers([1, size, size, 1]),
      padding: text('VALID'),
      data_format: text('NHWC'),
    });
  }

  add(name: string, a: string, b: string): string {
    return this.#add(name, 'AddV2', [a, b], { T: float });
  }

  topology(): Readonly<Record<string, unknown>> {
    return { node: this.nodes, library: {}, versions: { producer: 0 } };
  }
}

function convolutionAttributes(stride: number): GraphNode['attr'] {
  return {
    T: float,
    strides: integers([1, stride, stride, 1]),
    dilations: integers([1, 1, 1, 1]),
    padding: text('SAME'),
    explicit_paddings: { list: {} },
    data_format: text('NHWC'),
  };
}

function fusedAttributes(stride: number, activation: Activation): GraphNode['attr'] {
  return {
    ...convolutionAttributes(stride),
    num_args: { i: '1' },
    fused_ops: texts(activation === 'linear' ? ['BiasAdd'] : ['BiasAdd', activation]),
  };
}
