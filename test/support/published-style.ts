/**
 * Writes graphs in the style of the published ones, which came from PyTorch through ONNX into TensorFlow: maps are
 * [1, channels, height, width], transposed around each convolution. For tests, where `shared/upstream` is not at hand.
 */

export interface NodeDef {
  readonly name: string;
  readonly op: string;
  readonly input?: readonly string[];
  readonly attr?: Readonly<Record<string, unknown>>;
}

export interface WeightSpec {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: 'float32' | 'int32';
}

export interface PublishedModelJson {
  readonly format: 'graph-model';
  readonly modelTopology: { readonly node: readonly NodeDef[]; readonly library: object; readonly versions: object };
  readonly weightsManifest: readonly { readonly paths: readonly string[]; readonly weights: readonly WeightSpec[] }[];
}

const text = (value: string): object => ({ s: Buffer.from(value).toString('base64') });
const integers = (values: readonly number[]): object => ({ list: { i: values.map(String) } });
const dims = (shape: readonly number[]): object => ({ dim: shape.map((size) => ({ size: String(size) })) });
const windowed = (stride: number): Readonly<Record<string, unknown>> => ({
  strides: integers([1, stride, stride, 1]),
  padding: text('VALID'),
  data_format: text('NHWC'),
});

/** Each method adds nodes and returns the name of the last. */
export class PublishedStyle {
  readonly nodes: NodeDef[] = [];
  readonly weights: WeightSpec[] = [];

  op(op: string, input: readonly string[], attr: Readonly<Record<string, unknown>> = {}): string {
    const name = `${op}_${this.nodes.length}`;
    this.nodes.push({ name, op, input, attr: { T: { type: 'DT_FLOAT' }, ...attr } });
    return name;
  }

  placeholder(shape: readonly number[]): string {
    return this.op('Placeholder', [], { dtype: { type: 'DT_FLOAT' }, shape: { shape: dims(shape) } });
  }

  constant(shape: readonly number[], dtype: WeightSpec['dtype'] = 'float32'): string {
    const type = dtype === 'int32' ? 'DT_INT32' : 'DT_FLOAT';
    const name = this.op('Const', [], {
      dtype: { type },
      value: { tensor: { dtype: type, tensorShape: dims(shape) } },
    });
    this.weights.push({ name, shape, dtype });
    return name;
  }

  readonly #shared = new Map<string, string>();

  /** A constant of integers that every node of one `role` reads. */
  shared(role: string, shape: readonly number[]): string {
    const found = this.#shared.get(role) ?? this.constant(shape, 'int32');
    this.#shared.set(role, found);
    return found;
  }

  toChannelsLast(x: string): string {
    return this.op('Transpose', [x, this.shared('last', [4])]);
  }

  toChannelsFirst(x: string): string {
    return this.op('Transpose', [x, this.shared('first', [4])]);
  }

  pad(x: string, role: string): string {
    return this.op('Pad', [x, this.shared(role, [4, 2])]);
  }

  norm(x: string, channels: number): string {
    const scaled = this.op('Mul', [this.constant([1, channels, 1, 1]), x]);
    return this.op('Add', [scaled, this.constant([1, channels, 1, 1])]);
  }

  relu(x: string): string {
    return this.op('Relu', [x]);
  }

  /** On [1, h, w, c]. */
  convolution(x: string, kernel: readonly number[], stride: number): string {
    return this.op('Conv2D', [x, this.constant(kernel)], { ...windowed(stride), dilations: integers([1, 1, 1, 1]) });
  }

  /** On [1, h, w, c]; kernel [h, w, out, in]. */
  transposedConvolution(x: string, kernel: readonly number[], stride: number): string {
    return this.op('Conv2DBackpropInput', [this.constant([4], 'int32'), this.constant(kernel), x], {
      ...windowed(stride),
      dilations: integers([1, 1, 1, 1]),
    });
  }

  /** On [1, h, w, c]. */
  pool(op: 'MaxPool' | 'AvgPool', x: string, size: number, stride: number): string {
    return this.op(op, [x], { ...windowed(stride), ksize: integers([1, size, size, 1]) });
  }

