/** Symmetric 2 × 2 matrix of slope and intercept: [slope slope, slope intercept, intercept intercept]. */
export type Covariance = readonly [slope: number, both: number, intercept: number];

export interface LogisticFit {
  readonly slope: number;
  readonly intercept: number;
  /** Robust to several images of one patient. */
  readonly covariance: Covariance;
}

export interface InterceptFit {
  readonly intercept: number;
  /** Of the intercept, robust to several images of one patient. */
  readonly variance: number;
}

const maxIterations = 100;
const tolerance = 1e-10;
const halvings = 30;

/**
 * Logistic regression of the label on one predictor, log-odds = slope · x + intercept, by Newton's method with step halving,
 * without regularisation. With a network's logit as x this is Platt's scaling (1999) and Cox's recalibration (1958): slope 1 and
 * intercept 0 are perfect.
 *
 * Covariance: sandwich A⁻¹ B A⁻¹ with A the Hessian and B the sum over patients of the outer products of their summed scores,
 * times G / (G − 1) of G patients (Liang, Zeger 1986; the usual small-sample factor).
 *
 * @param patients one index an image
 * @returns `undefined` where no finite maximum exists (all labels alike, a predictor that separates them or does not vary)
 */
export function fitLogistic(x: Float64Array, labels: Uint8Array, patients: Int32Array): LogisticFit | undefined {
  const positives = labels.reduce((sum, label) => sum + label, 0);
  if (positives === 0 || positives === labels.length) return undefined;
  let at = { slope: 0, intercept: Math.log(positives / (labels.length - positives)) };
  let value = logLikelihood(x, labels, at);
  for (let iteration = 0; iteration < maxIterations; iteration += 1) {
    const { gradient, hessian } = derivatives(x, labels, at);
    const step = solve(hessian, gradient);
    if (step === undefined) return undefined;
    let scale = 1;
    let next = at;
    let nextValue = value;
    for (let halving = 0; halving < halvings; halving += 1) {
      next = { slope: at.slope + scale * step[0], intercept: at.intercept + scale * step[1] };
      nextValue = logLikelihood(x, labels, next);
      if (nextValue >= value - tolerance) break;
      scale /= 2;
    }
    at = next;
    value = nextValue;
    if (Math.max(Math.abs(step[0]), Math.abs(step[1])) < tolerance) {
      return { ...at, covariance: clusterCovariance(x, labels, patients, at) };
    }
  }
  // Separated labels: the maximum lies at infinity.
  return undefined;
}

/**
 * "Calibration in the large": the intercept that is left when the slope is held at 1 (Van Calster et al. 2019, level 1), 0 where
 * the mean probability is right.
 *
 * @param logits log-odds of the stated probabilities
 * @returns `undefined` where all labels are alike
 */
export function fitIntercept(logits: Float64Array, labels: Uint8Array, patients: Int32Array): InterceptFit | undefined {
  const positives = labels.reduce((sum, label) => sum + label, 0);
  if (positives === 0 || positives === labels.length) return undefined;
  let intercept = 0;
  for (let iteration = 0; iteration < maxIterations; iteration += 1) {
    let gradient = 0;
    let information = 0;
    for (let image = 0; image < logits.length; image += 1) {
      const p = 1 / (1 + Math.exp(-(logits[image]! + intercept)));
      gradient += labels[image]! - p;
      information += p * (1 - p);
    }
    // Bounded: far from the answer the information is next to nothing, and a whole step would leap past it.
    const step = Math.max(-1, Math.min(1, gradient / information));
    intercept += step;
    if (Math.abs(step) < tolerance) break;
  }
  const at = { slope: 1, intercept };
  const sums = patientScores(logits, labels, patients, at);
  const information = derivatives(logits, labels, at).hessian[2];
  const spread = sums.intercept.reduce((sum, score) => sum + score * score, 0);
  return { intercept, variance: (smallSample(sums.intercept.length) * spread) / (information * information) };
}

interface Line {
  readonly slope: number;
  readonly intercept: number;
}

/** log(1 + eᵃ) without overflow. */
function softplus(a: number): number {
  return Math.max(a, 0) + Math.log1p(Math.exp(-Math.abs(a)));
}

function logLikelihood(x: Float64Array, labels: Uint8Array, { slope, intercept }: Line): number {
  let sum = 0;
  for (let image = 0; image < x.length; image += 1) {
    const a = slope * x[image]! + intercept;
    sum += labels[image]! * a - softplus(a);
  }
  return sum;
}

function derivatives(
  x: Float64Array,
  labels: Uint8Array,
  { slope, intercept }: Line,
): { readonly gradient: readonly [number, number]; readonly hessian: Covariance } {
  let [ofSlope, ofIntercept] = [0, 0];
  let [xx, x1, one] = [0, 0, 0];
  for (let image = 0; image < x.length; image += 1) {
    const value = x[image]!;
    const p = 1 / (1 + Math.exp(-(slope * value + intercept)));
    const residual = labels[image]! - p;
    const weight = p * (1 - p);
    ofSlope += residual * value;
    ofIntercept += residual;
    xx += weight * value * value;
    x1 += weight * value;
    one += weight;
  }
  return { gradient: [ofSlope, ofIntercept], hessian: [xx, x1, one] };
}

/** Relative to the matrix's size: below this it cannot be inverted. */
const singular = 1e-12;

function solve([a, b, c]: Covariance, [u, v]: readonly [number, number]): readonly [number, number] | undefined {
  const determinant = a * c - b * b;
  if (!(determinant > singular * a * c)) return undefined;
  return [(c * u - b * v) / determinant, (a * v - b * u) / determinant];
}

/** Sums of the score contributions of each patient. */
function patientScores(x: Float64Array, labels: Uint8Array, patients: Int32Array, { slope, intercept }: Line) {
  const count = patients.reduce((most, patient) => Math.max(most, patient + 1), 0);
  const sums = { slope: new Float64Array(count), intercept: new Float64Array(count) };
  for (let image = 0; image < x.length; image += 1) {
    const residual = labels[image]! - 1 / (1 + Math.exp(-(slope * x[image]! + intercept)));
    sums.slope[patients[image]!]! += residual * x[image]!;
    sums.intercept[patients[image]!]! += residual;
  }
  return sums;
}

function smallSample(patients: number): number {
  return patients / Math.max(1, patients - 1);
}

function clusterCovariance(x: Float64Array, labels: Uint8Array, patients: Int32Array, at: Line): Covariance {
  const [a, b, c] = derivatives(x, labels, at).hessian;
  const determinant = a * c - b * b;
  const [p, q, r] = [c / determinant, -b / determinant, a / determinant];
  const sums = patientScores(x, labels, patients, at);
  let [uu, uv, vv] = [0, 0, 0];
  sums.slope.forEach((u, patient) => {
    const v = sums.intercept[patient]!;
    uu += u * u;
    uv += u * v;
    vv += v * v;
  });
  const factor = smallSample(sums.slope.length);
  return [
    factor * (p * p * uu + 2 * p * q * uv + q * q * vv),
    factor * (p * q * uu + (p * r + q * q) * uv + q * r * vv),
    factor * (q * q * uu + 2 * q * r * uv + r * r * vv),
  ];
}
