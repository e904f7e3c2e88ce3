/** Chromium's fake camera: it plays a file of JPEGs, one after another, thirty a second, and begins again at its end. */

import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Of synthetic frames; see its README. Ten a second, the last ones in a still hand. */
export const approachFilm = 'test/fixtures/camera/approach.mjpeg';
export const approachStillFrames = 6;

/** Frames a second that the fake camera plays (Chromium, file_video_capture_device.cc), over those of our films. */
const playsEach = 3;

export interface FakeCamera {
  readonly browserArgs: readonly string[];
  remove(): Promise<void>;
}

/**
 * A camera before which a committed film is played at its own pace.
 *
 * @param still how many frames at its end are played over and over, and how often: a loaded machine needs its time
 */
export async function fakeCamera(film: string, still = { frames: 0, times: 0 }): Promise<FakeCamera> {
  const frames = framesOf(await readFile(film));
  const end = frames.slice(frames.length - still.frames);
  const played = [...frames, ...Array.from({ length: still.times }, () => end).flat()];
  const folder = await mkdtemp(join(tmpdir(), 'chester-camera-'));
  const path = join(folder, 'camera.mjpeg');
  await writeFile(path, Buffer.concat(played.flatMap((frame) => Array.from({ length: playsEach }, () => frame))));
  return { browserArgs: fakeCameraArgs(path), remove: () => rm(folder, { recursive: true, force: true }) };
}

/** @param path absent: Chromium's own test picture */
export function fakeCameraArgs(path?: string): readonly string[] {
  return [
    '--use-fake-device-for-media-stream',
    '--use-fake-ui-for-media-stream',
    ...(path === undefined ? [] : [`--use-file-for-fake-video-capture=${path}`]),
  ];
}

/** Cut where a JPEG begins: start of image, then the marker of the next segment. */
export function framesOf(film: Buffer): readonly Buffer[] {
  const startOfImage = Buffer.from([0xff, 0xd8, 0xff]);
  const starts: number[] = [];
  for (let at = film.indexOf(startOfImage); at >= 0; at = film.indexOf(startOfImage, at + 1)) starts.push(at);
  return starts.map((start, index) => film.subarray(start, starts[index + 1] ?? film.length));
}
