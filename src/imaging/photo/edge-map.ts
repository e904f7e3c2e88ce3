import type { SmallPhoto } from './reduce-photo.ts';

/** Edges of a small photograph. Vectors point from dark to bright; all arrays row-major. */
export interface EdgeMap {
  readonly width: number;
  readonly height: number;
  /** Unit direction of the steepest of the three channels; 0 where there is no edge. */
  readonly directionX: Float32Array;
  readonly directionY: Float32Array;
  /** 0..1: how certain it is that there is an edge, whatever its contrast. */
  readonly strength: Float32Array;
  /** Indices of pixels that are steepest across their edge, and where they lie. */
  readonly ridge: Int32Array;
  readonly ridgeX: Float32Array;
  readonly ridgeY: Float32Array;
}

/**
 * Gradient of 0..255 a pixel at which an edge counts half: a clear film on a bright pane differs by little, and must
 * not drown beside the frame of the pane. Half of the steepness that nine tenths of the picture stay below, within bounds.
 */
const halfStrength = { least: 2.5, most: 12, percentile: 0.9, part: 0.5 };
const leastStrength = 0.35;
const steepnessBins = 512;
const binsPerUnit = 4;

/** Scharr's derivative, in units of 0..255 a pixel, of the channel where it is steepest (Di Zenzo 1986, simplified). */
export function findEdges({ width, height, red, green, blue }: SmallPhoto): EdgeMap {
  const size = width * height;
  const directionX = new Float32Array(size);
  const directionY = new Float32Array(size);
  const steepness = new Float32Array(size);
  const planes = [red, green, blue] as const;
  for (let y = 1; y + 1 < height; y += 1) {
    for (let x = 1; x + 1 < width; x += 1) {
      const at = y * width + x;
      const up = at - width;
      const down = at + width;
      let steepest = 0;
      let steepestX = 0;
      let steepestY = 0;
      for (let channel = 0; channel < planes.length; channel += 1) {
        const plane = planes[channel]!;
        const nw = plane[up - 1]!;
        const ne = plane[up + 1]!;
        const sw = plane[down - 1]!;
        const se = plane[down + 1]!;
        const gx = (3 * (ne - nw + se - sw) + 10 * (plane[at + 1]! - plane[at - 1]!)) / 32;
        const gy = (3 * (sw - nw + se - ne) + 10 * (plane[down]! - plane[up]!)) / 32;
        const squared = gx * gx + gy * gy;
        if (squared <= steepest) continue;
        steepest = squared;
        steepestX = gx;
        steepestY = gy;
      }
      if (steepest === 0) continue;
      const steep = Math.sqrt(steepest);
      steepness[at] = steep;
      directionX[at] = steepestX / steep;
      directionY[at] = steepestY / steep;
    }
  }
  const half = steepnessOfHalf(steepness);
  const strength = new Float32Array(size);
  for (let at = 0; at < size; at += 1) strength[at] = steepness[at]! / (steepness[at]! + half);
  const ridge = findRidge();
  const ridgeX = Float32Array.from(ridge, (at) => at % width);
  const ridgeY = Float32Array.from(ridge, (at) => Math.floor(at / width));
  return { width, height, directionX, directionY, strength, ridge, ridgeX, ridgeY };

  function findRidge(): Int32Array {
    const found: number[] = [];
    for (let y = 1; y + 1 < height; y += 1) {
      for (let x = 1; x + 1 < width; x += 1) {
        const at = y * width + x;
        if (strength[at]! < leastStrength) continue;
        const ahead = at + Math.round(directionX[at]!) + Math.round(directionY[at]!) * width;
        const behind = at - Math.round(directionX[at]!) - Math.round(directionY[at]!) * width;
        if (steepness[at]! >= steepness[ahead]! && steepness[at]! > steepness[behind]!) found.push(at);
      }
    }
    return Int32Array.from(found);
  }
}

function steepnessOfHalf(steepness: Float32Array): number {
  const counts = new Uint32Array(steepnessBins);
  for (const value of steepness) {
    const bin = Math.min(steepnessBins - 1, Math.floor(value * binsPerUnit));
    counts[bin] = counts[bin]! + 1;
  }
  let bin = 0;
  for (let below = counts[0]!; below < halfStrength.percentile * steepness.length; below += counts[bin]!) bin += 1;
  const typical = (halfStrength.part * bin) / binsPerUnit;
  return Math.min(halfStrength.most, Math.max(halfStrength.least, typical));
}
