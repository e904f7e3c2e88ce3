/** Filters as the way back needs them, made when they are packed: the forward ones with input and output exchanged. */

import type { Filter, Strides } from './planned-operation.ts';

/** What is made anew each time it is asked for, so that no float32 copy of a network's filters lies in JavaScript's memory. */
function lazyFilter(size: Omit<Filter, 'values' | 'copyTo' | 'halves'>, make: () => Float32Array): Filter {
  return {
    ...size,
    get values() {
      return make();
    },
  };
}

/**
 * [1][1][depth][columns] → [1][1][columns][depth].
 * @param scale one a channel of the forward input: a batch norm before the convolution
 */
export function transposePointwise(filter: Filter, scale?: Float32Array): Filter {
  const { depth, columns } = filter;
  return lazyFilter({ height: 1, width: 1, depth: columns, columns: depth }, () => {
    const { values } = filter;
    const transposed = new Float32Array(values.length);
    for (let channel = 0; channel < depth; channel += 1) {
      const factor = scale?.[channel] ?? 1;
      const from = channel * columns;
      for (let column = 0; column < columns; column += 1) {
        transposed[column * depth + channel] = factor * values[from + column]!;
      }
    }
    return transposed;
  });
}

/** Taps that one phase of a strided convolution has along an axis, at the most. */
export function tapsOfPhase(taps: number, stride: number): number {
  return Math.ceil(taps / stride);
}

/**
 * [height][width][depth][columns] → [taps][taps][columns][strides.y · strides.x · depth], taps flipped: pixels of the input
 * that are a stride apart were reached by the same taps, so that each such phase is a convolution of stride 1 of the
 * output's gradient (sub-pixel convolution, Shi et al., arXiv 1609.05158). Of stride 1 it is the flipped, transposed filter.
 */
export function transposeFilter(filter: Filter, strides: Strides): Filter {
  const { height, width, depth, columns } = filter;
  const rows = tapsOfPhase(height, strides.y);
  const across = tapsOfPhase(width, strides.x);
  const phases = strides.y * strides.x;
  return lazyFilter({ height: rows, width: across, depth: columns, columns: phases * depth }, () => {
    const { values } = filter;
    const transposed = new Float32Array(rows * across * columns * phases * depth);
    for (let y = 0; y < height; y += 1) {
      for (let x = 0; x < width; x += 1) {
        const phase = (y % strides.y) * strides.x + (x % strides.x);
        const row = rows - 1 - Math.floor(y / strides.y);
        const column = across - 1 - Math.floor(x / strides.x);
        const to = (row * across + column) * columns * phases * depth + phase * depth;
        const from = (y * width + x) * depth * columns;
        for (let channel = 0; channel < depth; channel += 1) {
          for (let output = 0; output < columns; output += 1) {
            transposed[to + output * phases * depth + channel] = values[from + channel * columns + output]!;
          }
        }
      }
    }
    return transposed;
  });
}

/** [3][3][channels] with its taps in reverse. */
export function flipDepthwise(values: Float32Array): Float32Array {
  const taps = 9;
  const channels = values.length / taps;
  const flipped = new Float32Array(values.length);
  for (let tap = 0; tap < taps; tap += 1) {
    flipped.set(values.subarray(tap * channels, (tap + 1) * channels), (taps - 1 - tap) * channels);
  }
  return flipped;
}
