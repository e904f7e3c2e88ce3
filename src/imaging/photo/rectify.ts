import type { Corners } from '../../shared/analysis.ts';
import type { GrayPixels } from '../network-input.ts';
import { boundedSize } from '../resize.ts';
import { filmPose } from './film-pose.ts';
import { homographyBetween } from './homography.ts';

/** Long side of a rectified picture, pixels: more than any network reads, and what a person wants to look at closely. */
const maxRectifiedSide = 2048;
/** A quadrilateral's own sides and its pose seldom disagree by more; beyond this the pose is not believed. */
const mostCorrection = 1.6;

/**
 * The size that loses nothing where the film is seen largest: as wide and high as the longer of two opposite sides, the
 * shorter direction enlarged so that the film gets its own shape back.
 *
 * @param frame size of the whole photograph, pixels
 * @returns whole pixels; `bounded` to 2,048 along the long side
 */
export function rectifiedSize(
  corners: Corners,
  frame: { readonly width: number; readonly height: number },
): { readonly width: number; readonly height: number } {
  const [topLeft, topRight, bottomRight, bottomLeft] = corners;
  const length = (a: Corners[number], b: Corners[number]): number => Math.hypot(a.x - b.x, a.y - b.y);
  const across = Math.max(length(topLeft, topRight), length(bottomLeft, bottomRight));
  const down = Math.max(length(topLeft, bottomLeft), length(topRight, bottomRight));
  const seen = across / down;
  const correction = Math.min(mostCorrection, Math.max(1 / mostCorrection, filmPose(corners, frame).aspect / seen));
  const width = Math.max(1, Math.round(correction > 1 ? across * correction : across));
  const height = Math.max(1, Math.round(correction > 1 ? down : down / correction));
  return boundedSize(width, height, maxRectifiedSide, maxRectifiedSide ** 2);
}

/**
 * The quadrilateral as a rectangle: each pixel's centre is taken back through the homography and read between the four
 * pixels around it (bilinear, the photograph's edge repeated). Where the picture is made smaller, several evenly placed
 * points of each pixel are averaged, so that nothing aliases. The same bits on every device.
 *
 * @param photo row-major, any unit
 * @param size of the result, from `rectifiedSize`
 * @throws RangeError where three corners lie on a line
 */
export function rectify(
  photo: GrayPixels,
  corners: Corners,
  { width, height }: { readonly width: number; readonly height: number },
): GrayPixels & { readonly data: Float32Array<ArrayBuffer> } {
  const map = homographyBetween(
    [
      { x: 0, y: 0 },
      { x: width, y: 0 },
      { x: width, y: height },
      { x: 0, y: height },
    ],
    corners,
  );
  const points = pointsAPixel(corners, width, height);
  const data = new Float32Array(width * height);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      let sum = 0;
      for (let row = 0; row < points; row += 1) {
        const v = y + (row + 1 / 2) / points;
        for (let column = 0; column < points; column += 1) {
          const u = x + (column + 1 / 2) / points;
          const scale = map[6]! * u + map[7]! * v + map[8]!;
          sum += between(
            photo,
            (map[0]! * u + map[1]! * v + map[2]!) / scale - 1 / 2,
            (map[3]! * u + map[4]! * v + map[5]!) / scale - 1 / 2,
          );
        }
      }
      data[y * width + x] = sum / (points * points);
    }
  }
  return { width, height, data };
}

/** Points along each side of a pixel: as many as pixels of the photograph lie along it where they lie closest. */
function pointsAPixel(corners: Corners, width: number, height: number): number {
  const sides = corners.map((from, index) => {
    const to = corners[(index + 1) % corners.length]!;
    return Math.hypot(to.x - from.x, to.y - from.y) / (index % 2 === 0 ? width : height);
  });
  // Within this of one pixel, the four neighbours are enough.
  const enough = 1.3;
  return Math.max(1, Math.ceil(Math.max(...sides) / enough));
}

/** @param x counted so that pixel i's centre is at i */
function between({ width, height, data }: GrayPixels, x: number, y: number): number {
  const boundedX = Math.min(width - 1, Math.max(0, x));
  const boundedY = Math.min(height - 1, Math.max(0, y));
  const left = Math.floor(boundedX);
  const top = Math.floor(boundedY);
  const right = Math.min(width - 1, left + 1);
  const bottom = Math.min(height - 1, top + 1);
  const shareX = boundedX - left;
  const shareY = boundedY - top;
  const upper = data[top * width + left]! * (1 - shareX) + data[top * width + right]! * shareX;
  const lower = data[bottom * width + left]! * (1 - shareX) + data[bottom * width + right]! * shareX;
  return upper * (1 - shareY) + lower * shareY;
}
