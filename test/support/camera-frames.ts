/** Frames as a camera gives them, of pictures. For the page: tests of the worker, and the bench. */

/** I420 in the colours that browsers take unnamed ones for: BT.601, 16 to 235. */
export interface CameraPlanes {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array<ArrayBuffer>;
}

/** @param picture of even width and height */
export function toCameraPlanes(picture: ImageBitmap): CameraPlanes {
  const { width, height } = picture;
  const context = new OffscreenCanvas(width, height).getContext('2d', { alpha: false, willReadFrequently: true });
  if (context === null) throw new Error('no 2D context');
  context.drawImage(picture, 0, 0);
  const rgba = context.getImageData(0, 0, width, height).data;
  const [halfWidth, size] = [width / 2, width * height];
  const sums = new Float32Array((2 * size) / 4);
  const data = new Uint8Array(size + sums.length);
  for (let at = 0; at < size; at += 1) {
    const [r, g, b] = [rgba[4 * at]!, rgba[4 * at + 1]!, rgba[4 * at + 2]!];
    const luma = 0.299 * r + 0.587 * g + 0.114 * b;
    data[at] = Math.round(16 + (219 / 255) * luma);
    const cell = Math.floor(Math.floor(at / width) / 2) * halfWidth + Math.floor((at % width) / 2);
    sums[cell]! += (b - luma) / (2 * (1 - 0.114)) / 4;
    sums[size / 4 + cell]! += (r - luma) / (2 * (1 - 0.299)) / 4;
  }
  for (const [at, sum] of sums.entries()) data[size + at] = Math.round(128 + (224 / 255) * sum);
  return { width, height, data };
}

export function cameraFrame({ width, height, data }: CameraPlanes): VideoFrame {
  return new VideoFrame(data, { format: 'I420', codedWidth: width, codedHeight: height, timestamp: 0 });
}
