/**
 * Our kernels against the naive operations. The same checks run in Chromium (both builds) and in Node (the plain one);
 * they need neither tfjs nor a graph.
 */

import { fromFloat16 } from '../../src/inference/float16.ts';
import { bindGradients } from '../../src/inference/kernels/bind-gradients.ts';
import { KernelProgram } from '../../src/inference/kernels/kernel-program.ts';
import { createKernels, type Kernels } from '../../src/inference/kernels/kernels.ts';
import { planLayout, winogradSide } from '../../src/inference/kernels/plan-layout.ts';
import {
  noBorder,
  noClamp,
  type Border,
  type Clamp,
  type MapShape,
  type Norm,
  type PlannedAffine,
  type PlannedConvolution,
  type PlannedDepthwise,
  type PlannedOperation,
  type PlannedPool,
  type PlannedResize,
  type SampledFrom,
} from '../../src/inference/kernels/planned-operation.ts';
import type { KernelFlavour } from '../../src/shared/messages.ts';
import { naive, type NaiveMap } from './naive-operations.ts';
import { randomNumbers, type RandomNumbers } from './random-numbers.ts';

export interface KernelCase {
  readonly name: string;
  /** Throws an Error that says what differs. */
  run(kernels: Kernels): void;
}

const memoryPages = 256;
const pageBytes = 65_536;
/** Nothing lies at address 0. */
const firstAddress = 1024;

/** Kernels in a memory of their own that is full of NaN: whatever is read before it was written shows. */
export async function kernelsForTests(flavour: KernelFlavour, module: WebAssembly.Module): Promise<Kernels> {
  const memory = new WebAssembly.Memory({ initial: memoryPages });
  return createKernels(flavour, module, {
    memory,
    allocate: (bytes) => {
      new Uint8Array(memory.buffer).fill(0xff);
      return firstAddress + bytes <= memoryPages * pageBytes ? firstAddress : 0;
    },
    free: () => undefined,
  });
}

/** Of the sum of absolute products. Winograd's transforms add and subtract before they multiply, which loses more. */
const tolerance = 1e-6;
const winogradTolerance = 5e-6;

interface Single {
  readonly operation: PlannedOperation;
  /** One input, or two. */
  readonly inputs: readonly NaiveMap[];
  readonly shape: MapShape;
  /** Inputs come out of a kernel, with room for whole panels of channels a pixel; else as a network's input does. */
  readonly spaced: boolean;
}

function runSingle(kernels: Kernels, { operation, inputs, shape, spaced }: Single): Float32Array {
  const names = operation.inputs;
  const copies = spaced ? names.map((name, index) => copy(name, inputs[index]!.shape)) : [];
  const sources = names.map((name) => (spaced ? `${name}/source` : name));
  const shapes = new Map([[operation.output, shape]]);
  names.forEach((name, index) => {
    shapes.set(name, inputs[index]!.shape);
    shapes.set(sources[index]!, inputs[index]!.shape);
  });
  const operations = [...copies, operation];
  const program = new KernelProgram(
    planLayout({ operations, shapes }, sources, [operation.output]),
    kernels,
    bindGradients,
  );
  program.begin();
  sources.forEach((name, index) => program.write(name, Float32Array.from(inputs[index]!.values)));
  operations.forEach((_, index) => program.step(index));
  const found = program.read(operation.output);
  program.dispose();
  return found;
}

function copy(name: string, { channels }: MapShape): PlannedAffine {
  const norm = { scale: new Float32Array(channels).fill(1), shift: new Float32Array(channels) };
  return { kind: 'affine', output: name, inputs: [`${name}/source`], norm, clamp: noClamp };
}

function compare(kernels: Kernels, single: Single): void {
  const found = runSingle(kernels, single);
  const { values, magnitude } = naive(single.operation, single.inputs, single.shape);
  const allowed = (usesWinograd(single) ? winogradTolerance : tolerance) * Math.max(magnitude, Number.MIN_VALUE);
  if (found.length !== values.length) throw new Error(`${found.length} values for ${values.length}`);
  values.forEach((expected, index) => {
    if (!(Math.abs(found[index]! - expected) <= allowed)) {
      throw new Error(`value ${index} is ${found[index]}, not ${expected}: ${describe(single)}`);
    }
  });
}

function usesWinograd({ operation, inputs }: Single): boolean {
  if (operation.kind !== 'convolution') return false;
  return winogradSide(operation, new Map([[operation.inputs[0], inputs[0]!]])) !== undefined;
}

