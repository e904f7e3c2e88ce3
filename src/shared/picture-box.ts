/** A rectangle of a picture in shares of its width and height, 0..1 from the upper left: the same at every size. */
export interface PictureBox {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Whole pixels, ends excluded. */
export interface PixelBox {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** Every pixel of a picture that a box touches: what is to be hidden must not show at its edge. */
export function touchedPixels(
  { x, y, width, height }: PictureBox,
  pictureWidth: number,
  pictureHeight: number,
): PixelBox {
  const bounded = (value: number, most: number): number => Math.min(most, Math.max(0, value));
  return {
    left: bounded(Math.floor(x * pictureWidth), pictureWidth),
    top: bounded(Math.floor(y * pictureHeight), pictureHeight),
    right: bounded(Math.ceil((x + width) * pictureWidth), pictureWidth),
    bottom: bounded(Math.ceil((y + height) * pictureHeight), pictureHeight),
  };
}
