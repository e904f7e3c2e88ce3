/**
 * `<xray-view>`: the picture on near-black, with a finding's map over the part that the network saw, as closely and in
 * the greys that `view` says.
 *
 * Properties: `display` (DisplayImage), `place` (MapPlace), `map` (FindingMap or undefined), `anatomy` (Anatomy, or undefined
 * where no outlines are to be seen), `view` (ViewState), `label` (what the picture is, for ears), `boxes` (PictureBox[], the
 * black boxes), `editingBoxes`.
 * Events (bubbling): `view-change` (ViewChangeEvent), by fingers, mouse, wheel, arrow keys and `act()`; those of
 * `<box-layer>` and `<anatomy-layer>`.
 */

import { LitElement, html, nothing, type PropertyDeclarations, type PropertyValues, type TemplateResult } from 'lit';
import { msg, str, updateWhenLocaleChanges } from '@lit/localize';
import type { DisplayImage, FindingMap } from '../shared/analysis.ts';
import type { PictureBox } from '../shared/picture-box.ts';
import type { Anatomy } from '../shared/anatomy.ts';
import { formatNumber } from './format.ts';
import { adjustWindow, greyTable, isWholeWindow, type GreyWindow } from './grey-window.ts';
import { drawLoupe, loupeFactor, placeLoupe, type Pointing } from './loupe.ts';
import { drawMap, drawPicture, releaseCanvas, type MapPlace } from './map-drawing.ts';
import { sharedStyles } from './styles/shared.styles.ts';
import { firstView, greysAreChanged, type PanAct, type PlaceAct, type ViewMode, type ViewState } from './view-state.ts';
import {
  actualScale,
  clampView,
  cssTransform,
  fittedView,
  isFitted,
  largestScale,
  panBy,
  pictureAt,
  zoomBy,
  zoomTo,
  type Point,
  type ViewFrame,
  type ViewTransform,
} from './view-transform.ts';
import { XrayGestures, type GestureHost } from './xray-gestures.ts';
import { xrayViewStyles } from './xray-view.styles.ts';
import './box-layer.ts';
import './anatomy-layer.ts';

/** The overlay is smooth: more pixels would show nothing more. */
const overlayLongSide = 640;
/** One press of a button or key. */
const zoomStep = 1.5;
/** One press of a button, in shares of the stage. The window moves over the picture, so the picture goes the other way. */
const panSteps: Readonly<Record<PanAct, Point>> = {
  'pan-left': { x: 0.25, y: 0 },
  'pan-right': { x: -0.25, y: 0 },
  'pan-up': { x: 0, y: 0.25 },
  'pan-down': { x: 0, y: -0.25 },
};
/** Two taps: a lung fills the window. */
const doubleTapScale = 2.5;
/** Steps of grey that a drag of one CSS pixel changes: a thumb's way across a phone is the whole range. */
const levelPerPixel = 1;
const widthPerPixel = 2;
/** Steps of grey that one press of an arrow key changes. */
const levelPerPress = 4;
const widthPerPress = 8;
const middle: Point = { x: 0, y: 0 };

export class XrayView extends LitElement implements GestureHost {
  static override properties: PropertyDeclarations = {
    display: { attribute: false },
    place: { attribute: false },
    map: { attribute: false },
    anatomy: { attribute: false },
    view: { attribute: false },
    label: { type: String },
    boxes: { attribute: false },
    editingBoxes: { type: Boolean },
    loupeAt: { state: true },
  };
  static override styles = [sharedStyles, xrayViewStyles];

  declare display: DisplayImage | undefined;
  declare place: MapPlace | undefined;
  declare map: FindingMap | undefined;
  declare anatomy: Anatomy | undefined;
  declare view: ViewState;
  declare label: string;
  declare boxes: readonly PictureBox[];
  declare editingBoxes: boolean;
  declare private loupeAt: Point;

  private pointing: Pointing = 'pointer';
  /** A step glides to where it goes; a finger's picture is at once where the finger is. */
  private isStep = false;
  private windowBefore: GreyWindow | undefined;
  private frameRequest = 0;
  private greysAreStale = false;
  private readonly gestures = new XrayGestures(this, () => this.stage);
  private readonly resizes = new ResizeObserver(() => {
    if (!isFitted(this.view.transform)) this.look(clampView(this.view.transform, this.frame), false);
  });

  constructor() {
    super();
    updateWhenLocaleChanges(this);
    this.view = firstView;
    this.label = '';
    this.boxes = [];
    this.editingBoxes = false;
    this.loupeAt = middle;
  }

  get mode(): ViewMode {
    return this.view.mode;
  }

  get zoomed(): boolean {
    return this.view.transform.scale > 1;
  }

