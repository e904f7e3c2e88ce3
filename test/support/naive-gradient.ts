/**
 * Gradients of small planned graphs as central differences in double precision: independent of how the way back is planned
 * and computed.
 */

import type { MapShape, PlannedOperation } from '../../src/inference/kernels/planned-operation.ts';
import { naive, type NaiveMap } from './naive-operations.ts';

export interface NaiveGraph {
  readonly operations: readonly PlannedOperation[];
  readonly shapes: ReadonlyMap<string, MapShape>;
  readonly input: string;
  readonly output: string;
}

/** All maps of a forward pass in double precision. */
function runNaive({ operations, shapes, input }: NaiveGraph, values: ArrayLike<number>): Map<string, NaiveMap> {
  const maps = new Map<string, NaiveMap>([[input, { shape: shapes.get(input)!, values }]]);
  for (const operation of operations) {
    const shape = shapes.get(operation.output)!;
    const inputs = operation.inputs.map((name) => maps.get(name)!);
    const result = operation.kind === 'concat' ? concatenated(inputs, shape) : naive(operation, inputs, shape).values;
    maps.set(operation.output, { shape, values: result });
  }
  return maps;
}

function concatenated(inputs: readonly NaiveMap[], { height, width, channels }: MapShape): Float64Array {
  const values = new Float64Array(height * width * channels);
  for (let pixel = 0; pixel < height * width; pixel += 1) {
    let to = pixel * channels;
    for (const { shape, values: from } of inputs) {
      for (let channel = 0; channel < shape.channels; channel += 1, to += 1) {
        values[to] = from[pixel * shape.channels + channel]!;
      }
    }
  }
  return values;
}

/** Small enough to cross no corner of an activation by chance, large enough for doubles. */
const difference = 1e-6;

/** How much output[index] changes with the number at `place` of the input. */
export function naiveDerivative(graph: NaiveGraph, input: Float32Array, index: number, place: number): number {
  const at = (moved: number): number => {
    const values = Float64Array.from(input);
    values[place] = values[place]! + moved;
    return runNaive(graph, values).get(graph.output)!.values[index]!;
  };
  return (at(difference) - at(-difference)) / (2 * difference);
}
