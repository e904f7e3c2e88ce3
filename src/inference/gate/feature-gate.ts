import type { Reason } from '../../shared/analysis.ts';
import { AppError } from '../../shared/app-error.ts';
import type { FeatureStatistics } from '../../shared/pack.ts';
import { fromFloat16 } from '../float16.ts';
import { pixelLimits } from './pixel-gate.ts';

const bytesOfFloat32 = 4;
const bytesOfFloat16 = 2;

/**
 * How far a picture lies from the training images in the findings network's own eyes: Mahalanobis distance of its
 * pooled features (Lee et al. 2018, arXiv 1807.03888), with the leading directions of the training images' covariance
 * kept and the rest taken as isotropic (probabilistic PCA, Tipping and Bishop 1999).
 */
export type FeatureGate = (features: Float32Array | readonly number[], lungFields?: number) => Reason[];

/**
 * Builds the gate on features from a pack's statistics.
 *
 * The gate warns beyond `warnAbove`. Beyond `refuseAbove` it refuses, except where the pixels show two lung fields
 * clearly (`lungFields`, see pixel-signs.ts): a photograph of a film lies as far out as a photograph of a street, but
 * its lungs are plain to see, so it is warned of only. Without `lungFields` distance alone decides.
 *
 * @param bytes content of `statistics.file`, layout in shared/pack.ts
 * @throws AppError `pack-invalid` where the bytes do not fit the statistics;
 *   the gate throws `wrong-output` where features are of another length or not finite
 */
export function createFeatureGate(statistics: FeatureStatistics, bytes: ArrayBuffer): FeatureGate {
  const distance = createDistance(statistics, bytes);
  return (features, lungFields = -1) => {
    const value = distance(features);
    if (value <= statistics.warnAbove) return [];
    const far = value > statistics.refuseAbove && lungFields < pixelLimits.lungFieldsInDoubt;
    return [
      {
        code: 'far-from-training',
        severity: far ? 'refuse' : 'warn',
        value,
        threshold: far ? statistics.refuseAbove : statistics.warnAbove,
      },
    ];
  };
}

/** The distance itself: 0 at the training mean, about the square root of the number of features for a training image. */
export function createDistance(
  statistics: FeatureStatistics,
  bytes: ArrayBuffer,
): (features: Float32Array | readonly number[]) => number {
  const { features: size, components, restVariance, file } = statistics;
  const directionsAt = (size + components) * bytesOfFloat32;
  if (bytes.byteLength !== directionsAt + components * size * bytesOfFloat16) {
    throw new AppError('pack-invalid', { path: file, bytes: bytes.byteLength });
  }
  const view = new DataView(bytes);
  const mean = Float32Array.from({ length: size }, (_, index) => view.getFloat32(index * bytesOfFloat32, true));
  const variance = Float32Array.from({ length: components }, (_, index) =>
    view.getFloat32((size + index) * bytesOfFloat32, true),
  );
  const directions = fromFloat16(new Uint8Array(bytes, directionsAt));
  if (!(restVariance > 0) || variance.some((value) => !(value > 0))) throw new AppError('pack-invalid', { path: file });

  return (features) => {
    if (features.length !== size) throw new AppError('wrong-output', { features: features.length, expected: size });
    const offset = Float64Array.from(features, (value, index) => value - mean[index]!);
    let rest = 0;
    for (const value of offset) rest += value * value;
    let squared = 0;
    for (let component = 0; component < components; component += 1) {
      let projection = 0;
      for (let index = 0; index < size; index += 1)
        projection += offset[index]! * directions[component * size + index]!;
      squared += (projection * projection) / variance[component]!;
      rest -= projection * projection;
    }
    // Directions in half precision are not exactly orthonormal: the rest may come out a hair below zero.
    const distance = Math.sqrt(squared + Math.max(0, rest) / restVariance);
    if (!Number.isFinite(distance)) throw new AppError('wrong-output', { distance: String(distance) });
    return distance;
  };
}
