/** Pixels of the picture and of a finding's map. Pure but for the canvases handed in. */

import type { Analysis, DisplayImage, FindingMap } from '../shared/analysis.ts';

/**
 * Colours from little to much evidence: dark blue, purple, orange, yellow. Lightness rises all the way (so it reads
 * in grey too) and no step is between red and green, which is what most colour-blind people cannot tell apart.
 */
export const mapStops: readonly (readonly [at: number, red: number, green: number, blue: number])[] = [
  [0, 36, 52, 140],
  [0.35, 142, 48, 150],
  [0.7, 232, 106, 58],
  [1, 255, 232, 116],
];

/** Side of the interpolated map, pixels: fine enough that drawing it larger shows no corners. */
const paintedSide = 128;
/** A map whose strongest place is weaker than this (logit units) is drawn faintly, not stretched to full colour. */
const smallestFullScale = 1;
/** Evidence below this share of the strongest stays clear, so that the picture is seen. */
const clearBelow = 0.12;
/** Share at which the colour is as dense as it gets. */
const denseFrom = 0.6;
const byteMax = 255;
const rgba = 4;
const opaqueBlack = 0xff000000;
/** Rows that are drawn at once. */
const stripRows = 128;
/** Red, green and blue alike. */
const greyWord = 0x010101;

/** Share 0..1 of the strongest evidence → colour and opacity, 0..255 each. */
export function mapColour(share: number): readonly [red: number, green: number, blue: number, alpha: number] {
  const at = Math.min(1, Math.max(0, share));
  const upper = Math.max(
    1,
    mapStops.findIndex((stop) => stop[0] >= at),
  );
  const from = mapStops[upper - 1];
  const to = mapStops[upper];
  if (from === undefined || to === undefined) return [0, 0, 0, 0];
  const part = (at - from[0]) / (to[0] - from[0]);
  const mix = (a: number, b: number): number => Math.round(a + (b - a) * part);
  const alpha = Math.min(1, Math.max(0, (at - clearBelow) / (denseFrom - clearBelow)));
  return [mix(from[1], to[1]), mix(from[2], to[2]), mix(from[3], to[3]), Math.round(alpha * byteMax)];
}

/** Catmull-Rom spline through four neighbours (Keys 1981, a = −1/2), `t` in 0..1 between the middle two. */
function cubic(before: number, from: number, to: number, after: number, t: number): number {
  const a = -0.5 * before + 1.5 * from - 1.5 * to + 0.5 * after;
  const b = before - 2.5 * from + 2 * to - 0.5 * after;
  return ((a * t + b) * t + 0.5 * (to - before)) * t + from;
}

/** The four neighbours of each painted position along one axis of `cells` cells, and where it lies between the middle two. */
function neighbours(cells: number): readonly { readonly at: readonly number[]; readonly t: number }[] {
  return Array.from({ length: paintedSide }, (_, position) => {
    const x = ((position + 0.5) / paintedSide) * cells - 0.5;
    const from = Math.floor(x);
    // Edges repeat.
    const at = [from - 1, from, from + 1, from + 2].map((cell) => Math.min(cells - 1, Math.max(0, cell)));
    return { at, t: x - from };
  });
}

/**
 * The map at `paintedSide` × `paintedSide` positions, row-major, logit units; cell centres at + 0.5. First along the
 * rows, then along the columns: sixteen thousand positions must not hold up a slow phone's screen.
 */
export function interpolateMap({ width, height, values }: FindingMap): Float32Array {
  const columns = neighbours(width);
  const wide = new Float32Array(height * paintedSide);
  for (let row = 0; row < height; row += 1) {
    columns.forEach(({ at, t }, x) => {
      const [a = 0, b = 0, c = 0, d = 0] = at.map((column) => values[row * width + column] ?? 0);
      wide[row * paintedSide + x] = cubic(a, b, c, d, t);
    });
  }
  const full = new Float32Array(paintedSide * paintedSide);
  neighbours(height).forEach(({ at, t }, y) => {
    const [a = 0, b = 0, c = 0, d = 0] = at.map((row) => row * paintedSide);
    for (let x = 0; x < paintedSide; x += 1) {
      full[y * paintedSide + x] = cubic(wide[a + x] ?? 0, wide[b + x] ?? 0, wide[c + x] ?? 0, wide[d + x] ?? 0, t);
    }
  });
  return full;
}

