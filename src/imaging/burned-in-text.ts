/**
 * Lines of letters that were drawn into a picture: names, numbers and dates that a scanner or a secondary capture burned
 * in. Letters are strokes: thin, much brighter (or darker) than what lies around them, with sharp ends, all of about one
 * height, side by side. A side marker is one to three such letters and tells nobody's name; only longer lines count.
 */

import type { PictureBox } from '../shared/picture-box.ts';
import { findComponents, type Component } from './connected-components.ts';
import type { GrayPixels } from './network-input.ts';
import { boundedSize, resizeArea } from './resize.ts';

/** Long side on which lines are looked for, in pixels: letters of 2 mm on a film of 43 cm are five pixels high there. */
const searchedSide = 1024;
/** Lines lie in a frame of this share of the picture's sides: nobody writes over the lungs. */
const frameShare = 0.25;
/** Strokes are thinner than this many pixels of the searched copy. */
const widestStroke = 11;
/** A stroke stands out from what lies around it by at least this share of black to white. */
const leastContrast = 0.22;
/** Height of letters, pixels of the searched copy. */
const lowestLetter = 5;
const highestLetter = 48;
/** Width over height of what may be one letter or several that touch. */
const widestLetter = 14;
/** Letters of a line differ at most so much in height, and in where their middle lies, in heights of the lower one. */
const heightRatio = 1.7;
const middleOffset = 0.45;
/** Space between letters, words included, in heights. */
const widestGap = 1.3;
/** A line has at least this many letters … */
const fewestLetters = 4;
/** … and is so much longer than high. */
const leastLength = 2.2;
/** Strokes that a row through a line crosses, for each letter: an I has one, an M four. */
const crossingsPerLetter = 0.9;
/** Share of a line's box that is stroke. */
const thinnestLine = 0.12;
const densestLine = 0.75;
/** Boxes reach beyond the letters by these shares of their height: a letter at the end may have been too faint. */
const marginAlong = 0.9;
const marginAcross = 0.4;
const white = 255;

export interface TextLine {
  /** Around the line, with a margin. */
  readonly box: PictureBox;
  /** Estimate: letters that touch are told from one another by their width. */
  readonly letters: number;
}

/**
 * @param image values 0..1
 * @returns lines of at least four letters in the outer frame of the picture, from the top; empty where there are none
 */
export function findBurnedInText({ data, width, height }: GrayPixels): readonly TextLine[] {
  const size = boundedSize(width, height, searchedSide, searchedSide ** 2);
  const copy = resizeArea(data, width, height, size.width, size.height);
  const greys = new Uint8Array(copy.length);
  for (let index = 0; index < greys.length; index += 1) greys[index] = Math.round(copy[index]! * white);
  const found = (['brighter', 'darker'] as const).flatMap((than) => {
    const strokes = findStrokes(greys, size.width, size.height, than);
    return findLines(strokes, size.width, size.height);
  });
  // Letters with an outline are found twice, and a line with a wide space in two parts.
  return mergeOverlapping(found).sort((a, b) => a.box.y - b.box.y || a.box.x - b.box.x);
}

/** 1 where the picture differs from its opening (or closing) by a square wider than any stroke, else 0. */
function findStrokes(greys: Uint8Array, width: number, height: number, than: 'brighter' | 'darker'): Uint8Array {
  const [first, second] = than === 'brighter' ? (['least', 'greatest'] as const) : (['greatest', 'least'] as const);
  const narrowed = extremes(greys, width, height, first, 1);
  const surroundings = extremes(narrowed, width, height, second, -1);
  const contrast = leastContrast * white;
  const strokes = new Uint8Array(greys.length);
  for (let index = 0; index < greys.length; index += 1) {
    strokes[index] = Math.abs(greys[index]! - surroundings[index]!) > contrast ? 1 : 0;
  }
  return strokes;
}

/**
 * The least or greatest value of the square of `widestStroke + 1` pixels that begins (`direction` 1) or ends (−1) at each
 * pixel; the picture's edge cuts it. Runs are doubled, so that a wide one costs hardly more than a narrow one.
 */
function extremes(
  greys: Uint8Array,
  width: number,
  height: number,
  wanted: 'least' | 'greatest',
  direction: 1 | -1,
): Uint8Array {
  let current = greys;
  const side = widestStroke + 1;
  for (const axis of ['across', 'along'] as const) {
    let covered = 1;
    while (covered < side) {
      const by = Math.min(covered, side - covered);
      current = pickBetween(current, width, height, axis, by * direction, wanted === 'least');
      covered += by;
    }
  }
  return current;
}

