/** What crosses the thread for each frame of the live camera. */

import type { Corners } from './analysis.ts';

/** One frame, as it is seen: a turned phone's frame is drawn upright. The image is transferred, and closed by the worker. */
export interface CameraFrame {
  readonly image: ImageBitmap | VideoFrame;
  /** Of the whole frame, pixels. */
  readonly width: number;
  readonly height: number;
}

/** What is seen of the film in one frame. */
export interface FilmSigns {
  /** In shares of the frame: `x` of its width, `y` of its height. */
  readonly corners: Corners;
  /** How sure the finder is of just these corners among all that it looked at, 0..1. */
  readonly share: number;
  /** The film's larger extent over the frame's, 0..1: 1 where it reaches from edge to edge. */
  readonly fill: number;
  /** The film's shorter side in pixels of the whole frame. */
  readonly shortSide: number;
  readonly tiltDegrees: number;
  /** How far its upper edge is from level, degrees 0..45. */
  readonly turnDegrees: number;
  /** Spread of the sharpest edges as the standard deviation of a Gauss, share of the film's short side. */
  readonly blur: number;
  /** Light that a mirrored lamp adds to the film where it adds most, share of white, 0..0.5. */
  readonly glare: number;
  /** 95th percentile of the film's grey, 0..1. */
  readonly brightest: number;
  /** Share of the film at white, 0..1. */
  readonly burnt: number;
}

/** The answer to one frame: cheap signs, enough to tell a person what to change. */
export interface FrameSigns {
  /** 95th percentile of the whole frame's grey, 0..1: near 0 where the camera sees nothing at all. */
  readonly brightest: number;
  /** Absent where no film was found. */
  readonly film?: FilmSigns;
}
