import type { JpegPlane } from './sequential-scan.ts';

/**
 * A component at the frame's full size. Halved columns (4:2:2) and halved columns and rows (4:2:0) are interpolated
 * with the triangle filter of the JPEG reference implementation, so that chroma agrees with other readers; other
 * factors are repeated.
 *
 * @returns row-major, `width` × `height`
 */
export function upsample(plane: JpegPlane, width: number, height: number, across: number, down: number): Uint16Array {
  if (across === 2 && (down === 1 || down === 2)) return interpolate(plane, width, height, down === 2);
  const output = new Uint16Array(width * height);
  for (let y = 0; y < height; y += 1) {
    const row = Math.floor(y / down) * plane.stride;
    for (let x = 0; x < width; x += 1) output[y * width + x] = plane.samples[row + Math.floor(x / across)]!;
  }
  return output;
}

/** Three parts of the nearer sample, one of the farther; rounding alternates, so that there is no bias. */
function interpolate(plane: JpegPlane, width: number, height: number, bothWays: boolean): Uint16Array {
  const { stride, usedWidth, usedHeight, samples } = plane;
  const output = new Uint16Array(width * height);
  const near = 3;
  const scale = bothWays ? 4 : 1;
  const line = new Float64Array(usedWidth);
  for (let y = 0; y < height; y += 1) {
    const row = bothWays ? y >> 1 : y;
    const other = Math.min(usedHeight - 1, Math.max(0, row + (y % 2 === 0 ? -1 : 1)));
    for (let x = 0; x < usedWidth; x += 1) {
      const value = samples[row * stride + x]!;
      line[x] = bothWays ? near * value + samples[other * stride + x]! : value;
    }
    const divisor = 4 * scale;
    for (let x = 0; x < width; x += 1) {
      const at = x >> 1;
      const isLeft = x % 2 === 0;
      const next = Math.min(usedWidth - 1, Math.max(0, at + (isLeft ? -1 : 1)));
      const rounding = bothWays ? (isLeft ? 8 : 7) : next === at ? 0 : isLeft ? 1 : 2;
      output[y * width + x] = Math.floor((near * line[at]! + line[next]! + rounding) / divisor);
    }
  }
  return output;
}
