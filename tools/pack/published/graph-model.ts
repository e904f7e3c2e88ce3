/**
 * Reads a tfjs GraphModel as it is published: `model.json` (TensorFlow NodeDefs and a weights manifest) and the shards
 * that the manifest names. Source: tfjs-core, `io/types.ts` (ModelJSON, WeightsManifestConfig) and `io/io_utils.ts`.
 */

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fromFloat16 } from '../../../src/inference/float16.ts';
import { parseGraph, type GraphNode } from '../../../src/inference/graph-definition.ts';

export interface PublishedTensor {
  readonly shape: readonly number[];
  readonly data: Float32Array<ArrayBuffer> | Int32Array<ArrayBuffer>;
}

export interface PublishedGraph {
  /** By name, in the file's order. */
  readonly nodes: ReadonlyMap<string, GraphNode>;
  /** One a `Const` node. */
  readonly tensors: ReadonlyMap<string, PublishedTensor>;
  /** `modelTopology` as it stands in the file. */
  readonly topology: object;
}

interface WeightSpec {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly quantization?: { readonly dtype: string; readonly scale?: number; readonly min?: number };
}

interface ModelJson {
  readonly modelTopology: object;
  readonly weightsManifest: readonly { readonly paths: readonly string[]; readonly weights: readonly WeightSpec[] }[];
}

const topologyFile = 'model.json';

/**
 * @param folder with `model.json` and its shards
 * @throws Error or AppError `pack-invalid` saying what does not fit
 */
export async function readGraphModel(folder: string): Promise<PublishedGraph> {
  const json = await readFile(join(folder, topologyFile));
  const model = parseModel(json.toString('utf8'));
  const tensors = new Map<string, PublishedTensor>();
  for (const { paths, weights } of model.weightsManifest) {
    const shards = await Promise.all(paths.map((path) => readFile(join(folder, shardName(path)))));
    for (const [name, tensor] of readGroup(weights, Buffer.concat(shards))) {
      if (tensors.has(name)) throw new Error(`${topologyFile}: two weights are called ${name}.`);
      tensors.set(name, tensor);
    }
  }
  const nodes = parseGraph(Uint8Array.from(json).buffer);
  requireSameConstants(nodes, tensors);
  return { nodes, tensors, topology: model.modelTopology };
}

function parseModel(text: string): ModelJson {
  const model = JSON.parse(text) as Partial<ModelJson>;
  if (model.modelTopology === undefined || !Array.isArray(model.weightsManifest)) {
    throw new Error(`${topologyFile} is no tfjs GraphModel: it lacks modelTopology or weightsManifest.`);
  }
  return model as ModelJson;
}

/** Shards lie beside `model.json`; a path that leads elsewhere is none of ours. */
function shardName(path: string): string {
  if (/^[\w.-]+$/.test(path) && !path.startsWith('.')) return path;
  throw new Error(`${topologyFile}: a shard may not be called ${JSON.stringify(path)}.`);
}

function* readGroup(weights: readonly WeightSpec[], bytes: Buffer): Generator<[string, PublishedTensor]> {
  let offset = 0;
  for (const spec of weights) {
    const count = spec.shape.reduce((product, size) => product * size, 1);
    const length = count * bytesPerValue(spec);
    if (offset + length > bytes.byteLength) throw new Error(`The shards end within ${spec.name}.`);
    // Copied, because a typed array must start on a multiple of its element's size.
    const part = Uint8Array.from(bytes.subarray(offset, offset + length));
    offset += length;
    yield [spec.name, { shape: spec.shape, data: decode(spec, part) }];
  }
  if (offset !== bytes.byteLength) {
    throw new Error(`The shards hold ${bytes.byteLength - offset} bytes more than their weights.`);
  }
}

function bytesPerValue(spec: WeightSpec): number {
  switch (storedType(spec)) {
    case 'float32':
    case 'int32':
      return Int32Array.BYTES_PER_ELEMENT;
    case 'float16':
    case 'uint16':
      return Uint16Array.BYTES_PER_ELEMENT;
    case 'uint8':
      return Uint8Array.BYTES_PER_ELEMENT;
    default:
      throw new Error(`${spec.name}: weights of type ${storedType(spec)} are not read.`);
  }
}

function storedType({ dtype, quantization }: WeightSpec): string {
  return quantization?.dtype ?? dtype;
}

function decode(spec: WeightSpec, bytes: Uint8Array<ArrayBuffer>): PublishedTensor['data'] {
  const { dtype, quantization, name } = spec;
  if (quantization === undefined || quantization.dtype === 'float16') {
    if (quantization !== undefined) return fromFloat16(bytes);
    return dtype === 'int32' ? new Int32Array(bytes.buffer) : new Float32Array(bytes.buffer);
  }
  const { scale, min } = quantization;
  if (scale === undefined || min === undefined)
    throw new Error(`${name}: its quantization has no scale or no minimum.`);
  const levels = quantization.dtype === 'uint8' ? bytes : new Uint16Array(bytes.buffer);
  return dtype === 'int32'
    ? Int32Array.from(levels, (level) => Math.round(level * scale + min))
    : Float32Array.from(levels, (level) => level * scale + min);
}

function requireSameConstants(
  nodes: ReadonlyMap<string, GraphNode>,
  tensors: ReadonlyMap<string, PublishedTensor>,
): void {
  for (const { name, op } of nodes.values()) {
    if (op === 'Const' && !tensors.has(name)) throw new Error(`${topologyFile}: the manifest has no weight ${name}.`);
  }
  for (const name of tensors.keys()) {
    if (nodes.get(name)?.op !== 'Const')
      throw new Error(`${topologyFile}: the weight ${name} is no constant of the graph.`);
  }
}
