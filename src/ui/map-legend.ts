/** What the colours over the picture mean, from little to most. */

import { css } from 'lit';
import { html, svg, type TemplateResult } from 'lit';
import { msg } from '@lit/localize';
import type { Layer } from './explanation-text.ts';
import { mapStops } from './map-drawing.ts';

export function mapLegend(layer: Layer): TemplateResult {
  const isMap = layer === 'map';
  return html`<div class="legend">
    <span>${isMap ? msg('little evidence') : msg('little change')}</span>
    <svg viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
      ${svg`<defs><linearGradient id="ramp">${mapStops.map(
        ([at, red, green, blue]) => svg`<stop offset=${at} stop-color="rgb(${red},${green},${blue})" />`,
      )}</linearGradient></defs><rect width="100" height="8" rx="2" fill="url(#ramp)" />`}
    </svg>
    <span>${isMap ? msg('most of the evidence') : msg('most change')}</span>
  </div>`;
}

export const mapLegendStyles = css`
  .legend {
    display: grid;
    grid-template-columns: auto minmax(4rem, 1fr) auto;
    gap: var(--space-2);
    align-items: center;
    font-size: var(--text-small);
    color: var(--text-quiet);
  }

  .legend svg {
    inline-size: 100%;
    block-size: 0.75rem;
    forced-color-adjust: none;
  }
`;
