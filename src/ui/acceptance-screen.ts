/**
 * `<acceptance-screen>`: what the app is and is not, and what it will download, before anything else.
 *
 * Property: `offline` (OfflineStatus). Event: `accepted` (no detail).
 */

import { LitElement, html, type PropertyDeclarations, type TemplateResult } from 'lit';
import { msg, str, updateWhenLocaleChanges } from '@lit/localize';
import type { OfflineStatus } from '../app/app-model.ts';
import { acceptanceScreenStyles } from './acceptance-screen.styles.ts';
import { formatBytes } from './format.ts';
import { lungsIcon } from './icons.ts';
import { sharedStyles } from './styles/shared.styles.ts';

const largeIcon = 56;

export class AcceptanceScreen extends LitElement {
  static override properties: PropertyDeclarations = { offline: { attribute: false } };
  static override styles = [sharedStyles, acceptanceScreenStyles];

  declare offline: OfflineStatus;

  constructor() {
    super();
    updateWhenLocaleChanges(this);
    this.offline = { kind: 'checking' };
  }

  override render(): TemplateResult {
    return html`<div class="stack">
      <div class="film">
        ${lungsIcon(largeIcon)}
        <h1 tabindex="-1">${msg('Not for medical use')}</h1>
        <p>${msg('Chester reads chest X-rays on this device. It is being evaluated and makes mistakes.')}</p>
      </div>
      <ul>
        <li>
          ${msg('Do not use it to diagnose or to decide on treatment. Its scores can be wrong in both directions.')}
        </li>
        <li>${msg('No picture leaves this device. There is no account and no server that computes.')}</li>
        <li>${msg('Results are not kept: print or save what you need.')}</li>
      </ul>
      <div class="actions">
        ${this.cost()}
        <button type="button" class="primary" @click=${() => this.dispatchEvent(new CustomEvent('accepted'))}>
          ${this.offline.kind === 'needs-download' ? msg('I understand: download') : msg('I understand')}
        </button>
      </div>
    </div>`;
  }

  private cost(): TemplateResult {
    const { offline } = this;
    switch (offline.kind) {
      case 'needs-download':
        return html`<p>
          <strong class="numbers">
            ${msg(str`It will download ${formatBytes(offline.totalBytes)} once, and works without internet from then on.`)}
          </strong>
        </p>`;
      case 'downloading':
      case 'paused':
        return html`<p class="numbers">
          ${msg(
            str`The download of ${formatBytes(offline.totalBytes)} has begun; ${formatBytes(offline.receivedBytes)} have arrived.`,
          )}
        </p>`;
      case 'proving':
      case 'ready':
        return html`<p>${msg('The model is already on this device; nothing more needs to be downloaded.')}</p>`;
      case 'checking':
        return html`<p>${msg('Asking how much there is to download…')}</p>`;
      case 'failed':
        return html`<p>
          ${msg('How much there is to download is not known yet: the list of models did not arrive.')}
        </p>`;
    }
  }
}

customElements.define('acceptance-screen', AcceptanceScreen);

declare global {
  interface HTMLElementTagNameMap {
    'acceptance-screen': AcceptanceScreen;
  }
}
