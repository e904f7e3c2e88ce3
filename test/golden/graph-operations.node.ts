import assert from 'node:assert/strict';
import { test } from 'node:test';
import { io, setBackend, tensor, type Tensor } from '@tensorflow/tfjs-core';
import { loadGraphModel } from '@tensorflow/tfjs-converter';
import { engineMemory, startEngine } from '../../src/inference/engine.ts';
import { loadGraphNetwork } from '../../src/inference/graph-network.ts';
import { operations } from '../../src/inference/graph-operations.ts';
import { AppError } from '../../src/shared/app-error.ts';
import type { PackContents } from '../../src/shared/pack.ts';
import { nodeEnginePaths } from '../../tools/read/reader.ts';

/**
 * Each operation of our executor against tfjs-converter, on the same graph, on WASM and on plain JavaScript:
 * the converter is the reference for what a NodeDef means, the JavaScript kernels for what the WASM ones compute.
 */

type Attribute = Readonly<Record<string, unknown>>;
type Attributes = Readonly<Record<string, Attribute>>;

interface Constant {
  readonly shape: readonly number[];
  readonly values: readonly number[];
  readonly dtype?: 'float32' | 'int32';
}

interface Case {
  readonly op: string;
  readonly input: readonly number[];
  readonly constants?: readonly Constant[];
  readonly attr?: Attributes;
  /** Index at which the graph's input goes among the node's inputs. */
  readonly inputAt?: number;
}

const text = (value: string): Attribute => ({ s: Buffer.from(value).toString('base64') });
const texts = (...values: string[]): Attribute => ({
  list: { s: values.map((value) => Buffer.from(value).toString('base64')) },
});
const integers = (...values: number[]): Attribute => ({ list: { i: values.map(String) } });
const flag = (b: boolean): Attribute => ({ b });
const float: Attribute = { type: 'DT_FLOAT' };
const int32 = (...values: number[]): Constant => ({ shape: [values.length], values, dtype: 'int32' });
const scalar = (value: number, dtype: 'float32' | 'int32' = 'float32'): Constant => ({
  shape: [],
  values: [value],
  dtype,
});

/** Numbers without a pattern, −1..1, the same in every run. */
function numbers(count: number, seed = 1): number[] {
  return Array.from(
    { length: count },
    (_, index) => Math.sin((index + seed) * 12.9898) * Math.cos((index - seed) * 4.137),
  );
}
const weights = (...shape: number[]): Constant => ({
  shape,
  values: numbers(
    shape.reduce((product, size) => product * size, 1),
    shape.length,
  ),
});

const convolution = (stride: number, padding: string): Attributes => ({
  T: float,
  strides: integers(1, stride, stride, 1),
  dilations: integers(1, 1, 1, 1),
  padding: text(padding),
  data_format: text('NHWC'),
});
const fused = (stride: number, ...ops: string[]): Attributes => ({
  ...convolution(stride, 'SAME'),
  fused_ops: texts('BiasAdd', ...ops),
  num_args: { i: ops.includes('Prelu') ? '2' : '1' },
});
const pool = (size: number, stride: number, padding: string): Attributes => ({
  T: float,
  ksize: integers(1, size, size, 1),
  strides: integers(1, stride, stride, 1),
  padding: text(padding),
  data_format: text('NHWC'),
});

