import type { FramePlane, FramePlanes, YuvColours } from '../imaging/photo/reduce-planes.ts';

/** Kept from frame to frame: each is some megabytes. */
let bytes = new Uint8Array(0);

const bytesAWord = 4;

/**
 * The planes of a frame as the camera gave it, copied and nothing else: converting millions of pixels to RGB, to draw them small,
 * takes the browser longer than all that is then looked at. Valid until the next call.
 *
 * @returns `undefined` where the frame is not of such planes, or may be seen turned or stretched: it must be drawn
 */
export async function copyPlanes(frame: VideoFrame): Promise<FramePlanes | undefined> {
  const { format, visibleRect, displayWidth, displayHeight } = frame;
  if ((format !== 'I420' && format !== 'NV12') || visibleRect === null || !isUpright(frame)) return undefined;
  const { width, height } = visibleRect;
  if (width !== displayWidth || height !== displayHeight) return undefined;
  const [lumaStride, finestHeight] = [wholeWords(width), Math.ceil(height / 2)];
  const lumaEnd = lumaStride * height;
  const isSplit = format === 'I420';
  const stride = wholeWords(isSplit ? Math.ceil(width / 2) : 2 * Math.ceil(width / 2));
  const colourEnd = lumaEnd + stride * finestHeight;
  const layout = [
    { offset: 0, stride: lumaStride },
    { offset: lumaEnd, stride },
    ...(isSplit ? [{ offset: colourEnd, stride }] : []),
  ];
  const size = isSplit ? colourEnd + stride * finestHeight : colourEnd;
  if (bytes.byteLength !== size) bytes = new Uint8Array(size);
  try {
    await frame.copyTo(bytes, { layout });
  } catch {
    // Frames that lie in the graphics processor cannot always be had; drawing them can.
    return undefined;
  }
  const luma: FramePlane = { offset: 0, stride: lumaStride, apart: 1, first: 0 };
  const blue: FramePlane = { offset: lumaEnd, stride, apart: isSplit ? 1 : 2, first: 0 };
  const red: FramePlane = isSplit ? { ...blue, offset: colourEnd } : { ...blue, first: 1 };
  return { width, height, bytes, luma, blue, red, colours: coloursOf(frame.colorSpace) };
}

/** Where a browser does not say how a frame lies (Chrome before 138), it is not relied on. */
function isUpright(frame: VideoFrame): boolean {
  const { rotation, flip } = frame as VideoFrame & { readonly rotation?: number; readonly flip?: boolean };
  return rotation === 0 && flip !== true;
}

function wholeWords(count: number): number {
  return Math.ceil(count / bytesAWord) * bytesAWord;
}

/** What is not said is as of a camera: BT.601, 16 to 235. */
function coloursOf({ matrix, fullRange }: VideoColorSpace): YuvColours {
  const isFullRange = fullRange === true;
  if (matrix === 'bt709') return { redWeight: 0.2126, blueWeight: 0.0722, isFullRange };
  return { redWeight: 0.299, blueWeight: 0.114, isFullRange };
}
