/**
 * `<result-identity>`: what a result is kept under: its label, to be typed over, when it was read and whether it was kept.
 *
 * Properties: `label`, `result` (Result).
 * Event: `label-changed` (LabelChangedEvent).
 */

import { LitElement, html, nothing, type PropertyDeclarations, type TemplateResult } from 'lit';
import { msg, str, updateWhenLocaleChanges } from '@lit/localize';
import type { Result } from '../app/app-model.ts';
import { formatTime } from './format.ts';
import { cautionIcon, checkIcon } from './icons.ts';
import { resultIdentityStyles } from './result-identity.styles.ts';
import { sharedStyles } from './styles/shared.styles.ts';

export type LabelChangedEvent = CustomEvent<{ readonly label: string }>;

const longestLabel = 256;
const smallIcon = 20;

export class ResultIdentity extends LitElement {
  static override properties: PropertyDeclarations = { label: { type: String }, result: { attribute: false } };
  static override styles = [sharedStyles, resultIdentityStyles];

  declare label: string;
  declare result: Result | undefined;

  constructor() {
    super();
    updateWhenLocaleChanges(this);
    this.label = '';
  }

  override render(): TemplateResult | typeof nothing {
    const { label, result } = this;
    if (result === undefined) return nothing;
    return html`<label>
        ${msg('Label')}
        <input
          type="text"
          autocomplete="off"
          title=${msg('The file’s name until you type another')}
          maxlength=${longestLabel}
          .value=${label}
          @change=${this.onChange}
        />
      </label>
      <p class="row">
        <span class="quiet-text">${msg(str`Read on ${formatTime(result.analysis.createdAt)}`)}</span>
        ${
          result.kept
            ? html`<span class="kept yes">${checkIcon(smallIcon)} ${msg('Printed or saved')}</span>`
            : html`<span class="kept no">${cautionIcon(smallIcon)} ${msg('Not kept: print or save')}</span>`
        }
      </p>`;
  }

  private readonly onChange = (event: Event): void => {
    const detail = { label: (event.target as HTMLInputElement).value };
    this.dispatchEvent(new CustomEvent('label-changed', { detail }));
  };
}

customElements.define('result-identity', ResultIdentity);

declare global {
  interface HTMLElementTagNameMap {
    'result-identity': ResultIdentity;
  }
}
