/**
 * `<home-screen>`: the ways to an X-ray, whether the app works offline, and the X-rays of this session.
 *
 * Properties: `app`, `state`, `wanted` (the action that a home-screen shortcut asked for), `trouble` (what could not be opened).
 * Events: `files-chosen` with `detail: { files, origin }`, `camera-wanted` (the live one), `example-wanted`, `item-dismiss` with `detail: { id }`, `trouble-seen`.
 */

import { LitElement, html, nothing, type PropertyDeclarations, type PropertyValues, type TemplateResult } from 'lit';
import { msg, updateWhenLocaleChanges } from '@lit/localize';
import type { AppState, ChesterApp } from '../app/app-model.ts';
import type { PlainError } from '../shared/app-error.ts';
import { cameraIcon, infoIcon, lungsIcon, openIcon } from './icons.ts';
import { homeScreenStyles } from './home-screen.styles.ts';
import { errorCard, noticeCard } from './notice-card.ts';
import type { QueueEvent } from './queue-list.ts';
import { sharedStyles } from './styles/shared.styles.ts';
import './install-card.ts';
import './offline-status.ts';
import './queue-list.ts';

export type WantedAction = 'open' | 'photo';
export type FilesChosenEvent = CustomEvent<{ readonly files: readonly File[]; readonly origin: 'files' | 'camera' }>;

const largeIcon = 72;

export class HomeScreen extends LitElement {
  static override properties: PropertyDeclarations = {
    app: { attribute: false },
    state: { attribute: false },
    wanted: { type: String },
    trouble: { attribute: false },
  };
  static override styles = [sharedStyles, homeScreenStyles];

  declare app: ChesterApp | undefined;
  declare state: AppState | undefined;
  declare wanted: WantedAction | undefined;
  declare trouble: PlainError | undefined;

  /** Looked for before the tap, for an input opens only while a tap is fresh; `undefined` until it is known. */
  private hasCamera: boolean | undefined;

  constructor() {
    super();
    updateWhenLocaleChanges(this);
  }

