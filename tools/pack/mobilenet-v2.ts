/**
 * The findings network as a graph: MobileNetV2 (arXiv 1801.04381, Table 2) with folded batch norm, one input channel, and a
 * head whose maps are exact: mean of a finding's map + bias = its logit (global average pooling commutes with a linear layer;
 * Zhou et al., arXiv 1512.04150, eq. 2). Where the head sees earlier maps too, a finding's map has their size.
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
  config: Pick<TrainedNetwork, 'input' | 'blocks' | 'earlier'>,
  weights: ReadonlyMap<string, SourceTensor>,
): MobileNetGraph {
  const writer = new GraphWriter();
  const source = new SourceTensors(weights);
  const { take } = source;
  const { size } = config.input;
  const body = addTrunk(writer, writer.placeholder('input', [1, size, size, 1]), config.blocks.rows, take);
  const node = writer.convolution('last', body, ...weightAndBias(writer, take, 'last'), 1, 'Relu6');

  const mapSize = size / totalStride;
  const bias = take('fc.bias');
  const headBias = writer.constant('head/bias', bias.shape, bias.data, true);
  const headWeight = classifierOf(writer, take, 'fc', 'head');
  const pooled = writer.globalAverage('features', node, mapSize);
  const { earlier = [] } = config;
  let maps: string;
  let mean: string;
  if (earlier.length === 0) {
    maps = writer.plainConvolution('maps', node, headWeight);
    mean = writer.globalAverage('maps/mean', maps, mapSize);
  } else {
    const last = writer.plainConvolution('maps/last', node, headWeight);
    const finer = addEarlierMaps(writer, take, earlier);
    const finerSize = size / strideAt(config.blocks.rows, earlier);
    // Twice as large, bilinear with pixel centres at + 0.5: every pixel of the small map weighs as much, so the mean stays.
    const enlarged = writer.resizeBilinear(
      'maps/enlarged',
      last,
      writer.integerConstant('maps/size', [finerSize, finerSize]),
    );
    maps = writer.add('maps', enlarged, finer);
    // Apart from the maps, so that the logits need no resizing and kernels with a way back know all of it.
    const means = [
      writer.globalAverage('maps/last/mean', last, mapSize),
      writer.globalAverage('maps/earlier/mean', finer, finerSize),
    ] as const;
    mean = writer.add('maps/mean', ...means);
  }
  const logits = writer.add('logits', mean, headBias);

  source.requireAllTaken();
  return { writer, outputs: { logits, maps, features: pooled }, biases: bias.data };
}

/** What the expansions of these blocks say of each finding, added up. */
function addEarlierMaps(writer: GraphWriter, take: TakeTensor, earlier: readonly number[]): string {
  const parts = earlier.map((block) => {
    const weight = classifierOf(writer, take, `earlier.${block}`, `head/${block}`);
    return writer.plainConvolution(`maps/${block}`, `blocks.${block}.expand`, weight);
  });
  return parts.reduce((sum, part, index) => writer.add(`maps/earlier/${index}`, sum, part));
}

/** Pixels of the input a pixel of these blocks' expansions is wide. @throws Error where they differ */
function strideAt(rows: readonly BlockRow[], earlier: readonly number[]): number {
  const strides = rows.flatMap(([, , repeats, first]) =>
    Array.from({ length: repeats }, (_, repeat) => (repeat === 0 ? first : 1)),
  );
  const found = new Set(
    earlier.map((block) => strides.slice(0, block).reduce((product, stride) => product * stride, stemStride)),
  );
  const [stride, ...others] = found;
  if (stride === undefined || others.length > 0 || stride * 2 !== totalStride) {
    throw new Error(`The maps of blocks ${earlier.join(', ')} are not all twice as large as the last.`);
  }
  return stride;
}

/** A linear layer's weights [findings, features] as those of a 1×1 convolution, precise. */
function classifierOf(writer: GraphWriter, take: TakeTensor, name: string, constant: string): string {
  const { shape, data } = take(`${name}.weight`);
  const [findings = 0, features = 0] = shape;
  const columns = transposed(data, findings, features);
  return writer.constant(`${constant}/weight`, [1, 1, features, findings], columns, true);
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
