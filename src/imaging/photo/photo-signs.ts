/** What is measured of a photograph to tell whether it can be read; limits and words are in photo-checks.ts. */

import type { Corners, PhotoImage } from '../../shared/analysis.ts';
import type { GrayPixels } from '../network-input.ts';
import { resizeArea } from '../resize.ts';
import { filmPose } from './film-pose.ts';
import { applyHomography, homographyFromUnitSquare } from './homography.ts';
import { meanChest } from './mean-chest.ts';

export interface PhotoSigns {
  /** Spread of the sharpest edges as the standard deviation of a Gauss, share of the film's short side. */
  readonly blur: number;
  /** How much brighter the brightest large spot is than any chest would be there, 0..1; see `measureGlare`. */
  readonly glare: number;
  /** Coloured ripple that no X-ray has, 0..1 of white; see `measureRipple`. */
  readonly ripple: number;
  /** 95th percentile of the film's grey before its tones are stretched, 0..1. */
  readonly brightest: number;
  /** Share of the film at white, where nothing can be told any more, 0..1. */
  readonly burnt: number;
  /** Pixels of the photograph along the film's shorter side. */
  readonly shortSide: number;
  readonly tiltDegrees: number;
}

/**
 * @param rectified the film as grey before its tones are stretched, 0..1
 * @param photo the photograph it was taken from, for colours
 */
export function measurePhotoSigns(photo: PhotoImage, corners: Corners, rectified: GrayPixels): PhotoSigns {
  const { width, height, data } = rectified;
  const sorted = coarse(rectified).sort();
  const brightest = sorted[Math.floor(sorted.length * 0.95)]!;
  let burnt = 0;
  for (const value of data) if (value >= burntFrom) burnt += 1;
  return {
    blur: measureBlur(rectified),
    glare: measureGlare(rectified),
    ripple: measureRipple(photo, corners),
    brightest,
    burnt: burnt / data.length,
    shortSide: Math.min(width, height),
    tiltDegrees: filmPose(corners, photo).tiltDegrees,
  };
}

const burntFrom = 0.985;
const coarseSide = 64;

function coarse({ width, height, data }: GrayPixels): Float32Array<ArrayBuffer> {
  return resizeArea(data, width, height, Math.min(width, coarseSide), Math.min(height, coarseSide));
}

/** Short side at which blur is measured: below it lies only noise, and any film that can be read has it. */
const blurSide = 512;
/** Standard deviation of the blur that is added, pixels. */
const addedBlur = 1.5;
/** The strongest edges tell; the sharpest tenth of them is what focus and hand allowed. */
const strongEdges = 0.01;
const sharpestPart = 0.1;
/** Margin that is left out: the film's own edge is not the picture's. */
const margin = 0.04;

/**
 * An edge spread by σ, blurred by σ₁ more, loses steepness by r = σ / √(σ² + σ₁²) (Zhuo & Sim 2011, Pattern Recognition
 * 44, eq. 6): so σ = σ₁ · r / √(1 − r²).
 */
function measureBlur({ width, height, data }: GrayPixels): number {
  const scale = Math.min(1, blurSide / Math.min(width, height));
  const [w, h] = [Math.max(1, Math.round(width * scale)), Math.max(1, Math.round(height * scale))];
  const small = resizeArea(data, width, height, w, h);
  // Grain and compression would be taken for sharp edges.
  const calm = gaussian(small, w, h, 0.7);
  const blurred = gaussian(calm, w, h, addedBlur);
  const steep = steepness(calm, w, h);
  const steepBlurred = steepness(blurred, w, h);
  const places: number[] = [];
  for (let y = Math.floor(h * margin) + 1; y < h * (1 - margin) - 1; y += 1) {
    for (let x = Math.floor(w * margin) + 1; x < w * (1 - margin) - 1; x += 1) places.push(y * w + x);
  }
  places.sort((a, b) => steep[b]! - steep[a]!);
  const strong = places.slice(0, Math.max(20, Math.floor(places.length * strongEdges)));
  const spreads = strong
    .map((at) => {
      const ratio = Math.min(0.999, steepBlurred[at]! / Math.max(1e-6, steep[at]!));
      return (addedBlur * ratio) / Math.sqrt(1 - ratio * ratio);
    })
    .sort((a, b) => a - b);
  return (spreads[Math.floor(spreads.length * sharpestPart)] ?? 0) / Math.min(w, h);
}

function gaussian(values: Float32Array, width: number, height: number, sigma: number): Float32Array {
  const reach = Math.ceil(3 * sigma);
  const kernel = Float64Array.from({ length: 2 * reach + 1 }, (_, k) =>
    Math.exp(-((k - reach) ** 2) / (2 * sigma ** 2)),
  );
  const total = kernel.reduce((sum, weight) => sum + weight, 0);
  const along = new Float32Array(values.length);
  const result = new Float32Array(values.length);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      let sum = 0;
      for (let k = -reach; k <= reach; k += 1) {
        sum += kernel[k + reach]! * values[y * width + Math.min(width - 1, Math.max(0, x + k))]!;
      }
      along[y * width + x] = sum / total;
    }
  }
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      let sum = 0;
      for (let k = -reach; k <= reach; k += 1) {
        sum += kernel[k + reach]! * along[Math.min(height - 1, Math.max(0, y + k)) * width + x]!;
      }
      result[y * width + x] = sum / total;
    }
  }
  return result;
}

function steepness(values: Float32Array, width: number, height: number): Float32Array {
  const result = new Float32Array(values.length);
  for (let y = 1; y + 1 < height; y += 1) {
    for (let x = 1; x + 1 < width; x += 1) {
      const at = y * width + x;
      result[at] = Math.hypot(values[at + 1]! - values[at - 1]!, values[at + width]! - values[at - width]!);
    }
  }
  return result;
}

