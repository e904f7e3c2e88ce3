import { frameSide, measureFrame } from '../imaging/photo/measure-frame.ts';
import { reducePlanes, type ReducedFrame } from '../imaging/photo/reduce-planes.ts';
import { boundedSize } from '../imaging/resize.ts';
import type { CameraFrame, FrameSigns } from '../shared/camera-frame.ts';
import { maxPhotoSide } from '../shared/limits.ts';
import { copyPlanes } from './copy-planes.ts';

/** High enough that the photograph's own checks see no blocks of it. */
const jpegQuality = 0.95;

/** Kept from frame to frame: each new one would have to grow its own memory. */
let small: OffscreenCanvas | undefined;

/** What one frame of the live camera shows. Closes its image. */
export async function lookAtFrame(frame: CameraFrame): Promise<FrameSigns> {
  try {
    const { step, ...copy } = await reduceFrame(frame);
    return measureFrame(copy, frame, step);
  } finally {
    // A camera hands out few frames at a time: one that is not given back stops the next.
    frame.image.close();
  }
}

/** A small copy: of the camera's own planes where they can be had, else drawn. */
async function reduceFrame(frame: CameraFrame): Promise<ReducedFrame> {
  const { image } = frame;
  const planes = image instanceof ImageBitmap ? undefined : await copyPlanes(image);
  if (planes !== undefined) return reducePlanes(planes, frameSide);
  const { width, height } = boundedSize(frame.width, frame.height, frameSide, frameSide ** 2);
  if (small?.width !== width || small.height !== height) small = new OffscreenCanvas(width, height);
  // In main memory: its pixels are read back each time.
  const context = draw(image, small, { willReadFrequently: true });
  const { data } = context.getImageData(0, 0, width, height);
  return { width, height, rgba: data, step: frame.width / width };
}

/** The frame as a JPEG file, as large as a photograph is read. Closes its image. */
export async function keepFrame(frame: CameraFrame): Promise<Blob> {
  const { width, height } = boundedSize(frame.width, frame.height, maxPhotoSide, maxPhotoSide ** 2);
  const canvas = new OffscreenCanvas(width, height);
  try {
    draw(frame.image, canvas, {});
  } finally {
    frame.image.close();
  }
  return canvas.convertToBlob({ type: 'image/jpeg', quality: jpegQuality });
}

function draw(
  image: CameraFrame['image'],
  canvas: OffscreenCanvas,
  settings: { readonly willReadFrequently?: boolean },
): OffscreenCanvasRenderingContext2D {
  const context = canvas.getContext('2d', { alpha: false, ...settings });
  if (context === null) throw new Error('no 2D context');
  context.imageSmoothingQuality = 'medium';
  context.drawImage(image, 0, 0, canvas.width, canvas.height);
  return context;
}
