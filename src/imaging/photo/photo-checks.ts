import type { Reason, ReasonCode } from '../../shared/analysis.ts';
import type { PhotoSigns } from './photo-signs.ts';

/**
 * Limits of the checks, set on synthetic photographs so that at most two of a hundred clean digital X-rays are warned of
 * (docs/photo-quality.md has what each finds and misses).
 */
export const photoLimits = {
  /** Share of the film's short side: a pixel of what the networks read. None of 500 digital originals of 512 pixels comes near. */
  blur: 0.004,
  /** Share of white. */
  glare: 0.33,
  ripple: 2.25,
  /** Pixels of the shorter side, below which the tiles in which ripples are looked for reach beyond the film. */
  rippleSide: 240,
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
