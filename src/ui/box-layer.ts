/**
 * `<box-layer>`: the black boxes over a picture, dashed while one looks, solid with handles while they are edited.
 * Lies over the picture's sheet and is moved with it.
 *
 * Properties: `boxes` (PictureBox[]), `editing`.
 * Event (bubbling): `boxes-change` (BoxesChangeEvent), one for each finished step. Drag a box or a corner; arrow keys move
 * the box that has the focus, with Shift they resize it, Delete removes it.
 */

import { LitElement, html, type PropertyDeclarations, type PropertyValues, type TemplateResult } from 'lit';
import { msg, str, updateWhenLocaleChanges } from '@lit/localize';
import type { PictureBox } from '../shared/picture-box.ts';
import { boxLayerStyles } from './box-layer.styles.ts';
import { corners, moveBox, resizeBox, type Corner } from './picture-boxes.ts';

export type BoxesChangeEvent = CustomEvent<readonly PictureBox[]>;

/** One press of an arrow key, as a share of the picture: a few pixels. */
const keyStep = 0.005;
const percent = 100;

const arrows: Readonly<Record<string, readonly [x: number, y: number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/** A box under a finger: which, by which corner (none: the whole), and from where. */
interface Drag {
  readonly index: number;
  readonly corner: Corner | undefined;
  readonly pointer: number;
  readonly from: { readonly x: number; readonly y: number };
  readonly box: PictureBox;
}

export class BoxLayer extends LitElement {
  static override properties: PropertyDeclarations = {
    boxes: { attribute: false },
    editing: { type: Boolean, reflect: true },
    draft: { state: true },
  };
  static override styles = [boxLayerStyles];

  declare boxes: readonly PictureBox[];
  declare editing: boolean;
  /** What is under the finger just now; becomes a step when it is let go. */
  declare private draft: readonly PictureBox[] | undefined;
  private dragged: Drag | undefined;

  constructor() {
    super();
    updateWhenLocaleChanges(this);
    this.boxes = [];
    this.editing = false;
  }

  private get shown(): readonly PictureBox[] {
    return this.draft ?? this.boxes;
  }

  override render(): TemplateResult {
    const { shown } = this;
    if (!this.editing) return html`${shown.map(() => html`<div class="box"></div>`)}`;
    return html`${shown.map(
      (_, index) =>
        html`<button
          type="button"
          class="box"
          aria-label=${msg(str`Black box ${index + 1} of ${shown.length}`)}
          aria-keyshortcuts="Delete"
          @pointerdown=${(event: PointerEvent) => this.grab(event, index)}
          @pointermove=${this.onMove}
          @pointerup=${this.letGo}
          @pointercancel=${this.letGo}
          @keydown=${(event: KeyboardEvent) => this.onKey(event, index)}
        >
          ${corners.map((corner) => html`<span class="handle ${corner}" data-corner=${corner}></span>`)}
        </button>`,
    )}`;
  }

  override updated(changed: PropertyValues<this>): void {
    // Not `styleMap`: it writes a style attribute at first, which the Content-Security-Policy forbids.
    this.renderRoot.querySelectorAll<HTMLElement>('.box').forEach((element, index) => {
      const box = this.shown[index];
      if (box === undefined) return;
      const place = { left: box.x, top: box.y, width: box.width, height: box.height };
      for (const [name, share] of Object.entries(place)) {
        element.style.setProperty(name, `${(share * percent).toFixed(3)}%`);
      }
    });
    if (changed.has('boxes')) this.draft = undefined;
  }

  /** Puts the focus on the last box: the one that was just added. */
  focusLast(): void {
    [...this.renderRoot.querySelectorAll<HTMLElement>('button')].at(-1)?.focus();
  }

  private grab(event: PointerEvent, index: number): void {
    const box = this.boxes[index];
    if (box === undefined || (event.pointerType === 'mouse' && event.button !== 0)) return;
    // The picture below must not move as well.
    event.stopPropagation();
    const target = event.target as HTMLElement;
    const corner = corners.find((name) => name === target.dataset['corner']);
    (event.currentTarget as HTMLElement).setPointerCapture(event.pointerId);
    this.dragged = { index, corner, pointer: event.pointerId, from: { x: event.clientX, y: event.clientY }, box };
  }

  private readonly onMove = (event: PointerEvent): void => {
    const { dragged } = this;
    if (dragged?.pointer !== event.pointerId) return;
    // As large as it is on the screen now, however far it is zoomed.
    const { width, height } = this.getBoundingClientRect();
    const byX = (event.clientX - dragged.from.x) / Math.max(1, width);
    const byY = (event.clientY - dragged.from.y) / Math.max(1, height);
    const { box, corner, index } = dragged;
    const next = corner === undefined ? moveBox(box, byX, byY) : resizeBox(box, corner, byX, byY);
    this.draft = this.boxes.map((own, at) => (at === index ? next : own));
  };

  private readonly letGo = (event: PointerEvent): void => {
    if (this.dragged?.pointer !== event.pointerId) return;
    this.dragged = undefined;
    const { draft } = this;
    if (draft !== undefined && event.type === 'pointerup') this.change(draft);
    else this.draft = undefined;
  };

  private onKey(event: KeyboardEvent, index: number): void {
    const box = this.boxes[index];
    if (box === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    const arrow = arrows[event.key];
    if (arrow !== undefined) {
      const [byX, byY] = [arrow[0] * keyStep, arrow[1] * keyStep];
      const next = event.shiftKey ? resizeBox(box, 'lower-right', byX, byY) : moveBox(box, byX, byY);
      this.change(this.boxes.map((own, at) => (at === index ? next : own)));
    } else if (event.key === 'Delete' || event.key === 'Backspace') {
      this.change(this.boxes.filter((_, at) => at !== index));
      // The focus would be lost with the box.
      void this.updateComplete.then(() => this.focusLast());
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  }

  private change(boxes: readonly PictureBox[]): void {
    this.boxes = boxes;
    this.dispatchEvent(new CustomEvent('boxes-change', { bubbles: true, composed: true, detail: boxes }));
  }
}

customElements.define('box-layer', BoxLayer);

declare global {
  interface HTMLElementTagNameMap {
    'box-layer': BoxLayer;
  }
}
