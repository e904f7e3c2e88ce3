/**
 * `<pack-file-entry>`: the way in for a model from a file: picker, progress, what came of it.
 * Dropping a file works anywhere on the page (`<chester-app>`).
 * Method: `focusHeading()`.
 *
 * Properties: `status` (PackFileStatus), `models` (Model[], to name what came in), `leftOut` (files that came with it and
 * were not opened).
 * Events: `pack-file-chosen` (bubbling) with `detail: { file }`, `pack-file-cancel`, `pack-file-dismiss`,
 * `model-wish` with `detail: { wish: 'use', model }`.
 */

import { LitElement, html, nothing, type PropertyDeclarations, type TemplateResult } from 'lit';
import { msg, str, updateWhenLocaleChanges } from '@lit/localize';
import type { Model, PackFileStatus } from '../app/model-library.ts';
import { progressBar } from './download-progress.ts';
import { formatBytes } from './format.ts';
import { cardIcon, checkIcon, infoIcon, openIcon, waitIcon } from './icons.ts';
import { modelEntryStyles } from './model-entry.styles.ts';
import { modelTitle, packFileErrorText, useText } from './model-text.ts';
import { errorWords } from './notice-card.ts';
import { originLine } from './origin-line.ts';
import { sharedStyles } from './styles/shared.styles.ts';

export type PackFileChosenEvent = CustomEvent<{ readonly file: File }>;

export class PackFileEntry extends LitElement {
  static override properties: PropertyDeclarations = {
    status: { attribute: false },
    models: { attribute: false },
    leftOut: { type: Number },
  };
  static override styles = [sharedStyles, modelEntryStyles];

  declare status: PackFileStatus;
  declare models: readonly Model[];
  declare leftOut: number;

  constructor() {
    super();
    updateWhenLocaleChanges(this);
    this.status = { kind: 'none' };
    this.models = [];
    this.leftOut = 0;
  }

  override render(): TemplateResult {
    return html`<section class="stack" aria-labelledby="title">
      <h2 id="title" tabindex="-1">${msg('Bring one in')}</h2>
      <div class="card">${this.step(this.status)} ${this.leftOutLine()}</div>
      <!-- No "accept": pickers on phones grey out files whose ending they do not know. -->
      <input type="file" hidden aria-label=${msg('Open a model file')} @change=${this.chosen} />
    </section>`;
  }

  async focusHeading(): Promise<void> {
    await this.updateComplete;
    this.renderRoot.querySelector('h2')?.focus();
  }

  private step(status: PackFileStatus): TemplateResult {
    switch (status.kind) {
      case 'none':
        return html`<div class="title-row">
            ${cardIcon()}
            <p>
              ${msg(
                'A model in one file (.chesterpack), from an SD card, a USB stick or another phone: it needs no internet. You can also drop it on this page.',
              )}
            </p>
          </div>
          <div class="actions">${this.picker(msg('Open a model file'), 'primary')}</div>`;
      case 'reading':
        return html`<p class="title-row numbers">
            ${openIcon()}
            <span>
              ${msg(str`Reading: ${formatBytes(status.receivedBytes)} of ${formatBytes(status.totalBytes)}`)}
            </span>
          </p>
          ${fileName(status.fileName)} ${progressBar(status.receivedBytes, status.totalBytes, msg('Reading'))}
          <div class="actions">${this.button('pack-file-cancel', msg('Cancel'))}</div>`;
      case 'proving':
        return html`<p class="title-row" role="status">
            ${waitIcon()} <span>${msg('Testing that it gives the known answers on this device…')}</span>
          </p>
          ${fileName(status.fileName)}
          <div class="actions">${this.button('pack-file-cancel', msg('Cancel'))}</div>`;
      case 'done':
        return this.done(status);
      case 'failed':
        return html`<div role="alert" class="stack">
            <p><strong>${msg('This model was not brought in. Nothing has changed on this device.')}</strong></p>
            ${errorWords(status.error, packFileErrorText(status.error.code))} ${fileName(status.fileName)}
          </div>
          <div class="actions">
            ${this.picker(msg('Open another file'), '')} ${this.button('pack-file-dismiss', msg('Dismiss'))}
          </div>`;
    }
  }

  private done(status: Extract<PackFileStatus, { kind: 'done' }>): TemplateResult {
    const model = this.models.find(({ id }) => id === status.id);
    const title = model === undefined ? status.id : modelTitle(model);
    const role = model === undefined || model.inUse ? undefined : model.role;
    return html`<div role="status" class="stack">
        <p class="title-row good">
          ${checkIcon()}
          <strong>
            ${
              status.alreadyHere === true
                ? msg('Exactly this model was here already. Nothing has changed:')
                : msg('It is here, and gives the known answers on this device:')
            }
          </strong>
        </p>
        <p translate="no"><strong>${title} ${status.version}</strong></p>
        ${model === undefined ? nothing : originLine(model.origin)}
        ${role === undefined ? nothing : html`<p>${msg('Do you want to use it from the next X-ray on?')}</p>`}
      </div>
      <div class="actions">
        ${
          role === undefined || model === undefined
            ? this.button('pack-file-dismiss', msg('Done'))
            : html`<button
                  type="button"
                  class="primary"
                  @click=${() => this.emit('model-wish', { wish: 'use', model })}
                >
                  ${useText(role)}
                </button>
                ${this.button('pack-file-dismiss', msg('Not now'), 'wide')}`
        }
      </div>`;
  }

  private leftOutLine(): TemplateResult | typeof nothing {
    if (this.leftOut === 0 || this.status.kind === 'none') return nothing;
    return html`<p class="title-row" role="status">
      ${infoIcon()} <span>${msg(str`One model file at a time: not opened were ${this.leftOut} more.`)}</span>
    </p>`;
  }

  private picker(words: string, look: string): TemplateResult {
    return html`<button type="button" class=${look} @click=${this.choose}>${openIcon()} ${words}</button>`;
  }

  private button(event: string, words: string, look = ''): TemplateResult {
    return html`<button type="button" class=${look} @click=${() => this.emit(event)}>${words}</button>`;
  }

  private emit(event: string, detail?: object): void {
    this.dispatchEvent(new CustomEvent(event, { detail }));
  }

  private readonly choose = (): void => {
    this.renderRoot.querySelector<HTMLInputElement>('input[type=file]')?.click();
  };

  private readonly chosen = (event: Event): void => {
    const input = event.target as HTMLInputElement;
    const [file] = input.files ?? [];
    // The same file may be chosen again: without this there would be no change.
    input.value = '';
    if (file === undefined) return;
    this.dispatchEvent(new CustomEvent('pack-file-chosen', { bubbles: true, composed: true, detail: { file } }));
  };
}

function fileName(name: string): TemplateResult {
  return html`<p class="file-name small quiet-text" translate="no">${name}</p>`;
}

customElements.define('pack-file-entry', PackFileEntry);

declare global {
  interface HTMLElementTagNameMap {
    'pack-file-entry': PackFileEntry;
  }
}
