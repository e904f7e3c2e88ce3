/** What bench/camera.ts drives: the live camera's way of a frame, from the page to the worker and back. */

import { createDecodingClient, type FrameReader } from '../../src/app/decoding-client.ts';
import type { CameraFrame } from '../../src/shared/camera-frame.ts';

let reader: FrameReader | undefined;
let pictures: readonly ImageBitmap[] = [];

const bench = {
  /** Brings the frames, as large as a camera gives them, and opens the worker. */
  async open(addresses: readonly string[], width: number, height: number): Promise<void> {
    pictures = await Promise.all(
      addresses.map(async (address) => {
        const blob = await (await fetch(address)).blob();
        return createImageBitmap(blob, { resizeWidth: width, resizeHeight: height, resizeQuality: 'high' });
      }),
    );
    reader = createDecodingClient('assets/decode-worker.js').readFrames();
  },

  /** Milliseconds from a frame on the page to its answer, each picture in turn. */
  async look(rounds: number): Promise<{ readonly ms: readonly number[]; readonly films: number }> {
    const ms: number[] = [];
    let films = 0;
    for (let round = 0; round < rounds; round += 1) {
      for (const picture of pictures) {
        const frame: CameraFrame = {
          image: new VideoFrame(picture, { timestamp: 0 }),
          width: picture.width,
          height: picture.height,
        };
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
