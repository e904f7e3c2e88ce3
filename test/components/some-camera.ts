/** A camera in memory: whatever phase a test wants, and a drawn film before the lens. */

import type { CameraPhase, CameraSession, CameraState } from '../../src/app/camera-session.ts';
import type { CaptureHint } from '../../src/app/capture-guide.ts';
import type { Corners } from '../../src/shared/analysis.ts';
import { somePhoto } from './some-photo.ts';

export class FakeCamera implements CameraSession {
  state: CameraState;
  readonly calls: string[] = [];
  private film: DrawnFilm | undefined;
  private readonly listeners = new Set<() => void>();

  constructor(phase: CameraPhase = { kind: 'starting' }, automatic = true) {
    this.state = { phase, automatic };
  }

  change(changes: Partial<CameraState>): void {
    this.state = { ...this.state, ...changes };
    for (const listener of this.listeners) listener();
  }

  subscribe(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  start(video: HTMLVideoElement): void {
    this.calls.push('start');
    if (this.state.phase.kind === 'failed') return;
    this.film = drawnFilm();
    video.srcObject = this.film.stream;
    void video.play().catch(() => undefined);
  }

  shoot(): void {
    this.calls.push('shoot');
  }

  setAutomatic(automatic: boolean): void {
    this.calls.push(`automatic ${automatic}`);
    this.change({ automatic });
  }

  close(): void {
    this.calls.push('close');
    this.film?.stop();
  }
}

/** Upright, as a phone is held. */
const [width, height] = [360, 480];

export interface DrawnFilm {
  readonly stream: MediaStream;
  stop(): void;
}

/** The photograph of `somePhoto`, as a camera sees it. */
export function drawnFilm(): DrawnFilm {
  const { photo } = somePhoto();
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [width, height];
  const context = canvas.getContext('2d');
  context?.putImageData(new ImageData(photo.rgba, photo.width, photo.height), (width - photo.width) / 2, 60);
  const stream = canvas.captureStream();
  // A canvas gives a frame only when it is drawn on.
  const redraw = setInterval(() => context?.fillRect(0, 0, 1, 1), 100);
  return {
    stream,
    stop() {
      clearInterval(redraw);
      for (const track of stream.getTracks()) track.stop();
    },
  };
}

/** Of the film of `drawnFilm`, shares of the frame. */
const filmCorners: Corners = [
  { x: 0.18, y: 0.22 },
  { x: 0.82, y: 0.235 },
  { x: 0.79, y: 0.765 },
  { x: 0.24, y: 0.78 },
];

export function livePhase(hint: CaptureHint): CameraPhase {
  const seesFilm = hint !== 'searching' && hint !== 'black';
  return {
    kind: 'live',
    hint,
    readiness: hint === 'ready' ? 0.65 : 0,
    ...(seesFilm ? { corners: filmCorners } : {}),
  };
}