function describe({ operation, inputs, spaced }: Single): string {
  const text = JSON.stringify({ operation, inputs: inputs.map(({ shape }) => shape), spaced }, (_, value: unknown) =>
    value instanceof Float32Array ? `${value.length} numbers` : value,
  );
  return text;
}

function randomMap(random: RandomNumbers, shape: MapShape): NaiveMap {
  return { shape, values: random.floats(shape.height * shape.width * shape.channels) };
}

function randomNorm(random: RandomNumbers, channels: number): Norm {
  return { scale: random.floats(channels), shift: random.floats(channels) };
}

const clamps: readonly Clamp[] = [noClamp, { floor: 0, ceiling: Infinity }, { floor: 0, ceiling: 6 }];

function oneOf<T>(random: RandomNumbers, values: readonly T[]): T {
  return values[random.integer(values.length)]!;
}

function randomShape(random: RandomNumbers, largest: number, maxChannels: number): MapShape {
  return {
    height: 1 + random.integer(largest),
    width: 1 + random.integer(largest),
    channels: 1 + random.integer(maxChannels),
  };
}

/** The window of the first output pixel must lie in the map and its padding. */
function covering(
  padding: Border,
  input: MapShape,
  window: { readonly height: number; readonly width: number },
): Border {
  return {
    ...padding,
    bottom: Math.max(padding.bottom, window.height - input.height - padding.top),
    right: Math.max(padding.right, window.width - input.width - padding.left),
  };
}

const outputLength = (length: number, before: number, after: number, window: number, stride: number): number =>
  Math.floor((length + before + after - window) / stride) + 1;

function randomConvolution(random: RandomNumbers): Single {
  const input = randomShape(random, 15, 40);
  const height = 1 + random.integer(4);
  const width = 1 + random.integer(4);
  const padding: Border = {
    top: random.integer(height),
    left: random.integer(width),
    bottom: height - 1 - random.integer(Math.min(height, 2)),
    right: width - 1 - random.integer(Math.min(width, 2)),
  };
  const strides = { y: 1 + random.integer(3), x: 1 + random.integer(3) };
  const shape: MapShape = {
    height: Math.max(1, outputLength(input.height, padding.top, padding.bottom, height, strides.y)),
    width: Math.max(1, outputLength(input.width, padding.left, padding.right, width, strides.x)),
    channels: 1 + random.integer(40),
  };
  return convolutionOf(random, input, shape, {
    height,
    width,
    strides,
    padding: covering(padding, input, { height, width }),
  });
}

function convolutionOf(
  random: RandomNumbers,
  input: MapShape,
  shape: MapShape,
  {
    height,
    width,
    strides,
    padding,
  }: { height: number; width: number } & Pick<PlannedConvolution, 'strides' | 'padding'>,
): Single {
  const depth = input.channels;
  const columns = shape.channels;
  const isPointwise = height * width * strides.y * strides.x === 1 && depth % 4 === 0;
  const residual = random.uniform() < 0.3 ? [randomMap(random, shape)] : [];
  const operation: PlannedConvolution = {
    kind: 'convolution',
    output: 'output',
    inputs: residual.length > 0 ? ['input', 'residual'] : ['input'],
    filter: { height, width, depth, columns, values: random.floats(height * width * depth * columns) },
    ...(random.uniform() < 0.5 ? { bias: random.floats(columns) } : {}),
    ...(isPointwise && random.uniform() < 0.7 ? { norm: randomNorm(random, depth) } : {}),
    strides,
    padding,
    clamp: oneOf(random, clamps),
  };
  return { operation, inputs: [randomMap(random, input), ...residual], shape, spaced: random.uniform() < 0.5 };
}

function randomPointwise(random: RandomNumbers): Single {
  const input = { ...randomShape(random, 12, 1), channels: 4 * (1 + random.integer(30)) };
  const shape = { ...input, channels: 1 + random.integer(70) };
  return convolutionOf(random, input, shape, { height: 1, width: 1, strides: { y: 1, x: 1 }, padding: noBorder });
}

function randomWinograd(random: RandomNumbers, smallest: number): Single {
  const input = {
    height: smallest + random.integer(8),
    width: smallest + random.integer(8),
    channels: 16 + 4 * random.integer(8),
  };
  const single = convolutionOf(
    random,
    input,
    { ...input, channels: 16 + random.integer(25) },
    { height: 3, width: 3, strides: { y: 1, x: 1 }, padding: { top: 1, left: 1, bottom: 1, right: 1 } },
  );
  const [map] = single.inputs as [NaiveMap];
  return { ...single, inputs: [map], operation: { ...single.operation, inputs: ['input'] } as PlannedConvolution };
}

