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
 * [height][width][depth][columns] → [taps][taps + together − 1][columns][strides.y][together · strides.x][depth], taps flipped:
 * pixels of the input that are a stride apart were reached by the same taps, so that each such phase is a convolution of the
 * output's gradient (sub-pixel convolution, Shi et al., arXiv 1609.05158). Of stride 1 it is the flipped, transposed filter.
 *
 * @param together strides along a row whose phases are made at once; the convolution then goes in steps of as many
 */
export function transposeFilter(filter: Filter, strides: Strides, together: number): Filter {
  const { height, width, depth, columns } = filter;
  const rows = tapsOfPhase(height, strides.y);
  const taps = tapsOfPhase(width, strides.x);
  const across = taps + together - 1;
  const phasesAcross = strides.x * together;
  const made = strides.y * phasesAcross * depth;
  return lazyFilter({ height: rows, width: across, depth: columns, columns: made }, () => {
    const { values } = filter;
    const transposed = new Float32Array(rows * across * columns * made);
    const place = (y: number, x: number, step: number): number => {
      const phase = (y % strides.y) * phasesAcross + (x % strides.x) + step * strides.x;
      const row = rows - 1 - Math.floor(y / strides.y);
      const column = taps - 1 - Math.floor(x / strides.x) + step;
      return (row * across + column) * columns * made + phase * depth;
    };
    for (let tap = 0; tap < height * width * together; tap += 1) {
      const step = tap % together;
      const pixel = Math.floor(tap / together);
      const to = place(Math.floor(pixel / width), pixel % width, step);
      const from = pixel * depth * columns;
      for (let channel = 0; channel < depth; channel += 1) {
        for (let output = 0; output < columns; output += 1) {
          transposed[to + output * made + channel] = values[from + channel * columns + output]!;
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
