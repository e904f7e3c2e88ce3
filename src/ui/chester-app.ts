/**
 * `<chester-app>`: the whole app on the screen. Draws `app.state`, follows the address (`#/…`), takes files that are
 * dropped or pasted anywhere, and asks before a result that is not kept is left.
 *
 * Property: `app` (ChesterApp).
 */

import { LitElement, html, nothing, type PropertyDeclarations, type PropertyValues, type TemplateResult } from 'lit';
import { msg, updateWhenLocaleChanges } from '@lit/localize';
import type { AppState, ChesterApp } from '../app/app-model.ts';
import type { PackFileStatus } from '../app/model-library.ts';
import type { ReasonCode } from '../shared/analysis.ts';
import type { PlainError } from '../shared/app-error.ts';
import { appFooter, appHeader } from './app-frame.ts';
import { chesterAppStyles } from './chester-app.styles.ts';
import type { ConfirmDialog } from './confirm-dialog.ts';
import { FileWaysIn, splitFiles, type IncomingFiles } from './file-ways-in.ts';
import type { FilesChosenEvent, WantedAction } from './home-screen.ts';
import { cautionIcon, openIcon } from './icons.ts';
import { localeFromAddress, setLocale } from './localization.ts';
import { askAnyway, askDismiss, askLeave } from './questions.ts';
import type { PackFileChosenEvent } from './pack-file-entry.ts';
import type { QueueEvent } from './queue-list.ts';
import { cameraHash, homeHash, modelsHash, parseRoute, resultHash, type Route } from './router.ts';
import { screenTitle } from './screen-title.ts';
import { sharedStyles } from './styles/shared.styles.ts';
import { applyTheme, chooseTheme, isDark, readTheme, type Theme } from './theme.ts';
import './acceptance-screen.ts';
import './confirm-dialog.ts';
import './home-screen.ts';
import './item-screen.ts';
import './lazy-part.ts';
import './unsupported-screen.ts';

type AnywayEvent = CustomEvent<{ readonly id: string; readonly codes: readonly ReasonCode[] }>;

const loadHelp = async (): Promise<unknown> => import('./help-screen.ts');
const loadAbout = async (): Promise<unknown> => import('./about-screen.ts');
const loadCamera = async (): Promise<unknown> => import('./camera-screen.ts');
const loadModels = async (): Promise<unknown> => import('./models-screen.ts');
const loadStorage = async (): Promise<unknown> => import('./storage-screen.ts');

export class ChesterAppElement extends LitElement {
  static override properties: PropertyDeclarations = {
    app: { attribute: false },
    appState: { state: true },
    route: { state: true },
    theme: { state: true },
    trouble: { state: true },
    leftOut: { state: true },
  };
  static override styles = [sharedStyles, chesterAppStyles];

  declare app: ChesterApp | undefined;
  declare private appState: AppState | undefined;
  declare private route: Route;
  declare private theme: Theme;
  /** What could not even be handed to the app, such as a folder. */
  declare private trouble: PlainError | undefined;
  /** Model files that came with another and were not opened. */
  declare private leftOut: number;

  private unsubscribe: (() => void) | undefined;
  private readonly waysIn = new FileWaysIn(this, (incoming) => this.takeIn(incoming));
  private knownItems = new Set<string>();
  private leaveAsked = false;

  constructor() {
    super();
    updateWhenLocaleChanges(this);
    this.route = parseRoute(location.hash);
    this.theme = readTheme();
    this.leftOut = 0;
    applyTheme(this.theme);
    // A language that cannot be loaded leaves English, which is complete.
    setLocale(localeFromAddress(location.search)).catch(() => undefined);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    window.addEventListener('hashchange', this.routeChanged);
    if (this.app !== undefined) this.follow(this.app);
  }

  override disconnectedCallback(): void {
    window.removeEventListener('hashchange', this.routeChanged);
    this.unsubscribe?.();
    super.disconnectedCallback();
  }

