/**
 * `<models-screen>`: the networks on this device, those that this site offers, and the way in for one from a file.
 *
 * Properties: `app` (ChesterApp), `state` (AppState), `ask` (asks a question and resolves to the chosen answer),
 * `leftOut` (how many model files came with the one that is read, and were not opened).
 * Event (bubbling): `pack-file-chosen` with `detail: { file }`.
 */

import { LitElement, html, nothing, type PropertyDeclarations, type PropertyValues, type TemplateResult } from 'lit';
import { msg, updateWhenLocaleChanges } from '@lit/localize';
import type { AppState, ChesterApp } from '../app/app-model.ts';
import type { Model, ModelLibrary } from '../app/model-library.ts';
import type { PlainError } from '../shared/app-error.ts';
import type { Question } from './confirm-dialog.ts';
import { downloadFile } from './download-file.ts';
import { errorDetails, errorText } from './error-text.ts';
import { cautionIcon, infoIcon } from './icons.ts';
import type { ModelWish, ModelWishEvent } from './model-entry.ts';
import { askRemoveModel, askRollBack, removalOf } from './model-questions.ts';
import { modelHelp } from './model-text.ts';
import { modelsScreenStyles } from './models-screen.styles.ts';
import { noticeCard } from './notice-card.ts';
import { findingsWithPrevalence, type PrevalencesStatedEvent } from './prevalence-table.ts';
import { factsStyles } from './styles/facts.styles.ts';
import { sharedStyles } from './styles/shared.styles.ts';
import './model-entry.ts';
import './pack-file-entry.ts';
import './prevalence-table.ts';

type ReadyLibrary = Extract<ModelLibrary, { kind: 'ready' }>;

export class ModelsScreen extends LitElement {
  static override properties: PropertyDeclarations = {
    app: { attribute: false },
    state: { attribute: false },
    ask: { attribute: false },
    leftOut: { type: Number },
    pending: { state: true },
  };
  static override styles = [sharedStyles, factsStyles, modelsScreenStyles];

  declare app: ChesterApp | undefined;
  declare state: AppState | undefined;
  declare ask: ((question: Question) => Promise<string | undefined>) | undefined;
  declare leftOut: number;
  declare private pending: { readonly id: string; readonly wish: ModelWish } | undefined;

  constructor() {
    super();
    updateWhenLocaleChanges(this);
    this.leftOut = 0;
  }

  override updated(changed: PropertyValues<this>): void {
    if (changed.has('app')) this.app?.refreshModels();
    void this.followPackFile(changed.get('state'));
  }

  override render(): TemplateResult | typeof nothing {
    const { state } = this;
    if (state === undefined) return nothing;
    return html`<div class="sections">
      <div class="stack">
        <h1 tabindex="-1">${msg('Models')}</h1>
        <p>${msg('The networks that read the X-ray, wholly on this device.')}</p>
        <details>
          <summary>${msg('What is a model?')}</summary>
          <div class="stack">${modelHelp().map((paragraph) => html`<p>${paragraph}</p>`)}</div>
        </details>
        ${state.notice === undefined ? nothing : noticeCard(state.notice, { dismiss: () => this.app?.dismissNotice() })}
      </div>
      ${
        state.models.kind === 'loading'
          ? html`<p class="quiet-text" role="status">${msg('Looking for models…')}</p>`
          : this.library(state.models, state.online)
      }
    </div>`;
  }

  private library(library: ReadyLibrary, online: boolean): TemplateResult {
    const here = library.models.filter(({ installed }) => installed !== undefined);
    const elsewhere = library.models.filter(({ installed }) => installed === undefined);
    // What goes on is seen first; the way in stands last.
    const first = library.packFile.kind !== 'none';
    return html`${first ? this.bringIn(library) : nothing}
      <section class="stack" aria-labelledby="here">
        <h2 id="here" tabindex="-1">${msg('On this device')}</h2>
        ${
          here.length === 0
            ? html`<p class="card">
                ${msg('No model is on this device yet: X-rays cannot be read. Download one, or bring one in.')}
              </p>`
            : here.map((model) => this.entry(model))
        }
      </section>
      ${this.prevalences(here)}
      <section class="stack" aria-labelledby="offered">
        <h2 id="offered">${msg('Offered by this site')}</h2>
        ${elsewhere.map((model) => this.entry(model))}
        ${
          library.catalogError === undefined
            ? elsewhere.length === 0
              ? html`<p class="quiet-text">${nothingOffered(here.length)}</p>`
              : nothing
            : this.catalogTrouble(library.catalogError, online)
        }
      </section>
      ${first ? nothing : this.bringIn(library)}`;
  }

