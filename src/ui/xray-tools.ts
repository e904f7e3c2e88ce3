/**
 * `<xray-tools>`: buttons and sliders for looking at a picture. Everything that a finger does on the picture can be done
 * here without dragging (WCAG 2.2, 2.5.1 and 2.5.7).
 *
 * Properties: `view` (ViewState), `finding` (id of the finding whose map is drawn, or undefined), `withMaps` (false where there
 * are no maps to show), `readInverted` (true where the picture is inverted because the model was to read it so).
 * Events (bubbling): `view-change` (ViewChangeEvent) from the sliders, `view-act` (ViewActEvent) from the buttons,
 * `analyze-inverted` (AnalyzeInvertedEvent).
 */

import { LitElement, html, nothing, type PropertyDeclarations, type TemplateResult } from 'lit';
import { ifDefined } from 'lit/directives/if-defined.js';
import { msg, str, updateWhenLocaleChanges } from '@lit/localize';
import { findingText } from './finding-text.ts';
import { greySteps, limitWindow, narrowestWindow, widestWindow } from './grey-window.ts';
import { chosenStyles } from './styles/chosen.styles.ts';
import { sharedStyles } from './styles/shared.styles.ts';
import { toolPartStyles } from './styles/tool-part.styles.ts';
import {
  actualSizeIcon,
  contrastIcon,
  fitIcon,
  hideIcon,
  invertIcon,
  loupeIcon,
  panDownIcon,
  panLeftIcon,
  panRightIcon,
  panUpIcon,
  zoomInIcon,
  zoomOutIcon,
} from './tool-icons.ts';
import { actKeys, firstView, greysAreChanged, type PanAct, type ViewAct, type ViewState } from './view-state.ts';
import { isFitted } from './view-transform.ts';
import { xrayToolsStyles } from './xray-tools.styles.ts';

/** Whether the model is to read the picture with black and white swapped, or as it is stored. */
export type AnalyzeInvertedEvent = CustomEvent<{ readonly inverted: boolean }>;

const percent = 100;

export class XrayTools extends LitElement {
  static override properties: PropertyDeclarations = {
    view: { attribute: false },
    finding: { attribute: false },
    withMaps: { type: Boolean },
    readInverted: { type: Boolean },
  };
  static override styles = [sharedStyles, chosenStyles, toolPartStyles, xrayToolsStyles];

  declare view: ViewState;
  declare finding: string | undefined;
  declare withMaps: boolean;
  declare readInverted: boolean;

  constructor() {
    super();
    updateWhenLocaleChanges(this);
    this.view = firstView;
    this.withMaps = false;
    this.readInverted = false;
  }

  override render(): TemplateResult {
    const { view } = this;
    return html`<div class="bar" role="group" aria-label=${msg('Tools for looking')}>
        ${this.button('zoom-out', zoomOutIcon(), msg('Zoom out'))}
        ${this.button('zoom-in', zoomInIcon(), msg('Zoom in'))} ${this.button('fit', fitIcon(), msg('Whole'))}
        ${this.button('actual-size', actualSizeIcon(), msg('True size'))}
        ${this.button('window', contrastIcon(), msg('Contrast'), { pressed: view.mode === 'window' })}
        ${this.button('loupe', loupeIcon(), msg('Magnifier'), { pressed: view.mode === 'loupe' })}
        ${this.button('invert', invertIcon(), msg('Invert'), { pressed: view.inverted })}
        ${
          this.withMaps
            ? this.button('map', hideIcon(), msg('Hide map'), {
                pressed: view.mapHidden,
                disabled: this.finding === undefined,
              })
            : nothing
        }
      </div>
      ${isFitted(view.transform) ? nothing : this.moves()}
      ${view.mode === 'window' ? this.greys() : this.withMaps ? this.strength() : nothing}
      ${greysAreChanged(view) ? this.changed() : nothing}`;
  }

  private button(
    act: ViewAct,
    icon: TemplateResult,
    words: string,
    { pressed, disabled = false }: { readonly pressed?: boolean; readonly disabled?: boolean } = {},
  ): TemplateResult {
    return html`<button
      type="button"
      data-act=${act}
      aria-pressed=${ifDefined(pressed === undefined ? undefined : pressed ? 'true' : 'false')}
      aria-keyshortcuts=${actKeys[act][0]?.toUpperCase() ?? nothing}
      ?disabled=${disabled}
      @click=${() => this.act(act)}
    >
      ${icon}<span>${words}</span>
    </button>`;
  }

