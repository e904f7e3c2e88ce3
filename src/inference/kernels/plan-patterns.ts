/** The runs of nodes that one kernel of ours does. Each function answers `undefined` for what it does not know. */

import type { GraphNode } from '../graph-definition.ts';
import { borderOf, clampOf, isDilated, isNoBorder, slide, stridesOf, windowOf } from './plan-attributes.ts';
import { biasOf, convolution, floats, normOf, privateNormRelu } from './plan-convolution.ts';
import { resize } from './plan-resize.ts';
import type { PatternGraph } from './plan-graph.ts';
import { noBorder, noClamp } from './planned-operation.ts';
import type { MapShape, Norm, PlannedOperation } from './planned-operation.ts';

interface Planned {
  readonly operation: PlannedOperation;
  readonly shape: MapShape;
}
type Pattern = (node: GraphNode, graph: PatternGraph) => Planned | undefined;

/** Scales of an affine step that only shifts or clamps. */
function identityNorm(channels: number): Norm {
  return { scale: new Float32Array(channels).fill(1), shift: new Float32Array(channels) };
}

function depthwiseOrNorm(node: GraphNode, graph: PatternGraph): Planned | undefined {
  const clamp = clampOf(node);
  const input = node.inputs[0];
  const map = graph.map(input);
  if (clamp === undefined || map === undefined || input === undefined) return undefined;
  const norm = normOf(node, graph);
  if (norm?.scale.length === map.channels) {
    return { shape: map, operation: { kind: 'affine', output: node.name, inputs: [input], norm, clamp } };
  }
  const values = floats(graph, node.inputs[1]);
  const strides = stridesOf(node);
  if (values === undefined || strides === undefined || isDilated(node)) return undefined;
  const [height = 0, width = 0, channels = 0, multiplier] = graph.weight(node.inputs[1])?.shape ?? [];
  const isKnown = height === 3 && width === 3 && multiplier === 1 && channels === map.channels;
  if (!isKnown || strides.y !== strides.x || strides.y > 2) return undefined;
  const bias = biasOf(node, graph, channels);
  const slid = slide(node, map, { height, width }, strides);
  if (bias === null || slid === undefined) return undefined;
  return {
    shape: { height: slid.height, width: slid.width, channels },
    operation: {
      kind: 'depthwise',
      output: node.name,
      inputs: [input],
      values,
      ...(bias === undefined ? {} : { bias }),
      stride: strides.y,
      padding: slid.padding,
      clamp,
    },
  };
}

function pool(node: GraphNode, graph: PatternGraph): Planned | undefined {
  const kind = node.op === 'MaxPool' ? 'max-pool' : 'average-pool';
  const window = windowOf(node);
  const strides = stridesOf(node);
  const fused = kind === 'average-pool' ? privateNormRelu(node.inputs[0], graph) : undefined;
  const input = fused?.input ?? node.inputs[0] ?? '';
  const map = graph.map(input);
  if (window === undefined || strides === undefined || map === undefined) return undefined;
  const slid = slide(node, map, window, strides);
  // Padding is left out of maxima and averages: zeros would take part in them.
  if (slid === undefined || !isNoBorder(slid.padding)) return undefined;
  return {
    shape: { height: slid.height, width: slid.width, channels: map.channels },
    operation: {
      kind,
      output: node.name,
      inputs: [input],
      window,
      strides,
      ...(fused === undefined ? {} : { norm: fused.norm }),
    },
  };
}

/** A bias, the sum of two maps, or what can take in the other map: a convolution whose sums begin with it, a resizing. */
function add(node: GraphNode, graph: PatternGraph): Planned | undefined {
  const [first = '', second = ''] = node.inputs;
  for (const [map, vector] of [
    [first, second],
    [second, first],
  ] as const) {
    const shift = floats(graph, vector);
    const shape = shift && graph.map(map);
    if (shift === undefined || shape === undefined) continue;
    if (shift.length !== shape.channels || graph.weight(vector)?.shape.at(-1) !== shape.channels) return undefined;
    const norm = { scale: identityNorm(shape.channels).scale, shift };
    return { shape, operation: { kind: 'affine', output: node.name, inputs: [map], norm, clamp: noClamp } };
  }
  return (
    addToConvolution(node, graph, second, first) ??
    addToConvolution(node, graph, first, second) ??
    addToResized(node, graph, first, second) ??
    addToResized(node, graph, second, first) ??
    addMaps()
  );

  function addMaps(): Planned | undefined {
    const shape = graph.map(first);
    const other = graph.map(second);
    if (shape === undefined || other === undefined || !isSame(shape, other)) return undefined;
    return { shape, operation: { kind: 'add', output: node.name, inputs: [first, second] } };
  }
}

