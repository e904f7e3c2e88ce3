/** A value that is still on its way, has arrived, or could not be had; each is drawn. */

import { html, type TemplateResult } from 'lit';
import { msg } from '@lit/localize';

export type Loaded<T> =
  { readonly kind: 'waiting' } | { readonly kind: 'failed' } | { readonly kind: 'loaded'; readonly value: T };

export const waiting = { kind: 'waiting' } as const;
export const failure = { kind: 'failed' } as const;

export function settled<T>(loaded: Loaded<T>, draw: (value: T) => TemplateResult): TemplateResult {
  switch (loaded.kind) {
    case 'waiting':
      return html`<p class="quiet-text" role="status">${msg('Loading…')}</p>`;
    case 'failed':
      return html`<p class="card danger" role="alert">
        ${msg('This list could not be read on this device. Close the app and open it again.')}
      </p>`;
    case 'loaded':
      return draw(loaded.value);
  }
}