  override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('app')) void this.lookForCamera();
  }

  override firstUpdated(): void {
    if (this.wanted !== undefined) this.renderRoot.querySelector<HTMLElement>(`button.${this.wanted}`)?.focus();
  }

  /** Opens the file picker or the camera; needs a person's gesture. */
  choose(way: WantedAction): void {
    if (way === 'photo' && this.hasCamera === undefined) {
      void this.lookForCamera().then(() => this.choose(way));
      return;
    }
    if (way === 'photo' && this.hasCamera === true) {
      this.dispatchEvent(new CustomEvent('camera-wanted'));
      return;
    }
    if (way === 'photo') this.app?.cameraOpening();
    this.renderRoot.querySelector<HTMLInputElement>(`input.${way}`)?.click();
  }

  override render(): TemplateResult | typeof nothing {
    const { state } = this;
    if (state === undefined) return nothing;
    return html`
      <section class="lightbox ${state.queue.length > 0 ? 'small' : ''}">
        ${state.queue.length > 0 ? nothing : lungsIcon(largeIcon)}
        <h1 tabindex="-1">${msg('Read a chest X‑ray on this device')}</h1>
        ${
          state.queue.length > 0
            ? nothing
            : html`<p>
                ${msg('No picture ever leaves it. Open a picture file, or photograph a film on a light box.')}
              </p>`
        }
      </section>
      <div class="stack side">
        ${this.notice(state)} ${this.troubleCard()} ${this.updateCard(state)}
        <div class="card">
          <offline-status
            .status=${state.offline}
            .online=${state.online}
            @download-start=${() => this.app?.startDownload()}
            @download-pause=${() => this.app?.pauseDownload()}
          ></offline-status>
        </div>
        ${this.queue(state)}
        <install-card .status=${state.install} @install=${() => void this.app?.install()}></install-card>
      </div>
      ${this.actions()}
    `;
  }

  private actions(): TemplateResult {
    const wantsPhoto = this.wanted === 'photo';
    return html`<div class="actions ${wantsPhoto ? 'photo-first' : ''}">
      <button
        type="button"
        class="open ${wantsPhoto ? '' : 'primary'} ${this.wanted === 'open' ? 'wanted' : ''}"
        @click=${() => this.choose('open')}
      >
        ${openIcon()} ${msg('Open X-ray')}
      </button>
      <button type="button" class="photo ${wantsPhoto ? 'primary wanted' : ''}" @click=${() => this.choose('photo')}>
        ${cameraIcon()} ${msg('Take photo')}
      </button>
      <button
        type="button"
        class="example quiet"
        title=${msg('A synthetic X-ray: nobody’s')}
        @click=${() => this.dispatchEvent(new CustomEvent('example-wanted'))}
      >
        ${msg('Try the example')}
      </button>
      <input
        class="open"
        type="file"
        multiple
        hidden
        aria-label=${msg('Open X-ray')}
        @change=${(event: Event) => this.chosen(event, 'files')}
      />
      <input
        class="photo"
        type="file"
        accept="image/*"
        capture="environment"
        hidden
        aria-label=${msg('Take photo')}
        @change=${(event: Event) => this.chosen(event, 'camera')}
        @cancel=${() => this.app?.cameraClosed()}
      />
    </div>`;
  }

  private async lookForCamera(): Promise<void> {
    this.hasCamera = (await this.app?.hasCamera()) === true;
  }

  private chosen(event: Event, origin: 'files' | 'camera'): void {
    if (origin === 'camera') this.app?.cameraClosed();
    const input = event.target as HTMLInputElement;
    const files = [...(input.files ?? [])];
    // The same file may be chosen again: without this there would be no change.
    input.value = '';
    if (files.length > 0) this.dispatchEvent(new CustomEvent('files-chosen', { detail: { files, origin } }));
  }

  private queue(state: AppState): TemplateResult | typeof nothing {
    if (state.queue.length === 0) return nothing;
    const working = state.queue.filter((item) => item.state.kind === 'working').length;
    const forward = (event: QueueEvent): boolean =>
      this.dispatchEvent(new CustomEvent('item-dismiss', { detail: event.detail }));
    return html`<section class="stack" aria-labelledby="session">
      <h2 id="session">${msg('This session')}</h2>
      <p class="small quiet-text">
        ${msg('Nothing of this is kept when the app is closed: print or save what you need.')}
      </p>
      ${
        working > 1
          ? html`<button type="button" @click=${() => this.app?.cancelAll()}>${msg('Cancel all')}</button>`
          : nothing
      }
      <queue-list
        .items=${state.queue}
        @item-cancel=${(event: QueueEvent) => this.app?.cancel(event.detail.id)}
        @item-retry=${(event: QueueEvent) => this.app?.retry(event.detail.id)}
        @item-dismiss=${forward}
      ></queue-list>
    </section>`;
  }

  private updateCard(state: AppState): TemplateResult | typeof nothing {
    switch (state.update.kind) {
      case 'none':
        return nothing;
      case 'waiting':
        // Offered only while nothing is being computed.
        if (state.update.busy) return nothing;
        return html`<section class="card">
          <div class="title-row">
            ${infoIcon()}
            <h2>${msg('A new version is ready')}</h2>
          </div>
          <p>${msg('It takes a second. Print or save results first: the list is empty afterwards.')}</p>
          <button type="button" @click=${() => void this.app?.applyUpdate()}>${msg('Update now')}</button>
        </section>`;
      case 'applying':
        return html`<p class="card" role="status">${msg('Updating…')}</p>`;
    }
  }

  private notice({ notice }: AppState): TemplateResult | typeof nothing {
    if (notice === undefined) return nothing;
    return noticeCard(notice, {
      dismiss: () => this.app?.dismissNotice(),
      openXray: () => this.choose('open'),
    });
  }

  private troubleCard(): TemplateResult | typeof nothing {
    if (this.trouble === undefined) return nothing;
    return errorCard(this.trouble, () => this.dispatchEvent(new CustomEvent('trouble-seen')));
  }
}

customElements.define('home-screen', HomeScreen);

declare global {
  interface HTMLElementTagNameMap {
    'home-screen': HomeScreen;
  }
}