function addToConvolution(node: GraphNode, graph: PatternGraph, convolved: string, other: string): Planned | undefined {
  const maker = graph.node(convolved);
  if (maker === undefined || !graph.isPrivate(convolved)) return undefined;
  if (maker.op !== '_FusedConv2D' && maker.op !== 'Conv2D') return undefined;
  const clamp = clampOf(maker);
  if (clamp?.floor !== -Infinity || clamp.ceiling !== Infinity) return undefined;
  const residual = graph.map(other);
  const planned = residual && convolution(maker, graph);
  if (residual === undefined || planned === undefined || !isSame(planned.shape, residual)) return undefined;
  const { operation, shape } = planned;
  return { shape, operation: { ...operation, output: node.name, inputs: [operation.inputs[0], other] } };
}

function addToResized(node: GraphNode, graph: PatternGraph, resized: string, other: string): Planned | undefined {
  const maker = graph.node(resized);
  if (maker?.op !== 'ResizeBilinear' || !graph.isPrivate(resized)) return undefined;
  const planned = resize(maker, graph);
  const added = graph.map(other);
  if (planned === undefined || added === undefined || !isSame(planned.shape, added)) return undefined;
  const { operation, shape } = planned;
  return { shape, operation: { ...operation, output: node.name, inputs: [operation.inputs[0], other] } };
}

function isSame(one: MapShape, other: MapShape): boolean {
  return one.height === other.height && one.width === other.width && one.channels === other.channels;
}

function activation(node: GraphNode, graph: PatternGraph): Planned | undefined {
  const [input = ''] = node.inputs;
  const shape = graph.map(input);
  const clamp = clampOf(node);
  if (shape === undefined || clamp === undefined) return undefined;
  const norm = identityNorm(shape.channels);
  return { shape, operation: { kind: 'affine', output: node.name, inputs: [input], norm, clamp } };
}

function pad(node: GraphNode, graph: PatternGraph): Planned | undefined {
  const [input = '', paddings] = node.inputs;
  const padding = borderOf(graph.weight(paddings)?.values ?? []);
  const isZero = node.op === 'Pad' || floats(graph, node.inputs[2])?.[0] === 0;
  const map = graph.map(input);
  if (padding === undefined || map === undefined || !isZero) return undefined;
  return {
    shape: {
      height: map.height + padding.top + padding.bottom,
      width: map.width + padding.left + padding.right,
      channels: map.channels,
    },
    operation: { kind: 'pad', output: node.name, inputs: [input], padding },
  };
}

function identity(node: GraphNode, graph: PatternGraph): Planned | undefined {
  const [input = ''] = node.inputs;
  const shape = graph.map(input);
  return shape && { shape, operation: { kind: 'pad', output: node.name, inputs: [input], padding: noBorder } };
}

/** Axes of [1, height, width, channels] that mean the channels. */
const channelAxes: readonly (number | undefined)[] = [3, -1];

function concat(node: GraphNode, graph: PatternGraph): Planned | undefined {
  const inputs = node.inputs.slice(0, -1);
  if (!channelAxes.includes(graph.weight(node.inputs.at(-1))?.values[0])) return undefined;
  const shapes = inputs.map((name) => graph.map(name));
  const [first] = shapes;
  if (first === undefined) return undefined;
  let channels = 0;
  for (const shape of shapes) {
    if (shape?.height !== first.height || shape.width !== first.width) return undefined;
    channels += shape.channels;
  }
  return { shape: { ...first, channels }, operation: { kind: 'concat', output: node.name, inputs, node } };
}

const patterns: Readonly<Record<string, Pattern>> = {
  _FusedConv2D: convolution,
  Conv2D: convolution,
  FusedDepthwiseConv2dNative: depthwiseOrNorm,
  DepthwiseConv2dNative: depthwiseOrNorm,
  MaxPool: pool,
  AvgPool: pool,
  Add: add,
  AddV2: add,
  BiasAdd: add,
  Relu: activation,
  Relu6: activation,
  Pad: pad,
  PadV2: pad,
  Identity: identity,
  ConcatV2: concat,
  ResizeBilinear: resize,
};

/** One operation of ours that makes the node's result, and the result's shape; `undefined`: tfjs makes it. */
export function plannedOf(node: GraphNode, graph: PatternGraph): Planned | undefined {
  return Object.hasOwn(patterns, node.op) ? patterns[node.op]?.(node, graph) : undefined;
}

const sameShape: ReadonlySet<string> = new Set(['Relu', 'Relu6', 'Sigmoid', 'Prelu', 'ClipByValue', 'Identity']);

/** The map that one of tfjs's kernels makes, where that is easily known: our kernels can go on from it. */
export function shapeOfStock(node: GraphNode, graph: PatternGraph): MapShape | undefined {
  const map = graph.map(node.inputs[0]);
  if (map === undefined) return undefined;
  return sameShape.has(node.op) ? map : undefined;
}
