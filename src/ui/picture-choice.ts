/**
 * `<picture-choice>`: which of a DICOM file's pictures is looked at, and in which of its windows. Draws nothing where there
 * is no choice. What the model read stays what it was, and is said while something else is on the screen.
 *
 * Properties: `read` (DicomFacts of the analysis), `seen` (DicomFacts of what is on the screen), `wanted` (PictureLook that
 * was asked for last, or undefined), `busy`, `error` (PlainError or undefined).
 * Events (bubbling): `picture-look` (PictureLookEvent), `analyze-frame` (AnalyzeFrameEvent).
 */

import { LitElement, html, nothing, type PropertyDeclarations, type TemplateResult } from 'lit';
import { msg, str, updateWhenLocaleChanges } from '@lit/localize';
import type { DicomFacts, PictureLook } from '../shared/analysis.ts';
import type { PlainError } from '../shared/app-error.ts';
import { errorText } from './error-text.ts';
import { pictureChoiceStyles } from './picture-choice.styles.ts';
import { windowName } from './reading-text.ts';
import { sharedStyles } from './styles/shared.styles.ts';
import { toolPartStyles } from './styles/tool-part.styles.ts';

/** What to look at; without `frame` and `voi` it is the picture as it was read. */
export type PictureLookEvent = CustomEvent<Pick<PictureLook, 'frame' | 'voi'>>;
export type AnalyzeFrameEvent = CustomEvent<{ readonly frame: number }>;

export class PictureChoice extends LitElement {
  static override properties: PropertyDeclarations = {
    read: { attribute: false },
    seen: { attribute: false },
    wanted: { attribute: false },
    busy: { type: Boolean },
    error: { attribute: false },
  };
  static override styles = [sharedStyles, toolPartStyles, pictureChoiceStyles];

  declare read: DicomFacts | undefined;
  declare seen: DicomFacts | undefined;
  declare wanted: PictureLook | undefined;
  declare busy: boolean;
  declare error: PlainError | undefined;

  constructor() {
    super();
    updateWhenLocaleChanges(this);
    this.busy = false;
  }

  override render(): TemplateResult | typeof nothing {
    const { read, seen, error } = this;
    if (read === undefined || seen === undefined) return nothing;
    if (!offersChoice(read, seen)) return nothing;
    const failure = error === undefined ? undefined : errorText(error.code);
    return html`${read.frames > 1 ? this.frames(read) : nothing}
    ${seen.voiOffered === undefined ? nothing : this.windows(seen.voiOffered)}
    ${failure === undefined ? nothing : html`<p class="small" role="alert">${failure.sentence} ${failure.nextStep}</p>`}
    ${this.notes(read, seen)}`;
  }

  /** A slider for many, buttons for the next one: neither needs a drag (WCAG 2.2, 2.5.7). */
  private frames({ frames }: DicomFacts): TemplateResult {
    const { frame } = this;
    const words = msg(str`picture ${frame} of ${frames}`);
    const step = (by: number, label: string): TemplateResult =>
      html`<button
        type="button"
        ?disabled=${frame + by < 1 || frame + by > frames}
        @click=${() => this.look({ frame: frame + by })}
      >
        ${label}
      </button>`;
    return html`<div class="frames" role="group" aria-label=${msg('Pictures of this file')}>
      ${step(-1, msg('Previous'))}
      <label>
        <span class="numbers">${words}</span>
        <input
          type="range"
          min="1"
          max=${frames}
          aria-valuetext=${words}
          .value=${String(frame)}
          @input=${(event: Event) => this.look({ frame: Number((event.target as HTMLInputElement).value) })}
        />
      </label>
      ${step(1, msg('Next'))}
    </div>`;
  }

  private windows(offered: NonNullable<DicomFacts['voiOffered']>): TemplateResult {
    const chosen = this.wanted?.voi ?? 0;
    return html`<label class="windows">
      <span>${msg('Grey values')}</span>
      <select
        @change=${(event: Event) => {
          this.look({ frame: this.frame, voi: (event.target as HTMLSelectElement).selectedIndex });
        }}
      >
        ${offered.map((voi, index) => html`<option ?selected=${index === chosen}>${windowName(voi)}</option>`)}
      </select>
    </label>`;
  }

  /** Whose picture is on the screen, while it is not the one that was read. */
  private notes(read: DicomFacts, seen: DicomFacts): TemplateResult | typeof nothing {
    if (seen.frame !== read.frame) {
      return html`<div class="note">
        <p class="small" role="status">
          ${msg(str`The model read picture ${read.frame}: scores and maps are not of this one.`)}
        </p>
        <button type="button" ?disabled=${this.busy} @click=${() => this.emit('analyze-frame', { frame: seen.frame })}>
          ${msg('Analyse this picture')}
        </button>
      </div>`;
    }
    const isFirstWindow = (this.wanted?.voi ?? 0) === 0;
    if (isFirstWindow || seen.voiOffered?.[0] === undefined) return nothing;
    return html`<p class="small" role="status">
      ${msg(str`View only: the model read the picture by “${windowName(seen.voiOffered[0])}”.`)}
    </p>`;
  }

  /** The one that is asked for: the slider does not wait for the decoder. */
  private get frame(): number {
    return this.wanted?.frame ?? this.seen?.frame ?? 1;
  }

  private look(look: PictureLookEvent['detail']): void {
    this.emit('picture-look', look);
  }

  private emit(name: string, detail: object): void {
    this.dispatchEvent(new CustomEvent(name, { bubbles: true, composed: true, detail }));
  }
}

/** Whether a file has more than one picture, or its picture more than one window. */
export function offersChoice(read: DicomFacts, seen: DicomFacts): boolean {
  return read.frames > 1 || seen.voiOffered !== undefined;
}

customElements.define('picture-choice', PictureChoice);

declare global {
  interface HTMLElementTagNameMap {
    'picture-choice': PictureChoice;
  }
}
