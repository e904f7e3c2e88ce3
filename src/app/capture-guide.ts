/** From what is seen in frame after frame to one hint, and to the moment at which the app shoots by itself. Pure. */

import { photoLimits } from '../imaging/photo/photo-checks.ts';
import type { Corners } from '../shared/analysis.ts';
import type { FilmSigns, FrameSigns } from '../shared/camera-frame.ts';

/** What a person is told, one at a time. `black`: the camera sees nothing at all. */
export const captureHints = [
  'black',
  'searching',
  'farther',
  'closer',
  'straighten',
  'too-dark',
  'too-bright',
  'glare',
  'hold-still',
  'ready',
] as const;
export type CaptureHint = (typeof captureHints)[number];

/** Of the frames that come, and of the photograph that will be kept. */
export interface FrameFacts {
  /** Pixels of the whole frame. */
  readonly width: number;
  readonly height: number;
  /** Pixels of the photograph along a pixel of the frame. */
  readonly keptScale: number;
}

/** One frame's answer and when the frame was taken, milliseconds of any clock that runs on. */
interface Look {
  readonly at: number;
  readonly film: FilmSigns | undefined;
}

export interface CaptureGuide {
  readonly hint: CaptureHint;
  /** Where the film was seen last, shares of the frame; absent once it has been gone for a while. */
  readonly corners?: Corners;
  /** How much of the time that it must be steady is over, 0..1. */
  readonly readiness: number;
  /** Now is the moment. */
  readonly shoot: boolean;
  /** Another hint than the shown one, and since when the frames speak for it. */
  readonly rising: { readonly hint: CaptureHint; readonly since: number; readonly looks: number } | undefined;
  /** Of the frames that were good one after another. */
  readonly good: { readonly since: number; readonly looks: number; readonly missed: number } | undefined;
  readonly looks: readonly Look[];
}

export const firstGuide: CaptureGuide = {
  hint: 'searching',
  readiness: 0,
  shoot: false,
  rising: undefined,
  good: undefined,
  looks: [],
};

/** So long steady, sharp and well placed, and so many frames of it: then the app shoots. */
export const steadyMs = 800;
const steadyLooks = 3;
/** A new hint is shown when the frames have spoken for it so long, so that none flickers. */
const hintDelayMs = 250;
const hintLooks = 2;
/** A phone that is taken up from a table sees black for a moment. */
const blackDelayMs = 2_500;
/** The outline stays where a frame in between found nothing. */
const outlineMs = 400;
const memoryMs = 2_000;

/**
 * Limits with hysteresis: `enter` brings a hint, and it goes only beyond `leave`. Where the photograph's own checks have
 * a limit (photo-checks.ts), the hint asks for a little more, so that what was shot after it passes.
 */
const limits = {
  /** 95th percentile of the frame's grey: five steps of 255. */
  black: { enter: 0.02, leave: 0.03 },
  /** Distance of a corner from the frame's edge, share of the frame. */
  edge: { enter: 0.006, leave: 0.014 },
  /** Extent of the film over the frame's. */
  fill: { enter: 0.5, leave: 0.54 },
  /** Filled so far, nearer brings no pixels that the lens has not got. */
  fullEnough: 0.85,
  tilt: { enter: 0.8 * photoLimits.tiltDegrees, leave: 0.6 * photoLimits.tiltDegrees },
  /** Degrees; rectifying undoes any turn, but a film on its side is not told from one that stands. */
  turn: { enter: 20, leave: 14 },
  dark: { enter: 0.9 * photoLimits.brightest, leave: photoLimits.brightest },
  burnt: { enter: photoLimits.burnt, leave: 0.75 * photoLimits.burnt },
  /** Higher than the photograph's: this hint keeps the app from shooting, and a dense lung must not. */
  glare: { enter: 1.2 * photoLimits.glare, leave: photoLimits.glare },
  /** Too unsure of the corners to rely on them; most often a slant or a movement makes it so. */
  share: { enter: 0.6, leave: 0.7 },
  /** How far any corner may move in `stillMs`, share of the frame's diagonal. */
  moved: { enter: 0.015, leave: 0.011 },
  /** In so few pixels only gross blur is seen; the photograph is checked again in all of its own. */
  blur: { enter: 2.4 * photoLimits.blur, leave: 2.2 * photoLimits.blur },
  /** Blur over the sharpest frame of the last two seconds: the hand or the focus is still on its way. */
  blurGain: { enter: 1.4, leave: 1.25 },
} as const;
const stillMs = 500;

interface Limit {
  readonly enter: number;
  readonly leave: number;
}

/**
 * The next guide after another frame.
 *
 * @param at when the frame was taken, ms; never before the last one
 */
