/** Drawn signs. All are decoration beside words: hidden from assistive technology. */

import { svg, html, type TemplateResult } from 'lit';
import type { Band } from '../shared/analysis.ts';

export function icon(content: TemplateResult, size = 24): TemplateResult {
  return html`<svg
    viewBox="0 0 24 24"
    width=${size}
    height=${size}
    fill="none"
    stroke="currentColor"
    stroke-width="2"
    stroke-linecap="round"
    stroke-linejoin="round"
    aria-hidden="true"
  >
    ${content}
  </svg>`;
}

/** Two lungs and the windpipe, as on the app's icon. */
export const lungsIcon = (size?: number): TemplateResult =>
  icon(
    svg`<path d="M12 3v8m0 0-2.5 2.5M12 11l2.5 2.5" />
      <path d="M9 6.5C6 7 3.5 12 3.2 17.5c-.1 2 .9 3 2.6 2.7l2.4-.5c1-.2 1.6-.9 1.6-2V8.2c0-1.2-.2-1.8-.8-1.7Z" />
      <path d="M15 6.5c3 .5 5.5 5.5 5.8 11 .1 2-.9 3-2.6 2.700l-2.4-.5c-1-.2-1.6-.9-1.6-2V8.200c0-1.2.2-1.8.8-1.700Z" />`,
    size,
  );
export const openIcon = (): TemplateResult =>
  icon(svg`<path d="M12 16V4m0 0L7 9m5-5 5 5" /><path d="M4 15v3a2 2 0 0 0 2 2h12a2 2 0 0 0 2-2v-3" />`);
export const cameraIcon = (): TemplateResult =>
  icon(
    svg`<path d="M4 7h3l2-3h6l2 3h3a1 1 0 0 1 1 1v11a1 1 0 0 1-1 1H4a1 1 0 0 1-1-1V8a1 1 0 0 1 1-1Z" /><circle cx="12" cy="13" r="4" />`,
  );
export const cautionIcon = (size?: number): TemplateResult =>
  icon(svg`<path d="M12 3.5 2.5 20h19Z" /><path d="M12 10v4.500m0 2.800v.1" />`, size);
export const refuseIcon = (): TemplateResult =>
  icon(svg`<circle cx="12" cy="12" r="9" /><path d="M5.7 5.7 18.3 18.3" />`);
export const infoIcon = (): TemplateResult =>
  icon(svg`<circle cx="12" cy="12" r="9" /><path d="M12 11v5.500m0-9v.1" />`);
export const checkIcon = (size?: number): TemplateResult =>
  icon(svg`<circle cx="12" cy="12" r="9" /><path d="m8 12.5 2.8 2.800L16.2 9" />`, size);
export const waitIcon = (): TemplateResult => icon(svg`<circle cx="12" cy="12" r="9" /><path d="M12 7v5l3 2" />`);
export const downloadIcon = (): TemplateResult =>
  icon(svg`<path d="M12 4v11m0 0 5-5m-5 5-5-5" /><path d="M4 20h16" />`);
export const printIcon = (): TemplateResult =>
  icon(
    svg`<path d="M7 9V3h10v6" /><path d="M7 18H5a2 2 0 0 1-2-2v-5a2 2 0 0 1 2-2h14a2 2 0 0 1 2 2v5a2 2 0 0 1-2 2h-2" /><path d="M7 14h10v7H7Z" />`,
  );
export const saveIcon = (): TemplateResult =>
  icon(
    svg`<path d="M5 3h11l5 5v11a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2V5a2 2 0 0 1 2-2Z" /><path d="M7 3v5h8V3M7 21v-8h10v8" />`,
  );
export const backIcon = (): TemplateResult => icon(svg`<path d="m14.5 5-7 7 7 7" />`);
export const themeIcon = (dark: boolean): TemplateResult =>
  dark
    ? icon(
        svg`<circle cx="12" cy="12" r="4.5" /><path d="M12 2v2m0 16v2M2 12h2m16 0h2M5 5l1.4 1.400m11.2 11.200L19 19M5 19l1.4-1.400M17.6 6.4 19 5" />`,
      )
    : icon(svg`<path d="M20 14.500A8.5 8.5 0 0 1 9.5 4 8.5 8.5 0 1 0 20 14.500Z" />`);
export const addToHomeIcon = (): TemplateResult =>
  icon(svg`<rect x="3.5" y="3.5" width="17" height="17" rx="4" /><path d="M12 8v8m-4-4h8" />`);

/** A seal with a tick: checked against what was published. */
export const sealIcon = (): TemplateResult =>
  icon(
    svg`<path d="M12 2.5 20 6v6c0 5-3.500 8-8 9.500C7.500 20 4 17 4 12V6Z" /><path d="m8.500 12 2.500 2.500 4.500-5" />`,
  );
/** Nobody knows. */
export const unknownIcon = (): TemplateResult =>
  icon(
    svg`<circle cx="12" cy="12" r="9" /><path d="M9.500 9.500a2.500 2.500 0 1 1 3.700 2.200c-.800.400-1.200 1-1.200 1.800m0 3.400v.1" />`,
  );
/** A memory card. */
export const cardIcon = (): TemplateResult =>
  icon(svg`<path d="M8 3h10a1 1 0 0 1 1 1v16a1 1 0 0 1-1 1H6a1 1 0 0 1-1-1V6Z" /><path d="M9 7v3m3-3v3m3-3v3" />`);

/** The band as a shape: filled triangle, half-filled diamond, empty triangle. Never by colour alone. */
export function bandIcon(band: Band, size = 18): TemplateResult {
  switch (band) {
    case 'above':
      return icon(svg`<path fill="currentColor" d="M12 4 21.5 20h-19Z" />`, size);
    case 'unsure':
      return icon(
        svg`<path d="m12 2.5 9.5 9.5-9.5 9.500L2.5 12Z" /><path fill="currentColor" d="M12 2.500v19L2.5 12Z" />`,
        size,
      );
    case 'below':
      return icon(svg`<path d="M12 20 2.5 4h19Z" />`, size);
  }
}
