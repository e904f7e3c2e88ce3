/**
 * `<storage-screen>`: what is kept on this device, how large it is, and how to remove it.
 *
 * Properties: `app` (ChesterApp), `ask` (asks a question and resolves to the chosen answer).
 */

import { LitElement, html, nothing, type PropertyDeclarations, type PropertyValues, type TemplateResult } from 'lit';
import { msg, str, updateWhenLocaleChanges } from '@lit/localize';
import type { ChesterApp, StorageReport, StoredPack } from '../app/app-model.ts';
import type { PackState } from '../shared/pack.ts';
import type { Question } from './confirm-dialog.ts';
import { formatBytes } from './format.ts';
import { checkIcon, infoIcon } from './icons.ts';
import { failure, settled, waiting, type Loaded } from './loaded.ts';
import { askRemoveModel, removalOf, type Removal } from './model-questions.ts';
import { askRemoveEverything } from './questions.ts';
import { modelsHash } from './router.ts';
import { storageScreenStyles } from './storage-screen.styles.ts';
import { sharedStyles } from './styles/shared.styles.ts';
import { chooseTheme } from './theme.ts';

export class StorageScreen extends LitElement {
  static override properties: PropertyDeclarations = {
    app: { attribute: false },
    ask: { attribute: false },
    report: { state: true },
    removing: { state: true },
  };
  static override styles = [sharedStyles, storageScreenStyles];

  declare app: ChesterApp | undefined;
  declare ask: ((question: Question) => Promise<string | undefined>) | undefined;
  declare private report: Loaded<StorageReport>;
  declare private removing: boolean;

  constructor() {
    super();
    updateWhenLocaleChanges(this);
    this.report = waiting;
    this.removing = false;
  }

  override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('app') && this.app !== undefined) void this.load(this.app);
  }

  override render(): TemplateResult {
    return html`<div class="stack">
      <h1 tabindex="-1">${msg('What is kept on this device')}</h1>
      <p>${msg('The app, its model, your settings and the list of requests. X-rays and results are not kept.')}</p>
      <p><a class="button" href=${modelsHash}>${msg('Choose, add or remove models')}</a></p>
      ${settled(this.report, (report) => this.list(report))}
      ${this.removing ? html`<p role="status">${msg('Removing…')}</p>` : nothing}
    </div>`;
  }

  private list(report: StorageReport): TemplateResult {
    return html`<section class="card">
        <div class="kept">
          <div>
            <h2>${msg('The app')}</h2>
            <p class="small quiet-text">${msg('What it needs to start without internet')}</p>
          </div>
          <span class="size numbers">${formatBytes(report.appBytes)}</span>
        </div>
      </section>
      ${
        report.packs.length === 0
          ? html`<p class="card">${msg('No model is on this device yet.')}</p>`
          : report.packs.map((pack) => this.packRow(pack))
      }
      <section class="card">
        <h2>${msg('Room')}</h2>
        ${this.room(report)}
        <div class="title-row">
          ${report.persisted ? checkIcon() : infoIcon()}
          <p>
            ${
              report.persisted
                ? msg('The browser promised not to remove it by itself.')
                : msg(
                    'The browser may remove it when the device runs short of room. Installing the app makes that less likely.',
                  )
            }
          </p>
        </div>
      </section>
      <button type="button" class="danger" ?disabled=${this.removing} @click=${() => void this.removeEverything()}>
        ${msg('Remove everything')}
      </button>`;
  }

  private packRow(pack: StoredPack): TemplateResult {
    return html`<section class="card">
      <div class="kept">
        <div>
          <h2 translate="no">${pack.manifest?.title ?? pack.id} ${pack.version}</h2>
          <p class="small quiet-text">${packStateText(pack.state)}</p>
        </div>
        <span class="size numbers">${formatBytes(pack.bytes)}</span>
        <button type="button" ?disabled=${this.removing} @click=${() => void this.removePack(pack)}>
          ${msg('Remove')}
        </button>
      </div>
    </section>`;
  }

  private room(report: StorageReport): TemplateResult {
    const { usageBytes, quotaBytes } = report;
    if (usageBytes === undefined || quotaBytes === undefined) {
      return html`<p class="quiet-text">${msg('This browser does not say how much room there is.')}</p>`;
    }
    return html`<p class="numbers">
        ${msg(str`${formatBytes(usageBytes)} used of ${formatBytes(quotaBytes)} that the browser allows`)}
      </p>
      <meter aria-label=${msg('Room used')} min="0" max=${quotaBytes} .value=${usageBytes}></meter>`;
  }

  private async load(app: ChesterApp): Promise<void> {
    try {
      this.report = { kind: 'loaded', value: await app.storageReport() };
    } catch {
      this.report = failure;
    }
  }

  private async removePack(pack: StoredPack): Promise<void> {
    const { app } = this;
    if (app === undefined || this.report.kind !== 'loaded') return;
    if ((await this.ask?.(askRemoveModel(removalOfPack(app, pack, this.report.value)))) !== 'remove') return;
    this.removing = true;
    await app.removePack(pack.id);
    await this.load(app);
    this.removing = false;
  }

  private async removeEverything(): Promise<void> {
    if ((await this.ask?.(askRemoveEverything())) !== 'remove') return;
    this.removing = true;
    // The theme is the one thing that the screens keep themselves.
    chooseTheme('system');
    await this.app?.removeEverything();
  }
}

/** The library knows which model answers; where it was not looked at yet, the list of packs must do. */
function removalOfPack({ state: { models } }: ChesterApp, pack: StoredPack, report: StorageReport): Removal {
  const known = models.kind === 'ready' ? models.models : [];
  const model = known.find(({ id }) => id === pack.id);
  if (model !== undefined) return removalOf(model, known);
  const titleOf = ({ manifest, id }: StoredPack): string => manifest?.title ?? id;
  const role = pack.manifest?.role;
  const others = report.packs.filter(
    ({ id, state, manifest }) => id !== pack.id && state === 'installed' && manifest?.role === role,
  );
  return { title: titleOf(pack), bytes: pack.bytes, role, inUse: true, others: others.map(titleOf) };
}

function packStateText(state: PackState): string {
  switch (state) {
    case 'downloading':
      return msg('Being downloaded');
    case 'stored':
      return msg('Downloaded, not tested yet');
    case 'proving':
      return msg('Being tested');
    case 'installed':
      return msg('Ready: gives the known answers on this device');
    case 'rejected':
      return msg('Rejected: gives wrong answers on this device');
  }
}

customElements.define('storage-screen', StorageScreen);

declare global {
  interface HTMLElementTagNameMap {
    'storage-screen': StorageScreen;
  }
}
