/** Moving the corners of a film. Pure; points are pixels of the photograph. */

import { wholePicture } from '../imaging/photo/find-corners.ts';
import type { Corners, PhotoPoint } from '../shared/analysis.ts';

export const cornerCount = 4;
/** A corner of a film that is cut off lies beyond the picture; so far, in shares of its long side, it may be moved. */
const beyondShare = 0.05;

export interface PhotoSize {
  readonly width: number;
  readonly height: number;
}

/** `corners` with number `index` at `place`, or as near to it as the picture allows. */
export function moveCorner(corners: Corners, index: number, place: PhotoPoint, { width, height }: PhotoSize): Corners {
  const beyond = beyondShare * Math.max(width, height);
  const bounded = {
    x: Math.min(width + beyond, Math.max(-beyond, place.x)),
    y: Math.min(height + beyond, Math.max(-beyond, place.y)),
  };
  return corners.map((corner, at) => (at === index ? bounded : corner)) as unknown as Corners;
}

export function sameCorners(a: Corners, b: Corners): boolean {
  return a.every(({ x, y }, index) => x === b[index]!.x && y === b[index]!.y);
}

export function isWhole(corners: Corners, size: PhotoSize): boolean {
  return sameCorners(corners, wholePicture(size));
}
