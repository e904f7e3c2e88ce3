/** What bench/camera.ts drives: the live camera's way of a frame, from the page to the worker and back. */

import { createDecodingClient, type FrameReader } from '../../src/app/decoding-client.ts';
import type { CameraFrame } from '../../src/shared/camera-frame.ts';
import { cameraFrame, toCameraPlanes, type CameraPlanes } from '../../test/support/camera-frames.ts';

/** As a camera gives its frames, or as a picture that must be drawn: where the browser has no `VideoFrame`, or hides what is in it. */
export type FrameForm = 'planes' | 'picture';

let reader: FrameReader | undefined;
let frames: readonly CameraPlanes[] = [];

async function toFrame(planes: CameraPlanes, form: FrameForm): Promise<CameraFrame> {
  const { width, height } = planes;
  const frame = cameraFrame(planes);
  if (form === 'planes') return { image: frame, width, height };
  const image = await createImageBitmap(frame);
  frame.close();
  return { image, width, height };
}

const bench = {
  /** Brings the frames, as large as a camera gives them, and opens the worker. */
  async open(addresses: readonly string[], width: number, height: number): Promise<void> {
    frames = await Promise.all(
      addresses.map(async (address) => {
        const blob = await (await fetch(address)).blob();
        const size = { resizeWidth: width, resizeHeight: height, resizeQuality: 'high' } as const;
        return toCameraPlanes(await createImageBitmap(blob, size));
      }),
    );
    reader = createDecodingClient('assets/decode-worker.js').readFrames();
  },

  /** Milliseconds from a frame on the page to its answer, each in turn. */
  async look(rounds: number, form: FrameForm): Promise<{ readonly ms: readonly number[]; readonly films: number }> {
    const ms: number[] = [];
    let films = 0;
    for (let round = 0; round < rounds; round += 1) {
      for (const planes of frames) {
        const frame = await toFrame(planes, form);
        const start = performance.now();
        const signs = await reader?.look(frame);
        ms.push(performance.now() - start);
        if (signs?.film !== undefined) films += 1;
      }
    }
    return { ms, films };
  },
};

export type CameraBench = typeof bench;
Object.assign(globalThis, { bench });
