import { html, type TemplateResult } from 'lit';
import type { ModelOrigin } from '../app/model-library.ts';
import { cautionIcon, lungsIcon, sealIcon, unknownIcon } from './icons.ts';
import { originText } from './origin-text.ts';

/** Whose weights a model has, with a sign, and what that means. Its looks are in `model-entry.styles.ts`. */
export function originLine(origin: ModelOrigin): TemplateResult {
  const { label, meaning } = originText(origin);
  const doubtful = origin === 'unverified' || origin === 'unknown';
  return html`<div class="origin title-row ${doubtful ? 'doubtful' : ''}">
    ${originIcon(origin)}
    <div>
      <p><strong>${label}</strong></p>
      <p class="small">${meaning}</p>
    </div>
  </div>`;
}

function originIcon(origin: ModelOrigin): TemplateResult {
  switch (origin) {
    case 'embedded':
      return lungsIcon();
    case 'published':
      return sealIcon();
    case 'unverified':
      return cautionIcon();
    case 'unknown':
      return unknownIcon();
  }
}
