/** What a gradient's plan holds besides the operations of the forward pass. Names of gradients are those of their maps, marked. */

import type { Border, Clamp, Filter, Norm, Strides } from './planned-operation.ts';

/** Where a gradient passes: floor < value < ceiling, of the values of a map, of value · scale + shift where there is a norm. */
export interface Gate {
  readonly map: string;
  readonly norm?: Norm;
  readonly clamp: Clamp;
}

interface Backward {
  /** Name of the gradient that it makes, or adds to where it `accumulates`. */
  readonly output: string;
  /** The gradient that it reads, then the maps of its gates. */
  readonly inputs: readonly [gradient: string, ...maps: string[]];
}

/** Through a 1×1 convolution: output (+)= outputGate(filter * inputGate(input)), the filter transposed. */
export interface PlannedGatedProduct extends Backward {
  readonly kind: 'gated-product';
  readonly filter: Filter;
  /** Without a norm. */
  readonly inputGate?: Gate;
  readonly outputGate?: Gate;
  readonly accumulates: boolean;
}

/** Through an average (or, with windows of one pixel, a step of single pixels): gate · factor · the sum over all windows. */
export interface PlannedSpread extends Backward {
  readonly kind: 'spread';
  readonly window: { readonly height: number; readonly width: number };
  readonly strides: Strides;
  /** One a channel. */
  readonly factor: Float32Array;
  readonly gate?: Gate;
  readonly accumulates: boolean;
}

/** Through a maximum: added to the first of each window's largest pixels. */
export interface PlannedSpreadMax extends Backward {
  readonly kind: 'spread-max';
  /** The gradient, and what the maxima are of. */
  readonly inputs: readonly [gradient: string, values: string];
  readonly window: { readonly height: number; readonly width: number };
  readonly strides: Strides;
}

/** Through a depthwise 3×3 convolution of stride 2. */
export interface PlannedSpreadDepthwise extends Backward {
  readonly kind: 'spread-depthwise';
  /** [3, 3, channels], as in the forward pass. */
  readonly values: Float32Array;
  /** Of the forward pass. */
  readonly padding: Border;
}

/** [height][width][strides.y · strides.x · channels] → pixels that are as many times closer. */
export interface PlannedUnfold extends Backward {
  readonly kind: 'unfold';
  readonly strides: Strides;
  /** Pixels that are left out before the first row and column. */
  readonly top: number;
  readonly left: number;
  readonly accumulates: boolean;
}

/** Zeros all over a gradient's buffer, to which parts are added later. */
export interface PlannedZeros {
  readonly kind: 'zeros';
  readonly output: string;
  readonly inputs: readonly [];
}

export type PlannedGradient =
  PlannedGatedProduct | PlannedSpread | PlannedSpreadMax | PlannedSpreadDepthwise | PlannedUnfold | PlannedZeros;
