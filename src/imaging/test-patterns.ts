/**
 * Pictures made by formula, the inputs of a pack's known answers (`golden.json`). The formulas are those of the
 * pilot weights' own known answers, which are stated for 224 × 224; at other sizes the coordinates are scaled, so
 * that every size shows the same picture.
 */

/** The size in whose pixels the formulas are written. */
const formulaSize = 224;
const lastPixel = formulaSize - 1;

export const testPatternNames = ['ramp', 'rings', 'ellipses'] as const;
export type TestPatternName = (typeof testPatternNames)[number];

/** Value of a pattern at (x, y), both 0..223, before clipping to 0..1. */
const formulas: Readonly<Record<TestPatternName, (x: number, y: number) => number>> = {
  /** (x + y) / 446: a diagonal from black to white. */
  ramp: (x, y) => (x + y) / (2 * lastPixel),
  /** Rings around the centre with a period of 12 π pixels. */
  rings: (x, y) => 0.5 + 0.5 * Math.cos(Math.hypot(x - lastPixel / 2, y - lastPixel / 2) / 6),
  /** Two dark "lungs" on a bright "chest" with faint "ribs". */
  ellipses: (x, y) =>
    0.75 - 0.55 * insideEllipse(x, y, 72, 112) - 0.55 * insideEllipse(x, y, 152, 112) + 0.1 * Math.sin(y / 5),
};

/**
 * @param width pixels, at least 1
 * @param height pixels, at least 1
 * @returns row-major, `width * height` values in 0..1
 */
export function testPattern(name: TestPatternName, width: number, height: number): Float32Array<ArrayBuffer> {
  const formula = formulas[name];
  const data = new Float32Array(width * height);
  for (let row = 0; row < height; row += 1) {
    const y = formulaCoordinate(row, height);
    for (let column = 0; column < width; column += 1) {
      const value = formula(formulaCoordinate(column, width), y);
      data[row * width + column] = Math.min(1, Math.max(0, value));
    }
  }
  return data;
}

/** Pixel centres of any size onto those of the formula's; exactly `index` where the sizes agree. */
function formulaCoordinate(index: number, size: number): number {
  return size === formulaSize ? index : ((index + 1 / 2) * formulaSize) / size - 1 / 2;
}

/** 1 inside the ellipse with half axes 38 × 74 pixels around (centreX, centreY), else 0. */
function insideEllipse(x: number, y: number, centreX: number, centreY: number): number {
  const halfWidth = 38;
  const halfHeight = 74;
  return ((x - centreX) / halfWidth) ** 2 + ((y - centreY) / halfHeight) ** 2 < 1 ? 1 : 0;
}
