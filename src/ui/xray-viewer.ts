/**
 * `<xray-viewer>`: the picture of one result and the tools for looking at it. Owns how it is looked at, which begins anew
 * with every picture.
 *
 * Properties: `result` (Result), `name` (the picture's label), `finding` (id of the finding whose map is drawn, or
 * undefined), `withMaps` (false while the findings are hidden); to read: `view` (ViewState), `outlined` (whether outlines of
 * lungs and heart are seen).
 * Event (bubbling): `ratio-edit` (RatioEditEvent).
 */

import { LitElement, html, nothing, type PropertyDeclarations, type PropertyValues, type TemplateResult } from 'lit';
import { msg, str, updateWhenLocaleChanges } from '@lit/localize';
import type { Result } from '../app/app-model.ts';
import type { CardiothoracicRatio, RatioLines } from '../shared/anatomy.ts';
import type { RatioMoveEvent } from './anatomy-layer.ts';
import { findingText } from './finding-text.ts';
import { mapPlace, type MapPlace } from './map-drawing.ts';
import { sharedStyles } from './styles/shared.styles.ts';
import {
  actOfKey,
  applyAct,
  firstView,
  type ViewAct,
  type ViewActEvent,
  type ViewChangeEvent,
  type ViewState,
} from './view-state.ts';
import { xrayViewerStyles } from './xray-viewer.styles.ts';
import './ratio-tools.ts';
import './xray-tools.ts';
import './xray-view.ts';

/** Where the lines of the ratio are now; `undefined`: where they were measured. */
export type RatioEditEvent = CustomEvent<{ readonly lines: RatioLines | undefined }>;

/** The finding beside which the ratio is told. */
const heartFinding = 'Cardiomegaly';

export class XrayViewer extends LitElement {
  static override properties: PropertyDeclarations = {
    result: { attribute: false },
    name: { type: String },
    finding: { attribute: false },
    withMaps: { type: Boolean },
    view: { attribute: false },
    outlined: { state: true },
  };
  static override styles = [sharedStyles, xrayViewerStyles];

  declare result: Result | undefined;
  declare name: string;
  declare finding: string | undefined;
  declare withMaps: boolean;
  declare view: ViewState;
  /** Not from the start: an outline hides what lies along the border of a lung. */
  declare outlined: boolean;

  /** Earlier places of the ratio's lines, latest last; `undefined`: as measured. */
  private ratioPast: readonly (RatioLines | undefined)[] = [];
  private place: MapPlace | undefined;

  constructor() {
    super();
    updateWhenLocaleChanges(this);
    this.name = '';
    this.withMaps = false;
    this.view = firstView;
    this.outlined = false;
  }

  override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('result') && this.result !== undefined) {
      const { analysis } = this.result;
      const before = changed.get('result')?.analysis.id;
      if (this.place === undefined || before !== analysis.id) this.place = mapPlace(analysis);
      if (before !== undefined && before !== analysis.id) {
        this.view = firstView;
        this.ratioPast = [];
      }
    }
    if (changed.has('finding') && this.finding === heartFinding) this.outlined = true;
    // Who chooses another map wants to see it.
    if (changed.has('finding') && this.view.mapHidden) this.view = { ...this.view, mapHidden: false };
  }

  override render(): TemplateResult | typeof nothing {
    const { result, name, finding, view } = this;
    if (result === undefined) return nothing;
    const shown = view.mapHidden ? undefined : finding;
    const label =
      shown === undefined
        ? msg(str`Chest X-ray ${name}`)
        : msg(str`Chest X-ray ${name} with the map of ${findingText(shown).name}`);
    return html`<div
      class="parts"
      @view-change=${this.onChange}
      @view-act=${(event: ViewActEvent) => this.act(event.detail)}
      @keydown=${this.onKeyDown}
      @ratio-move=${(event: RatioMoveEvent) => this.moveRatio(event.detail)}
    >
      <xray-view
        .display=${result.display}
        .place=${this.place}
        .map=${shown === undefined ? undefined : result.maps[shown]}
        .anatomy=${this.outlined && this.withMaps ? result.analysis.anatomy : undefined}
        .view=${view}
        .label=${label}
      ></xray-view>
      <xray-tools .view=${view} .finding=${finding} .withMaps=${this.withMaps}></xray-tools>
      ${this.withMaps ? this.ratioTools(result) : nothing}
    </div>`;
  }

  private ratioTools({ analysis: { anatomy } }: Result): TemplateResult | typeof nothing {
    if (anatomy === undefined || anatomy.lungs.length === 0) return nothing;
    return html`<ratio-tools
      .ratio=${anatomy.ratio}
      .shown=${this.outlined}
      .canUndo=${this.ratioPast.length > 0}
      @outlines-toggle=${() => {
        this.outlined = !this.outlined;
      }}
      @ratio-undo=${this.undoRatio}
      @ratio-reset=${() => this.editRatio(undefined, true)}
    ></ratio-tools>`;
  }

  private moveRatio({ lines, begins }: RatioMoveEvent['detail']): void {
    this.editRatio(lines, begins);
  }

  private editRatio(lines: RatioLines | undefined, begins: boolean): void {
    if (begins) this.ratioPast = [...this.ratioPast, linesOf(this.result?.analysis.anatomy?.ratio)];
    this.dispatchEvent(new CustomEvent('ratio-edit', { bubbles: true, composed: true, detail: { lines } }));
  }

  private readonly undoRatio = (): void => {
    const before = this.ratioPast.at(-1);
    this.ratioPast = this.ratioPast.slice(0, -1);
    this.editRatio(before, false);
  };

  private readonly onChange = (event: ViewChangeEvent): void => {
    this.view = { ...this.view, ...event.detail };
  };

  /** Single keys act only while the picture or its tools have the focus (WCAG 2.2, 2.1.4). */
  private readonly onKeyDown = (event: KeyboardEvent): void => {
    const act = actOfKey(event.key);
    if (act === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    if (act === 'map' && this.finding === undefined) return;
    event.preventDefault();
    this.act(act);
  };

  private act(act: ViewAct): void {
    switch (act) {
      case 'zoom-in':
      case 'zoom-out':
      case 'fit':
      case 'actual-size':
        this.renderRoot.querySelector('xray-view')?.zoom(act);
        break;
      default:
        this.view = applyAct(this.view, act);
    }
  }
}

function linesOf(ratio: CardiothoracicRatio | undefined): RatioLines | undefined {
  return ratio?.edited === undefined ? undefined : { heart: ratio.heart, thorax: ratio.thorax };
}

customElements.define('xray-viewer', XrayViewer);

declare global {
  interface HTMLElementTagNameMap {
    'xray-viewer': XrayViewer;
  }
}
