/**
 * `<camera-screen>`: the live camera with one hint at a time, until the film is photographed by the app or by the person. Where
 * the camera cannot be had, why, and the other ways to a photograph. The camera is on only while this is on the screen.
 *
 * Property: `app`.
 * Events: `files-chosen` with `detail: { files, origin }` (another way was taken); `camera-close`.
 */

import { LitElement, html, nothing, svg, type PropertyDeclarations, type TemplateResult } from 'lit';
import { msg, updateWhenLocaleChanges } from '@lit/localize';
import type { ChesterApp } from '../app/app-model.ts';
import type { CameraPhase, CameraSession } from '../app/camera-session.ts';
import type { CaptureHint } from '../app/capture-guide.ts';
import type { Corners } from '../shared/analysis.ts';
import type { PlainError } from '../shared/app-error.ts';
import { announceHint, nothingAnnounced } from './announce-hints.ts';
import { cameraScreenStyles } from './camera-screen.styles.ts';
import { hintIcon, hintWords } from './capture-text.ts';
import { errorText } from './error-text.ts';
import { cautionIcon } from './icons.ts';
import { errorWords } from './notice-card.ts';
import { chosenStyles } from './styles/chosen.styles.ts';
import { sharedStyles } from './styles/shared.styles.ts';

/** Units of the drawing over the picture along each of its sides. */
const drawn = 1000;
/** Where the film should come to lie: room around it, so that its corners are seen. */
const bracket = { inset: 70, length: 110 } as const;
const ringLength = 100;

export class CameraScreen extends LitElement {
  static override properties: PropertyDeclarations = {
    app: { attribute: false },
    session: { state: true },
  };
  static override styles = [sharedStyles, chosenStyles, cameraScreenStyles];

  declare app: ChesterApp | undefined;
  declare private session: CameraSession | undefined;

  private unsubscribe: (() => void) | undefined;
  private announced = nothingAnnounced;

  constructor() {
    super();
    updateWhenLocaleChanges(this);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    window.addEventListener('keydown', this.onKeyDown);
  }

  override disconnectedCallback(): void {
    window.removeEventListener('keydown', this.onKeyDown);
    this.unsubscribe?.();
    this.session?.close();
    this.session = undefined;
    super.disconnectedCallback();
  }

  override firstUpdated(): void {
    void this.open();
  }

  override render(): TemplateResult {
    const phase: CameraPhase = this.session?.state.phase ?? { kind: 'starting' };
    const isFailed = phase.kind === 'failed';
    return html`<h1 tabindex="-1" class="visually-hidden">${msg('Photograph a film')}</h1>
      ${phase.kind === 'live' && phase.hint === 'black' ? this.blackCard() : nothing}
      <div class="stage" ?hidden=${isFailed}>
        <div class="picture">
          <video muted playsinline aria-label=${msg('What the camera sees')}></video>
          ${phase.kind === 'live' ? drawing(phase.hint, phase.corners) : nothing}
        </div>
        ${this.says(phase)}
      </div>
      <p role="status" class="visually-hidden">${this.spoken(phase)}</p>
      ${isFailed ? this.failure(phase.error) : this.controls(phase)} ${this.inputs()}`;
  }

  /** What is going on, under the picture; ears hear it by `spoken`. */
  private says(phase: CameraPhase): TemplateResult {
    if (phase.kind === 'live') {
      const words = hintWords(phase.hint, this.session?.state.automatic === true);
      return html`<p class="hint ${phase.hint}" aria-hidden="true">${hintIcon(phase.hint)} ${words}</p>`;
    }
    return html`<p class="hint" aria-hidden="true">${waitingWords(phase)}</p>`;
  }

  private spoken(phase: CameraPhase): string {
    if (phase.kind !== 'live') return waitingWords(phase);
    const { hint } = this.announced;
    return hint === undefined ? '' : hintWords(hint, this.session?.state.automatic === true);
  }

  private controls(phase: CameraPhase): TemplateResult {
    return html`<div class="controls">
      <button type="button" class="close" @click=${this.leave}>${msg('Close')}</button>
      ${this.shutter(phase)} ${this.automatic()}
    </div>`;
  }

  private shutter(phase: CameraPhase): TemplateResult {
    const isLive = phase.kind === 'live';
    const isCounting = isLive && this.session?.state.automatic === true;
    const share = isCounting ? phase.readiness : 0;
    return html`<button
      type="button"
      class="shutter"
      aria-label=${msg('Take the photo now')}
      ?disabled=${!isLive}
      @click=${this.shoot}
    >
      <svg viewBox="0 0 72 72" aria-hidden="true">
        <circle class="rim" cx="36" cy="36" r="32" />
        <circle
          class="ring"
          cx="36"
          cy="36"
          r="32"
          pathLength=${ringLength}
          stroke-dasharray=${ringLength}
          stroke-dashoffset=${ringLength * (1 - share)}
          transform="rotate(-90 36 36)"
        />
        <circle class="knob" cx="36" cy="36" r="24" />
      </svg>
    </button>`;
  }

