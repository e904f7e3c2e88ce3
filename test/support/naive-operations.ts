/** What the kernels of src/inference/kernels are held against: the same operations, as plainly as they can be written. */

import type {
  Clamp,
  MapShape,
  Norm,
  PlannedConvolution,
  PlannedDepthwise,
  PlannedOperation,
  PlannedPool,
  PlannedResize,
} from '../../src/inference/kernels/planned-operation.ts';

export interface NaiveMap {
  readonly shape: MapShape;
  readonly values: ArrayLike<number>;
}

export interface NaiveResult {
  /** [height][width][channels], summed in double precision. */
  readonly values: Float64Array;
  /** Largest sum of absolute products: what rounding errors are relative to. */
  readonly magnitude: number;
}

/** Outside of a map there are zeros. */
function at({ shape, values }: NaiveMap, y: number, x: number, channel: number): number {
  if (y < 0 || x < 0 || y >= shape.height || x >= shape.width) return 0;
  return values[(y * shape.width + x) * shape.channels + channel]!;
}

/** A NaN stays one. */
function clamped(value: number, { floor, ceiling }: Clamp): number {
  if (value < floor) return floor;
  return value > ceiling ? ceiling : value;
}

function normRelu(value: number, norm: Norm | undefined, channel: number): number {
  if (norm === undefined) return value;
  return clamped(value * norm.scale[channel]! + norm.shift[channel]!, { floor: 0, ceiling: Infinity });
}

/** @param inputs in the operation's order @param shape of the result */
export function naive(operation: PlannedOperation, inputs: readonly NaiveMap[], shape: MapShape): NaiveResult {
  const { height, width, channels } = shape;
  const values = new Float64Array(height * width * channels);
  let magnitude = 0;
  for (let index = 0; index < values.length; index += 1) {
    const channel = index % channels;
    const x = Math.floor(index / channels) % width;
    const y = Math.floor(index / channels / width);
    const terms = [...termsOf(operation, inputs, shape, y, x, channel)];
    const absolute = terms.reduce((sum, term) => sum + Math.abs(term), 0);
    if (absolute > magnitude) magnitude = absolute;
    values[index] = finish(operation, terms);
  }
  return { values, magnitude };
}

function* termsOf(
  operation: PlannedOperation,
  inputs: readonly NaiveMap[],
  shape: MapShape,
  y: number,
  x: number,
  channel: number,
): Generator<number> {
  const [input, other] = inputs as [NaiveMap, NaiveMap | undefined];
  switch (operation.kind) {
    case 'convolution':
      yield* convolutionTerms(operation, input, y, x, channel);
      yield operation.bias?.[channel] ?? 0;
      if (other !== undefined) yield at(other, y, x, channel);
      break;
    case 'depthwise':
      yield* depthwiseTerms(operation, input, y, x, channel);
      yield operation.bias?.[channel] ?? 0;
      break;
    case 'max-pool':
    case 'average-pool':
      yield* windowTerms(operation, input, y, x, channel);
      break;
    case 'affine':
      yield at(input, y, x, channel) * operation.norm.scale[channel]!;
      yield operation.norm.shift[channel]!;
      break;
    case 'add':
      yield at(input, y, x, channel);
      yield at(other!, y, x, channel);
      break;
    case 'resize':
      yield* resizedTerms(operation, input, shape, y, x, channel);
      if (other !== undefined) yield at(other, y, x, channel);
      break;
    case 'pad':
      yield at(input, y - operation.padding.top, x - operation.padding.left, channel);
      break;
    default:
      throw new Error(`no naive ${operation.kind}`);
  }
}

function* convolutionTerms(
  { filter, strides, padding, norm }: PlannedConvolution,
  input: NaiveMap,
  y: number,
  x: number,
  column: number,
): Generator<number> {
  for (let row = 0; row < filter.height; row += 1) {
    for (let across = 0; across < filter.width; across += 1) {
      for (let channel = 0; channel < filter.depth; channel += 1) {
        const value = at(input, y * strides.y + row - padding.top, x * strides.x + across - padding.left, channel);
        const weight =
          filter.values[((row * filter.width + across) * filter.depth + channel) * filter.columns + column]!;
        yield normRelu(value, norm, channel) * weight;
      }
    }
  }
}

function* depthwiseTerms(
  { values, stride, padding }: PlannedDepthwise,
  input: NaiveMap,
  y: number,
  x: number,
  channel: number,
): Generator<number> {
  for (let tap = 0; tap < 9; tap += 1) {
    const row = y * stride + Math.floor(tap / 3) - padding.top;
    yield (
      at(input, row, x * stride + (tap % 3) - padding.left, channel) * values[tap * input.shape.channels + channel]!
    );
  }
}

function* windowTerms(
  { window, strides, norm }: PlannedPool,
  input: NaiveMap,
  y: number,
  x: number,
  channel: number,
): Generator<number> {
  for (let row = 0; row < window.height; row += 1) {
    for (let across = 0; across < window.width; across += 1) {
      yield normRelu(at(input, y * strides.y + row, x * strides.x + across, channel), norm, channel);
    }
  }
}

/** Each pixel of the input, weighted with how near it is: 1 where the place is on it, 0 a pixel away. */
function* resizedTerms(
  { from }: PlannedResize,
  input: NaiveMap,
  shape: MapShape,
  y: number,
  x: number,
  channel: number,
): Generator<number> {
  const placeOf = (index: number, length: number, resized: number): number => {
    if (from === 'corners') return resized === 1 ? 0 : index / ((resized - 1) / (length - 1));
    return from === 'centers' ? (index + 0.5) / (resized / length) - 0.5 : index / (resized / length);
  };
  const inside = (place: number, length: number): number => Math.max(0, Math.min(place, length - 1));
  const row = inside(placeOf(y, input.shape.height, shape.height), input.shape.height);
  const column = inside(placeOf(x, input.shape.width, shape.width), input.shape.width);
  for (let near = 0; near < input.shape.height; near += 1) {
    for (let across = 0; across < input.shape.width; across += 1) {
      const weight = Math.max(0, 1 - Math.abs(near - row)) * Math.max(0, 1 - Math.abs(across - column));
      // Rounding alone does not reach a pixel.
      if (weight > 1e-9) yield weight * at(input, near, across, channel);
    }
  }
}

function finish(operation: PlannedOperation, terms: readonly number[]): number {
  const sum = terms.reduce((total, term) => total + term, 0);
  switch (operation.kind) {
    case 'max-pool':
      return Math.max(...terms);
    case 'average-pool':
      return sum / (operation.window.height * operation.window.width);
    case 'convolution':
    case 'depthwise':
    case 'affine':
      return clamped(sum, operation.clamp);
    default:
      return sum;
  }
}
