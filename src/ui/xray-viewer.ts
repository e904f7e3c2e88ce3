/**
 * `<xray-viewer>`: the picture of one result and the tools for looking at it. Owns how it is looked at, which begins anew
 * with every picture.
 *
 * Properties: `result` (Result), `name` (the picture's label), `finding` (id of the finding whose map is drawn, or
 * undefined), `explanation` (Explanation that is drawn in place of that map, or undefined), `withMaps` (false while the findings are hidden); to read: `view` (ViewState).
 */

import { LitElement, html, nothing, type PropertyDeclarations, type PropertyValues, type TemplateResult } from 'lit';
import { msg, str, updateWhenLocaleChanges } from '@lit/localize';
import type { Result } from '../app/app-model.ts';
import type { Explanation, FindingMap } from '../shared/analysis.ts';
import { drawableMap, pictureLabel } from './explanation-text.ts';
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
import './xray-tools.ts';
import './xray-view.ts';

export class XrayViewer extends LitElement {
  static override properties: PropertyDeclarations = {
    result: { attribute: false },
    name: { type: String },
    finding: { attribute: false },
    explanation: { attribute: false },
    withMaps: { type: Boolean },
    view: { attribute: false },
  };
  static override styles = [sharedStyles, xrayViewerStyles];

  declare result: Result | undefined;
  declare name: string;
  declare finding: string | undefined;
  declare explanation: Explanation | undefined;
  declare withMaps: boolean;
  declare view: ViewState;

  private place: MapPlace | undefined;
  private drawn: { readonly explanation: Explanation; readonly map: FindingMap } | undefined;

  constructor() {
    super();
    updateWhenLocaleChanges(this);
    this.name = '';
    this.withMaps = false;
    this.view = firstView;
  }

  override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('result') && this.result !== undefined) {
      const { analysis } = this.result;
      const before = changed.get('result')?.analysis.id;
      if (this.place === undefined || before !== analysis.id) this.place = mapPlace(analysis);
      if (before !== undefined && before !== analysis.id) this.view = firstView;
    }
    // Who chooses another map wants to see it.
    if ((changed.has('finding') || changed.has('explanation')) && this.view.mapHidden)
      this.view = { ...this.view, mapHidden: false };
  }

  /** The same object as long as the same is drawn: the view draws anew what changes. */
  private shownMap(result: Result, shown: string | undefined): FindingMap | undefined {
    if (shown === undefined) return undefined;
    if (this.explanation === undefined) return result.maps[shown];
    if (this.drawn?.explanation !== this.explanation) {
      this.drawn = { explanation: this.explanation, map: drawableMap(this.explanation) };
    }
    return this.drawn.map;
  }

  override render(): TemplateResult | typeof nothing {
    const { result, name, finding, view, explanation } = this;
    if (result === undefined) return nothing;
    const shown = view.mapHidden ? undefined : finding;
    const label =
      shown === undefined ? msg(str`Chest X-ray ${name}`) : pictureLabel(name, shown, explanation?.kind ?? 'map');
    return html`<div
      class="parts"
      @view-change=${this.onChange}
      @view-act=${(event: ViewActEvent) => this.act(event.detail)}
      @keydown=${this.onKeyDown}
    >
      <xray-view
        .display=${result.display}
        .place=${this.place}
        .map=${this.shownMap(result, shown)}
        .view=${view}
        .label=${label}
      ></xray-view>
      <xray-tools
        .view=${view}
        .finding=${finding}
        .layer=${explanation?.kind ?? 'map'}
        .withMaps=${this.withMaps}
      ></xray-tools>
    </div>`;
  }

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

customElements.define('xray-viewer', XrayViewer);

declare global {
  interface HTMLElementTagNameMap {
    'xray-viewer': XrayViewer;
  }
}
