import type { Corners } from '../shared/analysis.ts';
import { AppError, type ErrorCode, type PlainError } from '../shared/app-error.ts';
import { maxPhotoSide } from '../shared/limits.ts';
import { getSetting, setSetting } from '../storage/settings.ts';
import { abortable, wait } from './abort.ts';
import { firstGuide, guideCapture, type CaptureGuide, type CaptureHint } from './capture-guide.ts';
import type { FrameReader } from './decoding-client.ts';
import { grabFrame, nextFrame } from './grab-frame.ts';
import { createStore } from './store.ts';
import { openStills, type Stills } from './take-still.ts';

export type CameraPhase =
  | { readonly kind: 'starting' }
  | {
      readonly kind: 'live';
      readonly hint: CaptureHint;
      /** The film, shares 0..1 of the frame's width and height. */
      readonly corners?: Corners;
      /** How much of the time that must be steady before the app shoots is over, 0..1. */
      readonly readiness: number;
    }
  /** The camera is off, and its picture on its way. */
  | { readonly kind: 'taking' }
  /** The camera is off while the page cannot be seen; it starts again by itself. */
  | { readonly kind: 'paused' }
  | { readonly kind: 'failed'; readonly error: PlainError };

export interface CameraState {
  readonly phase: CameraPhase;
  /** Whether the app shoots by itself. */
  readonly automatic: boolean;
}

/** One visit to the live camera. No frame is kept but the one that becomes the photograph. */
export interface CameraSession {
  readonly state: CameraState;
  subscribe(listener: () => void): () => void;
  /** Begins; the camera's picture is shown in this element. */
  start(video: HTMLVideoElement): void;
  /** Takes the photograph now. Does nothing before the first frame. */
  shoot(): void;
  setAutomatic(automatic: boolean): void;
  /** Turns the camera off for good. */
  close(): void;
}

export interface CameraPorts {
  /** `undefined` where the browser has none for this page. */
  readonly devices: Pick<MediaDevices, 'getUserMedia'> | undefined;
  readonly reader: FrameReader;
  readonly onShot: (photo: File) => void;
}

/**
 * Four by three, for a film is no cinema screen, and as many pixels as are kept of a photograph (`maxPhotoSide`): more would only
 * be converted and thrown away eight times a second. Where a camera's stills have more than its video, they are taken.
 */
const wanted: MediaTrackConstraints = {
  facingMode: { ideal: 'environment' },
  width: { ideal: maxPhotoSide },
  height: { ideal: (maxPhotoSide * 3) / 4 },
};
/** Frames that are looked at begin so far apart: eight to ten a second are enough, and spare the battery. */
const lookEveryMs = 90;
/** A camera that gave no frame for so long has stopped, or never begun. */
const stallMs = 10_000;
/** Looks that fail one after another before the visit ends: the worker is opened anew for each. */
const mostFailures = 3;

