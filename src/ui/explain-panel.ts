/**
 * `<explain-panel>`: what is drawn over the picture for a finding: its map, or one of two explanations in detail that are
 * computed when asked for, with progress and Cancel.
 *
 * Properties: `finding` (id), `entries` (ExplanationEntry[] of the item), `layer` (Layer that is chosen).
 * Events: `layer-selected` (LayerSelectedEvent), also to ask for what is not computed yet or failed; `explanation-cancelled`.
 */

import { LitElement, html, nothing, type PropertyDeclarations, type TemplateResult } from 'lit';
import { msg, updateWhenLocaleChanges } from '@lit/localize';
import type { ExplanationEntry } from '../app/app-model.ts';
import type { PlainError } from '../shared/app-error.ts';
import { errorText } from './error-text.ts';
import { explainPanelStyles } from './explain-panel.styles.ts';
import { layerMeaning, layerName, layers, type Layer } from './explanation-text.ts';
import { formatPercent } from './format.ts';
import { cautionIcon } from './icons.ts';
import { chosenStyles } from './styles/chosen.styles.ts';
import { sharedStyles } from './styles/shared.styles.ts';

export type LayerSelectedEvent = CustomEvent<{ readonly layer: Layer }>;

export class ExplainPanel extends LitElement {
  static override properties: PropertyDeclarations = {
    finding: { type: String },
    entries: { attribute: false },
    layer: { type: String },
  };
  static override styles = [sharedStyles, chosenStyles, explainPanelStyles];

  declare finding: string | undefined;
  declare entries: readonly ExplanationEntry[];
  declare layer: Layer;

  private hadFocus = false;

  constructor() {
    super();
    updateWhenLocaleChanges(this);
    this.entries = [];
    this.layer = 'map';
  }

  override willUpdate(): void {
    this.hadFocus = this.shadowRoot?.activeElement instanceof HTMLElement;
  }

  /** A button that goes with what it began or ended leaves the focus to the layer that is shown. */
  override updated(): void {
    if (!this.hadFocus || this.shadowRoot?.activeElement instanceof HTMLElement) return;
    const { renderRoot } = this;
    const shown = renderRoot.querySelector<HTMLElement>('[aria-pressed=true]');
    (shown ?? renderRoot.querySelector<HTMLElement>('button'))?.focus();
  }

  override render(): TemplateResult | typeof nothing {
    if (this.finding === undefined) return nothing;
    const own = this.entries.filter(({ finding }) => finding === this.finding);
    if (own.length === 0 && this.layer === 'map') {
      return html`<button type="button" data-layer="gradient" @click=${() => this.select('gradient')}>
        ${msg('Explain in detail')}
      </button>`;
    }
    const state = own.find(({ kind }) => kind === this.layer)?.state;
    return html`<section class="card stack" aria-label=${msg('Explain in detail')}>
      <div class="layers" role="group" aria-label=${msg('What is drawn over the picture')}>
        ${layers.map((layer) => this.button(layer))}
      </div>
      <p class="small">${layerMeaning(this.layer)} ${msg('None of the three shows where a disease is.')}</p>
      ${state?.kind === 'working' ? this.working(state.share) : nothing}
      ${state?.kind === 'failed' ? this.failed(state.error) : nothing}
    </section>`;
  }

  private button(layer: Layer): TemplateResult {
    return html`<button
      type="button"
      data-layer=${layer}
      aria-pressed=${layer === this.layer ? 'true' : 'false'}
      @click=${() => this.select(layer)}
    >
      ${layerName(layer)}
    </button>`;
  }

  private working(share: number): TemplateResult {
    return html`<div class="working">
      <div>
        <p class="small" role="status">${msg('Computing on this device …')}</p>
        <progress
          aria-label=${msg('Progress')}
          aria-valuetext=${formatPercent(share)}
          max="1"
          .value=${share}
        ></progress>
      </div>
      <button type="button" @click=${this.cancel}>${msg('Cancel')}</button>
    </div>`;
  }

  private failed({ code }: PlainError): TemplateResult {
    const { sentence, nextStep } = errorText(code);
    return html`<div class="stack" role="alert">
      <div class="title-row">
        ${cautionIcon()}
        <p>${sentence}</p>
      </div>
      <p><strong>${nextStep}</strong></p>
      ${
        code === 'gradient-unavailable'
          ? nothing
          : html`<div>
              <button type="button" @click=${() => this.select(this.layer)}>${msg('Try again')}</button>
            </div>`
      }
    </div>`;
  }

  private readonly cancel = (): void => {
    this.dispatchEvent(new CustomEvent('explanation-cancelled'));
  };

  private select(layer: Layer): void {
    this.dispatchEvent(new CustomEvent('layer-selected', { detail: { layer } }));
  }
}

customElements.define('explain-panel', ExplainPanel);

declare global {
  interface HTMLElementTagNameMap {
    'explain-panel': ExplainPanel;
  }
}
