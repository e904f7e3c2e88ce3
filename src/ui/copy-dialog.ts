/**
 * `<copy-dialog>`: makes a DICOM copy without the patient, shows what goes, and hands it to the browser to be saved.
 *
 * Property: `app`. Method: `open(itemId, boxes)`, which makes the copy at once; closing the dialog stops it.
 */

import { LitElement, html, nothing, type PropertyDeclarations, type TemplateResult } from 'lit';
import { msg, str, updateWhenLocaleChanges } from '@lit/localize';
import type { ChesterApp } from '../app/app-model.ts';
import type { PlainError } from '../shared/app-error.ts';
import type { DeidentificationReport, DeidentifiedCopy } from '../shared/deidentified-copy.ts';
import type { PictureBox } from '../shared/picture-box.ts';
import { confirmDialogStyles } from './confirm-dialog.styles.ts';
import { copyDialogStyles } from './copy-dialog.styles.ts';
import { downloadFile } from './download-file.ts';
import { errorDetails, errorText } from './error-text.ts';
import { sharedStyles } from './styles/shared.styles.ts';

type Copying =
  | { readonly kind: 'idle' }
  | { readonly kind: 'making'; readonly controller: AbortController }
  | { readonly kind: 'made'; readonly copy: DeidentifiedCopy & { readonly fileName: string }; readonly boxes: number }
  | { readonly kind: 'failed'; readonly error: PlainError };

export class CopyDialog extends LitElement {
  static override properties: PropertyDeclarations = { app: { attribute: false }, copying: { state: true } };
  static override styles = [sharedStyles, confirmDialogStyles, copyDialogStyles];

  declare app: ChesterApp | undefined;
  declare private copying: Copying;

  constructor() {
    super();
    updateWhenLocaleChanges(this);
    this.copying = { kind: 'idle' };
  }

  async open(itemId: string, boxes: readonly PictureBox[]): Promise<void> {
    const { app } = this;
    if (app === undefined) return;
    const controller = new AbortController();
    this.copying = { kind: 'making', controller };
    this.dialog?.showModal();
    const outcome = await app.deidentify(itemId, boxes, controller.signal);
    if (controller.signal.aborted) return;
    this.copying = outcome.ok
      ? { kind: 'made', copy: outcome.value, boxes: boxes.length }
      : { kind: 'failed', error: outcome.error };
  }

  override disconnectedCallback(): void {
    this.forget();
    super.disconnectedCallback();
  }

  override render(): TemplateResult {
    return html`<dialog aria-labelledby="title" @close=${() => this.forget()}>
      <div class="stack">
        <h2 id="title">${msg('De-identified DICOM copy')}</h2>
        <div role="status" class="stack">${this.content()}</div>
      </div>
      <div class="actions">
        ${
          this.copying.kind === 'made'
            ? html`<button type="button" class="primary" @click=${() => this.save()}>${msg('Save the copy')}</button>`
            : nothing
        }
        <button type="button" @click=${() => this.dialog?.close()}>
          ${this.copying.kind === 'failed' ? msg('Close') : msg('Cancel')}
        </button>
      </div>
    </dialog>`;
  }

  private content(): TemplateResult | typeof nothing {
    const { copying } = this;
    switch (copying.kind) {
      case 'idle':
        return nothing;
      case 'making':
        return html`<p>${msg('Making the copy…')}</p>`;
      case 'failed': {
        const { sentence, nextStep } = errorText(copying.error.code);
        return html`<p>${sentence}</p>
          <p><strong>${nextStep}</strong></p>
          <p class="small quiet-text" translate="no">${errorDetails(copying.error)}</p>`;
      }
      case 'made':
        return html`${preview(copying.copy.report)} ${pixelWords(copying.boxes)}`;
    }
  }

  private get dialog(): HTMLDialogElement | null {
    return this.renderRoot.querySelector('dialog');
  }

  private save(): void {
    if (this.copying.kind !== 'made') return;
    const { fileName, bytes } = this.copying.copy;
    downloadFile(fileName, new Blob([bytes], { type: 'application/dicom' }));
    this.dialog?.close();
  }

  /** A copy may have 100 MB: it is not kept for a dialog that nobody sees. */
  private forget(): void {
    if (this.copying.kind === 'making') this.copying.controller.abort();
    this.copying = { kind: 'idle' };
  }
}

/** What goes, by what becomes of it; the names are those of the standard, in every language. */
function preview({ removed, emptied, replaced, unknownRemoved }: DeidentificationReport): TemplateResult {
  return html`<p>
      ${msg('What names the patient, people, places, dates and devices goes, by the basic profile of DICOM PS3.15. Read what goes before you hand the copy on.')}
    </p>
    ${names(msg(str`Removed: ${removed.length}`), removed)} ${names(msg(str`Emptied: ${emptied.length}`), emptied)}
    ${names(msg(str`Replaced by what says nothing: ${replaced.length}`), replaced)}
    <p class="small">${msg(str`Private and unreadable elements, removed unseen: ${unknownRemoved}`)}</p>`;
}

function names(title: string, list: readonly string[]): TemplateResult | typeof nothing {
  if (list.length === 0) return nothing;
  return html`<details>
    <summary>${title}</summary>
    <ul class="small" translate="no">
      ${list.map((name) => html`<li>${name}</li>`)}
    </ul>
  </details>`;
}

function pixelWords(boxes: number): TemplateResult {
  if (boxes > 0) return html`<p>${msg(str`Black boxes in the picture: ${boxes}. The rest of it is as it was.`)}</p>`;
  return html`<p>
    <strong>
      ${msg('The picture itself stays as it is. Look whether a name is written in it: black boxes cover it.')}
    </strong>
  </p>`;
}

customElements.define('copy-dialog', CopyDialog);

declare global {
  interface HTMLElementTagNameMap {
    'copy-dialog': CopyDialog;
  }
}
