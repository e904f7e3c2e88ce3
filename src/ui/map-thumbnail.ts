/**
 * `<map-thumbnail>`: the picture with one finding's map, small, beside the finding's words; where the picture itself has
 * scrolled away (a phone), pressing it goes there.
 *
 * Properties: `display` (DisplayImage), `map` (FindingMap), `place` (MapPlace).
 * Event (bubbling): `show-picture` (no detail).
 */

import { LitElement, css, html, type PropertyDeclarations, type TemplateResult } from 'lit';
import { msg, updateWhenLocaleChanges } from '@lit/localize';
import type { DisplayImage, FindingMap } from '../shared/analysis.ts';
import { drawMap, drawPicture, type MapPlace } from './map-drawing.ts';
import { sharedStyles } from './styles/shared.styles.ts';

/** Pixels of the longer side: as wide as it is shown on a screen of three pixels to one of CSS. */
const longSide = 336;

export class MapThumbnail extends LitElement {
  static override properties: PropertyDeclarations = {
    display: { attribute: false },
    map: { attribute: false },
    place: { attribute: false },
  };
  static override styles = [
    sharedStyles,
    css`
      button {
        flex-direction: column;
        gap: var(--space-1);
        padding: var(--space-1);
        font-size: var(--text-small);
        color: var(--accent);
      }

      .canvases {
        display: grid;
        border-radius: var(--radius-small);
        overflow: clip;
      }

      canvas {
        grid-area: 1 / 1;
        display: block;
        max-inline-size: 7rem;
        max-block-size: 7rem;
      }

      .map {
        opacity: 0.6;
      }
    `,
  ];

  declare display: DisplayImage | undefined;
  declare map: FindingMap | undefined;
  declare place: MapPlace | undefined;

  constructor() {
    super();
    updateWhenLocaleChanges(this);
  }

  override render(): TemplateResult {
    return html`<button type="button" @click=${this.show}>
      <span class="canvases" aria-hidden="true"><canvas class="picture"></canvas><canvas class="map"></canvas></span>
      ${msg('Show large')}
    </button>`;
  }

  override updated(): void {
    const [picture, overlay] = this.renderRoot.querySelectorAll('canvas');
    const { display, map, place } = this;
    if (display === undefined || place === undefined || picture === undefined || overlay === undefined) return;
    const small = reduced(display);
    drawPicture(picture, small);
    overlay.width = small.width;
    overlay.height = small.height;
    drawMap(overlay, map, place);
  }

  private readonly show = (): void => {
    this.dispatchEvent(new CustomEvent('show-picture', { bubbles: true, composed: true }));
  };
}

/** Every n-th pixel: at this size nobody reads the picture, only where the map lies. */
function reduced({ width, height, data }: DisplayImage): DisplayImage {
  const step = Math.max(1, Math.ceil(Math.max(width, height) / longSide));
  const columns = Math.ceil(width / step);
  const rows = Math.ceil(height / step);
  const small = new Uint8Array(columns * rows);
  for (let y = 0; y < rows; y += 1) {
    for (let x = 0; x < columns; x += 1) small[y * columns + x] = data[y * step * width + x * step] ?? 0;
  }
  return { width: columns, height: rows, data: small };
}

customElements.define('map-thumbnail', MapThumbnail);

declare global {
  interface HTMLElementTagNameMap {
    'map-thumbnail': MapThumbnail;
  }
}
