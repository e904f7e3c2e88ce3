/**
 * `model.json` of a pack as the executor wants it: a tfjs GraphModel's topology, that is TensorFlow NodeDefs as JSON
 * (tensorflow/core/framework/node_def.proto, attr_value.proto; strings are base64, 64-bit integers are text).
 */

import { AppError } from '../shared/app-error.ts';

interface AttributeValue {
  readonly s?: string;
  readonly i?: string | number;
  readonly f?: number;
  readonly b?: boolean;
  readonly type?: string;
  readonly shape?: { readonly dim?: readonly { readonly size: string | number }[] };
  readonly list?: { readonly s?: readonly string[]; readonly i?: readonly (string | number)[] };
}

/** Attributes of one node, each read in its type; the fallback holds where the node does not say. */
export interface NodeAttributes {
  text(name: string, fallback?: string): string;
  texts(name: string): readonly string[];
  integers(name: string): readonly number[];
  integer(name: string, fallback: number): number;
  number(name: string, fallback: number): number;
  flag(name: string): boolean;
  /** `DT_FLOAT`, … */
  type(name: string): string;
  shape(name: string): readonly number[];
}

export interface GraphNode {
  readonly name: string;
  readonly op: string;
  /** Names of the nodes whose only output it reads, in order. */
  readonly inputs: readonly string[];
  readonly attributes: NodeAttributes;
}

/** The file of a pack that holds its graph. */
export const graphPath = 'model.json';

/** So that a graph may be parsed while the rest of its pack is still being read, and is not parsed again. */
const parsed = new WeakMap<ArrayBuffer, ReadonlyMap<string, GraphNode>>();

/**
 * @param bytes UTF-8 JSON `{ modelTopology: { node: NodeDef[] } }`; never changed afterwards
 * @returns the nodes by name, in the file's order
 * @throws AppError `pack-invalid` {reason}
 */
export function parseGraph(bytes: ArrayBuffer): ReadonlyMap<string, GraphNode> {
  const nodes = parsed.get(bytes) ?? parseNodes(bytes);
  parsed.set(bytes, nodes);
  return nodes;
}

function parseNodes(bytes: ArrayBuffer): ReadonlyMap<string, GraphNode> {
  const nodes = new Map<string, GraphNode>();
  for (const raw of readNodes(bytes)) {
    if (!isNodeDef(raw)) throw new AppError('pack-invalid', { reason: 'model.json: a node has no name or operation' });
    if (nodes.has(raw.name)) throw new AppError('pack-invalid', { reason: `model.json: two nodes ${raw.name}` });
    const inputs = (raw.input ?? []).filter((input) => !input.startsWith('^')).map(dataInput);
    nodes.set(raw.name, { name: raw.name, op: raw.op, inputs, attributes: readAttributes(raw.name, raw.attr ?? {}) });
  }
  return nodes;
}

interface NodeDef {
  readonly name: string;
  readonly op: string;
  readonly input?: readonly string[];
  readonly attr?: Readonly<Record<string, AttributeValue>>;
}

function readNodes(bytes: ArrayBuffer): readonly unknown[] {
  try {
    const model = JSON.parse(new TextDecoder().decode(bytes)) as { modelTopology?: { node?: unknown } };
    const nodes = model.modelTopology?.node;
    if (Array.isArray(nodes)) return nodes;
  } catch (thrown) {
    throw new AppError('pack-invalid', { reason: 'model.json is not JSON' }, thrown);
  }
  throw new AppError('pack-invalid', { reason: 'model.json holds no nodes' });
}

function isNodeDef(value: unknown): value is NodeDef {
  return (
    typeof value === 'object' &&
    value !== null &&
    'name' in value &&
    typeof value.name === 'string' &&
    'op' in value &&
    typeof value.op === 'string'
  );
}

/** `name:0` is `name`: none of our operations has a second output. */
function dataInput(input: string): string {
  const [name = '', output = '0'] = input.split(':');
  if (output !== '0') throw new AppError('pack-invalid', { reason: `model.json: ${input} is not a first output` });
  return name;
}

function readAttributes(node: string, values: Readonly<Record<string, AttributeValue>>): NodeAttributes {
  const missing = (name: string): AppError =>
    new AppError('pack-invalid', { reason: `model.json: ${node} has no ${name}` });
  const required = <T>(value: T | undefined, name: string): T => {
    if (value === undefined) throw missing(name);
    return value;
  };
  return {
    text: (name, fallback) => {
      const encoded = values[name]?.s;
      return encoded === undefined ? required(fallback, name) : atob(encoded);
    },
    texts: (name) => (values[name]?.list?.s ?? []).map(atob),
    integers: (name) => required(values[name]?.list?.i, name).map(Number),
    integer: (name, fallback) => Number(values[name]?.i ?? fallback),
    number: (name, fallback) => values[name]?.f ?? fallback,
    flag: (name) => values[name]?.b ?? false,
    type: (name) => required(values[name]?.type, name),
    shape: (name) => (required(values[name]?.shape, name).dim ?? []).map(({ size }) => Number(size)),
  };
}
