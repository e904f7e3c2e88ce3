/**
 * The gate's network as a graph: the first blocks of MobileNetV2, means over a coarse grid, and one linear layer over the whole of
 * it, written as a convolution. The twin of training/chester_training/gate_network.py.
 */

import { toHeightWidthInOut } from '../filter-layout.ts';
import { GraphWriter } from '../graph.ts';
import { addTrunk, type BlockRow } from '../mobilenet-v2.ts';
import type { SourceTensor } from '../safetensors.ts';
import { SourceTensors } from '../source-tensors.ts';

/** `network.json` of `python3 -m chester_training gate export`. */
export interface TrainedGate {
  /** Pixels of the square input. */
  readonly side: number;
  readonly range: readonly [low: number, high: number];
  readonly rows: readonly BlockRow[];
  /** So many of them are kept. */
  readonly blocks: number;
  /** Cells a side of the grid that the linear layer sees. */
  readonly grid: number;
  readonly outputs: readonly string[];
  readonly limits: Readonly<Record<'refuse_kind' | 'warn_kind' | 'turned' | 'inverted' | 'mirrored' | 'child', number>>;
  /** Training pictures a group. */
  readonly pictures: Readonly<Record<string, number>>;
}

/** The stem and the two blocks with a stride before the cut, each halves. */
const stride = 16;

/** @throws Error where a tensor is missing or left over */
export function buildGateGraph(
  { side, rows, blocks, grid }: Pick<TrainedGate, 'side' | 'rows' | 'blocks' | 'grid'>,
  weights: ReadonlyMap<string, SourceTensor>,
): { readonly writer: GraphWriter; readonly logits: string } {
  const writer = new GraphWriter();
  const source = new SourceTensors(weights);
  const { take } = source;
  const body = addTrunk(writer, writer.placeholder('input', [1, side, side, 1]), rows, take, blocks);
  const cell = side / stride / grid;
  const coarse = writer.averagePool('grid', body, cell, cell);
  const { shape, data } = toHeightWidthInOut(take('head.weight'), false);
  const bias = take('head.bias');
  const logits = writer.fusedConvolution(
    'logits',
    [
      coarse,
      writer.constant('head/weight', shape, data, true),
      writer.constant('head/bias', bias.shape, bias.data, true),
    ],
    { padding: 'VALID' },
  );
  source.requireAllTaken();
  return { writer, logits };
}
