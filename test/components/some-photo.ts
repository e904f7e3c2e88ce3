import type { OpenedPhoto } from '../../src/shared/messages.ts';

const [width, height] = [480, 360];

/** A dark film, tilted, on a bright pane, and the two places where it may be. */
export function somePhoto(): OpenedPhoto {
  const rgba = new Uint8ClampedArray(4 * width * height);
  for (let at = 0; at < width * height; at += 1) {
    const [x, y] = [at % width, Math.floor(at / width)];
    const isFilm = x > 120 + y / 12 && x < 360 - y / 20 && y > 40 + x / 30 && y < 320 - x / 25;
    rgba.set(isFilm ? [50, 62, 70, 255] : [222, 228, 226, 255], 4 * at);
  }
  return {
    photo: { width, height, rgba },
    source: {
      kind: 'raster',
      inputKind: 'digital',
      format: 'jpeg',
      storedWidth: width,
      storedHeight: height,
      orientation: 1,
      bitsPerSample: 8,
    },
    proposals: [
      {
        corners: [
          { x: 124, y: 44 },
          { x: 357, y: 52 },
          { x: 345, y: 306 },
          { x: 146, y: 314 },
        ],
        share: 0.9,
        isWholePicture: false,
      },
      {
        corners: [
          { x: 0, y: 0 },
          { x: width, y: 0 },
          { x: width, y: height },
          { x: 0, y: height },
        ],
        share: 0.1,
        isWholePicture: true,
      },
    ],
  };
}