function randomDepthwise(random: RandomNumbers): Single {
  const input = randomShape(random, 40, 20);
  const stride = 1 + random.integer(2);
  const padding: Border = {
    top: random.integer(2),
    left: random.integer(2),
    bottom: 1 + random.integer(2),
    right: 1 + random.integer(2),
  };
  const shape: MapShape = {
    height: Math.max(1, outputLength(input.height, padding.top, padding.bottom, 3, stride)),
    width: Math.max(1, outputLength(input.width, padding.left, padding.right, 3, stride)),
    channels: input.channels,
  };
  const operation: PlannedDepthwise = {
    kind: 'depthwise',
    output: 'output',
    inputs: ['input'],
    values: random.floats(9 * input.channels),
    ...(random.uniform() < 0.5 ? { bias: random.floats(input.channels) } : {}),
    stride,
    padding: covering(padding, input, { height: 3, width: 3 }),
    clamp: oneOf(random, clamps),
  };
  return { operation, inputs: [randomMap(random, input)], shape, spaced: random.uniform() < 0.5 };
}

function randomPool(random: RandomNumbers, kind: PlannedPool['kind']): Single {
  const window = { height: 1 + random.integer(4), width: 1 + random.integer(4) };
  const input = randomShape(random, 12, 20);
  const grown = {
    ...input,
    height: Math.max(input.height, window.height),
    width: Math.max(input.width, window.width),
  };
  const strides = { y: 1 + random.integer(3), x: 1 + random.integer(3) };
  const shape: MapShape = {
    height: outputLength(grown.height, 0, 0, window.height, strides.y),
    width: outputLength(grown.width, 0, 0, window.width, strides.x),
    channels: grown.channels,
  };
  const norm = kind === 'average-pool' && random.uniform() < 0.5 ? { norm: randomNorm(random, grown.channels) } : {};
  const operation: PlannedPool = { kind, output: 'output', inputs: ['input'], window, strides, ...norm };
  return { operation, inputs: [randomMap(random, grown)], shape, spaced: random.uniform() < 0.5 };
}

function randomAffine(random: RandomNumbers): Single {
  const shape = randomShape(random, 9, 20);
  const norm = randomNorm(random, shape.channels);
  return {
    operation: { kind: 'affine', output: 'output', inputs: ['input'], norm, clamp: oneOf(random, clamps) },
    inputs: [randomMap(random, shape)],
    shape,
    spaced: random.uniform() < 0.5,
  };
}

function randomAdd(random: RandomNumbers): Single {
  const shape = randomShape(random, 9, 20);
  return {
    operation: { kind: 'add', output: 'output', inputs: ['input', 'other'] },
    inputs: [randomMap(random, shape), randomMap(random, shape)],
    shape,
    spaced: random.uniform() < 0.5,
  };
}

const samplings: readonly SampledFrom[] = ['centers', 'corners', 'edges'];

function randomResize(random: RandomNumbers): Single {
  const input = randomShape(random, 9, 20);
  const shape = { ...randomShape(random, 20, 1), channels: input.channels };
  // As U-Nets do it: twice as large.
  const size = random.uniform() < 0.5 ? { height: 2 * input.height, width: 2 * input.width } : {};
  const resized = { ...shape, ...size };
  const other = random.uniform() < 0.5 ? [randomMap(random, resized)] : [];
  const operation: PlannedResize = {
    kind: 'resize',
    output: 'output',
    inputs: other.length > 0 ? ['input', 'other'] : ['input'],
    from: oneOf(random, samplings),
  };
  return { operation, inputs: [randomMap(random, input), ...other], shape: resized, spaced: random.uniform() < 0.5 };
}

const makers: Readonly<Record<string, (random: RandomNumbers) => Single>> = {
  'any convolution': randomConvolution,
  'a 1×1 convolution, with and without norm': randomPointwise,
  'a 3×3 convolution by Winograd, 2×2 tiles': (random) => randomWinograd(random, 10),
  'a 3×3 convolution by Winograd, 4×4 tiles': (random) => randomWinograd(random, 20),
  'a depthwise convolution': randomDepthwise,
  'a maximum over windows': (random) => randomPool(random, 'max-pool'),
  'an average over windows, with and without norm': (random) => randomPool(random, 'average-pool'),
  'an affine step': randomAffine,
  'a sum of two maps': randomAdd,
  'another size, with and without a map to add': randomResize,
};

/** Shapes a maker. Few where the naive way takes long. */
const rounds = 40;
const winogradRounds = 6;
const seed = 20;

