import type { GraphNetwork } from '../../src/inference/graph-network.ts';
import { randomNumbers } from './random-numbers.ts';

/** How far two networks are apart in one output, over several inputs. */
export interface RunnerDifference {
  readonly largest: number;
  /** Deviation of the values over the inputs: what a difference is to be held against. */
  readonly deviation: number;
}

const inputCount = 4;

/** Pictures that differ in brightness, contrast and grain, so that answers do too. */
function pictures(length: number): Float32Array[] {
  const random = randomNumbers(3);
  return Array.from({ length: inputCount }, (_, index) => {
    const period = 3 + 40 * index;
    const contrast = 0.5 + index;
    return random.floats(length).map((noise, at) => contrast * (Math.sin(at / period) + 0.3 * noise) - 0.4 * index);
  });
}

export function compareRunners(
  one: GraphNetwork,
  other: GraphNetwork,
  outputs: readonly string[],
): Record<string, RunnerDifference> {
  const length = one.inputShape.reduce((product, size) => product * size, 1);
  const answers = pictures(length).map((input) => [one.run(input, outputs), other.run(input, outputs)] as const);
  return Object.fromEntries(
    outputs.map((name) => {
      const pairs = answers.map(([ours, theirs]) => [ours[name]!, theirs[name]!] as const);
      let largest = 0;
      for (const [ours, theirs] of pairs) {
        if (ours.shape.join() !== theirs.shape.join()) {
          throw new Error(`${name} has the shape ${ours.shape.join()}, not ${theirs.shape.join()}`);
        }
        ours.values.forEach((value, index) => {
          // `Math.max` keeps a NaN: the largest difference of all.
          largest = Math.max(largest, Math.abs(value - theirs.values[index]!));
        });
      }
      return [name, { largest, deviation: deviationOverInputs(pairs.map(([, { values }]) => values)) }];
    }),
  );
}

function deviationOverInputs(answers: readonly Float32Array[]): number {
  const [first] = answers;
  let sum = 0;
  for (let index = 0; index < first!.length; index += 1) {
    const mean = answers.reduce((total, values) => total + values[index]!, 0) / answers.length;
    sum += answers.reduce((total, values) => total + (values[index]! - mean) ** 2, 0) / answers.length;
  }
  return Math.sqrt(sum / first!.length);
}