  /** Of the model that answers; one that is not calibrated states no probabilities. */
  private prevalences(here: readonly Model[]): TemplateResult | typeof nothing {
    const manifests = here.flatMap(({ inUse, installed }) => (inUse ? (installed?.manifest ?? []) : []));
    const pack = manifests.find((manifest) => manifest.role === 'findings');
    if (pack === undefined || findingsWithPrevalence(pack).length === 0) return nothing;
    return html`<section class="stack" aria-labelledby="prevalence">
      <h2 id="prevalence">${msg('How common findings are here')}</h2>
      <prevalence-table
        class="card"
        .pack=${pack}
        .stated=${this.state?.sitePrevalences ?? {}}
        @prevalences-stated=${(event: PrevalencesStatedEvent) => void this.app?.stateSitePrevalences(event.detail.prevalences)}
      ></prevalence-table>
    </section>`;
  }

  private bringIn(library: ReadyLibrary): TemplateResult {
    return html`<pack-file-entry
      .status=${library.packFile}
      .models=${library.models}
      .leftOut=${this.leftOut}
      @pack-file-cancel=${() => this.app?.cancelPackFile()}
      @pack-file-dismiss=${() => this.app?.dismissPackFile()}
      @model-wish=${(event: ModelWishEvent) => void this.useFresh(event.detail.model)}
    ></pack-file-entry>`;
  }

  private entry(model: Model): TemplateResult {
    return html`<model-entry
      data-model=${model.id}
      .model=${model}
      .pending=${this.pending?.id === model.id ? this.pending.wish : undefined}
      @model-wish=${(event: ModelWishEvent) => void this.carryOut(event.detail.wish, event.detail.model)}
    ></model-entry>`;
  }

  /** What is on the device is listed above all the same. */
  private catalogTrouble(error: PlainError, online: boolean): TemplateResult {
    const offline = !online || error.code === 'download-failed';
    const { sentence, nextStep } = errorText(error.code);
    return html`<div class="card" role="status">
      <div class="title-row">
        ${offline ? infoIcon() : cautionIcon()}
        <p>
          ${
            offline
              ? msg('What this site offers can only be seen with the internet. The models on this device work without.')
              : `${sentence} ${nextStep}`
          }
        </p>
      </div>
      <p class="small quiet-text" translate="no">${errorDetails(error)}</p>
      <button type="button" @click=${() => this.app?.refreshModels()}>${msg('Look again')}</button>
    </div>`;
  }

  private async carryOut(wish: ModelWish, model: Model): Promise<void> {
    const { app } = this;
    if (app === undefined || !(await this.agreed(wish, model))) return;
    this.pending = { id: model.id, wish };
    try {
      await perform(app, wish, model.id);
    } finally {
      this.pending = undefined;
    }
    if (wish === 'remove') await this.focusList(model.id);
  }

  private async agreed(wish: ModelWish, model: Model): Promise<boolean> {
    const { models } = this.state ?? {};
    if (wish === 'remove' && models?.kind === 'ready') {
      return (await this.ask?.(askRemoveModel(removalOf(model, models.models)))) === 'remove';
    }
    if (wish === 'roll-back' && model.previous !== undefined) {
      return (await this.ask?.(askRollBack(model, model.previous))) === 'back';
    }
    return true;
  }

  /** From the question at the end of bringing one in. */
  private async useFresh(model: Model): Promise<void> {
    await this.app?.useModel(model.id);
    this.app?.dismissPackFile();
  }

  /** The removed one's buttons are gone: the focus goes to the list that it stood in. */
  /** The file's card has moved: so does whoever works with the keyboard, to its heading or to the list. */
  private async followPackFile(before: AppState | undefined): Promise<void> {
    if (before === undefined || comesIn(before) === comesIn(this.state)) return;
    await this.updateComplete;
    if (comesIn(this.state)) await this.renderRoot.querySelector('pack-file-entry')?.focusHeading();
    else this.renderRoot.querySelector<HTMLElement>('#here')?.focus();
  }

  private async focusList(id: string): Promise<void> {
    await this.updateComplete;
    if (this.renderRoot.querySelector(`model-entry[data-model="${CSS.escape(id)}"]`) !== null) return;
    this.renderRoot.querySelector<HTMLElement>('#here')?.focus();
  }
}

function comesIn(state: AppState | undefined): boolean {
  return state?.models.kind === 'ready' && state.models.packFile.kind !== 'none';
}

function nothingOffered(onThisDevice: number): string {
  return onThisDevice === 0
    ? msg('This site offers no model.')
    : msg('Nothing more: all that this site offers is on this device.');
}

async function perform(app: ChesterApp, wish: ModelWish, id: string): Promise<void> {
  switch (wish) {
    case 'use':
      return app.useModel(id);
    case 'stop':
      return app.stopUsingModel(id);
    case 'download':
      return app.downloadModel(id);
    case 'pause':
      return app.pauseModel(id);
    case 'roll-back':
      return app.rollBackModel(id);
    case 'remove':
      return app.removeModel(id);
    case 'save': {
      const saved = await app.savePackFile(id);
      if (saved !== undefined) downloadFile(saved.fileName, saved.blob);
    }
  }
}

customElements.define('models-screen', ModelsScreen);

declare global {
  interface HTMLElementTagNameMap {
    'models-screen': ModelsScreen;
  }
}
