/** Bilinear resizing, as TensorFlow's kernels/image/resize_bilinear_op.cc and image_resizer_state.h define it. */

import type { GraphNode } from '../graph-definition.ts';
import type { PatternGraph } from './plan-graph.ts';
import type { MapShape, PlannedResize, SampledFrom } from './planned-operation.ts';

/** Which way of counting pixels a node asks for; `undefined`: two at once, which none knows. */
function sampledFrom({ attributes }: GraphNode): SampledFrom | undefined {
  const corners = attributes.flag('align_corners');
  const centers = attributes.flag('half_pixel_centers');
  if (corners && centers) return undefined;
  if (corners) return 'corners';
  return centers ? 'centers' : 'edges';
}

export function resize(
  node: GraphNode,
  graph: PatternGraph,
): { readonly operation: PlannedResize; readonly shape: MapShape } | undefined {
  const [input = ''] = node.inputs;
  const map = graph.map(input);
  const [height = 0, width = 0, ...more] = graph.weight(node.inputs[1])?.values ?? [];
  const from = sampledFrom(node);
  if (map === undefined || from === undefined || height < 1 || width < 1 || more.length > 0) return undefined;
  return {
    shape: { height, width, channels: map.channels },
    operation: { kind: 'resize', output: node.name, inputs: [input], from },
  };
}

/** Where a row (or a column) of the output lies among those of the input. */
export interface Place {
  /** The two that it lies between; one and the same where it lies on it, so that the other's NaN does not come through. */
  readonly before: number;
  readonly after: number;
  /** How far it is from the one before, 0 to 1. */
  readonly share: number;
}

/**
 * Of each row of the output. Fractions are divided once, so that what falls on a pixel falls on it exactly.
 * @param from rows of the input
 * @param to rows of the output
 */
export function placesOf(from: number, to: number, sampled: SampledFrom): readonly Place[] {
  return Array.from({ length: to }, (_, index): Place => {
    const place = Math.min(Math.max(placeOf(index, from, to, sampled), 0), from - 1);
    const before = Math.floor(place);
    const share = place - before;
    return { before, after: share > 0 ? before + 1 : before, share };
  });
}

/** In rows of the input; outside of it at the ends. */
function placeOf(index: number, from: number, to: number, sampled: SampledFrom): number {
  switch (sampled) {
    case 'centers':
      return ((2 * index + 1) * from - to) / (2 * to);
    case 'corners':
      // One row has no last one: it is the first.
      return to > 1 ? (index * (from - 1)) / (to - 1) : 0;
    case 'edges':
      return (index * from) / to;
  }
}
