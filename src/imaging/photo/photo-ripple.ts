import type { Corners, PhotoImage } from '../../shared/analysis.ts';
import { applyHomography, homographyFromUnitSquare } from './homography.ts';
import { luma601 } from './luma.ts';

/** Pixels of the photograph along a tile: a power of two. */
const tile = 64;
/** Tiles along each side of the film, and the margin around them, share of the film. */
const tilesAlong = 5;
const margin = 0.1;
/** Mean luma, 0..255, below which no stripes are seen. */
const darkestTile = 25;
/** Waves along a tile below which a rib may be what is seen. */
const fewestWaves = 5;
/** JPEG's blocks of 8 pixels have spectra of their own: at these waves a tile, and one beside. */
const blockWaves = tile / 8;
/** A wave is compared with the mean of a square of waves around it, without those that the window smears it over. */
const around = { reach: 5, without: 2 } as const;
/** Deviation of noise, of 0..255, that is taken to be everywhere: JPEG leaves nothing at all of weak waves. */
const floorNoise = 1;
/** The tile that tells: stripes may be out of focus in half of a tilted screen, an edge of the chest is in few. */
const toldTile = 0.75;
const smallest = 1e-6;

/**
 * Stripes that no X-ray has. Where a screen's grid beats with the camera's pixels, the moiré is a wave of nearly one length in each small
 * part of the picture: a lone peak in that part's spectrum, while grain is level there and an edge a ridge. In each of 25 tiles inside the
 * corners: the strongest wave's power over the mean of the waves around it; told is the upper quartile of the tiles.
 *
 * @returns natural logarithm of the ratio, ≥ 0; about 1.4 of grain alone
 */
export function measureRipple(photo: PhotoImage, corners: Corners): number {
  const map = homographyFromUnitSquare(corners);
  const found: number[] = [];
  for (let index = 0; index < tilesAlong ** 2; index += 1) {
    const [u, v] = [index % tilesAlong, Math.floor(index / tilesAlong)].map(
      (place) => margin + ((1 - 2 * margin) * (place + 1 / 2)) / tilesAlong,
    ) as [number, number];
    const [x, y] = applyHomography(map, u, v).map((place) => Math.floor(place - tile / 2)) as [number, number];
    if (x < 0 || y < 0 || x + tile > photo.width || y + tile > photo.height) continue;
    const ratio = strongestWave(photo, x, y);
    if (ratio !== undefined) found.push(Math.max(0, Math.log(ratio + smallest)));
  }
  found.sort((a, b) => a - b);
  return found[Math.floor(found.length * toldTile)] ?? 0;
}

/** Hann's window, and the power that white noise of variance 1 has behind it. */
const taper = Float64Array.from({ length: tile }, (_, at) => (1 - Math.cos((2 * Math.PI * at) / (tile - 1))) / 2);
const noisePower = taper.reduce((sum, value) => sum + value * value, 0) ** 2;

function strongestWave({ width, rgba }: PhotoImage, left: number, top: number): number | undefined {
  const real = new Float64Array(tile * tile);
  let mean = 0;
  for (let row = 0, to = 0; row < tile; row += 1) {
    for (let at = 4 * ((top + row) * width + left), end = at + 4 * tile; at < end; at += 4, to += 1) {
      real[to] = luma601(rgba[at]!, rgba[at + 1]!, rgba[at + 2]!);
      mean += real[to]! / real.length;
    }
  }
  if (mean < darkestTile) return undefined;
  for (let at = 0; at < real.length; at += 1) {
    real[at] = (real[at]! - mean) * taper[at % tile]! * taper[Math.floor(at / tile)]!;
  }
  const power = powerSpectrum(real);
  const wide = squareSums(power, around.reach);
  const near = squareSums(power, around.without);
  const count = (2 * around.reach + 1) ** 2 - (2 * around.without + 1) ** 2;
  let most = 0;
  for (let at = 0; at < power.length; at += 1) {
    if (!mayBeStripe(at % tile, Math.floor(at / tile))) continue;
    const ratio = power[at]! / ((wide[at]! - near[at]!) / count + floorNoise ** 2 * noisePower);
    if (ratio > most) most = ratio;
  }
  return most;
}

/** @param across waves along the tile, 0..63; those beyond half are the same as negative ones */
function mayBeStripe(across: number, down: number): boolean {
  const [x, y] = [Math.min(across, tile - across), Math.min(down, tile - down)];
  const length = Math.hypot(x, y);
  if (length < fewestWaves || length > tile / 2) return false;
  return !(isBlockWave(x) && isBlockWave(y));
}

function isBlockWave(waves: number): boolean {
  const beyond = waves % blockWaves;
  return Math.min(beyond, blockWaves - beyond) <= 1;
}

/** Sums of squares of `2 * reach + 1` waves, the spectrum repeated beyond its ends as it is. */
function squareSums(power: Float64Array, reach: number): Float64Array {
  const along = new Float64Array(power.length);
  const sums = new Float64Array(power.length);
  for (let at = 0; at < power.length; at += 1) {
    const row = at - (at % tile);
    for (let aside = -reach; aside <= reach; aside += 1) along[at]! += power[row + ((at + aside + tile) % tile)]!;
  }
  for (let at = 0; at < power.length; at += 1) {
    for (let aside = -reach; aside <= reach; aside += 1) {
      sums[at]! += along[(at + aside * tile + power.length) % power.length]!;
    }
  }
  return sums;
}

function powerSpectrum(real: Float64Array): Float64Array {
  const imaginary = new Float64Array(real.length);
  for (let line = 0; line < tile; line += 1) transform(real, imaginary, line * tile, 1);
  for (let line = 0; line < tile; line += 1) transform(real, imaginary, line, tile);
  return real.map((value, at) => value * value + imaginary[at]! ** 2);
}

/** One line of `tile` values `apart`, in place: the fast Fourier transform of Cooley & Tukey 1965, radix 2. */
function transform(real: Float64Array, imaginary: Float64Array, start: number, apart: number): void {
  for (let at = 1, turned = 0; at < tile; at += 1) {
    let bit = tile >> 1;
    for (; turned & bit; bit >>= 1) turned ^= bit;
    turned ^= bit;
    if (at < turned) {
      for (const part of [real, imaginary]) {
        const [a, b] = [start + at * apart, start + turned * apart];
        [part[a], part[b]] = [part[b]!, part[a]!];
      }
    }
  }
  for (let half = 1; half < tile; half *= 2) {
    for (let step = 0; step < half; step += 1) {
      const angle = (-Math.PI * step) / half;
      const [cosine, sine] = [Math.cos(angle), Math.sin(angle)];
      for (let at = step; at < tile; at += 2 * half) {
        const [a, b] = [start + at * apart, start + (at + half) * apart];
        const x = real[b]! * cosine - imaginary[b]! * sine;
        const y = real[b]! * sine + imaginary[b]! * cosine;
        real[b] = real[a]! - x;
        imaginary[b] = imaginary[a]! - y;
        real[a]! += x;
        imaginary[a]! += y;
      }
    }
  }
}