/** Of each pixel and the one `by` further along the axis the smaller or greater. Plain loops: this is the costly part. */
function pickBetween(
  from: Uint8Array,
  width: number,
  height: number,
  axis: 'across' | 'along',
  by: number,
  least: boolean,
): Uint8Array {
  const to = from.slice();
  const [firstX, lastX] = axis === 'across' ? [Math.max(0, -by), width - Math.max(0, by)] : [0, width];
  const [firstY, lastY] = axis === 'along' ? [Math.max(0, -by), height - Math.max(0, by)] : [0, height];
  const step = axis === 'across' ? by : by * width;
  for (let y = firstY; y < lastY; y += 1) {
    const end = y * width + lastX;
    // Two loops without a branch on the pixels take half the time of one with.
    if (least) {
      for (let index = y * width + firstX; index < end; index += 1) {
        to[index] = Math.min(from[index]!, from[index + step]!);
      }
    } else {
      for (let index = y * width + firstX; index < end; index += 1) {
        to[index] = Math.max(from[index]!, from[index + step]!);
      }
    }
  }
  return to;
}

function findLines(strokes: Uint8Array, width: number, height: number): readonly TextLine[] {
  const letters = findComponents(strokes, width, height).filter((component) => mayBeLetter(component, width, height));
  return joinLines(letters).flatMap((line) => judgeLine(line, strokes, width, height));
}

function mayBeLetter({ left, top, right, bottom, pixels }: Component, width: number, height: number): boolean {
  const [w, h] = [right - left, bottom - top];
  if (h < lowestLetter || h > highestLetter || w > widestLetter * h || pixels < h) return false;
  const [x, y] = [(left + right) / 2 / width, (top + bottom) / 2 / height];
  return x < frameShare || x > 1 - frameShare || y < frameShare || y > 1 - frameShare;
}

/** Letters in reading order, each joined to the line whose last one it follows. */
function joinLines(letters: readonly Component[]): readonly (readonly Component[])[] {
  const lines: Component[][] = [];
  for (const letter of [...letters].sort((a, b) => a.left - b.left)) {
    const line = lines.find((candidate) => follows(candidate.at(-1)!, letter));
    if (line === undefined) lines.push([letter]);
    else line.push(letter);
  }
  return lines;
}

function follows(before: Component, letter: Component): boolean {
  const [a, b] = [before.bottom - before.top, letter.bottom - letter.top];
  const lower = Math.min(a, b);
  const gap = letter.left - before.right;
  const offset = Math.abs((before.top + before.bottom) / 2 - (letter.top + letter.bottom) / 2);
  return (
    Math.max(a, b) <= heightRatio * lower && gap <= widestGap * lower && gap > -lower && offset <= middleOffset * lower
  );
}

function judgeLine(
  line: readonly Component[],
  strokes: Uint8Array,
  width: number,
  height: number,
): readonly TextLine[] {
  const left = Math.min(...line.map((letter) => letter.left));
  const right = Math.max(...line.map((letter) => letter.right));
  const top = Math.min(...line.map((letter) => letter.top));
  const bottom = Math.max(...line.map((letter) => letter.bottom));
  const letterHeight = line.reduce((sum, letter) => sum + letter.bottom - letter.top, 0) / line.length;
  if (right - left < leastLength * letterHeight) return [];
  let crossings = 0;
  let filled = 0;
  for (let y = top; y < bottom; y += 1) {
    for (let x = left; x < right; x += 1) {
      if (strokes[y * width + x] === 0) continue;
      filled += 1;
      if (x === left || strokes[y * width + x - 1] === 0) crossings += 1;
    }
  }
  const density = filled / ((right - left) * (bottom - top));
  const perRow = crossings / (bottom - top);
  const letters = Math.max(line.length, Math.round((right - left) / letterHeight));
  if (letters < fewestLetters || density < thinnestLine || density > densestLine) return [];
  if (perRow < crossingsPerLetter * Math.min(letters, fewestLetters)) return [];
  const [along, across] = [marginAlong * letterHeight, marginAcross * letterHeight];
  const [boxLeft, boxTop] = [Math.max(0, left - along), Math.max(0, top - across)];
  const [boxRight, boxBottom] = [Math.min(width, right + along), Math.min(height, bottom + across)];
  return [
    {
      letters,
      box: {
        x: boxLeft / width,
        y: boxTop / height,
        width: (boxRight - boxLeft) / width,
        height: (boxBottom - boxTop) / height,
      },
    },
  ];
}

function mergeOverlapping(lines: readonly TextLine[]): TextLine[] {
  const merged: TextLine[] = [];
  for (let line of lines) {
    for (let other = overlapping(merged, line); other !== -1; other = overlapping(merged, line)) {
      const [taken] = merged.splice(other, 1);
      line = { letters: Math.max(line.letters, taken!.letters), box: around(line.box, taken!.box) };
    }
    merged.push(line);
  }
  return merged;
}

function overlapping(lines: readonly TextLine[], { box }: TextLine): number {
  return lines.findIndex(
    ({ box: other }) =>
      box.x < other.x + other.width &&
      other.x < box.x + box.width &&
      box.y < other.y + other.height &&
      other.y < box.y + box.height,
  );
}

function around(a: PictureBox, b: PictureBox): PictureBox {
  const [x, y] = [Math.min(a.x, b.x), Math.min(a.y, b.y)];
  return {
    x,
    y,
    width: Math.max(a.x + a.width, b.x + b.width) - x,
    height: Math.max(a.y + a.height, b.y + b.height) - y,
  };
}
