/** Ratios of paired timings: what disturbs one of a pair disturbs the other, so they travel better than milliseconds. */

import { median, type Figure } from '../table.ts';

/** Median and smallest of paired ratios. */
export interface Ratio {
  readonly median: number;
  readonly min: number;
}

/** As the issue and the table of targets name them; one that was not measured is absent. */
export const ratioNames = [
  'densenet121_over_chester',
  'densenet121_plain_over_chester',
  'densenet121_over_ort_fp32',
  'densenet121_over_ort_int8',
  'flops_over_fma_peak',
  'pocket_over_chester',
  'maps_over_forward',
  'gradient_over_forward',
  'cold_over_chester',
  'two_threads_over_chester',
] as const;
export type RatioName = (typeof ratioNames)[number];
export type Ratios = Readonly<Partial<Record<RatioName, Ratio>>>;

/** Round by round; both lists are of the same rounds. */
export function ratioOf(numerators: readonly number[], denominators: readonly number[]): Ratio {
  if (numerators.length !== denominators.length || numerators.length === 0) {
    throw new Error(`${numerators.length} and ${denominators.length} timings make no pairs`);
  }
  const values = numerators.map((value, round) => value / denominators[round]!);
  return { median: median(values), min: Math.min(...values) };
}

/** At most, or at least (issue: speed). */
export const ratioTargets: Readonly<Record<RatioName, Pick<Figure, 'budget' | 'atLeast'>>> = {
  densenet121_over_chester: { budget: 0.33 },
  densenet121_plain_over_chester: { budget: 0.4 },
  densenet121_over_ort_fp32: { budget: 0.37 },
  densenet121_over_ort_int8: { budget: 0.7 },
  flops_over_fma_peak: { atLeast: 1.05 },
  pocket_over_chester: { budget: 0.065 },
  maps_over_forward: { budget: 1.02 },
  gradient_over_forward: { budget: 2.2 },
  cold_over_chester: { budget: 0.5 },
  two_threads_over_chester: { budget: 0.24 },
};
