/**
 * Walks a published graph from its output to its input, against the arrows, and refuses whatever is not expected, by the
 * name of the node. Names and the order of weights mean nothing to it; what it has not met at the end is refused too.
 */

import type { GraphNode } from '../../../src/inference/graph-definition.ts';
import type { SourceTensor } from '../safetensors.ts';
import type { PublishedGraph, PublishedTensor } from './graph-model.ts';

export class GraphWalk {
  readonly #graph: PublishedGraph;
  readonly #kind: string;
  readonly #met = new Set<string>();

  /** @param kind what the graph should be, for the refusals */
  constructor(graph: PublishedGraph, kind: string) {
    this.#graph = graph;
    this.#kind = kind;
  }

  /** The only node that no other reads. */
  output(op: string): GraphNode {
    const read = new Set([...this.#graph.nodes.values()].flatMap(({ inputs }) => inputs));
    const ends = [...this.#graph.nodes.values()].filter((node) => !read.has(node.name) && node.op !== 'Const');
    // The one of the wrong operation is the one to name; else any but the first.
    const extra = ends.find((node) => node.op !== op) ?? ends[1];
    if (ends.length > 1 && extra !== undefined) this.refuse(extra.name, 'nothing reads it');
    const [end] = ends;
    if (end === undefined) throw new Error(`This is not ${this.#kind}: the graph has no output.`);
    return this.take(end.name, op);
  }

  /** The node of this name, which must be one of these operations. */
  take(name: string, ...ops: readonly string[]): GraphNode {
    const node = this.#graph.nodes.get(name);
    if (node === undefined) this.refuse(name, 'it is read and does not exist');
    if (!ops.includes(node.op)) this.refuse(name, `${ops.join(' or ')} should stand there`);
    this.#met.add(name);
    return node;
  }

  /** What kind of node stands there, without deciding on it. */
  opOf(name: string): string {
    return this.#graph.nodes.get(name)?.op ?? 'nothing';
  }

  input(node: GraphNode, index: number, count: number): string {
    if (node.inputs.length !== count) this.refuse(node.name, `it should have ${count} inputs`);
    return node.inputs[index]!;
  }

  /** The constant of floats that a node reads; `undefined` in `expected` is any extent. */
  floats(node: GraphNode, index: number, expected: readonly (number | undefined)[]): SourceTensor {
    const name = node.inputs[index] ?? '';
    const { shape, data } = this.#constant(name);
    if (!(data instanceof Float32Array)) this.refuse(node.name, `${name} should hold floats`);
    if (!sameNumbers(shape, expected)) {
      const wanted = expected.map((extent) => extent ?? 'any').join(', ');
      this.refuse(node.name, `${name} should have the shape [${wanted}], not [${shape.join(', ')}]`);
    }
    return { shape, data };
  }

  /** The constant of integers that a node reads must hold exactly these. */
  requireIntegers(node: GraphNode, index: number, expected: readonly number[], meaning: string): void {
    const name = node.inputs[index] ?? '';
    const { data } = this.#constant(name);
    const found = data instanceof Int32Array ? Array.from(data) : [];
    if (!sameNumbers(found, expected)) {
      this.refuse(node.name, `${meaning} ${name} should be [${expected.join(', ')}], not [${found.join(', ')}]`);
    }
  }

  requireAttribute(node: GraphNode, name: string, expected: readonly number[] | string | boolean): void {
    const holds =
      typeof expected === 'string'
        ? node.attributes.text(name, '') === expected
        : typeof expected === 'boolean'
          ? node.attributes.flag(name) === expected
          : sameNumbers(node.attributes.integers(name), expected);
    if (!holds) this.refuse(node.name, `its ${name} should be ${String(expected)}`);
  }

  /** After the walk: nothing may be left that it has not met. */
  finish(): void {
    for (const name of this.#graph.nodes.keys()) if (!this.#met.has(name)) this.refuse(name, 'no part of that network');
  }

  refuse(name: string, why: string): never {
    throw new Error(`This is not ${this.#kind}: node ${name} (${this.opOf(name)}): ${why}.`);
  }

  #constant(name: string): PublishedTensor {
    this.take(name, 'Const');
    return this.#graph.tensors.get(name) ?? this.refuse(name, 'it has no weights');
  }
}

/** `undefined` stands for any number. */
function sameNumbers(found: readonly number[], expected: readonly (number | undefined)[]): boolean {
  const differs = (value: number | undefined, index: number): boolean => value !== undefined && value !== found[index];
  return found.length === expected.length && !expected.some(differs);
}