const map = [1, 6, 6, 4];
const cases: readonly Case[] = [
  { op: 'Identity', input: map },
  { op: 'Conv2D', input: map, constants: [weights(3, 3, 4, 5)], attr: convolution(1, 'SAME') },
  { op: 'Conv2D', input: map, constants: [weights(3, 3, 4, 5)], attr: convolution(2, 'VALID') },
  { op: 'DepthwiseConv2dNative', input: map, constants: [weights(3, 3, 4, 1)], attr: convolution(2, 'SAME') },
  ...[[], ['Relu'], ['Relu6'], ['Sigmoid']].map((ops): Case => ({
    op: '_FusedConv2D',
    input: map,
    constants: [weights(3, 3, 4, 5), weights(5)],
    attr: fused(2, ...ops),
  })),
  {
    op: '_FusedConv2D',
    input: map,
    constants: [weights(1, 1, 4, 5), weights(5), weights(5)],
    attr: fused(1, 'Prelu'),
  },
  {
    op: 'FusedDepthwiseConv2dNative',
    input: map,
    constants: [weights(3, 3, 4, 1), weights(4)],
    attr: fused(2, 'Relu6'),
  },
  { op: 'Add', input: map, constants: [weights(4)] },
  { op: 'AddV2', input: map, constants: [weights(1, 6, 6, 4)] },
  { op: 'BiasAdd', input: map, constants: [weights(4)], attr: { T: float, data_format: text('NHWC') } },
  { op: 'Sub', input: map, constants: [weights(4)], inputAt: 1 },
  { op: 'Mul', input: map, constants: [weights(4)] },
  { op: 'RealDiv', input: map, constants: [weights(4)] },
  { op: 'Relu', input: map },
  { op: 'Relu6', input: map },
  { op: 'Sigmoid', input: map },
  { op: 'Prelu', input: map, constants: [weights(4)] },
  { op: 'ClipByValue', input: map, constants: [scalar(-0.2), scalar(0.3)] },
  { op: 'Mean', input: map, constants: [int32(1, 2)], attr: { T: float, keep_dims: flag(false) } },
  { op: 'Mean', input: map, constants: [int32(1, 2)], attr: { T: float, keep_dims: flag(true) } },
  { op: 'Sum', input: map, constants: [int32(3)], attr: { T: float, keep_dims: flag(false) } },
  { op: 'MaxPool', input: map, attr: pool(3, 2, 'SAME') },
  { op: 'AvgPool', input: map, attr: pool(2, 2, 'VALID') },
  {
    op: 'ConcatV2',
    input: map,
    constants: [weights(1, 6, 6, 3), scalar(3, 'int32')],
    attr: { T: float, N: { i: '2' } },
  },
  { op: 'Pad', input: map, constants: [{ ...int32(0, 0, 1, 0, 0, 2, 0, 0), shape: [4, 2] }] },
  { op: 'PadV2', input: map, constants: [{ ...int32(0, 0, 1, 0, 0, 2, 0, 0), shape: [4, 2] }, scalar(0.5)] },
  { op: 'Reshape', input: map, constants: [int32(1, -1, 12)] },
  { op: 'ExpandDims', input: map, constants: [scalar(0, 'int32')] },
  { op: 'Slice', input: map, constants: [int32(0, 1, 2, 0), int32(1, 3, -1, 2)] },
  { op: 'Transpose', input: map, constants: [int32(0, 3, 1, 2)] },
  { op: 'Cast', input: map, attr: { SrcT: float, DstT: float } },
  {
    op: 'MatMul',
    input: [3, 5],
    constants: [weights(4, 5)],
    attr: { transpose_a: flag(false), transpose_b: flag(true) },
  },
  {
    op: '_FusedMatMul',
    input: [3, 5],
    constants: [weights(5, 4), weights(4)],
    attr: {
      transpose_a: flag(false),
      transpose_b: flag(false),
      fused_ops: texts('BiasAdd', 'Relu'),
      num_args: { i: '1' },
    },
  },
  {
    op: 'ResizeBilinear',
    input: map,
    constants: [int32(9, 13)],
    attr: { T: float, align_corners: flag(false), half_pixel_centers: flag(true) },
  },
];

/** Largest difference that float32 sums of a few dozen products may show between two orders of summation. */
const tolerance = 2e-5;

interface Built {
  readonly topology: object;
  readonly entries: readonly { name: string; shape: number[]; dtype: 'float32' | 'int32' }[];
  readonly bytes: ArrayBuffer;
}

function build({ op, input, constants = [], attr = {}, inputAt = 0 }: Case): Built {
  const shapeOf = (shape: readonly number[]): object => ({ dim: shape.map((size) => ({ size: String(size) })) });
  const constantNames = constants.map((_, index) => `constant${index}`);
  const entries = constants.map(({ shape, dtype = 'float32' }, index) => ({
    name: `constant${index}`,
    shape: [...shape],
    dtype,
  }));
  const parts = constants.map(({ values, dtype }) =>
    Buffer.from((dtype === 'int32' ? Int32Array.from(values) : Float32Array.from(values)).buffer),
  );
  const inputs = [...constantNames];
  inputs.splice(inputAt, 0, 'input');
  const node = [
    { name: 'input', op: 'Placeholder', input: [], attr: { dtype: float, shape: { shape: shapeOf(input) } } },
    ...entries.map(({ name, shape, dtype }) => {
      const type = dtype === 'int32' ? 'DT_INT32' : 'DT_FLOAT';
      const value = { tensor: { dtype: type, tensorShape: shapeOf(shape) } };
      return { name, op: 'Const', input: [], attr: { dtype: { type }, value } };
    }),
    { name: 'output', op, input: inputs, attr },
  ];
  return {
    topology: { node, library: {}, versions: { producer: 0 } },
    entries,
    bytes: Uint8Array.from(Buffer.concat(parts)).buffer,
  };
}

function asPack({ topology, entries, bytes }: Built): PackContents {
  const model = Uint8Array.from(Buffer.from(JSON.stringify({ modelTopology: topology }))).buffer;
  return {
    manifest: { weights: { shards: ['weights.bin'], entries } } as unknown as PackContents['manifest'],
    files: new Map([
      ['model.json', model],
      ['weights.bin', bytes],
    ]),
  };
}

