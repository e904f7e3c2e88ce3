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
/** Side of the smallest square that no stroke is wide enough for, pixels of the searched copy. */
const squareSide = 12;
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
/** An int32 shifted by this is −1 where it was negative, else 0. */
const signShift = 31;

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
  const isWhole = size.width === width && size.height === height;
  const copy = isWhole ? data : resizeArea(data, width, height, size.width, size.height);
  const greys = new Uint8Array(size.width * size.height);
  // Cut to whole steps by the array: rounded.
  for (let index = 0; index < greys.length; index += 1) greys[index] = copy[index]! * white + 1 / 2;
  const search = createStrokeSearch(size.width, size.height);
  const bright = findLines(search(greys), size.width, size.height);
  // Dark letters are bright ones of the negative.
  negate(greys);
  const dark = findLines(search(greys), size.width, size.height);
  // Letters with an outline are found twice, and a line with a wide space in two parts.
  return mergeOverlapping([...bright, ...dark]).sort((a, b) => a.box.y - b.box.y || a.box.x - b.box.x);
}

function negate(bytes: Uint8Array): void {
  for (let index = 0; index < bytes.length; index += 1) bytes[index] = white - bytes[index]!;
}

/**
 * Marks the pixels that are brighter than the picture's opening by a square wider than any stroke: 1 there, else 0. The opening is
 * the greatest of the least values of all squares that hold the pixel (Serra, Image Analysis and Mathematical Morphology, 1982).
 *
 * @returns a search that works in two arrays of its own, as a picture's many arrays lie about until they are collected: what it
 *   returns holds until it is called again
 */
function createStrokeSearch(width: number, height: number): (greys: Uint8Array) => Uint8Array {
  const opening = new Uint8Array(width * height);
  const scratch = new Uint8Array(width * height);
  /** The least value of the square that begins or ends at each pixel; the picture's edge cuts it. */
  const leastOfSquares = (greys: Uint8Array, at: 'beginning' | 'ending'): void => {
    // Along the rows, then, as they come out turned, along the columns.
    leastOfRuns(greys, width, height, at, scratch);
    leastOfRuns(scratch, height, width, at, opening);
  };
  const contrast = leastContrast * white;
  return (greys) => {
    leastOfSquares(greys, 'beginning');
    negate(opening);
    leastOfSquares(opening, 'ending');
    negate(opening);
    const strokes = scratch;
    for (let index = 0; index < greys.length; index += 1) {
      strokes[index] = greys[index]! - opening[index]! > contrast ? 1 : 0;
    }
    return strokes;
  };
}

/**
 * The least value of the run of `squareSide` pixels that begins or ends at each pixel of a row: of three runs of four. Each value is
 * read once, whatever the length: this is the costly part of the search.
 *
 * @param turned what comes out, transposed: `height` wide
 */
function leastOfRuns(
  greys: Uint8Array,
  width: number,
  height: number,
  at: 'beginning' | 'ending',
  turned: Uint8Array,
): void {
  const [first, step] = at === 'ending' ? [0, 1] : [width - 1, -1];
  const quarter = squareSide / 3;
  /** Least of each pixel and the three before it, with nothing but white before the first. */
  const fours = new Uint8Array(2 * quarter + width).fill(white);
  for (let y = 0; y < height; y += 1) {
    let [before, pairBefore, pairTwoBefore] = [white, white, white];
    for (let count = 0, x = first; count < width; count += 1, x += step) {
      const value = greys[y * width + x]!;
      const pair = lesser(value, before);
      const four = lesser(pair, pairTwoBefore);
      fours[2 * quarter + count] = four;
      turned[x * height + y] = lesser(lesser(four, fours[quarter + count]!), fours[count]!);
      before = value;
      pairTwoBefore = pairBefore;
      pairBefore = pair;
    }
  }
}

/** Without a branch, which pixels would have mispredicted half of the time: the least of a picture takes a third. */
function lesser(a: number, b: number): number {
  const difference = a - b;
  return b + (difference & (difference >> signShift));
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
