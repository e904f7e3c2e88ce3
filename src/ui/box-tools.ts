/**
 * `<box-tools>`: black boxes by buttons: shows how many there are, opens their editing, adds, removes and takes back.
 *
 * Properties: `count`, `canUndo`, `editing`.
 * Event (bubbling): `box-act` with `detail: BoxAct`.
 */

import { LitElement, html, nothing, type PropertyDeclarations, type TemplateResult } from 'lit';
import { msg, str, updateWhenLocaleChanges } from '@lit/localize';
import { boxToolsStyles } from './box-tools.styles.ts';
import { chosenStyles } from './styles/chosen.styles.ts';
import { sharedStyles } from './styles/shared.styles.ts';
import { toolPartStyles } from './styles/tool-part.styles.ts';

export type BoxAct = 'edit' | 'add' | 'remove-all' | 'undo';
export type BoxActEvent = CustomEvent<BoxAct>;

export class BoxTools extends LitElement {
  static override properties: PropertyDeclarations = {
    count: { type: Number },
    canUndo: { type: Boolean },
    editing: { type: Boolean },
  };
  static override styles = [sharedStyles, chosenStyles, toolPartStyles, boxToolsStyles];

  declare count: number;
  declare canUndo: boolean;
  declare editing: boolean;

  constructor() {
    super();
    updateWhenLocaleChanges(this);
    this.count = 0;
    this.canUndo = false;
    this.editing = false;
  }

  override render(): TemplateResult {
    return html`<button
        type="button"
        class="open"
        aria-expanded=${this.editing ? 'true' : 'false'}
        @click=${() => this.act('edit')}
      >
        ${this.count === 0 ? msg('Black boxes') : msg(str`Black boxes: ${this.count}`)}
      </button>
      ${this.editing ? this.edit() : nothing}`;
  }

  private edit(): TemplateResult {
    return html`<p class="small">
        ${msg('They cover writing in what you print and in the DICOM copy, not in what the model read. Drag a box or its corners; with the keyboard: arrows move it, Shift and arrows resize it, Delete removes it.')}
      </p>
      <div class="row">
        <button type="button" @click=${() => this.act('add')}>${msg('Add a box')}</button>
        <button type="button" ?disabled=${this.count === 0} @click=${() => this.act('remove-all')}>
          ${msg('Remove all boxes')}
        </button>
        <button type="button" ?disabled=${!this.canUndo} @click=${() => this.act('undo')}>${msg('Undo')}</button>
      </div>`;
  }

  private act(act: BoxAct): void {
    this.dispatchEvent(new CustomEvent('box-act', { bubbles: true, composed: true, detail: act }));
  }
}

customElements.define('box-tools', BoxTools);

declare global {
  interface HTMLElementTagNameMap {
    'box-tools': BoxTools;
  }
}