async function runConverter({ topology, entries, bytes }: Built, input: Float32Array, shape: readonly number[]) {
  const model = await loadGraphModel(
    io.fromMemory({ modelTopology: topology, weightSpecs: [...entries], weightData: bytes }),
  );
  const x = tensor(input, [...shape]);
  const output = model.execute({ input: x }, 'output') as Tensor;
  const found = { shape: output.shape, values: await output.data<'float32'>() };
  for (const used of new Set([x, output])) used.dispose();
  model.dispose();
  return found;
}

for (const mode of ['simd', 'js'] as const) {
  test(`every operation that a pack may use answers as tfjs-converter does (${mode})`, async () => {
    await startEngine(mode, nodeEnginePaths());
    for (const one of cases) {
      const name = `${one.op} ${JSON.stringify(one.attr ?? {})}`;
      const built = build(one);
      const input = Float32Array.from(
        numbers(
          one.input.reduce((product, size) => product * size, 1),
          7,
        ),
      );
      const tensorsBefore = engineMemory().tensors;
      const network = loadGraphNetwork(asPack(built));
      const ours = network.run(input, ['output'])['output']!;
      network.dispose();
      assert.equal(engineMemory().tensors, tensorsBefore, `${name}: tensors are left`);

      await setBackend(mode === 'js' ? 'cpu' : 'wasm');
      const theirs = await runConverter(built, input, one.input);
      assert.deepEqual([...ours.shape], [...theirs.shape], name);
      assert.equal(ours.values.length, theirs.values.length, name);
      ours.values.forEach((value, index) => {
        assert.ok(
          Math.abs(value - theirs.values[index]!) <= tolerance,
          `${name}: ${value} for ${theirs.values[index]}`,
        );
      });
    }
  });
}

test('SIMD, plain WASM and JavaScript agree with one another', async () => {
  const answers: Float32Array[][] = [];
  for (const mode of ['simd', 'wasm', 'js'] as const) {
    await startEngine(mode, nodeEnginePaths());
    answers.push(
      cases.map((one) => {
        const network = loadGraphNetwork(asPack(build(one)));
        const size = one.input.reduce((product, extent) => product * extent, 1);
        const { values } = network.run(Float32Array.from(numbers(size, 3)), ['output'])['output']!;
        network.dispose();
        return values;
      }),
    );
  }
  const [simd = [], ...others] = answers;
  for (const other of others) {
    simd.forEach((values, index) => {
      values.forEach((value, place) => {
        assert.ok(Math.abs(value - other[index]![place]!) <= tolerance, `${cases[index]!.op}`);
      });
    });
  }
});

test('the list of cases misses no operation', () => {
  const tried = new Set(cases.map(({ op }) => op));
  assert.deepEqual(
    Object.keys(operations).filter((op) => !tried.has(op)),
    [],
  );
});

test('a graph that cannot be run is refused with a reason', async () => {
  await startEngine('simd', nodeEnginePaths());
  const refuse = (one: Case, change: (built: Built) => Built, reason: RegExp): void => {
    const tensorsBefore = engineMemory().tensors;
    const size = one.input.reduce((product, extent) => product * extent, 1);
    assert.throws(
      () => {
        const network = loadGraphNetwork(asPack(change(build(one))));
        try {
          network.run(new Float32Array(size), ['output']);
        } finally {
          network.dispose();
        }
      },
      (thrown) =>
        thrown instanceof AppError && thrown.code === 'pack-invalid' && reason.test(String(thrown.details.reason)),
    );
    assert.equal(engineMemory().tensors, tensorsBefore);
  };
  const relu: Case = { op: 'Relu', input: map };
  const biased: Case = { op: 'Add', input: map, constants: [weights(4)] };
  refuse({ op: 'PyFunc', input: map }, (built) => built, /operation PyFunc/);
  refuse({ op: 'constructor', input: map }, (built) => built, /operation constructor/);
  refuse({ ...relu, op: 'Conv2D', attr: convolution(1, 'SAME') }, (built) => built, /lacks an input/);
  refuse(biased, (built) => ({ ...built, bytes: built.bytes.slice(4) }), /cut off/);
  refuse(biased, (built) => ({ ...built, bytes: new ArrayBuffer(built.bytes.byteLength + 4) }), /left over/);
  refuse(relu, (built) => ({ ...built, topology: { node: 3 } }), /no nodes/);
  refuse(
    relu,
    (built) => ({ ...built, topology: { node: [{ name: 'output', op: 'Relu', input: ['output'] }] } }),
    /one input/,
  );
  refuse({ op: 'Reshape', input: map, constants: [weights(2, 9)] }, (built) => built, /short constant/);
});
