/**
 * `<save-dialog>`: the choices before a result is saved as JSON. Method: `open()`.
 * Event: `save` with `detail: { maps }`.
 */

import { LitElement, html, type TemplateResult } from 'lit';
import { msg, updateWhenLocaleChanges } from '@lit/localize';
import { confirmDialogStyles } from './confirm-dialog.styles.ts';
import { saveDialogStyles } from './save-dialog.styles.ts';
import { sharedStyles } from './styles/shared.styles.ts';

export type SaveEvent = CustomEvent<{ readonly maps: boolean }>;

export class SaveDialog extends LitElement {
  static override styles = [sharedStyles, confirmDialogStyles, saveDialogStyles];

  constructor() {
    super();
    updateWhenLocaleChanges(this);
  }

  open(): void {
    this.dialog?.showModal();
  }

  override render(): TemplateResult {
    return html`<dialog aria-labelledby="title">
      <div class="stack">
        <h2 id="title">${msg('Save this result')}</h2>
        <p>${msg('As a JSON file, for research: scores, thresholds, reasons, versions. The picture is not in it.')}</p>
        <label class="check"
          ><input type="checkbox" />${msg('Include the maps, and what was explained in detail (a larger file)')}</label
        >
      </div>
      <div class="actions">
        <button type="button" class="primary" @click=${() => this.save()}>${msg('Save')}</button>
        <button type="button" @click=${() => this.dialog?.close()}>${msg('Cancel')}</button>
      </div>
    </dialog>`;
  }

  private get dialog(): HTMLDialogElement | null {
    return this.renderRoot.querySelector('dialog');
  }

  private save(): void {
    const maps = this.renderRoot.querySelector('input')?.checked === true;
    this.dialog?.close();
    this.dispatchEvent(new CustomEvent('save', { detail: { maps } }));
  }
}

customElements.define('save-dialog', SaveDialog);

declare global {
  interface HTMLElementTagNameMap {
    'save-dialog': SaveDialog;
  }
}
