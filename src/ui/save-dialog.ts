/**
 * `<save-dialog>`: the choices before a result is saved as JSON, and the way to a DICOM copy. Method: `open()`.
 *
 * Properties: `patient` (whether the file names one), `dicom` (whether a DICOM copy can be made).
 * Events: `save` with `detail: { maps, patient }`, `copy` (no detail).
 */

import { LitElement, html, nothing, type PropertyDeclarations, type TemplateResult } from 'lit';
import { msg, updateWhenLocaleChanges } from '@lit/localize';
import { confirmDialogStyles } from './confirm-dialog.styles.ts';
import { saveDialogStyles } from './save-dialog.styles.ts';
import { sharedStyles } from './styles/shared.styles.ts';

export type SaveEvent = CustomEvent<{ readonly maps: boolean; readonly patient: boolean }>;

export class SaveDialog extends LitElement {
  static override properties: PropertyDeclarations = { patient: { type: Boolean }, dicom: { type: Boolean } };
  static override styles = [sharedStyles, confirmDialogStyles, saveDialogStyles];

  declare patient: boolean;
  declare dicom: boolean;

  constructor() {
    super();
    updateWhenLocaleChanges(this);
    this.patient = false;
    this.dicom = false;
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
          ><input
            type="checkbox"
            class="maps"
          />${msg('Include the maps, and what was explained in detail (a larger file)')}</label
        >
        ${
          this.patient
            ? html`<label class="check">
                <input type="checkbox" class="patient" />${msg('Include whom the file is of')}
              </label>`
            : nothing
        }
      </div>
      <div class="actions">
        <button type="button" class="primary" @click=${() => this.save()}>${msg('Save')}</button>
        ${
          this.dicom
            ? html`<button type="button" @click=${() => this.copy()}>${msg('De-identified DICOM copy …')}</button>`
            : nothing
        }
        <button type="button" @click=${() => this.dialog?.close()}>${msg('Cancel')}</button>
      </div>
    </dialog>`;
  }

  private get dialog(): HTMLDialogElement | null {
    return this.renderRoot.querySelector('dialog');
  }

  private save(): void {
    const isChecked = (name: string): boolean =>
      this.renderRoot.querySelector<HTMLInputElement>(`input.${name}`)?.checked === true;
    const detail = { maps: isChecked('maps'), patient: isChecked('patient') };
    this.dialog?.close();
    this.dispatchEvent(new CustomEvent('save', { detail }));
  }

  private copy(): void {
    this.dialog?.close();
    this.dispatchEvent(new CustomEvent('copy'));
  }
}

customElements.define('save-dialog', SaveDialog);

declare global {
  interface HTMLElementTagNameMap {
    'save-dialog': SaveDialog;
  }
}
