/**
 * Where lungs and heart lie in a picture, and the ratio of their widths. Plain data; all places are shares of the picture's
 * width and height, 0..1, so that they hold for any size in which it is drawn.
 */

/** A closed line: x and y in turn, [x0, y0, x1, y1, …]. */
export type Contour = readonly number[];

/** A level line across the picture. */
export interface TransverseLine {
  readonly y: number;
  readonly left: number;
  /** Greater than `left`. */
  readonly right: number;
}

/** The two lines whose lengths are compared. */
export interface RatioLines {
  /** As wide as the heart at its widest: from its outermost point on one side to that on the other. */
  readonly heart: TransverseLine;
  /** Where the thorax, inside of the ribs, is widest. */
  readonly thorax: TransverseLine;
}

/**
 * Cardiothoracic ratio (Danzer 1919): transverse diameter of the heart over the largest inner diameter of the thorax. Both lie
 * across the same picture, so no pixel spacing is needed.
 */
export interface CardiothoracicRatio extends RatioLines {
  readonly value: number;
  /** What the measured one may as well be: between the outlines that the network draws when it is unsure, and never narrower than its measured error. */
  readonly interval: readonly [low: number, high: number];
  /** Present where a person moved a line: `value` is theirs, `measured` and `interval` are the network's. `at` is ISO 8601. */
  readonly edited?: { readonly measured: number; readonly at: string };
}

export const pictureSides = ['top', 'right', 'bottom', 'left'] as const;
export type PictureSide = (typeof pictureSides)[number];

/** A lung that ends at an edge of the picture instead of at the chest's own border. */
export interface CutOffLung {
  readonly side: PictureSide;
  /** Share of that edge that lung touches, 0..1. */
  readonly share: number;
}

export interface Anatomy {
  /** Who says so: `id@version`. */
  readonly pack: string;
  /** At most two; the heart is left out of them. Empty where no lungs were found. */
  readonly lungs: readonly Contour[];
  readonly heart: readonly Contour[];
  /** The smallest rectangle around the lungs. */
  readonly box?: { readonly x: number; readonly y: number; readonly width: number; readonly height: number };
  readonly cutOff: readonly CutOffLung[];
  /** Absent where heart or lungs were not found, or do not lie as they do in a chest. */
  readonly ratio?: CardiothoracicRatio;
  /** Finding id → share of its map's positive evidence that lies inside the lungs, 0..1; absent where a map has none. */
  readonly insideLungs: Readonly<Record<string, number>>;
}

/** Transverse heart over transverse thorax. */
export function ratioOf({ heart, thorax }: RatioLines): number {
  return (heart.right - heart.left) / (thorax.right - thorax.left);
}
