/** Writes ONNX models (opset 13, IR version 7), node by node. Source: the ONNX operator documents, ai.onnx. */

import onnxProto from 'onnx-proto';

const { onnx } = onnxProto;
const { AttributeType } = onnx.AttributeProto;
const { DataType } = onnx.TensorProto;

const irVersion = 7;
const opset = 13;

export type OnnxData = Float32Array | Int32Array | Int8Array | Uint8Array | BigInt64Array;
export type OnnxAttribute = number | readonly number[];

function typeOf(data: OnnxData): number {
  if (data instanceof Float32Array) return DataType.FLOAT;
  if (data instanceof Int32Array) return DataType.INT32;
  if (data instanceof Int8Array) return DataType.INT8;
  if (data instanceof Uint8Array) return DataType.UINT8;
  return DataType.INT64;
}

/** Each method adds something and returns the name of what can be read from it. */
export class OnnxWriter {
  readonly #nodes: InstanceType<typeof onnx.NodeProto>[] = [];
  readonly #constants = new Map<string, InstanceType<typeof onnx.TensorProto>>();

  constant(name: string, dims: readonly number[], data: OnnxData): string {
    const rawData = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    this.#constants.set(name, onnx.TensorProto.create({ name, dims: [...dims], dataType: typeOf(data), rawData }));
    return name;
  }

  /** @param attributes whole numbers, one or a list; `epsilon` is the one float among them */
  node(
    name: string,
    opType: string,
    input: readonly string[],
    attributes: Readonly<Record<string, OnnxAttribute>> = {},
  ): string {
    const attribute = Object.entries(attributes).map(([key, value]) => {
      if (key === 'epsilon')
        return onnx.AttributeProto.create({ name: key, type: AttributeType.FLOAT, f: value as number });
      return typeof value === 'number'
        ? onnx.AttributeProto.create({ name: key, type: AttributeType.INT, i: value })
        : onnx.AttributeProto.create({ name: key, type: AttributeType.INTS, ints: [...value] });
    });
    this.#nodes.push(onnx.NodeProto.create({ name, opType, input: [...input], output: [name], attribute }));
    return name;
  }

  /** @param outputs names of nodes whose shapes the runtime finds by itself */
  finish(input: { readonly name: string; readonly dims: readonly number[] }, outputs: readonly string[]): Uint8Array {
    const info = (name: string, dims?: readonly number[]): InstanceType<typeof onnx.ValueInfoProto> =>
      onnx.ValueInfoProto.create({
        name,
        type: {
          tensorType: {
            elemType: DataType.FLOAT,
            ...(dims === undefined ? {} : { shape: { dim: dims.map((dimValue) => ({ dimValue })) } }),
          },
        },
      });
    const model = onnx.ModelProto.create({
      irVersion,
      opsetImport: [{ domain: '', version: opset }],
      graph: {
        name: 'network',
        node: this.#nodes,
        initializer: [...this.#constants.values()],
        input: [info(input.name, input.dims)],
        output: outputs.map((name) => info(name)),
      },
    });
    return onnx.ModelProto.encode(model).finish();
  }
}
