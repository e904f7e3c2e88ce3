/** Wang et al., "Image quality assessment: from error visibility to structural similarity", IEEE TIP 13(4), 2004. */

const windowSide = 8;
/** Stabilising constants (§III.B): (0.01 · 255)² and (0.03 · 255)². */
const c1 = (0.01 * 255) ** 2;
const c2 = (0.03 * 255) ** 2;

/** 8-bit grey, row-major. */
export interface GreyBytes {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8ClampedArray;
}

/**
 * Mean structural similarity (eq. 13, 17) over windows of 8 × 8 pixels that lie side by side, unweighted, variances with
 * n − 1: as npm's `image-ssim` 0.2.0 computes it, because thresholds that others found with it are used.
 *
 * @returns −1..1; 1 where the pictures are equal
 * @throws RangeError where the sizes differ or a picture is empty
 */
export function structuralSimilarity(a: GreyBytes, b: GreyBytes): number {
  const { width, height } = a;
  if (width !== b.width || height !== b.height) throw new RangeError('pictures of different size');
  if (width === 0 || height === 0) throw new RangeError('empty pictures');
  let sum = 0;
  let windows = 0;
  for (let top = 0; top < height; top += windowSide) {
    for (let left = 0; left < width; left += windowSide) {
      sum += windowSimilarity(a, b, left, top);
      windows += 1;
    }
  }
  return sum / windows;
}

/** Windows at the right and lower edge are cut. */
function windowSimilarity(a: GreyBytes, b: GreyBytes, left: number, top: number): number {
  const right = Math.min(a.width, left + windowSide);
  const bottom = Math.min(a.height, top + windowSide);
  const count = (right - left) * (bottom - top);
  let sumA = 0;
  let sumB = 0;
  for (let y = top; y < bottom; y += 1) {
    for (let at = y * a.width + left; at < y * a.width + right; at += 1) {
      sumA += a.data[at]!;
      sumB += b.data[at]!;
    }
  }
  const meanA = sumA / count;
  const meanB = sumB / count;
  let squaresA = 0;
  let squaresB = 0;
  let products = 0;
  for (let y = top; y < bottom; y += 1) {
    for (let at = y * a.width + left; at < y * a.width + right; at += 1) {
      const offA = a.data[at]! - meanA;
      const offB = b.data[at]! - meanB;
      squaresA += offA * offA;
      squaresB += offB * offB;
      products += offA * offB;
    }
  }
  // A window of one pixel has no variance.
  const freedom = Math.max(1, count - 1);
  return (
    ((2 * meanA * meanB + c1) * ((2 * products) / freedom + c2)) /
    ((meanA ** 2 + meanB ** 2 + c1) * ((squaresA + squaresB) / freedom + c2))
  );
}
