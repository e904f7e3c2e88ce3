/** Signs of the viewer's tools. They come with the result, not with the start. */

import { svg, type TemplateResult } from 'lit';
import { icon } from './icons.ts';

const size = 20;

export const zoomInIcon = (): TemplateResult => icon(svg`<path d="M12 5v14M5 12h14" />`, size);
export const zoomOutIcon = (): TemplateResult => icon(svg`<path d="M5 12h14" />`, size);
/** Four corners: the whole picture. */
export const fitIcon = (): TemplateResult => icon(svg`<path d="M4 9V4h5M15 4h5v5M20 15v5h-5M9 20H4v-5" />`, size);
/** Points to where the window goes; drawn to the right. */
const arrowIcon = (turn: number): TemplateResult =>
  icon(svg`<path transform="rotate(${turn} 12 12)" d="M5 12h14m-6-6 6 6-6 6" />`, size);
export const panRightIcon = (): TemplateResult => arrowIcon(0);
export const panDownIcon = (): TemplateResult => arrowIcon(90);
export const panLeftIcon = (): TemplateResult => arrowIcon(180);
export const panUpIcon = (): TemplateResult => arrowIcon(270);
/** A square in a square of the same pixels. */
export const actualSizeIcon = (): TemplateResult =>
  icon(svg`<path d="M6 8v8M4 9.500 6 8m10 0v8m-2-6.500L16 8M11 10v.1m0 4v.1" />`, size);
/** Half dark, half bright. */
export const contrastIcon = (): TemplateResult =>
  icon(
    svg`<circle cx="12" cy="12" r="8.500" /><path fill="currentColor" d="M12 3.500a8.500 8.500 0 0 1 0 17Z" />`,
    size,
  );
export const loupeIcon = (): TemplateResult =>
  icon(svg`<circle cx="10" cy="10" r="6.500" /><path d="m15 15 6 6" />`, size);
export const invertIcon = (): TemplateResult =>
  icon(
    svg`<rect x="4" y="4" width="16" height="16" rx="2" /><path fill="currentColor" d="M20 4v14a2 2 0 0 1-2 2H4Z" />`,
    size,
  );
/** An eye, struck through. */
export const hideIcon = (): TemplateResult =>
  icon(
    svg`<path d="M2.500 12S6 5.500 12 5.500 21.500 12 21.500 12 18 18.500 12 18.500 2.500 12 2.500 12Z" /><circle cx="12" cy="12" r="2.500" /><path d="M4 20 20 4" />`,
    size,
  );
