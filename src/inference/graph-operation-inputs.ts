import type { Tensor } from '@tensorflow/tfjs-core';
import { AppError } from '../shared/app-error.ts';
import type { GraphNode } from './graph-definition.ts';
import type { OperationInputs } from './graph-operations.ts';

/** Constants with more values than this are weights, never axes or shapes: their values are not kept as numbers. */
const maxSteeringValues = 16;

type Numbers = Float32Array | Int32Array;

/** Whether a constant may steer an operation: axes, shapes, limits. */
export function isSteering(values: Numbers): boolean {
  return values.length <= maxSteeringValues;
}

/**
 * A node's inputs as its operation asks for them.
 *
 * @param tensorOf a result or a weight by its name
 * @param numbersOf a short constant by its name
 */
export function operationInputs(
  node: GraphNode,
  tensorOf: (name: string) => Tensor | undefined,
  numbersOf: (name: string) => Numbers | undefined,
): OperationInputs {
  const tensor = (index: number): Tensor => {
    const found = tensorOf(node.inputs[index] ?? '');
    if (found === undefined) throw new AppError('pack-invalid', { reason: `model.json: ${node.name} lacks an input` });
    return found;
  };
  return {
    tensor,
    get tensors() {
      return node.inputs.map((_, index) => tensor(index));
    },
    numbers: (index) => {
      const values = numbersOf(node.inputs[index] ?? '');
      if (values === undefined || !isSteering(values)) {
        throw new AppError('pack-invalid', { reason: `model.json: ${node.name} wants a short constant` });
      }
      return Array.from(values);
    },
  };
}