  /** What a drag does to a picture that is seen in part. */
  private moves(): TemplateResult {
    const move = (act: PanAct, icon: TemplateResult, words: string): TemplateResult =>
      html`<button type="button" data-act=${act} aria-label=${words} title=${words} @click=${() => this.act(act)}>
        ${icon}
      </button>`;
    return html`<div class="bar" role="group" aria-label=${msg('Move the picture')}>
      ${move('pan-left', panLeftIcon(), msg('To the left'))} ${move('pan-right', panRightIcon(), msg('To the right'))}
      ${move('pan-up', panUpIcon(), msg('Up'))} ${move('pan-down', panDownIcon(), msg('Down'))}
    </div>`;
  }

  private changed(): TemplateResult {
    return html`<div class="changed">
      <p class="small" role="status">${msg('View only: the model read the picture as it was.')}</p>
      ${
        this.view.inverted
          ? html`<button type="button" @click=${this.analyzeInverted}>
              ${this.readInverted ? msg('Analyse as stored') : msg('Analyse inverted')}
            </button>`
          : nothing
      }
      <button type="button" @click=${this.resetGreys}>${msg('Reset greys')}</button>
    </div>`;
  }

  private readonly analyzeInverted = (): void => {
    const detail = { inverted: !this.readInverted };
    this.dispatchEvent(new CustomEvent('analyze-inverted', { bubbles: true, composed: true, detail }));
  };

  /** Up and right mean more, as on the picture. */
  private greys(): TemplateResult {
    const { greyWindow } = this.view;
    const level = msg(str`level ${greyWindow.level}`);
    const width = msg(str`width ${greyWindow.width}`);
    return html`<div class="sliders">
      <label>
        <span>${msg('Brightness')} <span class="numbers quiet-text">${level}</span></span>
        <input
          type="range"
          min="0"
          max=${greySteps}
          aria-valuetext=${level}
          .value=${String(greySteps - greyWindow.level)}
          @input=${(event: Event) => {
            this.change({ greyWindow: limitWindow({ ...greyWindow, level: greySteps - sliderValue(event) }) });
          }}
        />
      </label>
      <label>
        <span>${msg('Contrast')} <span class="numbers quiet-text">${width}</span></span>
        <input
          type="range"
          min="0"
          max=${widestWindow - narrowestWindow}
          aria-valuetext=${width}
          .value=${String(widestWindow - greyWindow.width)}
          @input=${(event: Event) => {
            this.change({ greyWindow: limitWindow({ ...greyWindow, width: widestWindow - sliderValue(event) }) });
          }}
        />
      </label>
    </div>`;
  }

  private strength(): TemplateResult {
    const { finding } = this;
    return html`<label>
      ${finding === undefined ? msg('Map: tap a finding') : msg(str`Strength of the map: ${findingText(finding).name}`)}
      <input
        type="range"
        min="0"
        max=${percent}
        .value=${String(Math.round(this.view.mapOpacity * percent))}
        ?disabled=${finding === undefined}
        @input=${(event: Event) => this.change({ mapOpacity: sliderValue(event) / percent })}
      />
    </label>`;
  }

  /** Its button goes with what it resets; the focus stays among the tools. */
  private readonly resetGreys = (): void => {
    this.act('reset-greys');
    this.renderRoot.querySelector<HTMLElement>('[data-act=window]')?.focus();
  };

  private act(act: ViewAct): void {
    this.dispatchEvent(new CustomEvent('view-act', { bubbles: true, composed: true, detail: act }));
  }

  private change(detail: Partial<ViewState>): void {
    this.dispatchEvent(new CustomEvent('view-change', { bubbles: true, composed: true, detail }));
  }
}

function sliderValue(event: Event): number {
  return Number((event.target as HTMLInputElement).value);
}

customElements.define('xray-tools', XrayTools);

declare global {
  interface HTMLElementTagNameMap {
    'xray-tools': XrayTools;
  }
}
