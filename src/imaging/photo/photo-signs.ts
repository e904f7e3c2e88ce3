/** What is measured of a photograph to tell whether it can be read; limits and words are in photo-checks.ts. */

import type { Corners, PhotoImage } from '../../shared/analysis.ts';
import type { GrayPixels } from '../network-input.ts';
import { resizeArea } from '../resize.ts';
import { filmPose } from './film-pose.ts';
import { measureBlur } from './photo-blur.ts';
import { measureGlare } from './photo-glare.ts';
import { measureRipple } from './photo-ripple.ts';

export interface PhotoSigns {
  /** Standard deviation of a Gauss that blurs as much, share of the film's short side; see `measureBlur`. */
  readonly blur: number;
  /** Light that a mirrored lamp adds where it adds most, share of white, 0..0.5; see `measureGlare`. */
  readonly glare: number;
  /** How far the strongest stripes stand out of what is around them in the spectrum; see `measureRipple`. */
  readonly ripple: number;
  /** 95th percentile of the film's grey before its tones are stretched, 0..1. */
  readonly brightest: number;
  /** Share of the film at white, where nothing can be told any more, 0..1. */
  readonly burnt: number;
  /** Pixels of the photograph along the film's shorter side. */
  readonly shortSide: number;
  readonly tiltDegrees: number;
}

/**
 * @param rectified the film as grey before its tones are stretched, 0..1
 * @param photo the photograph it was taken from, for colours
 */
export function measurePhotoSigns(photo: PhotoImage, corners: Corners, rectified: GrayPixels): PhotoSigns {
  const { width, height, data } = rectified;
  const sorted = coarse(rectified).sort();
  const brightest = sorted[Math.floor(sorted.length * 0.95)]!;
  let burnt = 0;
  for (const value of data) if (value >= burntFrom) burnt += 1;
  return {
    blur: measureBlur(rectified),
    glare: measureGlare(rectified),
    ripple: measureRipple(photo, corners),
    brightest,
    burnt: burnt / data.length,
    shortSide: Math.min(width, height),
    tiltDegrees: filmPose(corners, photo).tiltDegrees,
  };
}

const burntFrom = 0.985;
const coarseSide = 64;

function coarse({ width, height, data }: GrayPixels): Float32Array<ArrayBuffer> {
  return resizeArea(data, width, height, Math.min(width, coarseSide), Math.min(height, coarseSide));
}