  /** @param shards how many files of 4 MiB the weights fill */
  toModelJson(shards: number): PublishedModelJson {
    const paths = Array.from({ length: shards }, (_, index) => `group1-shard${index + 1}of${shards}.bin`);
    return {
      format: 'graph-model',
      modelTopology: { node: this.nodes, library: {}, versions: {} },
      weightsManifest: [{ paths, weights: this.weights }],
    };
  }
}

const densenetShards = 7;
const growth = 32;

/** DenseNet-121 as Chester v3 publishes it; other `blocks` are other networks. */
export function densenetModelJson(blocks: readonly number[] = [6, 12, 24, 16], outputs = 18): PublishedModelJson {
  const graph = new PublishedStyle();
  let x = graph.toChannelsLast(graph.pad(graph.placeholder([1, 1, 224, 224]), 'three'));
  x = graph.relu(graph.norm(graph.toChannelsFirst(graph.convolution(x, [7, 7, 1, 64], 2)), 64));
  x = graph.toChannelsFirst(graph.pool('MaxPool', graph.toChannelsLast(graph.pad(x, 'one')), 3, 2));
  let channels = 64;
  blocks.forEach((layers, block) => {
    for (let layer = 0; layer < layers; layer += 1) {
      let y = graph.toChannelsLast(graph.relu(graph.norm(x, channels)));
      y = graph.toChannelsFirst(graph.convolution(y, [1, 1, channels, 4 * growth], 1));
      y = graph.toChannelsLast(graph.pad(graph.relu(graph.norm(y, 4 * growth)), 'one'));
      y = graph.toChannelsFirst(graph.convolution(y, [3, 3, 4 * growth, growth], 1));
      x = graph.op('ConcatV2', [x, y, graph.shared('axis', [])], { N: { i: '2' } });
      channels += growth;
    }
    if (block === blocks.length - 1) return;
    const y = graph.toChannelsLast(graph.relu(graph.norm(x, channels)));
    const halved = graph.convolution(y, [1, 1, channels, channels / 2], 1);
    x = graph.toChannelsFirst(graph.pool('AvgPool', halved, 2, 2));
    channels /= 2;
  });
  x = graph.relu(graph.norm(x, channels));
  x = graph.op('Mean', [x, graph.shared('axes', [2])], { keep_dims: { b: true } });
  x = graph.op('Reshape', [x, graph.shared('flat', [2])]);
  x = graph.op('MatMul', [x, graph.constant([channels, outputs])], { transpose_a: { b: false } });
  graph.op('Sigmoid', [graph.op('Add', [x, graph.constant([outputs])])]);
  return graph.toModelJson(densenetShards);
}

const autoencoderShards = 16;

/** Chester's autoencoder. */
export function autoencoderModelJson(): PublishedModelJson {
  const graph = new PublishedStyle();
  let x = graph.placeholder([1, 1, 64, 64]);
  const down: readonly (readonly [kernel: number, stride: number, into: number, out: number])[] = [
    [2, 1, 1, 64],
    [7, 2, 64, 128],
    [5, 2, 128, 256],
    [7, 2, 256, 512],
    [4, 1, 512, 512],
  ];
  for (const [kernel, stride, into, out] of down) {
    const y = graph.convolution(graph.toChannelsLast(x), [kernel, kernel, into, out], stride);
    x = graph.norm(graph.op('LeakyRelu', [graph.toChannelsFirst(y)], { alpha: { f: 0.1 } }), out);
  }
  let y = graph.convolution(graph.toChannelsLast(x), [1, 1, 512, 512], 1);
  const up: readonly (readonly [kernel: number, stride: number, into: number, out: number])[] = [
    [4, 1, 512, 256],
    [7, 2, 256, 128],
    [5, 2, 128, 64],
    [7, 2, 64, 32],
    [2, 1, 32, 32],
  ];
  for (const [kernel, stride, into, out] of up) {
    const wide = graph.toChannelsFirst(graph.transposedConvolution(y, [kernel, kernel, out, into], stride));
    y = graph.toChannelsLast(graph.norm(graph.relu(wide), out));
  }
  graph.op('Tanh', [graph.toChannelsFirst(graph.transposedConvolution(y, [1, 1, 1, 32], 1))]);
  return graph.toModelJson(autoencoderShards);
}