  override render(): TemplateResult {
    const { view, gestures } = this;
    const moves = view.mode === 'move' ? (this.zoomed ? 'movable' : '') : view.mode;
    return html`<div
      class="stage ${moves}"
      role="group"
      tabindex="0"
      aria-label=${msg('Picture: move it with the arrow keys, + and −')}
      @pointerdown=${gestures.onPointerDown}
      @pointermove=${gestures.onPointerHover}
      @wheel=${gestures.onWheel}
      @touchstart=${gestures.onTouchStart}
      @keydown=${gestures.onKeyDown}
    >
      <div class="sheet ${this.isStep ? 'gliding' : ''}">
        <div class="canvases" role="img" aria-label=${this.label} translate="no">
          <canvas class="base"></canvas>
          <canvas class="overlay"></canvas>
        </div>
        <box-layer .boxes=${this.boxes} .editing=${this.editingBoxes}></box-layer>
        ${
          this.anatomy === undefined
            ? nothing
            : html`<anatomy-layer .anatomy=${this.anatomy} .scale=${view.transform.scale}></anatomy-layer>`
        }
      </div>
      <canvas class="lens" aria-hidden="true" ?hidden=${view.mode !== 'loupe'}></canvas>
      ${this.figures()}
    </div>`;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    // Taken off and put back: the canvases are empty.
    if (this.hasUpdated) this.requestUpdate('display');
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    cancelAnimationFrame(this.frameRequest);
    this.frameRequest = 0;
    this.gestures.release();
    this.resizes.disconnect();
    for (const canvas of this.renderRoot.querySelectorAll('canvas')) releaseCanvas(canvas);
  }

