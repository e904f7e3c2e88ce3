import { maxPhotoSide } from '../shared/limits.ts';
import type { FrameReader } from './decoding-client.ts';
import { grabFrame } from './grab-frame.ts';

/** W3C Image Capture; not in TypeScript's library, for not every browser has it. */
interface StillCamera {
  getPhotoCapabilities(): Promise<{
    readonly imageWidth?: { readonly max: number };
    readonly imageHeight?: { readonly max: number };
    readonly fillLightMode?: readonly string[];
  }>;
  takePhoto(settings?: {
    readonly imageWidth?: number;
    readonly imageHeight?: number;
    readonly fillLightMode?: 'off';
  }): Promise<Blob>;
}
type StillCameraClass = new (track: MediaStreamTrack) => StillCamera;

/** A still with focus and exposure of its own takes a phone up to two seconds; one that takes longer does not come. */
const stillTimeoutMs = 5_000;
/** Long side that is asked for, pixels: half as much again as is kept, so that reducing it hides grain and mosaic. */
const wantedSide = 1.5 * maxPhotoSide;

/** How a track's stills are had. */
export interface Stills {
  /** Pixels of what is kept along a pixel of the video's frame, ≤ 1 where the frame is larger than what is kept. */
  readonly keptScale: number;
  take(): Promise<Blob>;
}

/**
 * Stills from the camera itself where they have more pixels than the video and the video has fewer than are kept, else the
 * video's frame. The light stays off: it would be mirrored in the film.
 */
export async function openStills(
  track: MediaStreamTrack,
  video: HTMLVideoElement,
  reader: FrameReader,
): Promise<Stills> {
  const takeFrame = async (): Promise<Blob> => reader.keep(await grabFrame(video));
  const frameSide = Math.max(video.videoWidth, video.videoHeight);
  const frames: Stills = { keptScale: Math.min(1, maxPhotoSide / frameSide), take: takeFrame };
  const { ImageCapture } = globalThis as { ImageCapture?: StillCameraClass };
  if (ImageCapture === undefined || frameSide >= maxPhotoSide) return frames;
  try {
    const camera = new ImageCapture(track);
    const { imageWidth, imageHeight, fillLightMode } = await camera.getPhotoCapabilities();
    const [width = 0, height = 0] = [imageWidth?.max, imageHeight?.max];
    // The video's own shape: of another one the film may be cut off that was whole in the picture on the screen.
    const shape = frameSide / Math.min(video.videoWidth, video.videoHeight);
    const side = Math.min(wantedSide, Math.max(width, height), Math.min(width, height) * shape);
    if (side <= frameSide) return frames;
    const [long, short] = [Math.round(side), Math.round(side / shape)];
    const settings = {
      // Cameras tell their sizes as they lie, however they are held.
      imageWidth: width >= height ? long : short,
      imageHeight: width >= height ? short : long,
      ...(fillLightMode?.includes('off') === true ? { fillLightMode: 'off' as const } : {}),
    };
    return {
      keptScale: Math.min(side, maxPhotoSide) / frameSide,
      // Drivers promise stills and then refuse them: the frame is there in any case.
      take: () => inTime(camera.takePhoto(settings)).catch(takeFrame),
    };
  } catch {
    return frames;
  }
}

function inTime(still: Promise<Blob>): Promise<Blob> {
  return new Promise((resolve, reject) => {
    const clock = setTimeout(() => reject(new Error('no still came')), stillTimeoutMs);
    still
      .then((blob) => (blob.size > 0 ? resolve(blob) : reject(new Error('an empty still'))), reject)
      .finally(() => clearTimeout(clock));
  });
}
