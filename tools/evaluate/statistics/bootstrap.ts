import { seededNumbers } from '../../pack/seeded-numbers.ts';

/** How often each image counts in one resample: 0, 1, 2, … One entry an image. */
export type Weights = Uint16Array;

export interface BootstrapOptions {
  /** Resamples. */
  readonly replicates: number;
  /** The same seed and the same patients give the same resamples, so differences between networks are paired. */
  readonly seed: number;
}

/**
 * Bootstrap by patient (Efron, Tibshirani 1993, chapter 8: clusters are drawn whole): patients are drawn with replacement, and
 * all images of a patient count as often as the patient was drawn, for images of one patient are alike.
 *
 * @param patients one index an image, 0..n−1
 * @param measure statistics of one resample, always as many; NaN where one is not defined there (no patient with the finding)
 * @returns one array a statistic, `replicates` values each
 */
export function bootstrapByPatient(
  patients: Int32Array,
  measure: (weights: Weights) => readonly number[],
  { replicates, seed }: BootstrapOptions,
): Float64Array[] {
  const count = patients.reduce((most, patient) => Math.max(most, patient + 1), 0);
  const next = seededNumbers(seed);
  const drawn = new Uint16Array(count);
  const weights = new Uint16Array(patients.length);
  const values: Float64Array[] = [];
  for (let replicate = 0; replicate < replicates; replicate += 1) {
    drawn.fill(0);
    for (let draw = 0; draw < count; draw += 1) drawn[Math.floor(next() * count)]! += 1;
    for (let image = 0; image < weights.length; image += 1) weights[image] = drawn[patients[image]!]!;
    measure(weights).forEach((value, statistic) => {
      (values[statistic] ??= new Float64Array(replicates))[replicate] = value;
    });
  }
  return values;
}

/**
 * Percentile interval of resampled values; undefined ones are left out.
 *
 * @param share 0.95 for the 2.5th and 97.5th percentile
 * @returns `undefined` where fewer than half of the resamples define the statistic: too few patients to say anything
 */
export function percentileInterval(values: Float64Array, share: number): readonly [number, number] | undefined {
  const defined = values.filter((value) => !Number.isNaN(value)).sort();
  if (defined.length === 0 || defined.length * 2 < values.length) return undefined;
  const tail = (1 - share) / 2;
  return [quantile(defined, tail), quantile(defined, 1 - tail)];
}

/** Linear interpolation between order statistics, numpy's default (Hyndman, Fan 1996, type 7). */
export function quantile(sorted: ArrayLike<number>, share: number): number {
  const place = share * (sorted.length - 1);
  const below = Math.floor(place);
  const low = sorted[below]!;
  const high = sorted[Math.min(below + 1, sorted.length - 1)]!;
  return low + (place - below) * (high - low);
}