export function openCameraSession({ devices, reader, onShot }: CameraPorts): CameraSession {
  const store = createStore<CameraState>({ phase: { kind: 'starting' }, automatic: true });
  let video: HTMLVideoElement | undefined;
  /** Of the camera that is on; aborting it turns that off. */
  let running: AbortController | undefined;
  let stills: Stills | undefined;
  let isClosed = false;

  function fail(thrown: unknown, fallback: ErrorCode): void {
    turnOff();
    store.set({ phase: { kind: 'failed', error: AppError.from(thrown, fallback).toPlain() } });
  }

  function turnOff(): void {
    running?.abort(new AppError('cancelled'));
    running = undefined;
    stills = undefined;
  }

  async function turnOn(): Promise<void> {
    const shown = video;
    if (shown === undefined || isClosed) return;
    turnOff();
    store.set({ phase: { kind: 'starting' } });
    running = new AbortController();
    const { signal } = running;
    try {
      if (devices === undefined) throw new AppError('camera-absent');
      const stream = await devices.getUserMedia({ audio: false, video: wanted });
      const stop = (): void => release(stream, shown);
      // Closed or hidden while the person was being asked: the light beside the lens must not stay on.
      if (signal.aborted) return stop();
      signal.addEventListener('abort', stop, { once: true });
      const [track] = stream.getVideoTracks();
      if (track === undefined) throw new AppError('camera-absent');
      track.addEventListener('ended', () => !signal.aborted && fail(new AppError('camera-lost'), 'camera-lost'));
      shown.srcObject = stream;
      await shown.play();
      await watch(shown, track, signal);
    } catch (thrown) {
      if (!signal.aborted) fail(asCameraError(thrown), 'camera-busy');
    }
  }

  /** Looks at frame after frame, one at a time, until the camera is turned off. */
  async function watch(shown: HTMLVideoElement, track: MediaStreamTrack, signal: AbortSignal): Promise<void> {
    let guide: CaptureGuide = firstGuide;
    let failures = 0;
    let opened: Stills | undefined;
    while (!signal.aborted) {
      const at = await frameInTime(shown, signal, opened === undefined ? 'camera-busy' : 'camera-lost');
      opened ??= await openStills(track, shown, reader);
      if (signal.aborted) return;
      stills = opened;
      try {
        const frame = await grabFrame(shown);
        const { width, height } = frame;
        const signs = await reader.look(frame);
        if (signal.aborted || store.state.phase.kind === 'taking') return;
        failures = 0;
        guide = guideCapture(guide, signs, at, { width, height, keptScale: opened.keptScale });
      } catch (thrown) {
        failures += 1;
        if (signal.aborted || failures >= mostFailures) throw thrown;
        continue;
      }
      const { hint, corners, readiness } = guide;
      store.set({ phase: { kind: 'live', hint, readiness, ...(corners === undefined ? {} : { corners }) } });
      if (guide.shoot && store.state.automatic) return shoot();
      await wait(Math.max(0, lookEveryMs - (performance.now() - at)), signal);
    }
  }

  function shoot(): void {
    const [ours, taking] = [running, stills];
    if (ours === undefined || taking === undefined || store.state.phase.kind !== 'live') return;
    store.set({ phase: { kind: 'taking' } });
    taking.take().then(
      (blob) => {
        // Left or hidden meanwhile: nothing of it is kept.
        if (ours.signal.aborted) return;
        turnOff();
        onShot(new File([blob], photoName(new Date(), blob.type), { type: blob.type }));
      },
      (thrown: unknown) => !ours.signal.aborted && fail(thrown, 'camera-lost'),
    );
  }

  const visibilityChanged = (): void => {
    if (document.visibilityState === 'visible') {
      if (store.state.phase.kind === 'paused') void turnOn();
      return;
    }
    if (running === undefined) return;
    turnOff();
    store.set({ phase: { kind: 'paused' } });
  };

  return {
    get state() {
      return store.state;
    },
    subscribe: store.subscribe,

    start(element) {
      if (video === undefined) {
        document.addEventListener('visibilitychange', visibilityChanged);
        getSetting('automaticShot').then(
          (automatic) => automatic !== undefined && store.set({ automatic }),
          // What cannot be read is as at first.
          () => undefined,
        );
      }
      video = element;
      void turnOn();
    },

    shoot,

    setAutomatic(automatic) {
      store.set({ automatic });
      setSetting('automaticShot', automatic).catch(() => undefined);
    },

    close() {
      isClosed = true;
      document.removeEventListener('visibilitychange', visibilityChanged);
      turnOff();
      reader.close();
    },
  };
}

function release(stream: MediaStream, video: HTMLVideoElement): void {
  for (const track of stream.getTracks()) track.stop();
  if (video.srcObject === stream) video.srcObject = null;
}

function frameInTime(video: HTMLVideoElement, signal: AbortSignal, code: ErrorCode): Promise<number> {
  return new Promise((resolve, reject) => {
    const clock = setTimeout(() => reject(new AppError(code)), stallMs);
    abortable(nextFrame(video), signal)
      .then(resolve, reject)
      .finally(() => clearTimeout(clock));
  });
}

/** What `getUserMedia` and `play` reject with (W3C Media Capture and Streams, §10.2.1), in the app's words. */
export function asCameraError(thrown: unknown): AppError {
  if (!(thrown instanceof DOMException)) return AppError.from(thrown);
  switch (thrown.name) {
    case 'NotAllowedError':
    case 'SecurityError':
      return new AppError('camera-refused', {}, thrown);
    case 'NotFoundError':
    case 'OverconstrainedError':
      return new AppError('camera-absent', {}, thrown);
    default:
      return new AppError('camera-busy', { reason: thrown.name }, thrown);
  }
}

function photoName(at: Date, type: string): string {
  const ending = type === 'image/png' ? 'png' : 'jpg';
  return `photo-${at.toISOString().slice(0, 'yyyy-mm-ddThh:mm:ss'.length).replaceAll(':', '-')}.${ending}`;
}
