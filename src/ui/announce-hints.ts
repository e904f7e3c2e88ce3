/** Which hints a screen reader is told: the screen changes them as fast as a hand moves, a voice cannot. Pure. */

import type { CaptureHint } from '../app/capture-guide.ts';

export interface Announced {
  /** What was said last. */
  readonly hint: CaptureHint | undefined;
  readonly at: number;
  /** What stands on the screen, and since when. */
  readonly shown: CaptureHint | undefined;
  readonly since: number;
}

export const nothingAnnounced: Announced = { hint: undefined, at: -Infinity, shown: undefined, since: 0 };

/** A hint is said once it has stood for so long, */
const standsMs = 500;
/** and so long after the one before it: about what its words take. */
const pauseMs = 2_500;

/** @param at ms of any clock that runs on */
export function announceHint(before: Announced, hint: CaptureHint, at: number): Announced {
  const since = before.shown === hint ? before.since : at;
  const isDue = hint !== before.hint && at - since >= standsMs && at - before.at >= pauseMs;
  return isDue ? { hint, at, shown: hint, since } : { ...before, shown: hint, since };
}
