import type { Corners } from '../../shared/analysis.ts';
import { homographyFromUnitSquare, spansAnArea } from './homography.ts';

/** Cross product of two sides, square pixels: below it three corners lie on a line. */
const leastTurn = 1;

/** How a flat rectangle lies to the camera that saw it as `corners`. */
export interface FilmPose {
  /** Width over height of the rectangle itself, not of its picture. */
  readonly aspect: number;
  /** Angle between the film's normal and the line of sight, degrees, 0..90. */
  readonly tiltDegrees: number;
}

/**
 * Focal length over the frame's long side. Phones' main cameras see 62° to 75° along it (0.65 to 0.83), closer settings
 * 50° (1.07). Assumed, not found from the corners (Zhang & He 2007): that fails where it matters most, near the upright.
 */
const focalShare = 0.83;

/**
 * A homography from the unit square is K · [a · r1, b · r2, t] (Hartley & Zisserman 2004, §8.1.1): with the camera known,
 * the lengths of its first columns are the rectangle's sides, and their cross product its normal.
 *
 * @param frame size of the whole photograph in pixels; the line of sight is taken to meet its middle
 */
export function filmPose(
  corners: Corners,
  { width, height }: { readonly width: number; readonly height: number },
): FilmPose {
  const map = homographyFromUnitSquare(corners);
  const focal = focalShare * Math.max(width, height);
  const column = (index: number): readonly [number, number, number] => [
    (map[index]! - (width / 2) * map[6 + index]!) / focal,
    (map[3 + index]! - (height / 2) * map[6 + index]!) / focal,
    map[6 + index]!,
  ];
  const [ax, ay, az] = column(0);
  const [bx, by, bz] = column(1);
  const normal = [ay * bz - az * by, az * bx - ax * bz, ax * by - ay * bx] as const;
  const cosine = Math.abs(normal[2]) / Math.hypot(...normal);
  return {
    aspect: Math.hypot(ax, ay, az) / Math.hypot(bx, by, bz),
    tiltDegrees: (Math.acos(Math.min(1, cosine)) * 180) / Math.PI,
  };
}

/** Whether four corners go clockwise around an area, each turn to the right: what a film can look like, and no other. */
export function isConvex(corners: Corners): boolean {
  const turnsRight = corners.every((here, index) => {
    const before = corners[(index + 3) % 4]!;
    const after = corners[(index + 1) % 4]!;
    return (here.x - before.x) * (after.y - here.y) - (here.y - before.y) * (after.x - here.x) > leastTurn;
  });
  return turnsRight && spansAnArea(corners);
}
