import type { GraphNode } from '../graph-definition.ts';
import type { PlannedGradient } from './planned-gradients.ts';

/** A map [1, height, width, channels]. */
export interface MapShape {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}

/** Pixels of zeros around a map. */
export interface Border {
  readonly top: number;
  readonly left: number;
  readonly bottom: number;
  readonly right: number;
}

/** Limits of an activation: 0 and infinity for a ReLU. */
export interface Clamp {
  readonly floor: number;
  readonly ceiling: number;
}

/** One scale and one shift a channel. */
export interface Norm {
  readonly scale: Float32Array;
  readonly shift: Float32Array;
}

/** A filter [height, width, depth, columns], row-major. */
export interface Filter {
  readonly height: number;
  readonly width: number;
  readonly depth: number;
  readonly columns: number;
  readonly values: Float32Array;
  /** Writes the values where they are wanted, for those that are decoded only then. */
  copyTo?(to: Float32Array): void;
  /** The values as binary16, where they are stored so: decoded by a kernel. */
  readonly halves?: Uint8Array;
}

export interface Strides {
  readonly y: number;
  readonly x: number;
}

interface Planned {
  /** Name of the node whose result it makes. */
  readonly output: string;
  /** Names of the nodes whose results it reads. */
  readonly inputs: readonly string[];
}

/** clamp(filter * input + bias + residual); the input first through max(0, input · scale + shift) where there is a norm. */
export interface PlannedConvolution extends Planned {
  readonly kind: 'convolution';
  /** The input, and where there is one the residual: a map of the output's shape. */
  readonly inputs: readonly [input: string] | readonly [input: string, residual: string];
  readonly filter: Filter;
  readonly bias?: Float32Array;
  readonly strides: Strides;
  readonly padding: Border;
  readonly clamp: Clamp;
  readonly norm?: Norm;
}

/** A 3×3 filter a channel, [3, 3, channels]. */
export interface PlannedDepthwise extends Planned {
  readonly kind: 'depthwise';
  readonly inputs: readonly [string];
  readonly values: Float32Array;
  readonly bias?: Float32Array;
  readonly stride: number;
  readonly padding: Border;
  readonly clamp: Clamp;
}

export interface PlannedPool extends Planned {
  readonly kind: 'max-pool' | 'average-pool';
  readonly inputs: readonly [string];
  readonly window: { readonly height: number; readonly width: number };
  readonly strides: Strides;
  /** Of an average: each input is first max(0, input · scale + shift). */
  readonly norm?: Norm;
}

/** clamp(input · scale + shift) */
export interface PlannedAffine extends Planned {
  readonly kind: 'affine';
  readonly inputs: readonly [string];
  readonly norm: Norm;
  readonly clamp: Clamp;
}

export interface PlannedAdd extends Planned {
  readonly kind: 'add';
  readonly inputs: readonly [string, string];
}

/**
 * How pixels of two sizes of a map are laid over one another: their middles, the middles of the outermost ones, or (without
 * either of TensorFlow's flags) the top left corners of all.
 */
export type SampledFrom = 'centers' | 'corners' | 'edges';

/** The input at another size, bilinear, and the other map added where there is one: a map of the output's shape. */
export interface PlannedResize extends Planned {
  readonly kind: 'resize';
  readonly inputs: readonly [input: string] | readonly [input: string, other: string];
  readonly from: SampledFrom;
}

/** No work: the input with a border of zeros around it, in place. */
export interface PlannedPad extends Planned {
  readonly kind: 'pad';
  readonly inputs: readonly [string];
  readonly padding: Border;
}

/** No work: the inputs are made where they are wanted, one behind the other in the channels of one map. */
export interface PlannedConcat extends Planned {
  readonly kind: 'concat';
  readonly node: GraphNode;
}

/** Anything else: a kernel of tfjs on tensors of its own. */
export interface PlannedStock extends Planned {
  readonly kind: 'stock';
  readonly node: GraphNode;
}

export type PlannedOperation =
  | PlannedConvolution
  | PlannedDepthwise
  | PlannedPool
  | PlannedAffine
  | PlannedAdd
  | PlannedResize
  | PlannedPad
  | PlannedConcat
  | PlannedStock
  | PlannedGradient;

export const noBorder: Border = { top: 0, left: 0, bottom: 0, right: 0 };
export const noClamp: Clamp = { floor: -Infinity, ceiling: Infinity };
