import { AppError } from '../shared/app-error.ts';
import type { GraphNode } from './graph-definition.ts';

/**
 * The nodes that the outputs need, makers before readers; without constants and inputs.
 * @throws AppError `pack-invalid` {reason} for a node that is not there, and for a ring
 */
export function orderNodes(nodes: ReadonlyMap<string, GraphNode>, outputs: readonly string[]): readonly GraphNode[] {
  const ordered: GraphNode[] = [];
  const state = new Map<string, 'open' | 'done'>();
  const visit = (name: string): void => {
    const node = nodes.get(name);
    if (node === undefined) throw new AppError('pack-invalid', { reason: `model.json: no node ${name}` });
    if (state.get(name) === 'done') return;
    if (state.get(name) === 'open') throw new AppError('pack-invalid', { reason: `model.json: a ring at ${name}` });
    state.set(name, 'open');
    node.inputs.forEach(visit);
    state.set(name, 'done');
    if (node.op !== 'Const' && node.op !== 'Placeholder') ordered.push(node);
  };
  outputs.forEach(visit);
  return ordered;
}
