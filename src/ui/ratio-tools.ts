/**
 * `<ratio-tools>`: shows or hides the outlines, tells the cardiothoracic ratio, and corrects it without dragging (WCAG 2.2, 2.5.7).
 *
 * Properties: `ratio` (CardiothoracicRatio or undefined), `shown` (whether the outlines are drawn), `canUndo`.
 * Events (bubbling): `outlines-toggle`, `ratio-undo`, `ratio-reset` (no detail), `ratio-move` (RatioMoveEvent).
 */

import { LitElement, html, nothing, type PropertyDeclarations, type TemplateResult } from 'lit';
import { msg, updateWhenLocaleChanges } from '@lit/localize';
import type { CardiothoracicRatio } from '../shared/anatomy.ts';
import { coarseStep, lineEnds, stepEnd, type LineEnd } from './ratio-lines.ts';
import { lineEndName, ratioText } from './ratio-text.ts';
import { ratioToolsStyles } from './ratio-tools.styles.ts';
import { chosenStyles } from './styles/chosen.styles.ts';
import { sharedStyles } from './styles/shared.styles.ts';
import { toolPartStyles } from './styles/tool-part.styles.ts';

export class RatioTools extends LitElement {
  static override properties: PropertyDeclarations = {
    ratio: { attribute: false },
    shown: { type: Boolean },
    canUndo: { type: Boolean },
    chosen: { state: true },
  };
  static override styles = [sharedStyles, chosenStyles, toolPartStyles, ratioToolsStyles];

  declare ratio: CardiothoracicRatio | undefined;
  declare shown: boolean;
  declare canUndo: boolean;
  declare private chosen: LineEnd;

  constructor() {
    super();
    updateWhenLocaleChanges(this);
    this.shown = false;
    this.canUndo = false;
    this.chosen = 'heart-left';
  }

  override render(): TemplateResult {
    const { ratio, shown } = this;
    return html`<div class="row">
        <button
          type="button"
          class="outlines"
          aria-pressed=${shown ? 'true' : 'false'}
          @click=${() => this.emit('outlines-toggle')}
        >
          ${msg('Outlines of lungs and heart')}
        </button>
        ${ratio === undefined ? nothing : html`<p class="numbers small" role="status">${ratioText(ratio)}</p>`}
      </div>
      ${ratio === undefined || !shown ? nothing : this.corrections(ratio)}`;
  }

  private corrections(ratio: CardiothoracicRatio): TemplateResult {
    return html`<div class="row" role="group" aria-label=${msg('Correct the ratio')}>
      <label class="small">
        ${msg('Move')}
        <select @change=${(event: Event) => (this.chosen = (event.target as HTMLSelectElement).value as LineEnd)}>
          ${lineEnds.map((end) => html`<option value=${end} ?selected=${end === this.chosen}>${lineEndName(end)}</option>`)}
        </select>
      </label>
      ${this.stepButton(ratio, -1, '◀', msg('to the left'))} ${this.stepButton(ratio, 1, '▶', msg('to the right'))}
      <button type="button" data-act="undo" ?disabled=${!this.canUndo} @click=${() => this.emit('ratio-undo')}>
        ${msg('Undo')}
      </button>
      <button
        type="button"
        data-act="reset"
        ?disabled=${ratio.edited === undefined}
        @click=${() => this.emit('ratio-reset')}
      >
        ${msg('As measured')}
      </button>
    </div>`;
  }

  private stepButton(ratio: CardiothoracicRatio, step: -1 | 1, sign: string, words: string): TemplateResult {
    const move = (): void => {
      const { heart, thorax } = stepEnd(ratio, this.chosen, { x: step * coarseStep, y: 0 });
      this.emit('ratio-move', { lines: { heart, thorax }, begins: true });
    };
    return html`<button type="button" class="step" aria-label=${words} @click=${move}>${sign}</button>`;
  }

  private emit(name: string, detail?: object): void {
    this.dispatchEvent(new CustomEvent(name, { bubbles: true, composed: true, detail }));
  }
}

customElements.define('ratio-tools', RatioTools);

declare global {
  interface HTMLElementTagNameMap {
    'ratio-tools': RatioTools;
  }
}