const fuzz = Object.entries(makers).map(([name, make]): KernelCase => ({
  name: `${name}: random shapes`,
  run: (kernels) => {
    const random = randomNumbers(seed);
    const count = name.includes('Winograd') ? winogradRounds : rounds;
    for (let round = 0; round < count; round += 1) compare(kernels, make(random));
  },
}));

/** Puts a NaN into one pixel and wants it wherever the naive way has one, and nowhere beyond `reach` pixels. */
const nanSurvives = Object.entries(makers).map(([name, make]): KernelCase => ({
  name: `${name}: a NaN comes out`,
  run: (kernels) => {
    const random = randomNumbers(seed + 1);
    for (let round = 0; round < winogradRounds; round += 1) {
      const single = make(random);
      const [map, ...others] = single.inputs as [NaiveMap];
      const values = Float32Array.from(map.values);
      values[random.integer(values.length)] = NaN;
      const damaged = { ...single, inputs: [{ ...map, values }, ...others] };
      const found = runSingle(kernels, damaged);
      const { values: expected } = naive(damaged.operation, damaged.inputs, damaged.shape);
      expected.forEach((value, index) => {
        if (Number.isNaN(value) && !Number.isNaN(found[index])) {
          throw new Error(`the NaN at ${index} became ${found[index]}: ${describe(damaged)}`);
        }
        // Winograd's tiles share what they read: there a NaN reaches its neighbours.
        if (!usesWinograd(damaged) && !Number.isNaN(value) && Number.isNaN(found[index])) {
          throw new Error(`a NaN appeared at ${index}: ${describe(damaged)}`);
        }
      });
    }
  },
}));

/** Half of the smallest normal float32: what a processor that flushes denormals makes 0. */
const denormal = 2 ** -127;

const special: readonly KernelCase[] = [
  {
    name: 'denormals are not flushed to zero',
    run: (kernels) => {
      const shape = { height: 3, width: 5, channels: 8 };
      const values = new Float32Array(3 * 5 * 8).fill(denormal);
      const filter = new Float32Array(8 * 8);
      for (let channel = 0; channel < 8; channel += 1) filter[channel * 9] = 1;
      const found = runSingle(kernels, {
        operation: {
          kind: 'convolution',
          output: 'output',
          inputs: ['input'],
          filter: { height: 1, width: 1, depth: 8, columns: 8, values: filter },
          strides: { y: 1, x: 1 },
          padding: noBorder,
          clamp: noClamp,
        },
        inputs: [{ shape, values }],
        shape,
        spaced: true,
      });
      if (!found.every((value) => value === denormal)) throw new Error(`${denormal} became ${found[0]}`);
    },
  },
  {
    name: 'denormals between denormals are not flushed to zero',
    run: (kernels) => {
      const shape = { height: 3, width: 5, channels: 8 };
      const values = new Float32Array(3 * 5 * 8).fill(denormal);
      const found = runSingle(kernels, {
        operation: { kind: 'resize', output: 'output', inputs: ['input'], from: 'centers' },
        inputs: [{ shape, values }],
        shape: { height: 6, width: 10, channels: 8 },
        spaced: true,
      });
      if (!found.every((value) => value === denormal)) throw new Error(`${denormal} became ${found[0]}`);
    },
  },
  {
    name: 'every half becomes the single that JavaScript makes of it',
    run: ({ memory, pack }) => {
      const halves = Uint16Array.from({ length: 2 ** 16 }, (_, half) => half);
      const from = firstAddress;
      const to = from + halves.byteLength;
      new Uint16Array(memory.buffer, from, halves.length).set(halves);
      pack.decodeFloat16(from, halves.length, to);
      const expected = fromFloat16(new Uint8Array(halves.buffer));
      new Float32Array(memory.buffer, to, halves.length).forEach((value, half) => {
        if (!Object.is(value, expected[half])) throw new Error(`${half} became ${value}, not ${expected[half]}`);
      });
    },
  },
  {
    name: 'a map larger than the memory is refused',
    run: (kernels) => {
      const shape = { height: 2000, width: 2000, channels: 1 };
      try {
        const operations = [copy('output', shape)];
        const shapes = new Map([
          ['output', shape],
          ['output/source', shape],
        ]);
        new KernelProgram(planLayout({ operations, shapes }, ['output/source'], ['output']), kernels, bindGradients);
      } catch (thrown) {
        if ((thrown as { code?: string }).code === 'engine-out-of-memory') return;
        throw thrown;
      }
      throw new Error('it was not');
    },
  },
];

export const kernelCases: readonly KernelCase[] = [...fuzz, ...nanSurvives, ...special];
