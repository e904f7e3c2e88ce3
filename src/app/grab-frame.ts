import type { CameraFrame } from '../shared/camera-frame.ts';

/**
 * The frame that a playing video shows, for a worker to look at: nothing is drawn or converted on the page's thread where
 * the browser has `VideoFrame`.
 *
 * @throws DOMException where the video has no frame yet
 */
export async function grabFrame(video: HTMLVideoElement): Promise<CameraFrame> {
  const { videoWidth: width, videoHeight: height } = video;
  if (typeof VideoFrame === 'function') {
    const image = new VideoFrame(video);
    if (isUpright(image, width, height)) return { image, width, height };
    image.close();
  }
  return { image: await createImageBitmap(video), width, height };
}

/**
 * A phone's camera lies across it, and turns its frames by a note beside them. Browsers differ in how a `VideoFrame` carries
 * that note (W3C WebCodecs issue 351), so one whose sides are exchanged is not relied on.
 */
function isUpright({ displayWidth, displayHeight }: VideoFrame, width: number, height: number): boolean {
  return displayWidth > displayHeight === width > height;
}

/**
 * Resolves with the time (`performance.now`) of the next new frame. Old browsers, without
 * `requestVideoFrameCallback` (Firefox before 132), are asked anew with each picture of the screen: a camera that stands still
 * must not look like a steady hand.
 */
export function nextFrame(video: HTMLVideoElement): Promise<number> {
  return new Promise((resolve) => {
    if ('requestVideoFrameCallback' in video) {
      video.requestVideoFrameCallback(resolve);
      return;
    }
    const old = video as HTMLVideoElement;
    const before = old.currentTime;
    const poll = (now: number): void => {
      if (old.currentTime !== before) resolve(now);
      // Without a camera there is nobody left who waits.
      else if (old.srcObject !== null) requestAnimationFrame(poll);
    };
    requestAnimationFrame(poll);
  });
}
