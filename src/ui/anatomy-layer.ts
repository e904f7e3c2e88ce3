/**
 * `<anatomy-layer>`: outlines of lungs and heart and the two lines of their ratio, over the whole of its parent. The ends of the
 * lines are moved by pointer, and by the arrow keys while they have the focus.
 *
 * Properties: `anatomy` (Anatomy), `scale` (how much larger its parent is drawn; lines and ends keep their size on the screen).
 * Event (bubbling): `ratio-move` (RatioMoveEvent).
 */

import { LitElement, html, nothing, type PropertyDeclarations, type TemplateResult } from 'lit';
import { updateWhenLocaleChanges } from '@lit/localize';
import type { Anatomy, RatioLines } from '../shared/anatomy.ts';
import { anatomyLayerStyles } from './anatomy-layer.styles.ts';
import { anatomyShapes, drawingSize } from './anatomy-shapes.ts';
import { coarseStep, finestStep, lineEnds, moveEnd, placeOf, stepEnd, type LineEnd } from './ratio-lines.ts';
import { lineEndName, ratioText } from './ratio-text.ts';
import type { Point } from './view-transform.ts';

/** `begins` at the first of the moves that are undone together. */
export type RatioMoveEvent = CustomEvent<{ readonly lines: RatioLines; readonly begins: boolean }>;

const percent = 100;

const arrows: Readonly<Record<string, Point>> = {
  ArrowLeft: { x: -1, y: 0 },
  ArrowRight: { x: 1, y: 0 },
  ArrowUp: { x: 0, y: -1 },
  ArrowDown: { x: 0, y: 1 },
};

export class AnatomyLayer extends LitElement {
  static override properties: PropertyDeclarations = { anatomy: { attribute: false }, scale: { type: Number } };
  static override styles = [anatomyLayerStyles];

  declare anatomy: Anatomy | undefined;
  declare scale: number;
  /** The end that a finger holds, and whether it has moved yet. */
  private held: { readonly end: LineEnd; moved: boolean } | undefined;

  constructor() {
    super();
    updateWhenLocaleChanges(this);
    this.scale = 1;
  }

  override render(): TemplateResult | typeof nothing {
    const { anatomy } = this;
    if (anatomy === undefined) return nothing;
    const { ratio } = anatomy;
    return html`<svg viewBox="0 0 ${drawingSize} ${drawingSize}" preserveAspectRatio="none" aria-hidden="true">
        ${anatomyShapes(anatomy)}
      </svg>
      ${
        ratio === undefined
          ? nothing
          : lineEnds.map(
              (end) =>
                html`<div
                  class="end"
                  role="slider"
                  tabindex="0"
                  data-end=${end}
                  aria-label=${lineEndName(end)}
                  aria-valuemin="0"
                  aria-valuemax=${percent}
                  aria-valuenow=${(placeOf(ratio, end).x * percent).toFixed(1)}
                  aria-valuetext=${ratioText(ratio)}
                  @pointerdown=${(event: PointerEvent) => this.hold(event, end)}
                  @pointermove=${this.drag}
                  @pointerup=${this.letGo}
                  @pointercancel=${this.letGo}
                  @keydown=${(event: KeyboardEvent) => this.step(event, end)}
                ></div>`,
            )
      }`;
  }

  /** Not as style attributes: the Content-Security-Policy forbids them. */
  override updated(): void {
    this.style.setProperty('--scale', String(this.scale));
    const ratio = this.anatomy?.ratio;
    if (ratio === undefined) return;
    for (const element of this.renderRoot.querySelectorAll<HTMLElement>('.end')) {
      const { x, y } = placeOf(ratio, element.dataset['end'] as LineEnd);
      element.style.left = `${x * percent}%`;
      element.style.top = `${y * percent}%`;
    }
  }

  private hold(event: PointerEvent, end: LineEnd): void {
    if (event.pointerType === 'mouse' && event.button !== 0) return;
    // The picture below would take it for the beginning of a drag of its own.
    event.stopPropagation();
    (event.currentTarget as HTMLElement).setPointerCapture(event.pointerId);
    this.held = { end, moved: false };
  }

  private readonly drag = (event: PointerEvent): void => {
    const { held } = this;
    const ratio = this.anatomy?.ratio;
    if (held === undefined || ratio === undefined) return;
    event.stopPropagation();
    const box = this.getBoundingClientRect();
    const to = { x: (event.clientX - box.left) / box.width, y: (event.clientY - box.top) / box.height };
    this.move(moveEnd(ratio, held.end, to), !held.moved);
    held.moved = true;
  };

  private readonly letGo = (): void => {
    this.held = undefined;
  };

  private step(event: KeyboardEvent, end: LineEnd): void {
    const arrow = arrows[event.key];
    const ratio = this.anatomy?.ratio;
    if (arrow === undefined || ratio === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    // The picture below would move.
    event.stopPropagation();
    const step = event.shiftKey ? coarseStep : finestStep;
    this.move(stepEnd(ratio, end, { x: arrow.x * step, y: arrow.y * step }), !event.repeat);
  }

  private move({ heart, thorax }: RatioLines, begins: boolean): void {
    const detail = { lines: { heart, thorax }, begins };
    this.dispatchEvent(new CustomEvent('ratio-move', { bubbles: true, composed: true, detail }));
  }
}

customElements.define('anatomy-layer', AnatomyLayer);

declare global {
  interface HTMLElementTagNameMap {
    'anatomy-layer': AnatomyLayer;
  }
}
