import { html, svg, type TemplateResult } from 'lit';
import { msg } from '@lit/localize';
import type { Corners, PhotoImage } from '../shared/analysis.ts';

/** By its place in `Corners`: clockwise from the top left. */
export function cornerName(index: number): string {
  switch (index) {
    case 0:
      return msg('Top left corner');
    case 1:
      return msg('Top right corner');
    case 2:
      return msg('Bottom right corner');
    default:
      return msg('Bottom left corner');
  }
}

/** The quadrilateral over the photograph, light on dark so that it is seen on any film. */
export function cornerOutline({ width, height }: PhotoImage, corners: Corners): TemplateResult {
  const points = corners.map(({ x, y }) => `${x},${y}`).join(' ');
  return html`<svg viewBox="0 0 ${width} ${height}" preserveAspectRatio="none" aria-hidden="true">
    ${svg`<polygon class="outline under" points=${points}></polygon><polygon class="outline" points=${points}></polygon>`}
  </svg>`;
}

/** Marks the middle of the loupe, where the corner is. */
export function drawCross(loupe: HTMLCanvasElement): void {
  const context = loupe.getContext('2d');
  if (context === null) return;
  const [middle, reach] = [loupe.width / 2, loupe.width / 8];
  context.strokeStyle = '#8fd6e6';
  context.lineWidth = Math.max(1, devicePixelRatio);
  context.beginPath();
  context.moveTo(middle - reach, middle);
  context.lineTo(middle + reach, middle);
  context.moveTo(middle, middle - reach);
  context.lineTo(middle, middle + reach);
  context.stroke();
}