  override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('view') && changed.get('view')?.mode !== this.view.mode) this.loupeAt = middle;
  }

  override updated(changed: PropertyValues<this>): void {
    const { display, place, view } = this;
    if (display === undefined || place === undefined) return;
    const [base, overlay, loupe] = this.renderRoot.querySelectorAll('canvas');
    const sheet = this.sheet;
    if (base === undefined || overlay === undefined || loupe === undefined || sheet === null) return;
    if (changed.has('display')) {
      sheet.style.setProperty('--shape', String(display.width / display.height));
      const scale = overlayLongSide / Math.max(display.width, display.height);
      overlay.width = Math.round(display.width * scale);
      overlay.height = Math.round(display.height * scale);
      this.drawGreys(base);
      if (this.stage !== null) this.resizes.observe(this.stage);
    } else if (greysDiffer(changed.get('view'), view)) {
      this.greysAreStale = true;
    }
    if (changed.has('display') || changed.has('map') || changed.has('place')) drawMap(overlay, this.map, place);
    // Not `styleMap`: it writes a style attribute at first, which the Content-Security-Policy forbids.
    overlay.style.opacity = String(view.mapOpacity);
    sheet.style.transform = isFitted(view.transform) ? '' : cssTransform(view.transform);
    if (view.mode === 'loupe') {
      const at = placeLoupe(this.loupeAt, this.frame.stage, this.pointing);
      loupe.style.transform = `translate(calc(${at.x}px - 50%), calc(${at.y}px - 50%))`;
    } else {
      releaseCanvas(loupe);
    }
    if (this.greysAreStale || view.mode === 'loupe') this.drawSoon();
  }

  /** A press of a button or key. */
  act(act: PlaceAct): void {
    const { transform } = this.view;
    switch (act) {
      case 'zoom-in':
        this.look(zoomBy(transform, zoomStep, middle, this.frame, this.largest), true);
        break;
      case 'zoom-out':
        this.look(zoomBy(transform, 1 / zoomStep, middle, this.frame, this.largest), true);
        break;
      case 'fit':
        this.look(fittedView, true);
        break;
      case 'actual-size':
        this.look(zoomTo(transform, this.actual, middle, this.frame, this.largest), true);
        break;
      default: {
        const { x, y } = panSteps[act];
        const { width, height } = this.frame.stage;
        this.look(panBy(transform, { x: x * width, y: y * height }, this.frame), true);
      }
    }
  }

  /** The box that was just added has the focus: its keys are the next thing wanted. */
  /** Keys act on the picture from now on; it is not scrolled to. */
  focusStage(): void {
    this.stage?.focus({ preventScroll: true });
  }

  focusLastBox(): void {
    const layer = this.renderRoot.querySelector('box-layer');
    void layer?.updateComplete.then(() => layer.focusLast());
  }

  zoomBy(factor: number, at: Point): void {
    this.look(zoomBy(this.view.transform, factor, at, this.frame, this.largest), false);
  }

  panBy(by: Point): void {
    this.look(panBy(this.view.transform, by, this.frame), false);
  }

  toggleZoom(at: Point): void {
    const { transform } = this.view;
    const closer = zoomTo(transform, doubleTapScale, at, this.frame, this.largest);
    this.look(isFitted(transform) ? closer : fittedView, true);
  }

  beginWindow(): void {
    this.windowBefore = this.view.greyWindow;
  }

  dragWindow(by: Point): void {
    const from = this.windowBefore ?? this.view.greyWindow;
    this.change({ greyWindow: adjustWindow(from, -by.y * levelPerPixel, by.x * widthPerPixel) });
  }

  stepWindow(brighter: number, harder: number): void {
    this.change({ greyWindow: adjustWindow(this.view.greyWindow, brighter * levelPerPress, harder * widthPerPress) });
  }

  moveLoupe(at: Point, pointing: Pointing): void {
    const { width, height } = this.frame.stage;
    const within = (value: number, whole: number): number => Math.min(whole / 2, Math.max(-whole / 2, value));
    this.pointing = pointing;
    this.loupeAt = { x: within(at.x, width), y: within(at.y, height) };
  }

  stepLoupe(by: Point): void {
    this.moveLoupe({ x: this.loupeAt.x + by.x, y: this.loupeAt.y + by.y }, 'pointer');
  }

  private get stage(): HTMLElement | null {
    return this.renderRoot.querySelector('.stage');
  }

  private get sheet(): HTMLElement | null {
    return this.renderRoot.querySelector('.sheet');
  }

  private get frame(): ViewFrame {
    const { stage, sheet } = this;
    // The layout's sizes: the transform does not change them.
    return {
      stage: { width: stage?.clientWidth ?? 1, height: stage?.clientHeight ?? 1 },
      sheet: { width: Math.max(1, sheet?.offsetWidth ?? 1), height: Math.max(1, sheet?.offsetHeight ?? 1) },
    };
  }

  private get actual(): number {
    return actualScale(this.display?.width ?? 1, this.frame, window.devicePixelRatio);
  }

  private get largest(): number {
    return largestScale(this.actual);
  }

  /** What is not as it was at first, in the corner, as on other viewers. */
  private figures(): TemplateResult | typeof nothing {
    const { transform, greyWindow } = this.view;
    if (isFitted(transform) && isWholeWindow(greyWindow)) return nothing;
    return html`<p class="figures numbers small">
      ${isFitted(transform) ? nothing : html`<span translate="no">${formatNumber(transform.scale, 1)} ×</span>`}
      ${
        isWholeWindow(greyWindow)
          ? nothing
          : html`<span>${msg(str`level ${greyWindow.level}, width ${greyWindow.width}`)}</span>`
      }
    </p>`;
  }

  private look(transform: ViewTransform, isStep: boolean): void {
    this.isStep = isStep;
    this.change({ transform });
  }

  private change(detail: Partial<ViewState>): void {
    // At once, not when the owner hands it back: a pinch zooms and moves in one event.
    this.view = { ...this.view, ...detail };
    this.dispatchEvent(new CustomEvent('view-change', { bubbles: true, composed: true, detail }));
  }

  /** However many events a frame brings, the pixels are drawn once in it. */
  private drawSoon(): void {
    if (this.frameRequest !== 0) return;
    this.frameRequest = requestAnimationFrame(() => {
      this.frameRequest = 0;
      const [base, overlay, loupe] = this.renderRoot.querySelectorAll('canvas');
      if (base === undefined || overlay === undefined || loupe === undefined) return;
      if (this.greysAreStale) this.drawGreys(base);
      if (this.view.mode === 'loupe') this.drawMagnified(base, overlay, loupe);
    });
  }

  private drawGreys(base: HTMLCanvasElement): void {
    this.greysAreStale = false;
    const { display, view } = this;
    if (display === undefined) return;
    drawPicture(base, display, greysAreChanged(view) ? greyTable(view.greyWindow, view.inverted) : undefined);
  }

  private drawMagnified(base: HTMLCanvasElement, overlay: HTMLCanvasElement, loupe: HTMLCanvasElement): void {
    const { frame } = this;
    const { transform, mapOpacity } = this.view;
    const layers = [
      { canvas: base, opacity: 1 },
      { canvas: overlay, opacity: mapOpacity },
    ];
    const shownWidth = frame.sheet.width * transform.scale * loupeFactor;
    drawLoupe(loupe, layers, pictureAt(transform, this.loupeAt, frame), shownWidth, window.devicePixelRatio);
  }
}

function greysDiffer(before: ViewState | undefined, now: ViewState): boolean {
  return before !== undefined && (before.greyWindow !== now.greyWindow || before.inverted !== now.inverted);
}

customElements.define('xray-view', XrayView);

declare global {
  interface HTMLElementTagNameMap {
    'xray-view': XrayView;
  }
}
