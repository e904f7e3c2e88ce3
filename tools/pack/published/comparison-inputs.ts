/** Sixteen pictures on which two networks are compared: made by formula, so that nobody needs to send any. */

import { testPattern, testPatternNames, type TestPatternName } from '../../../src/imaging/test-patterns.ts';
import { seededNumbers } from '../seeded-numbers.ts';

export interface NamedInput {
  readonly name: string;
  /** Row-major, in the network's range. */
  readonly values: Float32Array;
}

interface Tone {
  readonly name: string;
  /** A grey value v becomes offset + gain · v, cut to 0..1. */
  readonly gain: number;
  readonly offset: number;
}

/** As it is, as a negative, under-exposed, and flat. */
const tones: readonly Tone[] = [
  { name: 'plain', gain: 1, offset: 0 },
  { name: 'negative', gain: -1, offset: 1 },
  { name: 'dark', gain: 0.5, offset: 0 },
  { name: 'flat', gain: 0.3, offset: 0.4 },
];
/** Pixels a grain: white noise up to blotches as wide as a rib. */
const grains = [1, 4, 8, 16];

/**
 * @param width pixels
 * @param height pixels
 * @param range values of black and white
 */
export function comparisonInputs(
  width: number,
  height: number,
  [low, high]: readonly [low: number, high: number],
): NamedInput[] {
  const greys = [
    ...testPatternNames.flatMap((pattern) => tones.map((tone) => toned(pattern, tone, width, height))),
    ...grains.map((grain) => ({ name: `noise-${grain}`, values: noise(grain, width, height) })),
  ];
  return greys.map(({ name, values }) => ({ name, values: values.map((grey) => low + grey * (high - low)) }));
}

function toned(pattern: TestPatternName, { name, gain, offset }: Tone, width: number, height: number): NamedInput {
  const values = testPattern(pattern, width, height).map((grey) => Math.min(1, Math.max(0, offset + gain * grey)));
  return { name: `${pattern}-${name}`, values };
}

/** Squares of `grain` × `grain` pixels of one grey each. */
function noise(grain: number, width: number, height: number): Float32Array {
  const next = seededNumbers(grain);
  const columns = Math.ceil(width / grain);
  const squares = Float32Array.from({ length: columns * Math.ceil(height / grain) }, next);
  return Float32Array.from({ length: width * height }, (_, index) => {
    const [x, y] = [index % width, Math.floor(index / width)];
    return squares[Math.floor(y / grain) * columns + Math.floor(x / grain)]!;
  });
}
