import { AppError } from '../../shared/app-error.ts';
import type { GraphNode } from '../graph-definition.ts';
import type { WeightValues } from '../read-weights.ts';
import { plannedOf, shapeOfStock } from './plan-patterns.ts';
import type { MapShape, PlannedOperation } from './planned-operation.ts';

/** What a pattern sees of the graph. */
export interface PatternGraph {
  node(name: string): GraphNode | undefined;
  /** A constant of the pack. */
  weight(name: string | undefined): WeightValues | undefined;
  /** The shape of a node's result where it is a map in our memory; plans what makes it. */
  map(name: string | undefined): MapShape | undefined;
  /** Whether the node's result is read once and asked for by nobody else: it need not exist. */
  isPrivate(name: string): boolean;
}

export interface GraphPlan {
  /** Makers before readers. */
  readonly operations: readonly PlannedOperation[];
  /** Maps in our memory; what is not here is a tensor of tfjs. */
  readonly shapes: ReadonlyMap<string, MapShape>;
}

/** [1, height, width, channels] as a map. */
export function mapShape([batch, height, width, channels, ...more]: readonly number[]): MapShape | undefined {
  if (batch !== 1 || height === undefined || width === undefined || channels === undefined) return undefined;
  return more.length === 0 ? { height, width, channels } : undefined;
}

/**
 * Finds what our kernels can do in a graph, from its outputs upwards, and leaves the rest to tfjs's. Nodes are
 * recognised by what they are, never by their names. What nobody needs once its reader has taken it in is not made.
 *
 * @throws AppError `pack-invalid` {reason} for a node that is not there, and for a ring
 */
export function planGraph(
  nodes: ReadonlyMap<string, GraphNode>,
  weights: ReadonlyMap<string, WeightValues>,
  outputs: readonly string[],
): GraphPlan {
  const operations: PlannedOperation[] = [];
  const shapes = new Map<string, MapShape>();
  const state = new Map<string, 'open' | 'done'>();
  const readers = countReaders(nodes, outputs);

  const graph: PatternGraph = {
    node: (name) => nodes.get(name),
    weight: (name) => weights.get(name ?? ''),
    map: (name) => {
      if (name === undefined || weights.has(name)) return undefined;
      visit(name);
      return shapes.get(name);
    },
    isPrivate: (name) => readers.get(name) === 1,
  };

  function visit(name: string): void {
    const node = nodes.get(name);
    if (node === undefined) throw new AppError('pack-invalid', { reason: `model.json: no node ${name}` });
    if (state.get(name) === 'done') return;
    if (state.get(name) === 'open') throw new AppError('pack-invalid', { reason: `model.json: a ring at ${name}` });
    state.set(name, 'open');
    if (node.op === 'Placeholder') {
      const shape = mapShape(node.attributes.shape('shape'));
      if (shape !== undefined) shapes.set(name, shape);
    } else if (node.op !== 'Const') {
      const planned = plannedOf(node, graph);
      if (planned === undefined) planStock(node);
      else {
        operations.push(planned.operation);
        shapes.set(name, planned.shape);
      }
    }
    state.set(name, 'done');
  }

  function planStock(node: GraphNode): void {
    node.inputs.forEach(visit);
    operations.push({ kind: 'stock', output: node.name, inputs: node.inputs, node });
    const shape = shapeOfStock(node, graph);
    if (shape !== undefined) shapes.set(node.name, shape);
  }

  outputs.forEach(visit);
  return { operations, shapes };
}

/** An output has a reader more: whoever asks for it. */
function countReaders(nodes: ReadonlyMap<string, GraphNode>, outputs: readonly string[]): ReadonlyMap<string, number> {
  const readers = new Map<string, number>();
  const count = (name: string): void => void readers.set(name, (readers.get(name) ?? 0) + 1);
  for (const { inputs } of nodes.values()) inputs.forEach(count);
  outputs.forEach(count);
  return readers;
}
