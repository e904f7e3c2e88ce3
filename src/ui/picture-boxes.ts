/** Black boxes over a picture: how they are moved, resized, added and taken back. Pure. */

import type { DisplayImage } from '../shared/analysis.ts';
import type { PictureBox } from '../shared/picture-box.ts';

export type Corner = 'upper-left' | 'upper-right' | 'lower-left' | 'lower-right';
export const corners: readonly Corner[] = ['upper-left', 'upper-right', 'lower-left', 'lower-right'];

/** Smaller ones could not be found again. Shares of the picture's side. */
const smallestSide = 0.02;
/** A new box: a line of writing at the upper edge, where most of it is. */
const newBox: PictureBox = { x: 0.05, y: 0.05, width: 0.3, height: 0.06 };
/** Each further one is put this much lower, so that it does not lie on the last. */
const newBoxStep = 0.08;
const newBoxRoom = 0.8;

function between(low: number, value: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}

/** Moves by shares of the picture; the box stays in it. */
export function moveBox(box: PictureBox, byX: number, byY: number): PictureBox {
  return { ...box, x: between(0, box.x + byX, 1 - box.width), y: between(0, box.y + byY, 1 - box.height) };
}

/** Moves one corner; the opposite one stays where it is. */
export function resizeBox(box: PictureBox, corner: Corner, byX: number, byY: number): PictureBox {
  const [right, bottom] = [box.x + box.width, box.y + box.height];
  const isLeft = corner.endsWith('left');
  const isUpper = corner.startsWith('upper');
  const left = isLeft ? between(0, box.x + byX, right - smallestSide) : box.x;
  const top = isUpper ? between(0, box.y + byY, bottom - smallestSide) : box.y;
  return {
    x: left,
    y: top,
    width: isLeft ? right - left : between(smallestSide, box.width + byX, 1 - left),
    height: isUpper ? bottom - top : between(smallestSide, box.height + byY, 1 - top),
  };
}

export function addBox(boxes: readonly PictureBox[]): readonly PictureBox[] {
  const y = newBox.y + ((boxes.length * newBoxStep) % newBoxRoom);
  return [...boxes, { ...newBox, y }];
}

/** The boxes of a picture and what they were before: as many steps as were made are taken back. */
export interface BoxHistory {
  readonly boxes: readonly PictureBox[];
  readonly before?: BoxHistory;
}

export function changeBoxes(history: BoxHistory, boxes: readonly PictureBox[]): BoxHistory {
  return { boxes, before: history };
}

export function undoBoxes(history: BoxHistory): BoxHistory {
  return history.before ?? history;
}

/** As long as a picture is in memory, and no longer, its boxes are: they are nothing to be stored. */
const histories = new WeakMap<DisplayImage, BoxHistory>();

/** @param found where writing was found: the boxes that are offered at first */
export function boxHistoryOf(display: DisplayImage, found: readonly PictureBox[]): BoxHistory {
  return histories.get(display) ?? { boxes: found };
}

export function keepBoxHistory(display: DisplayImage, history: BoxHistory): void {
  histories.set(display, history);
}
