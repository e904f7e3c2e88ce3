/** Outlines and lines as SVG, for the screen and for paper. */

import { nothing, svg, type SVGTemplateResult } from 'lit';
import type { Anatomy, Contour, TransverseLine } from '../shared/anatomy.ts';

/** Side of the drawing that covers the picture, whatever the picture's shape: shares with three digits are whole. */
export const drawingSize = 1000;
/** Half of the short strokes at the ends of a line. */
const endStroke = 14;

/** Classes `lung`, `heart` and `line`; whoever shows them says how they look. */
export function anatomyShapes({ lungs, heart, ratio }: Anatomy): SVGTemplateResult {
  return svg`${lungs.map((contour) => svg`<path class="lung" d=${pathOf(contour)} />`)}
    ${heart.map((contour) => svg`<path class="heart" d=${pathOf(contour)} />`)}
    ${ratio === undefined ? nothing : [ratio.heart, ratio.thorax].map((line) => svg`<path class="line" d=${lineOf(line)} />`)}`;
}

function pathOf(contour: Contour): string {
  const numbers = contour.map((value) => (value * drawingSize).toFixed(1));
  return `M${numbers.join(' ')}Z`;
}

function lineOf({ y, left, right }: TransverseLine): string {
  const [height, from, to] = [y, left, right].map((value) => value * drawingSize) as [number, number, number];
  const end = (x: number): string => `M${x.toFixed(1)} ${(height - endStroke).toFixed(1)}v${2 * endStroke}`;
  return `M${from.toFixed(1)} ${height.toFixed(1)}H${to.toFixed(1)}${end(from)}${end(to)}`;
}
