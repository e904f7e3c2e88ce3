import { getSetting, setSetting } from '../storage/settings.ts';

/**
 * Android kills the page behind the camera app when memory is short; the photograph is lost with it. A marker that lies
 * in storage while the camera is open tells the next start, which says so and offers the picker.
 */

/** Older marks are of a page that was closed with the camera open, not of someone who waits for a picture. */
const longestVisitMs = 60 * 60_000;

export async function markCameraOpen(now: Date = new Date()): Promise<void> {
  await setSetting('cameraOpenedAt', now.toISOString());
}

export async function markCameraClosed(): Promise<void> {
  await setSetting('cameraOpenedAt', undefined);
}

/** Whether the page was killed behind the camera; the mark is gone afterwards. Call once, at the start. */
export async function takeCameraInterruption(now: Date = new Date()): Promise<boolean> {
  const openedAt = await getSetting('cameraOpenedAt');
  if (openedAt === undefined) return false;
  await markCameraClosed();
  return Math.abs(now.getTime() - Date.parse(openedAt)) <= longestVisitMs;
}
