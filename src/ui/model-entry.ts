/**
 * `<model-entry>`: one model: what it is, whose it is, what it does right now, and what can be done with it.
 *
 * Properties: `model` (Model), `pending` (the wish that is being carried out, or undefined).
 * Event: `model-wish` with `detail: { wish, model }`.
 */

import { LitElement, html, nothing, type PropertyDeclarations, type TemplateResult } from 'lit';
import { msg, str, updateWhenLocaleChanges } from '@lit/localize';
import type { Model, ModelActivity } from '../app/model-library.ts';
import { diffPacks } from '../shared/diff-packs.ts';
import { downloadingText, pausedText, progressBar } from './download-progress.ts';
import { formatBytes } from './format.ts';
import { checkIcon, downloadIcon, waitIcon } from './icons.ts';
import { modelEntryStyles } from './model-entry.styles.ts';
import { modelFacts } from './model-facts.ts';
import { modelErrorText, modelTitle, roleText, useText } from './model-text.ts';
import { errorWords } from './notice-card.ts';
import { originLine } from './origin-line.ts';
import { packDifference } from './pack-difference.ts';
import { factsStyles } from './styles/facts.styles.ts';
import { sharedStyles } from './styles/shared.styles.ts';
import { tableStyles } from './styles/tables.styles.ts';

export type ModelWish = 'use' | 'stop' | 'download' | 'pause' | 'roll-back' | 'remove' | 'save';
export type ModelWishEvent = CustomEvent<{ readonly wish: ModelWish; readonly model: Model }>;

export class ModelEntry extends LitElement {
  static override properties: PropertyDeclarations = { model: { attribute: false }, pending: { type: String } };
  static override styles = [sharedStyles, tableStyles, factsStyles, modelEntryStyles];

  declare model: Model | undefined;
  declare pending: ModelWish | undefined;
  private hadFocus = false;

  constructor() {
    super();
    updateWhenLocaleChanges(this);
  }

  override willUpdate(): void {
    this.hadFocus = this.hasFocus();
  }

  /** A button that did its work goes away: whoever works with the keyboard stays at this model. */
  override updated(): void {
    if (this.hadFocus && !this.hasFocus()) this.renderRoot.querySelector('h3')?.focus();
  }

  override render(): TemplateResult | typeof nothing {
    const { model } = this;
    if (model === undefined) return nothing;
    const version = model.installed ?? model.offered;
    const manifest = version?.manifest;
    return html`<article class="card ${model.inUse ? 'in-use' : ''}" aria-labelledby="title">
      <header>
        <h3 id="title" tabindex="-1" translate="no">${modelTitle(model)} ${version?.version}</h3>
        ${model.inUse ? html`<p class="badge">${checkIcon()} ${msg('In use')}</p>` : nothing}
      </header>
      <p class="kind numbers">${[roleText(model.role), sizeText(model)].filter((part) => part !== '').join(' · ')}</p>
      ${originLine(model.origin)}
      ${
        manifest === undefined
          ? html`<p class="quiet-text">${msg('Its description comes with the download.')}</p>`
          : html`<p translate="no">${manifest.summary}</p>
              <p class="small">${msg('Licence:')} <span translate="no">${manifest.licence}</span></p>`
      }
      ${this.activity(model, model.activity)} ${changes(model)} ${this.actions(model)}
      ${
        manifest === undefined
          ? nothing
          : html`<details class="facts">
              <summary>${msg('Figures and sources')}</summary>
              <div class="stack">${modelFacts(manifest, true)}</div>
            </details>`
      }
    </article>`;
  }

  private hasFocus(): boolean {
    return this.shadowRoot !== null && this.shadowRoot.activeElement !== null;
  }

  private activity(model: Model, activity: ModelActivity): TemplateResult | typeof nothing {
    switch (activity.kind) {
      case 'none':
        return nothing;
      case 'downloading':
        return html`<div class="activity">
          <p class="title-row numbers">
            ${downloadIcon()}
            <span>${downloadingText(activity.receivedBytes, activity.totalBytes, activity.secondsLeft)}</span>
          </p>
          ${progressBar(activity.receivedBytes, activity.totalBytes)} ${stillAnswers(model)}
        </div>`;
      case 'paused':
        return html`<div class="activity">
          <p class="title-row numbers">
            ${waitIcon()} <span>${pausedText(activity.receivedBytes, activity.totalBytes)}</span>
          </p>
          ${progressBar(activity.receivedBytes, activity.totalBytes)}
          ${activity.error === undefined ? nothing : errorWords(activity.error, modelErrorText(activity.error.code))}
          ${stillAnswers(model)}
        </div>`;
      case 'proving':
        return html`<div class="activity" role="status">
          <p class="title-row">
            ${waitIcon()} <span>${msg('Testing that it gives the known answers on this device…')}</span>
          </p>
          ${stillAnswers(model)}
        </div>`;
      case 'failed':
        return html`<div class="card danger" role="alert">
          ${errorWords(activity.error, modelErrorText(activity.error.code))} ${stillAnswers(model)}
        </div>`;
    }
  }

