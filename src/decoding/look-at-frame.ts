import { frameSide, measureFrame } from '../imaging/photo/measure-frame.ts';
import { boundedSize } from '../imaging/resize.ts';
import type { CameraFrame, FrameSigns } from '../shared/camera-frame.ts';
import { maxPhotoSide } from '../shared/limits.ts';

/** High enough that the photograph's own checks see no blocks of it. */
const jpegQuality = 0.95;

/** Kept from frame to frame: each new one would have to grow its own memory. */
let small: OffscreenCanvas | undefined;

/** What one frame of the live camera shows. Closes its image. */
export function lookAtFrame(frame: CameraFrame): FrameSigns {
  const { width, height } = boundedSize(frame.width, frame.height, frameSide, frameSide ** 2);
  if (small?.width !== width || small.height !== height) small = new OffscreenCanvas(width, height);
  // In main memory: its pixels are read back each time.
  const context = draw(frame, small, { willReadFrequently: true });
  const { data } = context.getImageData(0, 0, width, height);
  return measureFrame({ width, height, rgba: data }, frame);
}

/** The frame as a JPEG file, as large as a photograph is read. Closes its image. */
export async function keepFrame(frame: CameraFrame): Promise<Blob> {
  const { width, height } = boundedSize(frame.width, frame.height, maxPhotoSide, maxPhotoSide ** 2);
  const canvas = new OffscreenCanvas(width, height);
  draw(frame, canvas, {});
  return canvas.convertToBlob({ type: 'image/jpeg', quality: jpegQuality });
}

function draw(
  { image }: CameraFrame,
  canvas: OffscreenCanvas,
  settings: { readonly willReadFrequently?: boolean },
): OffscreenCanvasRenderingContext2D {
  try {
    const context = canvas.getContext('2d', { alpha: false, ...settings });
    if (context === null) throw new Error('no 2D context');
    context.imageSmoothingQuality = 'medium';
    context.drawImage(image, 0, 0, canvas.width, canvas.height);
    return context;
  } finally {
    // A camera hands out few frames at a time: one that is not given back stops the next.
    image.close();
  }
}
