/**
 * Space to depth, as a graph of stock operations writes it: squares of block × block pixels of one channel become
 * block² channels. A convolution of what comes out is a larger one, of block times the stride, of what went in: nothing
 * needs to be moved.
 */

import type { GraphNode } from '../graph-definition.ts';
import type { PatternGraph } from './plan-graph.ts';
import type { Filter } from './planned-operation.ts';

export interface SpaceToDepth {
  /** Name of the map whose pixels are taken together. */
  readonly input: string;
  readonly block: number;
  /** What comes out, in blocks. */
  readonly blocks: { readonly height: number; readonly width: number };
}

/** [h, block, w, block] → [h, w, block, block] */
const transposition = [0, 2, 1, 3];

/** Finds Reshape [h, block, w, block], Transpose, Reshape [1, h, w, block²] before a convolution. */
export function findSpaceToDepth(node: GraphNode, graph: PatternGraph): SpaceToDepth | undefined {
  const joined = reshapeOf(node.inputs[0], graph);
  const transposed = graph.node(joined?.node.inputs[0] ?? '');
  if (joined === undefined || transposed?.op !== 'Transpose') return undefined;
  const permutation = graph.weight(transposed.inputs[1])?.values ?? [];
  if (transposition.some((axis, index) => permutation[index] !== axis)) return undefined;
  const split = reshapeOf(transposed.inputs[0], graph);
  const input = split?.node.inputs[0];
  if (split === undefined || input === undefined) return undefined;
  const [height = 0, block = 0, width = 0, blockAcross] = split.shape;
  const [batch, joinedHeight, joinedWidth, channels] = joined.shape;
  const isSquare = blockAcross === block && channels === block * block;
  if (!isSquare || batch !== 1 || joinedHeight !== height || joinedWidth !== width) return undefined;
  const map = graph.map(input);
  const fits = map?.channels === 1 && map.height === height * block && map.width === width * block;
  return fits ? { input, block, blocks: { height, width } } : undefined;
}

function reshapeOf(
  name: string | undefined,
  graph: PatternGraph,
): { readonly node: GraphNode; readonly shape: readonly number[] } | undefined {
  const node = graph.node(name ?? '');
  if (node?.op !== 'Reshape') return undefined;
  const shape = graph.weight(node.inputs[1])?.values;
  return shape && { node, shape: Array.from(shape) };
}

/** [height, width, block², columns] → [height · block, width · block, 1, columns] */
export function spreadFilter(filter: Filter, block: number): Filter {
  const { height, width, depth, columns, values: joined } = filter;
  const values = new Float32Array(joined.length);
  for (let y = 0; y < height * block; y += 1) {
    for (let x = 0; x < width * block; x += 1) {
      const channel = (y % block) * block + (x % block);
      const from = ((Math.floor(y / block) * width + Math.floor(x / block)) * depth + channel) * columns;
      values.set(joined.subarray(from, from + columns), (y * width * block + x) * columns);
    }
  }
  return { height: height * block, width: width * block, depth: 1, columns, values };
}
