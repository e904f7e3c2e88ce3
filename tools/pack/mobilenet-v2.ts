/**
 * The findings network as a graph: MobileNetV2 (arXiv 1801.04381, Table 2) with folded batch norm, one input channel, and a
 * head whose maps are exact: mean of a finding's map + bias = its logit (global average pooling commutes with a linear layer;
 * Zhou et al., arXiv 1512.04150, eq. 2).
 */

import { toHeightWidthInOut } from './filter-layout.ts';
import type { SourceTensor } from './safetensors.ts';
import type { TrainedNetwork } from './trained-network.ts';
import { GraphWriter } from './graph.ts';
import { SourceTensors, type TakeTensor } from './source-tensors.ts';

export interface MobileNetGraph {
  readonly writer: GraphWriter;
  readonly outputs: { readonly logits: string; readonly maps: string; readonly features: string };
  /** Of the classifier, in the order of the findings. */
  readonly biases: Float32Array;
}

/** Strides of the stem and of the blocks multiply to 32. */
const totalStride = 32;
const stemStride = 2;

/**
 * The stem, the depthwise filters and the head are marked as precise: 3 % of the weights, and with int8 they stay float16
 * (training/chester_training/quantise.py counts on it).
 */
export function buildMobileNetGraph(
  config: Pick<TrainedNetwork, 'input' | 'blocks'>,
  weights: ReadonlyMap<string, SourceTensor>,
): MobileNetGraph {
  const writer = new GraphWriter();
  const source = new SourceTensors(weights);
  const { take } = source;
  const { size } = config.input;
  const body = addTrunk(writer, writer.placeholder('input', [1, size, size, 1]), config.blocks.rows, take);
  const node = writer.convolution('last', body, ...weightAndBias(writer, take, 'last'), 1, 'Relu6');

  const mapSize = size / totalStride;
  const classifier = take('fc.weight');
  const [findings = 0, features = 0] = classifier.shape;
  const bias = take('fc.bias');
  const headWeight = writer.constant(
    'head/weight',
    [1, 1, features, findings],
    transposed(classifier.data, findings, features),
    true,
  );
  const maps = writer.plainConvolution('maps', node, headWeight);
  const mean = writer.globalAverage('maps/mean', maps, mapSize);
  const logits = writer.add('logits', mean, writer.constant('head/bias', [findings], bias.data, true));
  const pooled = writer.globalAverage('features', node, mapSize);

  source.requireAllTaken();
  return { writer, outputs: { logits, maps, features: pooled }, biases: bias.data };
}

/** [expansion, channels, repeats, stride of the first] */
export type BlockRow = TrainedNetwork['blocks']['rows'][number];

/**
 * The stem and the inverted residuals behind it.
 *
 * @param most only so many blocks
 * @returns the last block's node
 */
export function addTrunk(
  writer: GraphWriter,
  input: string,
  rows: readonly BlockRow[],
  take: TakeTensor,
  most = Infinity,
): string {
  const filter = (name: string): [string, string] => weightAndBias(writer, take, name);
  let node = writer.convolution('stem', input, ...filter('stem'), stemStride, 'Relu6');
  let channels = take('stem.weight').shape[0];
  let index = 0;
  for (const [expansion, outChannels, repeats, firstStride] of rows) {
    for (let repeat = 0; repeat < repeats && index < most; repeat += 1) {
      const name = `blocks.${index}`;
      const stride = repeat === 0 ? firstStride : 1;
      const before = node;
      if (expansion > 1) node = writer.convolution(`${name}.expand`, node, ...filter(`${name}.expand`), 1, 'Relu6');
      node = writer.depthwise(`${name}.dw`, node, ...filter(`${name}.dw`), stride, 'Relu6');
      node = writer.convolution(`${name}.project`, node, ...filter(`${name}.project`), 1, 'linear');
      if (stride === 1 && channels === outChannels) node = writer.add(`${name}.add`, before, node);
      channels = outChannels;
      index += 1;
    }
  }
  return node;
}

function weightAndBias(writer: GraphWriter, take: TakeTensor, name: string): [string, string] {
  const { shape, data } = toHeightWidthInOut(take(`${name}.weight`), name.endsWith('.dw'));
  const bias = take(`${name}.bias`);
  const [height = 1] = shape;
  return [
    writer.constant(`${name}/weight`, shape, data, height > 1),
    writer.constant(`${name}/bias`, bias.shape, bias.data, true),
  ];
}

function transposed(data: Float32Array, rows: number, columns: number): Float32Array {
  const result = new Float32Array(data.length);
  for (let row = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1) result[column * rows + row] = data[row * columns + column] ?? 0;
  }
  return result;
}
