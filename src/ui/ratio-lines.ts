/** Moving the ends of the lines of the cardiothoracic ratio. Pure; places are shares of the picture, 0..1. */

import type { RatioLines, TransverseLine } from '../shared/anatomy.ts';
import type { Point } from './view-transform.ts';

export const lineEnds = ['heart-left', 'heart-right', 'thorax-left', 'thorax-right'] as const;
/** An end of one of the two lines; left and right are the picture's. */
export type LineEnd = (typeof lineEnds)[number];

/** Nothing in a chest is narrower; the two ends of a line stay apart. */
const narrowest = 0.02;
/** What one press of an arrow key moves: half a millimetre on a chest of 40 cm; with Shift ten times as far. */
export const finestStep = 0.00125;
export const coarseStep = 10 * finestStep;

export function placeOf(lines: RatioLines, end: LineEnd): Point {
  const line = lines[nameOf(end)];
  return { x: isLeft(end) ? line.left : line.right, y: line.y };
}

/** The lines with one end moved there; a line stays level, so its other end goes up and down with it. */
export function moveEnd(lines: RatioLines, end: LineEnd, to: Point): RatioLines {
  const name = nameOf(end);
  const line = lines[name];
  const y = within(to.y, 0, 1);
  const moved: TransverseLine = isLeft(end)
    ? { ...line, y, left: within(to.x, 0, line.right - narrowest) }
    : { ...line, y, right: within(to.x, line.left + narrowest, 1) };
  return { ...lines, [name]: moved };
}

export function stepEnd(lines: RatioLines, end: LineEnd, by: Point): RatioLines {
  const { x, y } = placeOf(lines, end);
  return moveEnd(lines, end, { x: x + by.x, y: y + by.y });
}

function nameOf(end: LineEnd): keyof RatioLines {
  return end === 'heart-left' || end === 'heart-right' ? 'heart' : 'thorax';
}

function isLeft(end: LineEnd): boolean {
  return end === 'heart-left' || end === 'thorax-left';
}

function within(value: number, low: number, high: number): number {
  return Math.min(Math.max(value, Math.min(low, high)), Math.max(low, high));
}
