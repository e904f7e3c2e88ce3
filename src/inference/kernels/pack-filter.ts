/** Forms in which kernels read filters; the large ones are packed by ./assembly/packing.ts. All sizes are counts of numbers. */

import type { Filter } from './planned-operation.ts';

/** Channels in a panel: what a tile of the product makes at once (./assembly/gemm-tile.ts). */
export const panelColumns = 8;

export function roundUp(count: number, multiple: number): number {
  return Math.ceil(count / multiple) * multiple;
}

/** Side of the square of outputs that a tile of Winograd's makes. */
export type WinogradSide = 2 | 4;

const filterSide = 3;

/** Places of the patch that a tile reads: two pixels larger than what it makes. */
export function winogradPlaces(side: WinogradSide): number {
  return (side + filterSide - 1) ** 2;
}

/** [rows][columns], each row filled up with zeros to whole panels. @param to of length rows · roundUp(columns, 8) */
export function fillUpRows(filter: Filter, to: Float32Array): void {
  const { columns } = filter;
  const width = roundUp(columns, panelColumns);
  if (width === columns) {
    if (filter.copyTo === undefined) to.set(filter.values);
    else filter.copyTo(to);
    return;
  }
  const { values } = filter;
  to.fill(0);
  for (let from = 0, at = 0; from < values.length; from += columns, at += width) {
    to.set(values.subarray(from, from + columns), at);
  }
}

const depthwiseTaps = 9;
const laneCount = 4;
/** Nine weights and the bias, four channels together. */
export const depthwiseVectors = depthwiseTaps + 1;

/**
 * [3][3][channels] and [channels] → [channels / 4][10][4], channels filled up with zeros.
 * @param to of length 10 · roundUp(channels, 4)
 */
export function packDepthwise(
  filter: Float32Array,
  bias: Float32Array | undefined,
  channels: number,
  to: Float32Array,
): void {
  to.fill(0);
  for (let channel = 0; channel < channels; channel += 1) {
    const lane = channel % laneCount;
    const at = (channel - lane) * depthwiseVectors + lane;
    for (let tap = 0; tap < depthwiseTaps; tap += 1) to[at + tap * laneCount] = filter[tap * channels + channel]!;
    to[at + depthwiseTaps * laneCount] = bias?.[channel] ?? 0;
  }
}
