/** Convolutions, with the affine steps and space to depth that they take in; see ./plan-patterns.ts. */

import type { GraphNode } from '../graph-definition.ts';
import type { WeightValues } from '../read-weights.ts';
import { clampOf, isDilated, isNoBorder, slide, stridesOf } from './plan-attributes.ts';
import type { PatternGraph } from './plan-graph.ts';
import { findSpaceToDepth, spreadFilter } from './plan-space-to-depth.ts';
import { noBorder } from './planned-operation.ts';
import type { Filter, MapShape, Norm, PlannedConvolution } from './planned-operation.ts';

/** A constant of float32. */
export function floats(graph: PatternGraph, name: string | undefined): Float32Array | undefined {
  const weight = graph.weight(name);
  return weight?.type === 'float32' ? (weight.values as Float32Array) : undefined;
}

/** [height, width, in, out] of a constant, decoded when it is packed. */
function filterOf(weight: WeightValues | undefined): Filter | undefined {
  if (weight?.type !== 'float32') return undefined;
  const [height = 0, width = 0, depth = 0, columns = 0] = weight.shape;
  return {
    height,
    width,
    depth,
    columns,
    get values() {
      return weight.values as Float32Array;
    },
    copyTo: (to) => weight.copyTo(to),
    ...(weight.halves === undefined ? {} : { halves: weight.halves }),
  };
}

/** Bias of a fused node; `null` where it has one that is not a constant of the right length. */
export function biasOf(node: GraphNode, graph: PatternGraph, channels: number): Float32Array | undefined | null {
  if (!node.op.startsWith('_Fused') && !node.op.startsWith('Fused')) return undefined;
  const bias = floats(graph, node.inputs[2]);
  return bias?.length === channels ? bias : null;
}

/** A 1×1 depthwise convolution: one scale and one shift a channel, then an activation. */
export function normOf(node: GraphNode | undefined, graph: PatternGraph): Norm | undefined {
  if (node?.op !== 'FusedDepthwiseConv2dNative' && node?.op !== 'DepthwiseConv2dNative') return undefined;
  const weight = graph.weight(node.inputs[1]);
  const scale = floats(graph, node.inputs[1]);
  const strides = stridesOf(node);
  if (weight === undefined || scale === undefined || strides?.y !== 1 || strides.x !== 1) return undefined;
  const [height, width, channels = 0, multiplier] = weight.shape;
  if (height !== 1 || width !== 1 || multiplier !== 1) return undefined;
  const shift = biasOf(node, graph, channels);
  return shift === null ? undefined : { scale, shift: shift ?? new Float32Array(channels) };
}

/** max(0, input · scale + shift) that nobody reads but the node that takes it in. */
export function privateNormRelu(
  name: string | undefined,
  graph: PatternGraph,
): { readonly norm: Norm; readonly input: string } | undefined {
  const node = graph.node(name ?? '');
  const norm = normOf(node, graph);
  if (node === undefined || norm === undefined || !graph.isPrivate(node.name)) return undefined;
  const clamp = clampOf(node);
  if (clamp?.floor !== 0 || clamp.ceiling !== Infinity) return undefined;
  const input = node.inputs[0];
  return input !== undefined && graph.map(input)?.channels === norm.scale.length ? { norm, input } : undefined;
}

/** Vectors of four channels: a norm at the rows of a product takes whole ones. */
const laneCount = 4;

export function convolution(
  node: GraphNode,
  graph: PatternGraph,
): { readonly operation: PlannedConvolution; readonly shape: MapShape } | undefined {
  const filter = filterOf(graph.weight(node.inputs[1]));
  const strides = stridesOf(node);
  const clamp = clampOf(node);
  if (filter === undefined || strides === undefined || clamp === undefined || isDilated(node)) return undefined;
  const { height, width, depth, columns } = filter;
  const bias = biasOf(node, graph, columns);
  if (bias === null) return undefined;
  const rest = { ...(bias === undefined ? {} : { bias }), clamp, output: node.name, kind: 'convolution' } as const;

  const spread = findSpaceToDepth(node, graph);
  if (spread !== undefined && depth === spread.block ** 2) {
    const blocks = slide(node, spread.blocks, filter, strides);
    if (blocks === undefined || !isNoBorder(blocks.padding)) return undefined;
    const { block } = spread;
    return {
      shape: { height: blocks.height, width: blocks.width, channels: columns },
      operation: {
        ...rest,
        inputs: [spread.input],
        filter: spreadFilter(filter, block),
        strides: { y: strides.y * block, x: strides.x * block },
        padding: noBorder,
      },
    };
  }

  const isPointwise = height === 1 && width === 1 && strides.y === 1 && strides.x === 1;
  const fused = isPointwise && depth % laneCount === 0 ? privateNormRelu(node.inputs[0], graph) : undefined;
  const input = fused?.input ?? node.inputs[0] ?? '';
  const map = graph.map(input);
  const slid = map?.channels === depth ? slide(node, map, filter, strides) : undefined;
  if (slid === undefined) return undefined;
  return {
    shape: { height: slid.height, width: slid.width, channels: columns },
    operation: {
      ...rest,
      ...(fused === undefined ? {} : { norm: fused.norm }),
      inputs: [input],
      filter,
      strides,
      padding: slid.padding,
    },
  };
}
