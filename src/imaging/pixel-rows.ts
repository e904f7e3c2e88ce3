/** Decoded pictures, row by row: the common ground of all decoders. */

/** Samples of one row, interleaved; 1 channel = grey, 2 = grey and alpha, 3 = RGB, 4 = RGB and alpha (not premultiplied). */
export type SampleRow = Uint8Array | Uint8ClampedArray | Uint16Array;

export interface PixelRows {
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 2 | 3 | 4;
  /** The value of white: 255 or 65,535. */
  readonly white: number;
  /** True where an alpha channel is known to say nothing. */
  readonly opaque?: boolean;
  /** Row `y`; asked for once each, from top to bottom. The array may be used again for the next row. */
  readRow(y: number): SampleRow;
}

/** 8-bit RGBA, row-major; opaque, for JPEG knows no alpha and the browser's decoder lays everything over black. */
export interface RgbaPixels {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array | Uint8ClampedArray;
}

export function rgbaRows({ width, height, data }: RgbaPixels): PixelRows {
  const rowBytes = width * 4;
  return {
    width,
    height,
    channels: 4,
    white: 255,
    opaque: true,
    readRow: (y) => data.subarray(y * rowBytes, (y + 1) * rowBytes),
  };
}