  override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('app') && this.app !== undefined) this.follow(this.app);
  }

  override updated(changed: PropertyValues): void {
    document.title = screenTitle(this.route);
    if (changed.has('route') && changed.get('route') !== undefined) void this.focusHeading();
  }

  override render(): TemplateResult {
    const { screen } = this.route;
    return html`${appHeader({ screen, isDark: isDark(this.theme), skip: this.skip, switchTheme: this.switchTheme })}
      <aside class="badge">${cautionIcon(16)} ${msg('Not for medical use')}</aside>
      <main id="main" tabindex="-1" class=${screen === 'home' || screen === 'result' ? 'fill' : ''}>
        ${this.screen()}
      </main>
      ${appFooter()} ${this.dropHint()}
      <confirm-dialog></confirm-dialog>`;
  }

  private dropHint(): TemplateResult | typeof nothing {
    if (!this.waysIn.isDragging || !this.mayOpen) return nothing;
    const words = this.route.screen === 'models' ? msg('Drop the model file here') : msg('Drop the X-ray here');
    return html`<div class="drop">${openIcon()}<span>${words}</span></div>`;
  }

  private screen(): TemplateResult {
    const { appState: state, app } = this;
    const starting = html`<p class="waiting quiet-text" role="status">${msg('Starting…')}</p>`;
    if (state === undefined || app === undefined || state.capability.kind === 'checking') return starting;
    if (state.capability.kind === 'missing') {
      return html`<unsupported-screen .what=${state.capability.what}></unsupported-screen>`;
    }
    switch (this.route.screen) {
      case 'help':
        return this.lazy(loadHelp, () => html`<help-screen></help-screen>`);
      case 'about':
        return this.lazy(loadAbout, () => html`<about-screen .app=${app} .version=${state.version}></about-screen>`);
      case 'models':
        return this.lazy(
          loadModels,
          () =>
            html`<models-screen
              .app=${app}
              .state=${state}
              .ask=${this.ask}
              .leftOut=${this.leftOut}
              @pack-file-chosen=${(event: PackFileChosenEvent) => this.openModels([event.detail.file])}
            ></models-screen>`,
        );
      case 'storage':
        return this.lazy(loadStorage, () => html`<storage-screen .app=${app} .ask=${this.ask}></storage-screen>`);
      case 'home':
      case 'camera':
      case 'result':
        break;
    }
    if (state.accepted === undefined) return starting;
    if (!state.accepted) {
      return html`<acceptance-screen
        .offline=${state.offline}
        @accepted=${() => void this.accept(app)}
      ></acceptance-screen>`;
    }
    if (this.route.screen === 'home') return this.home(app, state);
    if (this.route.screen === 'camera') return this.camera(app);
    const { id } = this.route;
    return html`<item-screen
        .app=${app}
        .item=${state.queue.find((item) => item.id === id)}
        @new-xray=${this.newXray}
        @confirm-anyway=${(event: AnywayEvent) => void this.confirmAnyway(app, event.detail)}
      ></item-screen>
      <input type="file" multiple hidden aria-label=${msg('Open X-ray')} @change=${this.chosenAgain} />`;
  }

  private home(app: ChesterApp, state: AppState): TemplateResult {
    return html`<home-screen
      .app=${app}
      .state=${state}
      .wanted=${wantedAction()}
      .trouble=${this.trouble}
      @files-chosen=${(event: FilesChosenEvent) => this.open(event.detail.files, event.detail.origin)}
      @camera-wanted=${() => this.goTo(cameraHash)}
      @example-wanted=${() => app.openExample()}
      @trouble-seen=${() => {
        this.trouble = undefined;
      }}
      @item-dismiss=${(event: QueueEvent) => void this.dismiss(app, event.detail.id)}
    ></home-screen>`;
  }

  private camera(app: ChesterApp): TemplateResult {
    return this.lazy(
      loadCamera,
      () =>
        html`<camera-screen
          .app=${app}
          @files-chosen=${(event: FilesChosenEvent) => this.open(event.detail.files, event.detail.origin)}
          @camera-close=${() => this.goTo(homeHash)}
        ></camera-screen>`,
    );
  }

  private lazy(load: () => Promise<unknown>, content: () => TemplateResult): TemplateResult {
    return html`<lazy-part .load=${load} .content=${content}></lazy-part>`;
  }

  private follow(app: ChesterApp): void {
    this.unsubscribe?.();
    this.knownItems = new Set(app.state.queue.map((item) => item.id));
    this.appState = app.state;
    this.unsubscribe = app.subscribe(() => this.stateChanged(app.state));
  }

  /** A single X-ray that was just opened, by whatever way, is shown at once; several stay in the list. */
  private stateChanged(state: AppState): void {
    const bringsModel = packFileKind(state) !== 'none' && packFileKind(this.appState) === 'none';
    this.appState = state;
    // A model file comes by drop, share sheet or file handler too: where it is heard of is the Models screen.
    if (bringsModel) this.goTo(modelsHash);
    const fresh = state.queue.filter((item) => !this.knownItems.has(item.id));
    for (const item of fresh) this.knownItems.add(item.id);
    const [only] = fresh;
    if (only === undefined) return;
    const othersWork = state.queue.some((item) => item !== only && item.state.kind === 'working');
    this.goTo(fresh.length === 1 && !othersWork ? resultHash(only.id) : homeHash);
  }

  private readonly routeChanged = (event: HashChangeEvent): void => {
    const next = parseRoute(location.hash);
    const asked = this.leaveAsked;
    this.leaveAsked = false;
    if (!asked && next.screen === 'home' && this.route.screen === 'result' && this.isUnkept(this.route.id)) {
      // Back to where it was: `pushState` raises no `hashchange`.
      history.pushState(null, '', new URL(event.oldURL).hash);
      void this.confirmLeave();
      return;
    }
    this.route = next;
  };

  private isUnkept(id: string): boolean {
    const state = this.appState?.queue.find((item) => item.id === id)?.state;
    return state?.kind === 'done' && !state.result.kept;
  }

  private async confirmLeave(): Promise<void> {
    if ((await this.ask(askLeave())) === 'leave') this.goTo(homeHash);
  }

  /** Goes without asking. */
  private goTo(hash: string): void {
    if (location.hash === hash) return;
    this.leaveAsked = true;
    location.hash = hash;
  }

  private async dismiss(app: ChesterApp, id: string): Promise<void> {
    if (this.isUnkept(id) && (await this.ask(askDismiss())) !== 'remove') return;
    app.dismiss(id);
  }

  private async confirmAnyway(app: ChesterApp, detail: AnywayEvent['detail']): Promise<void> {
    if ((await this.ask(askAnyway())) === 'anyway') app.analyzeAnyway(detail.id, detail.codes);
  }

  private readonly ask: ConfirmDialog['ask'] = async (question) =>
    this.renderRoot.querySelector('confirm-dialog')?.ask(question);

  private async accept(app: ChesterApp): Promise<void> {
    await app.acceptNotForMedicalUse();
    // The size stood on the screen that was just agreed to.
    if (app.state.offline.kind === 'needs-download') app.startDownload();
  }

  private get mayOpen(): boolean {
    return this.appState?.capability.kind === 'ok' && this.appState.accepted === true;
  }

  private open(files: readonly File[], origin: 'files' | 'camera' = 'files'): void {
    this.trouble = undefined;
    this.app?.open(files, origin);
  }

  /** One at a time: the screen says how many were left out. */
  private openModels([first, ...others]: readonly File[]): void {
    if (first === undefined) return;
    this.leftOut = others.length;
    this.app?.openPackFile(first);
  }

  private takeIn(incoming: IncomingFiles): void {
    if (!this.mayOpen) return;
    const { pictures, models } = splitFiles(incoming.files, this.route.screen === 'models');
    const [folder] = incoming.folders;
    if (pictures.length > 0) this.open(pictures);
    if (models.length > 0) this.openModels(models);
    if (folder !== undefined) {
      this.trouble = { code: 'file-is-folder', details: { name: folder } };
      this.goTo(homeHash);
    }
  }

  private readonly newXray = (): void => {
    this.renderRoot.querySelector<HTMLInputElement>('main input[type=file]')?.click();
  };

  private readonly chosenAgain = (event: Event): void => {
    const input = event.target as HTMLInputElement;
    const files = [...(input.files ?? [])];
    input.value = '';
    if (files.length > 0) this.open(files);
  };

  private readonly switchTheme = (): void => {
    this.theme = isDark(this.theme) ? 'light' : 'dark';
    chooseTheme(this.theme);
  };

  private readonly skip = (event: Event): void => {
    event.preventDefault();
    this.renderRoot.querySelector<HTMLElement>('main')?.focus();
  };

  /** A new screen begins at its heading, for eyes and for screen readers. */
  private async focusHeading(): Promise<void> {
    window.scrollTo(0, 0);
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>('main')?.focus({ preventScroll: true });
  }
}

function packFileKind(state: AppState | undefined): PackFileStatus['kind'] {
  return state?.models.kind === 'ready' ? state.models.packFile.kind : 'none';
}

/** What a home-screen shortcut asked for (`manifest.webmanifest`); a picker still needs a person's tap. */
function wantedAction(): WantedAction | undefined {
  const action = new URLSearchParams(location.search).get('action');
  return action === 'open' || action === 'photo' ? action : undefined;
}

customElements.define('chester-app', ChesterAppElement);

declare global {
  interface HTMLElementTagNameMap {
    'chester-app': ChesterAppElement;
  }
}