export function guideCapture(guide: CaptureGuide, signs: FrameSigns, at: number, facts: FrameFacts): CaptureGuide {
  const looks = [...guide.looks.filter((look) => at - look.at <= memoryMs), { at, film: signs.film }];
  const seen = judge(signs, looks, guide.hint, facts);
  const { hint, rising } = nextHint(guide, seen, at);
  const good = nextGood(guide.good, seen === 'ready', at);
  // What is shown and what is counted begin together: no ring runs under another hint.
  const readiness = hint !== 'ready' || good === undefined ? 0 : Math.min(1, (at - good.since) / steadyMs);
  const corners = lastCorners(looks, at);
  return {
    hint,
    ...(corners === undefined ? {} : { corners }),
    readiness,
    shoot: readiness === 1 && seen === 'ready' && good !== undefined && good.looks >= steadyLooks,
    rising,
    good,
    looks,
  };
}

/** The most useful thing to say of this frame; the order is that in which a person can do something about it. */
function judge(signs: FrameSigns, looks: readonly Look[], shown: CaptureHint, facts: FrameFacts): CaptureHint {
  const above = (value: number, { enter, leave }: Limit, hint: CaptureHint): boolean =>
    value > (shown === hint ? leave : enter);
  const below = (value: number, { enter, leave }: Limit, hint: CaptureHint): boolean =>
    value < (shown === hint ? leave : enter);
  const { film } = signs;
  if (film === undefined) return below(signs.brightest, limits.black, 'black') ? 'black' : 'searching';
  if (below(roomAround(film.corners), limits.edge, 'farther')) return 'farther';
  const hasFewPixels = film.shortSide * facts.keptScale < photoLimits.shortSide && film.fill < limits.fullEnough;
  if (hasFewPixels || below(film.fill, limits.fill, 'closer')) return 'closer';
  if (above(film.tiltDegrees, limits.tilt, 'straighten') || above(film.turnDegrees, limits.turn, 'straighten')) {
    return 'straighten';
  }
  if (below(film.brightest, limits.dark, 'too-dark')) return 'too-dark';
  if (above(film.burnt, limits.burnt, 'too-bright')) return 'too-bright';
  if (above(film.glare, limits.glare, 'glare')) return 'glare';
  const isUnsteady =
    below(film.share, limits.share, 'hold-still') ||
    above(movedBy(looks, facts), limits.moved, 'hold-still') ||
    above(film.blur, limits.blur, 'hold-still') ||
    above(film.blur / sharpestOf(looks), limits.blurGain, 'hold-still');
  return isUnsteady ? 'hold-still' : 'ready';
}

function nextHint(guide: CaptureGuide, seen: CaptureHint, at: number): Pick<CaptureGuide, 'hint' | 'rising'> {
  if (seen === guide.hint) return { hint: seen, rising: undefined };
  const { rising: before } = guide;
  const rising = before?.hint === seen ? { ...before, looks: before.looks + 1 } : { hint: seen, since: at, looks: 1 };
  const delayMs = seen === 'black' ? blackDelayMs : hintDelayMs;
  if (rising.looks < hintLooks || at - rising.since < delayMs) return { hint: guide.hint, rising };
  return { hint: seen, rising: undefined };
}

/** One frame of another opinion is forgiven: the finder looks at each by itself. */
function nextGood(good: CaptureGuide['good'], isGood: boolean, at: number): CaptureGuide['good'] {
  if (isGood)
    return good === undefined ? { since: at, looks: 1, missed: 0 } : { ...good, looks: good.looks + 1, missed: 0 };
  return good === undefined || good.missed > 0 ? undefined : { ...good, missed: 1 };
}

function roomAround(corners: Corners): number {
  return Math.min(...corners.flatMap(({ x, y }) => [x, 1 - x, y, 1 - y]));
}

/** How far the film has come in the last half second; unknown is far. One outlier among four frames does not count. */
function movedBy(looks: readonly Look[], { width, height }: FrameFacts): number {
  const now = looks.at(-1);
  if (now?.film === undefined) return Infinity;
  const { at, film } = now;
  const diagonal = Math.hypot(width, height);
  const moves = looks
    .slice(0, -1)
    .flatMap((look) => (look.film !== undefined && at - look.at <= stillMs ? [look.film.corners] : []))
    .map((corners) =>
      Math.max(
        ...corners.map(({ x, y }, index) => {
          const here = film.corners[index]!;
          return Math.hypot((here.x - x) * width, (here.y - y) * height) / diagonal;
        }),
      ),
    )
    .sort((a, b) => a - b);
  const outlierAmong = 4;
  return (moves.length >= outlierAmong ? moves.at(-2) : moves.at(-1)) ?? Infinity;
}

function sharpestOf(looks: readonly Look[]): number {
  return Math.min(...looks.flatMap(({ film }) => (film === undefined ? [] : [film.blur])));
}

function lastCorners(looks: readonly Look[], at: number): Corners | undefined {
  return looks.findLast((look) => look.film !== undefined && at - look.at <= outlineMs)?.film?.corners;
}
