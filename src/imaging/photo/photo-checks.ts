import type { Reason, ReasonCode } from '../../shared/analysis.ts';
import type { PhotoSigns } from './photo-signs.ts';

/**
 * Limits of the checks, set on synthetic photographs so that at most two of a hundred clean digital X-rays are warned of
 * (docs/photo-quality.md has what each finds and misses).
 */
export const photoLimits = {
  /** Share of the film's short side: twice what the softest of 90 digital originals of 512 pixels has. */
  blur: 0.004,
  /** Two of 100 digital originals lie above: a dense lung on one side looks like a lamp. */
  glare: 0.33,
  ripple: 0.006,
  /** Pixels of the shorter side, below which ripples cannot be told from the colour blocks of JPEG. */
  rippleSide: 480,
  brightest: 0.5,
  burnt: 0.08,
  /** Pixels: three times what the networks read. */
  shortSide: 700,
  /** Half of the film's length is foreshortened by a tenth; beyond, its far side loses pixels and focus. */
  tiltDegrees: 25,
} as const;

/** The photograph's own reasons, each a warning: a person may go on. */
export function checkPhoto(signs: PhotoSigns): readonly Reason[] {
  const limits = photoLimits;
  const reasons: Reason[] = [];
  const warn = (code: ReasonCode, value: number, threshold: number): void => {
    reasons.push({ code, severity: 'warn', value, threshold });
  };
  if (signs.tiltDegrees > limits.tiltDegrees) warn('tilted', signs.tiltDegrees, limits.tiltDegrees);
  if (signs.blur > limits.blur) warn('blurred', signs.blur, limits.blur);
  if (signs.glare > limits.glare) warn('glare', signs.glare, limits.glare);
  if (signs.ripple > limits.ripple && signs.shortSide >= limits.rippleSide) warn('moire', signs.ripple, limits.ripple);
  if (signs.brightest < limits.brightest) warn('under-exposed', signs.brightest, limits.brightest);
  if (signs.burnt > limits.burnt) warn('over-exposed', signs.burnt, limits.burnt);
  if (signs.shortSide < limits.shortSide) warn('low-resolution', signs.shortSide, limits.shortSide);
  return reasons;
}
