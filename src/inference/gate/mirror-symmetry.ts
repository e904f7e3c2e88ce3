/** The body's middle may lie this share of the width beside the picture's: shifts up to it are tried. */
const largestShiftPart = 1 / 8;

/**
 * Correlation of a picture with its mirror image, −1..1, at the best of some sideways shifts. Values are replaced by
 * their ranks first, so that exposure and gamma do not count (Spearman). A frontal chest is about 0.9, for bones and
 * lungs come in pairs; a lateral one looks forward, about 0.45.
 *
 * @param picture square, row-major, `side` × `side`, any unit
 */
export function mirrorSymmetry(picture: Float32Array, side: number): number {
  const ranks = rank(picture);
  const largestShift = Math.floor(side * largestShiftPart);
  let best = -1;
  for (let shift = -largestShift; shift <= largestShift; shift += 1) {
    best = Math.max(best, mirroredCorrelation(ranks, side, shift));
  }
  return best;
}

/** Equal values share the mean of their ranks; else a flat surround would be ranked by place. */
function rank(values: Float32Array): Float32Array {
  const sorted = Float32Array.from(values).sort();
  const ranks = new Map<number, number>();
  for (let start = 0; start < sorted.length;) {
    const value = sorted[start]!;
    let end = start;
    while (end + 1 < sorted.length && sorted[end + 1] === value) end += 1;
    ranks.set(value, (start + end) / 2);
    start = end + 1;
  }
  return values.map((value) => ranks.get(value) ?? 0);
}

/** Pearson's correlation of the picture with its mirror image moved by `shift` pixels, where both exist. */
function mirroredCorrelation(values: Float32Array, side: number, shift: number): number {
  let count = 0;
  let sumA = 0;
  let sumB = 0;
  let squaresA = 0;
  let squaresB = 0;
  let products = 0;
  for (let y = 0; y < side; y += 1) {
    for (let x = Math.max(0, shift); x < side + Math.min(0, shift); x += 1) {
      const a = values[y * side + x]!;
      const b = values[y * side + (side - 1 - (x - shift))]!;
      count += 1;
      sumA += a;
      sumB += b;
      squaresA += a * a;
      squaresB += b * b;
      products += a * b;
    }
  }
  const varianceA = squaresA / count - (sumA / count) ** 2;
  const varianceB = squaresB / count - (sumB / count) ** 2;
  if (varianceA <= 0 || varianceB <= 0) return 1;
  return (products / count - (sumA / count) * (sumB / count)) / Math.sqrt(varianceA * varianceB);
}
