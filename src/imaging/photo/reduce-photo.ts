import type { PhotoImage } from '../../shared/analysis.ts';

/** A small copy of a photograph: three planes of 0..255, row-major. */
export interface SmallPhoto {
  readonly width: number;
  readonly height: number;
  readonly red: Float32Array;
  readonly green: Float32Array;
  readonly blue: Float32Array;
  /** Pixels of the photograph along a pixel of the copy. */
  readonly step: number;
}

const channels = 4;

/**
 * The means of whole blocks of pixels, so that the long side is ≤ `longSide`: fast enough for every frame of a camera.
 * What is left over at the right and below, less than a block, is not looked at.
 */
export function reducePhoto({ width, height, rgba }: PhotoImage, longSide: number): SmallPhoto {
  const step = Math.max(1, Math.ceil(Math.max(width, height) / longSide));
  const columns = Math.max(1, Math.floor(width / step));
  const rows = Math.max(1, Math.floor(height / step));
  const planes = [0, 1, 2].map(() => new Float32Array(columns * rows)) as [Float32Array, Float32Array, Float32Array];
  const [red, green, blue] = planes;
  const stepX = Math.min(step, width);
  const stepY = Math.min(step, height);
  for (let row = 0; row < rows; row += 1) {
    for (let line = 0; line < stepY; line += 1) {
      let at = (row * stepY + line) * width * channels;
      for (let column = 0; column < columns; column += 1) {
        const to = row * columns + column;
        let r = 0;
        let g = 0;
        let b = 0;
        for (let k = 0; k < stepX; k += 1, at += channels) {
          r += rgba[at]!;
          g += rgba[at + 1]!;
          b += rgba[at + 2]!;
        }
        red[to] = red[to]! + r;
        green[to] = green[to]! + g;
        blue[to] = blue[to]! + b;
      }
    }
  }
  const scale = 1 / (stepX * stepY);
  for (const plane of planes)
    for (let index = 0; index < plane.length; index += 1) plane[index] = plane[index]! * scale;
  return { width: columns, height: rows, red, green, blue, step };
}
