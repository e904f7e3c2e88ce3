/** Pictures made from formulas: the coarsest things that the gate tells apart. */

import type { GrayImage } from '../../../src/shared/analysis.ts';

type Formula = (x: number, y: number) => number;

const source = {
  kind: 'raster',
  inputKind: 'digital',
  format: 'png',
  orientation: 1,
  bitsPerSample: 8,
} as const;

/** @param formula of x and y in −1..1 (centre 0, y down) */
export function picture(formula: Formula, width = 512, height = width, meanChroma?: number): GrayImage {
  const data = new Float32Array(width * height);
  for (let row = 0; row < height; row += 1) {
    for (let column = 0; column < width; column += 1) {
      const value = formula(((column + 0.5) / width) * 2 - 1, ((row + 0.5) / height) * 2 - 1);
      data[row * width + column] = Math.min(1, Math.max(0, value));
    }
  }
  const colour = meanChroma === undefined ? {} : { colour: { meanChroma, chroma95: meanChroma, saturatedShare: 0 } };
  return { width, height, data, source: { ...source, storedWidth: width, storedHeight: height, ...colour } };
}

const smoothEllipse = (x: number, y: number, centreX: number, halfWidth: number, halfHeight: number): number =>
  1 / (1 + Math.exp(10 * (((x - centreX) / halfWidth) ** 2 + (y / halfHeight) ** 2 - 1)));

/** A frontal chest: body with two lungs; air beside it, shaded as tissue is, so that all tones occur. */
export const chest: Formula = (x, y) => {
  const body = 0.75 - 0.15 * y * y - 0.1 * Math.abs(x) + 0.03 * Math.sin(18 * y);
  const lungs = smoothEllipse(x, y + 0.05, -0.4, 0.28, 0.62) + smoothEllipse(x, y + 0.05, 0.4, 0.28, 0.62);
  return body - (0.45 + 0.1 * y) * lungs;
};

/** Two outlined bodies in black, as a slice through the thighs, with bone inside. */
export const slice: Formula = (x, y) => {
  const radius = Math.hypot(x, y * 1.2);
  if (radius > 0.8) return 0;
  if (radius > 0.72) return 1;
  return Math.sin(40 * x) * Math.sin(40 * y) > 0.5 ? 0.95 : 0.3;
};

/** Lines of print on white paper. */
export const print: Formula = (x, y) => (Math.sin(90 * y) > 0.3 && Math.sin(170 * x + 60 * y) > 0.2 ? 0.05 : 0.98);

/** The same noise in every run (a linear congruential generator, Numerical Recipes). */
export function noise(): Formula {
  let state = 1;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}