  private actions(model: Model): TemplateResult {
    const { installed, previous, offered, activity, inUse, role } = model;
    const isComing = activity.kind === 'downloading' || activity.kind === 'proving';
    return html`<div class="actions">
        ${
          activity.kind === 'downloading'
            ? this.button('pause', msg('Pause'))
            : offered === undefined || isComing
              ? nothing
              : this.button(
                  'download',
                  downloadWords(model),
                  installed === undefined ? 'primary' : 'wide',
                  downloadIcon(),
                )
        }
        ${
          installed === undefined || inUse || role === undefined
            ? nothing
            : this.button('use', useText(role), 'primary')
        }
        ${inUse && role === 'second-opinion' ? this.button('stop', msg('Stop using'), 'wide') : nothing}
        ${
          installed === undefined || previous === undefined || isComing
            ? nothing
            : this.button('roll-back', msg(str`Go back to version ${previous.version}`), 'wide')
        }
        ${installed === undefined ? nothing : this.button('save', msg('Save to a file'))}
        ${
          installed === undefined && activity.kind !== 'paused'
            ? nothing
            : this.button('remove', msg('Remove'), 'danger')
        }
      </div>
      ${this.pending === 'save' ? html`<p role="status">${msg('Preparing the file…')}</p>` : nothing}`;
  }

  private button(
    wish: ModelWish,
    words: string,
    look = '',
    icon: TemplateResult | typeof nothing = nothing,
  ): TemplateResult {
    return html`<button
      type="button"
      class=${look}
      aria-describedby="title"
      ?disabled=${this.pending !== undefined}
      @click=${() => this.dispatchEvent(new CustomEvent('model-wish', { detail: { wish, model: this.model } }))}
    >
      ${icon} ${words}
    </button>`;
  }
}

function sizeText({ installed, previous, offered }: Model): string {
  if (installed !== undefined && previous !== undefined) {
    const bytes = formatBytes(installed.bytes + previous.bytes);
    return msg(str`${bytes} on this device, with the version before it`);
  }
  if (installed !== undefined) return msg(str`${formatBytes(installed.bytes)} on this device`);
  return offered === undefined ? '' : msg(str`a download of ${formatBytes(offered.bytes)}`);
}

/** An update takes nothing away until it has proved itself. */
function stillAnswers({ installed, inUse }: Model): TemplateResult | typeof nothing {
  if (installed === undefined || !inUse) return nothing;
  return html`<p class="small">${msg(str`Version ${installed.version} goes on answering.`)}</p>`;
}

function downloadWords({ installed, offered, activity }: Model): string {
  if (offered === undefined) return '';
  if (activity.kind === 'paused') return msg('Continue');
  if (activity.kind === 'failed') return msg(str`Try again (${formatBytes(offered.bytes)})`);
  return installed === undefined
    ? msg(str`Download ${formatBytes(offered.bytes)}`)
    : msg(str`Update to version ${offered.version} (${formatBytes(offered.bytes)})`);
}

/** What an update has changed; before it, what it will, where that is known already. */
function changes({ installed, previous, offered, difference }: Model): TemplateResult | typeof nothing {
  if (installed === undefined) return nothing;
  if (previous !== undefined && difference !== undefined) {
    return html`<details class="changes" open>
      <summary>${msg(str`Updated from version ${previous.version}: what changed`)}</summary>
      ${packDifference(difference, previous.version, installed.version)}
    </details>`;
  }
  if (installed.manifest === undefined || offered?.manifest === undefined) return nothing;
  return html`<details class="changes">
    <summary>${msg(str`What version ${offered.version} changes`)}</summary>
    ${packDifference(diffPacks(installed.manifest, offered.manifest), installed.version, offered.version)}
  </details>`;
}

customElements.define('model-entry', ModelEntry);

declare global {
  interface HTMLElementTagNameMap {
    'model-entry': ModelEntry;
  }
}