  private automatic(): TemplateResult {
    const isOn = this.session?.state.automatic === true;
    return html`<button
      type="button"
      class="automatic"
      aria-pressed=${isOn}
      @click=${() => this.session?.setAutomatic(!isOn)}
    >
      ${msg('Automatic')}
    </button>`;
  }

  private failure(error: PlainError): TemplateResult {
    return html`<section class="card danger" role="alert">${errorWords(error)}</section>
      ${this.otherWays()}
      <div class="row ways">
        <button type="button" @click=${this.start}>${msg('Try again')}</button>
        <button type="button" class="close" @click=${this.leave}>${msg('Close')}</button>
      </div>`;
  }

  /** No failure yet: a lens is uncovered, and all goes on. */
  private blackCard(): TemplateResult {
    const { sentence, nextStep } = errorText('camera-black');
    return html`<section class="card caution">
      <div class="title-row">
        ${cautionIcon()}
        <p>${sentence} ${nextStep}</p>
      </div>
      ${this.otherWays()}
    </section>`;
  }

  private otherWays(): TemplateResult {
    return html`<div class="row ways">
      <button type="button" class="primary" @click=${() => this.choose('capture')}>${msg('Use the camera app')}</button>
      <button type="button" @click=${() => this.choose('gallery')}>${msg('Open a photo')}</button>
    </div>`;
  }

  private inputs(): TemplateResult {
    return html`<input
        class="capture"
        type="file"
        accept="image/*"
        capture="environment"
        hidden
        aria-label=${msg('Use the camera app')}
        @change=${this.chosen}
        @cancel=${() => this.app?.cameraClosed()}
      />
      <input
        class="gallery"
        type="file"
        accept="image/*"
        hidden
        aria-label=${msg('Open a photo')}
        @change=${this.chosen}
      />`;
  }

  private async open(): Promise<void> {
    const session = await this.app?.openCamera();
    if (session === undefined) return;
    // Left before its code had come.
    if (!this.isConnected) return session.close();
    this.session = session;
    this.unsubscribe = session.subscribe(() => this.stateChanged(session.state.phase));
    this.start();
  }

  private stateChanged(phase: CameraPhase): void {
    this.announced =
      phase.kind === 'live' ? announceHint(this.announced, phase.hint, performance.now()) : nothingAnnounced;
    this.requestUpdate();
  }

  private readonly start = (): void => {
    const video = this.renderRoot.querySelector('video');
    if (video !== null) this.session?.start(video);
  };

  private readonly shoot = (): void => this.session?.shoot();

  private choose(way: 'capture' | 'gallery'): void {
    if (way === 'capture') this.app?.cameraOpening();
    this.renderRoot.querySelector<HTMLInputElement>(`input.${way}`)?.click();
  }

  private readonly chosen = (event: Event): void => {
    this.app?.cameraClosed();
    const input = event.target as HTMLInputElement;
    const files = [...(input.files ?? [])];
    input.value = '';
    // From the gallery too: it is a photograph, and its corners are asked for.
    if (files.length > 0) this.dispatchEvent(new CustomEvent('files-chosen', { detail: { files, origin: 'camera' } }));
  };

  private readonly leave = (): void => {
    this.dispatchEvent(new CustomEvent('camera-close'));
  };

  /** Space and Enter shoot wherever the focus is, but on a control they do what it does. */
  private readonly onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    if (event.key === 'Escape') this.leave();
    if (event.key !== 'Enter' && event.key !== ' ') return;
    const [target] = event.composedPath();
    if (target instanceof Element && target.matches('a, button, input, select, summary, textarea')) return;
    event.preventDefault();
    this.shoot();
  };
}

function waitingWords(phase: Exclude<CameraPhase, { readonly kind: 'live' }>): string {
  switch (phase.kind) {
    case 'starting':
      return msg('Starting the camera. If the browser asks, allow it.');
    case 'taking':
      return msg('Taking the photo…');
    case 'paused':
      return msg('The camera is off while the app is not in front.');
    case 'failed':
      // Said by the alert.
      return '';
  }
}

/** Brackets where the film should lie, and the outline of what was found: dashed until it is good. */
function drawing(hint: CaptureHint, corners: Corners | undefined): TemplateResult {
  const { inset, length } = bracket;
  const far = drawn - inset;
  const brackets = [
    `M${inset} ${inset + length}V${inset}H${inset + length}`,
    `M${far - length} ${inset}H${far}V${inset + length}`,
    `M${far} ${far - length}V${far}H${far - length}`,
    `M${inset + length} ${far}H${inset}V${far - length}`,
  ].join('');
  const points = corners?.map(({ x, y }) => `${drawn * x},${drawn * y}`).join(' ');
  return html`<svg viewBox="0 0 ${drawn} ${drawn}" preserveAspectRatio="none" aria-hidden="true">
    ${svg`<path class="under" d=${brackets}></path><path class="brackets" d=${brackets}></path>`}
    ${
      points === undefined
        ? nothing
        : svg`<polygon class="under" points=${points}></polygon>
            <polygon class=${hint === 'ready' ? 'outline good' : 'outline'} points=${points}></polygon>`
    }
  </svg>`;
}

customElements.define('camera-screen', CameraScreen);

declare global {
  interface HTMLElementTagNameMap {
    'camera-screen': CameraScreen;
  }
}
