import type { Corners, PhotoImage } from '../../shared/analysis.ts';
import type { FilmSigns, FrameSigns } from '../../shared/camera-frame.ts';
import { filmPose, isConvex } from './film-pose.ts';
import { findCorners } from './find-corners.ts';
import { measureFrameBlur } from './frame-blur.ts';
import type { GrayPixels } from '../network-input.ts';
import { luma601 } from './luma.ts';
import { measureGlare } from './photo-glare.ts';
import { rectify } from './rectify.ts';

/** Long side of what is looked at of each frame, pixels. At 480, as in a photograph, corners take twice the time and are no better. */
export const frameSide = 360;
/** A proposal less sure than this is no film: the frame shows something else, or it is in motion. */
const leastShare = 0.5;
/** Sides of the rectified film in which tones and glare are measured, pixels. */
const coarseSide = 48;
const burntFrom = 0.985;
const brightShare = 0.95;
/** Every so manyth pixel along both sides tells how bright a frame is. */
const brightnessStep = 6;

/**
 * What a frame of the live camera shows: the film's place and the signs of `measurePhotoSigns` as far as they can be had in a
 * few milliseconds. Coloured ripple cannot: it is looked for in the photograph itself.
 *
 * @param frame long side ≤ `frameSide`
 * @param full size of the frame that it is a copy of, pixels
 * @param step pixels of that along a pixel of the copy, which may leave less than one over at the right and below
 */
export function measureFrame(
  frame: PhotoImage,
  full: { readonly width: number; readonly height: number },
  step = full.width / frame.width,
): FrameSigns {
  const grey = luma(frame);
  const brightest = brightnessOf(grey);
  const [{ corners, share, isWholePicture }] = findCorners(frame);
  if (isWholePicture || share < leastShare || !isConvex(corners)) return { brightest };
  const film = measureFilm(grey, corners, { width: full.width / step, height: full.height / step }, step);
  return film === undefined ? { brightest } : { brightest, film: { ...film, share } };
}

/** @param frame size of the whole frame, pixels of `grey`, which may show a hair less of it */
function measureFilm(
  grey: GrayPixels,
  corners: Corners,
  frame: { readonly width: number; readonly height: number },
  toFull: number,
): Omit<FilmSigns, 'share'> | undefined {
  const [topLeft, topRight, bottomRight, bottomLeft] = corners;
  const length = (a: Corners[number], b: Corners[number]): number => Math.hypot(a.x - b.x, a.y - b.y);
  const shortSide = Math.min(
    (length(topLeft, topRight) + length(bottomLeft, bottomRight)) / 2,
    (length(topLeft, bottomLeft) + length(topRight, bottomRight)) / 2,
  );
  const flat = rectify(grey, corners, { width: coarseSide, height: coarseSide });
  const blur = measureFrameBlur(grey, corners);
  if (blur === undefined) return undefined;
  const tones = flat.data.slice().sort();
  const [xs, ys] = [corners.map(({ x }) => x), corners.map(({ y }) => y)];
  return {
    corners: corners.map(({ x, y }) => ({ x: x / frame.width, y: y / frame.height })) as unknown as Corners,
    fill: Math.max(
      (Math.max(...xs) - Math.min(...xs)) / frame.width,
      (Math.max(...ys) - Math.min(...ys)) / frame.height,
    ),
    shortSide: shortSide * toFull,
    tiltDegrees: filmPose(corners, frame).tiltDegrees,
    turnDegrees: turnOf(topLeft, topRight),
    blur: blur / shortSide,
    glare: measureGlare(flat),
    brightest: tones[Math.floor(tones.length * brightShare)]!,
    burnt: flat.data.filter((value) => value >= burntFrom).length / flat.data.length,
  };
}

/** From level, whichever way the film lies: degrees 0..45. */
function turnOf(from: Corners[number], to: Corners[number]): number {
  const quarter = 90;
  const degrees = (Math.abs(Math.atan2(to.y - from.y, to.x - from.x)) * 180) / Math.PI;
  const beyond = degrees % quarter;
  return Math.min(beyond, quarter - beyond);
}

/** Luma of ITU-R BT.601 on the gamma-encoded values, 0..1; the film's cast changes it little. */
function luma({ width, height, rgba }: PhotoImage): GrayPixels & { readonly data: Float32Array<ArrayBuffer> } {
  const data = new Float32Array(width * height);
  for (let index = 0, at = 0; index < data.length; index += 1, at += 4) {
    data[index] = luma601(rgba[at]!, rgba[at + 1]!, rgba[at + 2]!) / 255;
  }
  return { width, height, data };
}

function brightnessOf({ width, height, data }: GrayPixels): number {
  const values: number[] = [];
  for (let y = 0; y < height; y += brightnessStep) {
    for (let x = 0; x < width; x += brightnessStep) values.push(data[y * width + x]!);
  }
  values.sort((a, b) => a - b);
  return values[Math.floor(values.length * brightShare)] ?? 0;
}