/** Cells along each side of the copy on which glare is looked for. */
const glareSide = 2 * meanChest.side;
/** Spots smaller than this share of the film do not count. */
const leastSpot = 0.008;

/**
 * A lamp mirrored in the film adds light where a chest is dark. Each cell is compared with what the mean chest makes
 * likely there (least squares with an offset), and with its mirror image: in glare it is brighter than both. What is
 * told is how much, in the part of the film that `leastSpot` is.
 */
export function measureGlare({ width, height, data }: GrayPixels): number {
  const side = Math.min(glareSide, width, height);
  const cells = resizeArea(data, width, height, side, side);
  const expected = Float32Array.from({ length: side * side }, (_, at) => {
    const row = Math.floor((Math.floor(at / side) * meanChest.side) / side);
    const column = Math.floor(((at % side) * meanChest.side) / side);
    const half = meanChest.side / 2;
    return meanChest.leftHalves[row]![column < half ? column : meanChest.side - 1 - column]! / 100;
  });
  const mean = cells.reduce((sum, value) => sum + value, 0) / cells.length;
  let [products, squares] = [0, 0];
  for (let at = 0; at < cells.length; at += 1) {
    products += expected[at]! * (cells[at]! - mean);
    squares += expected[at]! ** 2;
  }
  const slope = Math.max(0, products / squares);
  const excess: number[] = [];
  for (let row = 1; row + 1 < side; row += 1) {
    for (let column = 1; column + 1 < side; column += 1) {
      const at = row * side + column;
      const aboveChest = cells[at]! - mean - slope * expected[at]!;
      const aboveMirror = cells[at]! - cells[row * side + side - 1 - column]!;
      // Bright to the end only: a dense lung is grey, a lamp nearly white.
      excess.push(Math.min(aboveChest, aboveMirror) * Math.min(1, cells[at]! / 0.8));
    }
  }
  excess.sort((a, b) => b - a);
  return Math.max(0, excess[Math.floor(leastSpot * side * side)] ?? 0);
}

/** Pixels of the photograph along a cell, cells along a tile. */
const rippleCell = 3;
const rippleTile = 8;
const rippleTiles = 10;
/** Mean of green, 0..255, below which no stripes are seen. */
const darkestTile = 30;

/**
 * The stripes of a screen beat with the camera's pixels in each colour at another place, so moiré is coloured, and an
 * X-ray is not. In each of many tiles inside the corners: the spread of red and of blue over green between cells
 * around their own plane; told is the median of the tiles, which a hand or a label in some of them does not move.
 */
function measureRipple({ width, height, rgba }: PhotoImage, corners: Corners): number {
  const map = homographyFromUnitSquare(corners);
  const reach = rippleCell * rippleTile;
  const spreads: number[] = [];
  for (let tile = 0; tile < rippleTiles * rippleTiles; tile += 1) {
    const u = 0.08 + (0.84 * ((tile % rippleTiles) + 1 / 2)) / rippleTiles;
    const v = 0.08 + (0.84 * (Math.floor(tile / rippleTiles) + 1 / 2)) / rippleTiles;
    const [x, y] = applyHomography(map, u, v).map((place) => Math.floor(place - reach / 2)) as [number, number];
    if (x < 0 || y < 0 || x + reach > width || y + reach > height) continue;
    const [red, green, blue] = [0, 1, 2].map(() => new Float64Array(rippleTile ** 2)) as [
      Float64Array,
      Float64Array,
      Float64Array,
    ];
    for (let row = 0; row < reach; row += 1) {
      for (let column = 0; column < reach; column += 1) {
        const at = ((y + row) * width + x + column) * 4;
        const cell = Math.floor(row / rippleCell) * rippleTile + Math.floor(column / rippleCell);
        red[cell] = red[cell]! + rgba[at]!;
        blue[cell] = blue[cell]! + rgba[at + 2]!;
        green[cell] = green[cell]! + rgba[at + 1]!;
      }
    }
    const brightness = green.reduce((sum, value) => sum + value, 0) / (reach * reach);
    if (brightness < darkestTile) continue;
    // Ratios: a film's own tint multiplies its light, and does not change from bone to air.
    for (let cell = 0; cell < green.length; cell += 1) {
      red[cell] = red[cell]! / Math.max(1, green[cell]!);
      blue[cell] = blue[cell]! / Math.max(1, green[cell]!);
    }
    spreads.push((Math.hypot(spreadAroundPlane(red), spreadAroundPlane(blue)) * brightness) / 255);
  }
  spreads.sort((a, b) => a - b);
  return spreads[Math.floor(spreads.length / 2)] ?? 0;
}

/** Root mean square distance from the least-squares plane of a square of cells. */
function spreadAroundPlane(cells: Float64Array): number {
  const middle = (rippleTile - 1) / 2;
  let [mean, slopeX, slopeY, squares] = [0, 0, 0, 0];
  for (let at = 0; at < cells.length; at += 1) {
    const [x, y] = [(at % rippleTile) - middle, Math.floor(at / rippleTile) - middle];
    mean += cells[at]! / cells.length;
    slopeX += cells[at]! * x;
    slopeY += cells[at]! * y;
    squares += x * x;
  }
  let sum = 0;
  for (let at = 0; at < cells.length; at += 1) {
    const [x, y] = [(at % rippleTile) - middle, Math.floor(at / rippleTile) - middle];
    sum += (cells[at]! - mean - (slopeX * x + slopeY * y) / squares) ** 2;
  }
  return Math.sqrt(sum / cells.length);
}
