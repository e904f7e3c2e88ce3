import type { GrayPixels } from '../network-input.ts';
import { resizeArea } from '../resize.ts';
import { glareWeights } from './glare-weights.ts';
import { meanChest } from './mean-chest.ts';

/** Cells along each side of the copy on which glare is looked for. */
const side = 2 * meanChest.side;
/** Spots smaller than this share of the film do not count. */
const leastSpot = 0.02;
/** Light that is told at most, share of white: what adds so much has taken all of a lung's contrast. */
const mostLight = 0.5;
/** Added to a film's spread of tones before it divides: a flat film is not to be blown up. */
const leastSpread = 0.02;
const reach = 1;

/**
 * How much light a lamp or a window that is mirrored in the film adds to it, where it adds most over a spot of `leastSpot`: so much that
 * what lies under it cannot be read as elsewhere. A dense lung is bright too, so shape, place and the other side must tell: a small
 * convolutional network on 24 × 24 cells (as they are, normalised, less their mirror image, and the mean chest), fitted to synthetic
 * photographs whose glare is known cell by cell (training/photo/fit_photo_glare.py).
 *
 * @param rectified grey before its tones are stretched, 0..1
 * @returns light, share of white, 0..0.5; 0 of a picture of fewer than 24 pixels a side
 */
export function measureGlare({ width, height, data }: GrayPixels): number {
  if (Math.min(width, height) < side) return 0;
  const light = lightOfCells(resizeArea(data, width, height, side, side)).sort();
  return light[light.length - 1 - Math.floor(leastSpot * light.length)]!;
}

/** Light that is added to each cell, as far as it can be told. */
function lightOfCells(cells: Float32Array): Float32Array {
  const layers: readonly Layer[] = glareWeights.layers;
  let planes = inputsOf(cells);
  for (const [index, layer] of layers.entries()) planes = convolve(planes, layer, index + 1 < layers.length);
  return planes[0]!.map((value) => mostLight / (1 + Math.exp(-value)));
}

function inputsOf(cells: Float32Array): readonly Float32Array[] {
  const mean = cells.reduce((sum, value) => sum + value, 0) / cells.length;
  const spread = Math.sqrt(cells.reduce((sum, value) => sum + (value - mean) ** 2, 0) / cells.length);
  return [
    cells,
    cells.map((value) => (value - mean) / (spread + leastSpread)),
    cells.map((value, at) => value - cells[at - (at % side) + side - 1 - (at % side)]!),
    chest,
  ];
}

/** The mean chest in the same cells. */
const chest = Float32Array.from({ length: side * side }, (_, at) => {
  const row = Math.floor((Math.floor(at / side) * meanChest.side) / side);
  const column = Math.floor(((at % side) * meanChest.side) / side);
  const half = meanChest.side / 2;
  return meanChest.leftHalves[row]![column < half ? column : meanChest.side - 1 - column]! / 100;
});

interface Layer {
  /** Cells between the places that a unit looks at; 0 where it looks at its own cell alone. */
  readonly dilation: number;
  /** A row a unit: of each plane in turn the places row by row. */
  readonly weights: readonly (readonly number[])[];
  readonly bias: readonly number[];
}

/** Beyond the film's edge there is nothing: zeros. */
function convolve(planes: readonly Float32Array[], layer: Layer, isRectified: boolean): readonly Float32Array[] {
  const { dilation, weights, bias } = layer;
  const reached = dilation === 0 ? 0 : reach;
  return weights.map((row, unit) => {
    const sums = new Float32Array(side * side).fill(bias[unit]!);
    let next = 0;
    for (const plane of planes) {
      for (let down = -reached; down <= reached; down += 1) {
        for (let across = -reached; across <= reached; across += 1, next += 1) {
          addShifted(sums, plane, row[next]!, across * dilation, down * dilation);
        }
      }
    }
    return isRectified ? sums.map((value) => Math.max(0, value)) : sums;
  });
}

function addShifted(sums: Float32Array, plane: Float32Array, weight: number, across: number, down: number): void {
  const [left, right] = [Math.max(0, -across), Math.min(side, side - across)];
  for (let y = Math.max(0, -down); y < Math.min(side, side - down); y += 1) {
    const from = (y + down) * side + across;
    for (let x = left; x < right; x += 1) sums[y * side + x]! += weight * plane[from + x]!;
  }
}
