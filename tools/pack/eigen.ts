/** Statistics of feature vectors: mean, covariance and its leading directions. */

import { EigenvalueDecomposition, Matrix } from 'ml-matrix';

export interface LeadingDirections {
  /** [features] */
  readonly mean: Float64Array;
  /** [components], descending. */
  readonly variances: Float64Array;
  /** [components][features], unit length. */
  readonly directions: readonly Float64Array[];
  /** Mean variance of what is left over. */
  readonly restVariance: number;
}

/** Covariance with n − 1 in the denominator; the sign of a direction does not matter to a distance. */
export function leadingDirections(rows: readonly Float32Array[], components: number): LeadingDirections {
  const features = rows[0]?.length ?? 0;
  const mean = new Float64Array(features);
  for (const row of rows) row.forEach((value, index) => (mean[index] = (mean[index] ?? 0) + value / rows.length));
  const centred = new Matrix(rows.map((row) => Array.from(row, (value, index) => value - (mean[index] ?? 0))));
  const covariance = centred
    .transpose()
    .mmul(centred)
    .div(rows.length - 1);
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(covariance, { assumeSymmetric: true });
  const order = realEigenvalues
    .map((_, index) => index)
    .sort((a, b) => (realEigenvalues[b] ?? 0) - (realEigenvalues[a] ?? 0));
  const kept = order.slice(0, components);
  const rest = order.slice(components).reduce((sum, index) => sum + Math.max(0, realEigenvalues[index] ?? 0), 0);
  return {
    mean,
    variances: Float64Array.from(kept, (index) => realEigenvalues[index] ?? 0),
    directions: kept.map((index) => Float64Array.from(eigenvectorMatrix.getColumn(index))),
    restVariance: rest / (features - components),
  };
}
