/**
 * The network of lungs and heart as a graph: the twin of training/chester_training/lungs_network.py. Batch norm is folded in;
 * every convolution pads as TensorFlow's SAME.
 */

import { toHeightWidthInOut } from '../filter-layout.ts';
import { GraphWriter, type Activation } from '../graph.ts';
import type { SourceTensor } from '../safetensors.ts';
import { SourceTensors } from '../source-tensors.ts';

export interface TrainedLungs {
  /** Pixels of the square input. */
  readonly side: number;
  readonly range: readonly [low: number, high: number];
  /** Of each level, from half of the side downwards. */
  readonly channels: readonly number[];
  /** Training pictures a source. */
  readonly pictures: Readonly<Record<string, number>>;
  readonly steps: number;
}

const down = 2;

/** @throws Error where a tensor is missing or left over */
export function buildLungsGraph(
  { side, channels }: Pick<TrainedLungs, 'side' | 'channels'>,
  weights: ReadonlyMap<string, SourceTensor>,
): { readonly writer: GraphWriter; readonly masks: string } {
  const writer = new GraphWriter();
  const source = new SourceTensors(weights);
  const { take } = source;
  const convolution = (name: string, input: string, stride = 1, activation: Activation = 'Relu'): string => {
    const { shape, data } = toHeightWidthInOut(take(`${name}.weight`), false);
    const bias = take(`${name}.bias`);
    const filter = writer.constant(`${name}/weight`, shape, data);
    const shift = writer.constant(`${name}/bias`, bias.shape, bias.data, true);
    return writer.convolution(name, input, filter, shift, stride, activation);
  };

  let node = writer.placeholder('input', [1, side, side, 1]);
  node = convolution('refine', convolution('stem', node, down));
  const skips: string[] = [];
  const levels = channels.slice(1).map((_, level) => level);
  for (const level of levels) {
    skips.push(node);
    const smaller = convolution(`down.${level}`, node, down);
    node = writer.add(`encode.${level}/add`, smaller, convolution(`encode.${level}`, smaller));
  }
  for (const level of [...levels].reverse()) {
    const size = side / down ** (level + 1);
    const reduced = convolution(`reduce.${level}`, node);
    const enlarged = writer.resizeBilinear(
      `enlarge.${level}`,
      reduced,
      writer.integerConstant(`enlarge.${level}/size`, [size, size]),
    );
    node = convolution(`decode.${level}`, writer.add(`decode.${level}/add`, enlarged, skips[level]!));
  }
  const masks = convolution('head', node, 1, 'linear');
  source.requireAllTaken();
  return { writer, masks };
}
