/**
 * `<xray-view>`: the picture on near-black, with a finding's map over the part that the network saw.
 *
 * Properties: `display` (DisplayImage), `place` (MapPlace), `map` (FindingMap or undefined), `opacity` (0..1),
 * `inverted`, `label` (what the picture is, for ears).
 */

import { LitElement, html, type PropertyDeclarations, type PropertyValues, type TemplateResult } from 'lit';
import type { DisplayImage, FindingMap } from '../shared/analysis.ts';
import { drawMap, drawPicture, releaseCanvas, type MapPlace } from './map-drawing.ts';
import { sharedStyles } from './styles/shared.styles.ts';
import { xrayViewStyles } from './xray-view.styles.ts';

/** The overlay is smooth: more pixels would show nothing more. */
const overlayLongSide = 640;
/** A picture taller than this share of the window leaves no room for the findings below it. */
const tallestShareOfWindow = '62vh';

export class XrayView extends LitElement {
  static override properties: PropertyDeclarations = {
    display: { attribute: false },
    place: { attribute: false },
    map: { attribute: false },
    opacity: { type: Number },
    inverted: { type: Boolean },
    label: { type: String },
  };
  static override styles = [sharedStyles, xrayViewStyles];

  declare display: DisplayImage | undefined;
  declare place: MapPlace | undefined;
  declare map: FindingMap | undefined;
  declare opacity: number;
  declare inverted: boolean;
  declare label: string;

  constructor() {
    super();
    this.opacity = 1;
    this.inverted = false;
    this.label = '';
  }

  override render(): TemplateResult {
    return html`<div class="stage" role="img" aria-label=${this.label} translate="no">
      <div class="sheet">
        <canvas class="base ${this.inverted ? 'inverted' : ''}"></canvas>
        <canvas class="overlay"></canvas>
      </div>
    </div>`;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    // Taken off and put back: the canvases are empty.
    if (this.hasUpdated) this.requestUpdate('display');
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    for (const canvas of this.renderRoot.querySelectorAll('canvas')) releaseCanvas(canvas);
  }

  override updated(changed: PropertyValues<this>): void {
    const { display, place } = this;
    if (display === undefined || place === undefined) return;
    const [base, overlay] = this.renderRoot.querySelectorAll('canvas');
    if (base === undefined || overlay === undefined) return;
    // Not `styleMap`: it writes a style attribute at first, which the Content-Security-Policy forbids.
    overlay.style.opacity = String(this.opacity);
    if (changed.has('display')) {
      // Wide as the column, yet never taller than the window allows; the canvases fill the sheet exactly.
      const sheet = this.renderRoot.querySelector<HTMLElement>('.sheet');
      sheet?.style.setProperty('inline-size', `min(100%, ${tallestShareOfWindow} * ${display.width / display.height})`);
      drawPicture(base, display);
      const scale = overlayLongSide / Math.max(display.width, display.height);
      overlay.width = Math.round(display.width * scale);
      overlay.height = Math.round(display.height * scale);
    }
    if (changed.has('display') || changed.has('map') || changed.has('place')) drawMap(overlay, this.map, place);
  }
}

customElements.define('xray-view', XrayView);

declare global {
  interface HTMLElementTagNameMap {
    'xray-view': XrayView;
  }
}
