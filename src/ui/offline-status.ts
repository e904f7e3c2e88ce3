/**
 * `<offline-status>` tells, always truly, whether the app works without a network, and steers the download.
 *
 * Properties: `status` (OfflineStatus), `online`.
 * Events: `download-start`, `download-pause` (no detail).
 */

import { LitElement, html, nothing, type PropertyDeclarations, type TemplateResult } from 'lit';
import { msg, str, updateWhenLocaleChanges } from '@lit/localize';
import type { OfflineStatus } from '../app/app-model.ts';
import type { PlainError } from '../shared/app-error.ts';
import { errorDetails, errorText } from './error-text.ts';
import { downloadingText, pausedText, progressBar } from './download-progress.ts';
import { formatBytes } from './format.ts';
import { checkIcon, cautionIcon, downloadIcon, waitIcon } from './icons.ts';
import { offlineStatusStyles } from './offline-status.styles.ts';
import { sharedStyles } from './styles/shared.styles.ts';

export class OfflineStatusElement extends LitElement {
  static override properties: PropertyDeclarations = { status: { attribute: false }, online: { type: Boolean } };
  static override styles = [sharedStyles, offlineStatusStyles];

  declare status: OfflineStatus;
  declare online: boolean;

  constructor() {
    super();
    updateWhenLocaleChanges(this);
    this.status = { kind: 'checking' };
    this.online = true;
  }

  override render(): TemplateResult {
    const status = this.status;
    switch (status.kind) {
      case 'checking':
        return this.line(waitIcon(), msg('Checking whether this device can work offline…'));
      case 'needs-download':
        return this.line(
          downloadIcon(),
          msg(str`One download of ${formatBytes(status.totalBytes)} is needed; after that it works without internet.`),
          this.button('download-start', msg('Download')),
        );
      case 'downloading':
        return html`${this.line(
          downloadIcon(),
          downloadingText(status.receivedBytes, status.totalBytes, status.secondsLeft),
          this.button('download-pause', msg('Pause')),
        )}
        ${progressBar(status.receivedBytes, status.totalBytes)}`;
      case 'paused':
        return html`${this.line(
          waitIcon(),
          pausedText(status.receivedBytes, status.totalBytes),
          this.button('download-start', msg('Continue')),
        )}
        ${progressBar(status.receivedBytes, status.totalBytes)}
        ${status.error === undefined ? nothing : whatHappened(status.error)}`;
      case 'proving':
        return this.line(waitIcon(), msg('Testing that this device computes correctly…'));
      case 'ready':
        return html`<div class="ready">
          ${this.line(
            checkIcon(),
            this.online ? msg('Ready to work offline') : msg('Ready to work offline. This device is offline now.'),
          )}
        </div>`;
      case 'failed':
        return html`<div class="trouble">
            ${this.line(cautionIcon(), msg('Not ready to work offline'), this.button('download-start', msg('Try again')))}
          </div>
          ${whatHappened(status.error)}`;
    }
  }

  private line(icon: TemplateResult, words: string, action: TemplateResult | typeof nothing = nothing): TemplateResult {
    return html`<div class="line">
      <p class="words">${icon}<span class="numbers">${words}</span></p>
      ${action}
    </div>`;
  }

  private button(event: string, words: string): TemplateResult {
    return html`<button type="button" @click=${() => this.dispatchEvent(new CustomEvent(event))}>${words}</button>`;
  }
}

function whatHappened(error: PlainError): TemplateResult {
  const { sentence, nextStep } = errorText(error.code);
  return html`<p class="next">${sentence} ${nextStep}</p>
    <p class="small quiet-text" translate="no">${errorDetails(error)}</p>`;
}

customElements.define('offline-status', OfflineStatusElement);

declare global {
  interface HTMLElementTagNameMap {
    'offline-status': OfflineStatusElement;
  }
}
