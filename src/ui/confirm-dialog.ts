/**
 * `<confirm-dialog>` asks one question and waits.
 *
 * Method: `ask(question)` → the chosen answer's `value`, or `undefined` when it was dismissed (Escape).
 */

import { LitElement, html, nothing, type PropertyDeclarations, type TemplateResult } from 'lit';
import { updateWhenLocaleChanges } from '@lit/localize';
import { confirmDialogStyles } from './confirm-dialog.styles.ts';
import { sharedStyles } from './styles/shared.styles.ts';

export interface Answer {
  readonly value: string;
  readonly label: string;
  readonly look?: 'primary' | 'danger';
}

export interface Question {
  readonly title: string;
  readonly text: string;
  /** The first one has the focus: put the harmless one there. */
  readonly answers: readonly Answer[];
}

export class ConfirmDialog extends LitElement {
  static override properties: PropertyDeclarations = { question: { state: true } };
  static override styles = [sharedStyles, confirmDialogStyles];

  declare private question: Question | undefined;
  private resolve: ((value: string | undefined) => void) | undefined;

  constructor() {
    super();
    updateWhenLocaleChanges(this);
  }

  async ask(question: Question): Promise<string | undefined> {
    this.finish(undefined);
    this.question = question;
    await this.updateComplete;
    this.dialog?.showModal();
    return new Promise((resolve) => {
      this.resolve = resolve;
    });
  }

  override render(): TemplateResult {
    const question = this.question;
    return html`<dialog aria-labelledby="title" aria-describedby="text" @close=${this.closed}>
      ${
        question === undefined
          ? nothing
          : html`<div class="stack">
                <h2 id="title">${question.title}</h2>
                <p id="text">${question.text}</p>
              </div>
              <div class="actions">
                ${question.answers.map(
                  (answer) =>
                    html`<button type="button" class=${answer.look ?? ''} @click=${() => this.finish(answer.value)}>
                      ${answer.label}
                    </button>`,
                )}
              </div>`
      }
    </dialog>`;
  }

  private get dialog(): HTMLDialogElement | null {
    return this.renderRoot.querySelector('dialog');
  }

  /** The event comes late: by then the next question may be open. */
  private readonly closed = (): void => {
    if (this.dialog?.open !== true) this.finish(undefined);
  };

  private finish(value: string | undefined): void {
    const resolve = this.resolve;
    this.resolve = undefined;
    if (this.dialog?.open === true) this.dialog.close();
    resolve?.(value);
  }
}

customElements.define('confirm-dialog', ConfirmDialog);

declare global {
  interface HTMLElementTagNameMap {
    'confirm-dialog': ConfirmDialog;
  }
}