let palette: Uint8ClampedArray | undefined;

/** The map's positive evidence as a small square RGBA picture. */
export function paintMap(map: FindingMap): ImageData {
  palette ??= Uint8ClampedArray.from({ length: (byteMax + 1) * rgba }, (_, index) => {
    return mapColour(Math.floor(index / rgba) / byteMax)[index % rgba] ?? 0;
  });
  const strongest = map.values.reduce((most, value) => Math.max(most, value), 0);
  const scale = Math.max(strongest, smallestFullScale);
  const painted = new ImageData(paintedSide, paintedSide);
  interpolateMap(map).forEach((value, position) => {
    const shade = Math.round(Math.min(1, Math.max(0, value / scale)) * byteMax) * rgba;
    for (let channel = 0; channel < rgba; channel += 1) {
      painted.data[position * rgba + channel] = palette?.[shade + channel] ?? 0;
    }
  });
  return painted;
}

/**
 * Gives a canvas's pixels back now: they are megabytes, of which the garbage collector sees only a small object (WebKit
 * bug 195325). One pixel, because Safari keeps the memory of a canvas of size 0.
 */
export function releaseCanvas(canvas: HTMLCanvasElement): void {
  canvas.width = 1;
  canvas.height = 1;
}

/** Draws the grey picture at its own size; `table` holds what each of the 256 greys is shown as, the same by default. */
export function drawPicture(canvas: HTMLCanvasElement, display: DisplayImage, table?: Uint8Array): void {
  const { width, height, data } = display;
  // Setting a size empties the canvas and takes new memory, even where it is the same.
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
  // One word a pixel, alpha highest: every device that runs this is little-endian.
  const shown = Uint32Array.from({ length: byteMax + 1 }, (_, grey) => {
    return opaqueBlack | ((table?.[grey] ?? grey) * greyWord);
  });
  const context = canvas.getContext('2d');
  // In strips: the picture in colours is four times as large as it is, and a drag draws it many times a second.
  const rows = Math.min(height, stripRows);
  const strip = new ImageData(width, rows);
  const words = new Uint32Array(strip.data.buffer);
  for (let top = 0; top < height; top += rows) {
    const first = top * width;
    const pixels = Math.min(words.length, data.length - first);
    for (let index = 0; index < pixels; index += 1) words[index] = shown[data[first + index] ?? 0] ?? opaqueBlack;
    context?.putImageData(strip, 0, top, 0, 0, width, Math.min(rows, height - top));
  }
}

export interface MapPlace {
  /** Size of the picture that `field` refers to. */
  readonly imageWidth: number;
  readonly imageHeight: number;
  /** The part of it that the network saw. */
  readonly field: Analysis['field'];
}

export function mapPlace({ image, field }: Analysis): MapPlace {
  return { imageWidth: image.width, imageHeight: image.height, field };
}

/** Draws the map onto the part of the picture that the network saw; `canvas` covers the whole picture. */
export function drawMap(canvas: HTMLCanvasElement, map: FindingMap | undefined, place: MapPlace): void {
  const context = canvas.getContext('2d');
  if (context === null) return;
  context.clearRect(0, 0, canvas.width, canvas.height);
  if (map === undefined) return;
  const small = document.createElement('canvas');
  small.width = paintedSide;
  small.height = paintedSide;
  small.getContext('2d')?.putImageData(paintMap(map), 0, 0);
  const scaleX = canvas.width / place.imageWidth;
  const scaleY = canvas.height / place.imageHeight;
  context.imageSmoothingEnabled = true;
  context.imageSmoothingQuality = 'high';
  const { x, y, width, height } = place.field;
  context.drawImage(small, x * scaleX, y * scaleY, width * scaleX, height * scaleY);
  releaseCanvas(small);
}
