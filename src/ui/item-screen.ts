/**
 * `<item-screen>`: one X-ray, whatever has become of it: in work, waiting for its corners, failed, cancelled, or a result (loaded when needed).
 *
 * Properties: `app`, `item` (QueueItem, or undefined when it is not in the list).
 * Event: `new-xray` (bubbles; also those of `<result-view>`).
 */

import { LitElement, html, type PropertyDeclarations, type PropertyValues, type TemplateResult } from 'lit';
import { msg, updateWhenLocaleChanges } from '@lit/localize';
import type { ChesterApp, QueueItem } from '../app/app-model.ts';
import type { CornersPlacedEvent } from './corner-editor.ts';
import { errorDetails, errorText } from './error-text.ts';
import { cautionIcon } from './icons.ts';
import { itemScreenStyles } from './item-screen.styles.ts';
import { sharedStyles } from './styles/shared.styles.ts';
import './lazy-part.ts';
import './progress-steps.ts';

const loadCornerEditor = async (): Promise<unknown> => import('./corner-editor.ts');
const loadResultView = async (): Promise<unknown> => import('./result-view.ts');

export class ItemScreen extends LitElement {
  static override properties: PropertyDeclarations = { app: { attribute: false }, item: { attribute: false } };
  static override styles = [sharedStyles, itemScreenStyles];

  declare app: ChesterApp | undefined;
  declare item: QueueItem | undefined;

  private readonly onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Escape' && this.item?.state.kind === 'working') this.app?.cancel(this.item.id);
  };

  constructor() {
    super();
    updateWhenLocaleChanges(this);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    window.addEventListener('keydown', this.onKeyDown);
  }

  override disconnectedCallback(): void {
    window.removeEventListener('keydown', this.onKeyDown);
    super.disconnectedCallback();
  }

  override willUpdate(changed: PropertyValues<this>): void {
    // The result's code arrives while the picture is still being read.
    if (changed.has('item') && this.item !== undefined) loadResultView().catch(() => undefined);
  }

  override render(): TemplateResult {
    const { item } = this;
    if (item === undefined) {
      return html`<div class="narrow stack">
        <section class="card">
          <h1 tabindex="-1">${msg('This result is not here any more')}</h1>
          <p>${msg('Results are not kept when the app is closed or reloaded. Open the X-ray again.')}</p>
          <a class="button primary" href="#/">${msg('To the start')}</a>
        </section>
      </div>`;
    }
    const { state } = item;
    switch (state.kind) {
      case 'working':
        return html`<div class="narrow stack">
          <h1 tabindex="-1" translate="no">${item.label}</h1>
          <section class="card"><progress-steps .stage=${state.stage}></progress-steps></section>
          <div class="actions">
            <button type="button" @click=${() => this.app?.cancel(item.id)}>${msg('Cancel')}</button>
          </div>
        </div>`;
      case 'corners':
        return html`<div class="narrow stack">
          <h1 tabindex="-1" translate="no">${item.label}</h1>
          <lazy-part
            .load=${loadCornerEditor}
            .content=${() =>
              html`<corner-editor
                .photo=${state.photo}
                .proposals=${state.proposals}
                .recognised=${state.recognised}
                @corners-placed=${(event: CornersPlacedEvent) => this.app?.placeCorners(item.id, event.detail)}
                @no-photo=${() => this.app?.placeCorners(item.id, undefined)}
                @corners-cancel=${() => this.app?.cancel(item.id)}
              ></corner-editor>`}
          ></lazy-part>
        </div>`;
      case 'failed': {
        const { sentence, nextStep } = errorText(state.error.code);
        return html`<div class="narrow stack">
          <h1 tabindex="-1" translate="no">${item.label}</h1>
          <section class="card danger" role="alert">
            <div class="title-row">
              ${cautionIcon()}
              <p>${sentence}</p>
            </div>
            <p><strong>${nextStep}</strong></p>
            <p class="small quiet-text" translate="no">${errorDetails(state.error)}</p>
          </section>
          ${this.again(item, msg('Try again'))}
        </div>`;
      }
      case 'cancelled':
        return html`<div class="narrow stack">
          <h1 tabindex="-1" translate="no">${item.label}</h1>
          <p class="card">${msg('Cancelled. Nothing was kept of it.')}</p>
          ${this.again(item, msg('Start again'))}
        </div>`;
      case 'done':
        return html`<lazy-part
          .load=${loadResultView}
          .content=${() => html`<result-view .app=${this.app} .item=${item} .result=${state.result}></result-view>`}
        ></lazy-part>`;
    }
  }

  private again(item: QueueItem, words: string): TemplateResult {
    return html`<div class="actions">
      <button type="button" class="primary" @click=${() => this.app?.retry(item.id)}>${words}</button>
      <button type="button" @click=${() => this.emit('new-xray')}>${msg('Open another X-ray')}</button>
    </div>`;
  }

  private emit(name: string): void {
    this.dispatchEvent(new CustomEvent(name, { bubbles: true, composed: true }));
  }
}

customElements.define('item-screen', ItemScreen);

declare global {
  interface HTMLElementTagNameMap {
    'item-screen': ItemScreen;
  }
}
