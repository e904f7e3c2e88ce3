/** Halves of cos(k·π/16), k = 1..7: the normalisation of the 8-point DCT (T.81 §A.3.3) is in them. */
const [c1, c2, c3, c4, c5, c6, c7] = [1, 2, 3, 4, 5, 6, 7].map((k) => Math.cos((k * Math.PI) / 16) / 2) as [
  number,
  number,
  number,
  number,
  number,
  number,
  number,
];

const side = 8;
const scratch = new Float64Array(side * side);

/**
 * The inverse DCT of one 8 × 8 block, in float64, so that 12-bit samples are exact to rounding (T.81 §A.3.3).
 *
 * @param coefficients dequantised, row-major
 * @param into row-major samples around 0, not rounded
 */
export function inverseDct(coefficients: Float64Array, into: Float64Array): void {
  for (let row = 0; row < side; row += 1) transform(coefficients, row * side, 1, scratch);
  for (let column = 0; column < side; column += 1) transform(scratch, column, side, into);
}

/** One row or column: even and odd coefficients apart, then their sum and difference. */
function transform(from: Float64Array, at: number, step: number, into: Float64Array): void {
  const x0 = from[at]!;
  const x1 = from[at + step]!;
  const x2 = from[at + 2 * step]!;
  const x3 = from[at + 3 * step]!;
  const x4 = from[at + 4 * step]!;
  const x5 = from[at + 5 * step]!;
  const x6 = from[at + 6 * step]!;
  const x7 = from[at + 7 * step]!;
  const sum = c4 * (x0 + x4);
  const difference = c4 * (x0 - x4);
  const outer = c2 * x2 + c6 * x6;
  const inner = c6 * x2 - c2 * x6;
  const odd0 = c1 * x1 + c3 * x3 + c5 * x5 + c7 * x7;
  const odd1 = c3 * x1 - c7 * x3 - c1 * x5 - c5 * x7;
  const odd2 = c5 * x1 - c1 * x3 + c7 * x5 + c3 * x7;
  const odd3 = c7 * x1 - c5 * x3 + c3 * x5 - c1 * x7;
  into[at] = sum + outer + odd0;
  into[at + 7 * step] = sum + outer - odd0;
  into[at + step] = difference + inner + odd1;
  into[at + 6 * step] = difference + inner - odd1;
  into[at + 2 * step] = difference - inner + odd2;
  into[at + 5 * step] = difference - inner - odd2;
  into[at + 3 * step] = sum - outer + odd3;
  into[at + 4 * step] = sum - outer - odd3;
}
