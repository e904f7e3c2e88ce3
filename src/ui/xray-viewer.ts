/**
 * `<xray-viewer>`: the picture of one result and the tools for looking at it. Owns how it is looked at, which begins anew
 * with every picture.
 *
 * Properties: `result` (Result), `name` (the picture's label), `finding` (id of the finding whose map is drawn, or
 * undefined), `explanation` (Explanation that is drawn in place of that map, or undefined), `withMaps` (false while the
 * findings are hidden), `ask` (AskForLook: how other frames and windows of the file are got); to read: `view` (ViewState),
 * `seen` (SeenPicture in another window or frame, or undefined), `boxes` (the black boxes), `outlined` (whether outlines of
 * lungs and heart are seen).
 * Slot: what is done with the map, right under the picture.
 * Events (bubbling): `analyze-frame` (AnalyzeFrameEvent), `analyze-inverted` (AnalyzeInvertedEvent), `ratio-edit`
 * (RatioEditEvent).
 */

import { LitElement, html, nothing, type PropertyDeclarations, type PropertyValues, type TemplateResult } from 'lit';
import { msg, str, updateWhenLocaleChanges } from '@lit/localize';
import type { Result } from '../app/app-model.ts';
import type { PictureBox } from '../shared/picture-box.ts';
import type { BoxesChangeEvent } from './box-layer.ts';
import type { BoxAct, BoxActEvent } from './box-tools.ts';
import type { Explanation, FindingMap } from '../shared/analysis.ts';
import { drawableMap, pictureLabel } from './explanation-text.ts';
import type { CardiothoracicRatio, RatioLines } from '../shared/anatomy.ts';
import type { RatioMoveEvent } from './anatomy-layer.ts';
import { mapPlace, type MapPlace } from './map-drawing.ts';
import { mapLegend, mapLegendStyles } from './map-legend.ts';
import type { SeenPicture } from '../shared/messages.ts';
import { offersChoice, type PictureLookEvent } from './picture-choice.ts';
import { PictureLooks, type AskForLook } from './picture-looks.ts';
import { addBox, boxHistoryOf, changeBoxes, keepBoxHistory, undoBoxes, type BoxHistory } from './picture-boxes.ts';
import { heartFinding } from './ratio-text.ts';
import { chosenStyles } from './styles/chosen.styles.ts';
import { sharedStyles } from './styles/shared.styles.ts';
import { contrastIcon } from './tool-icons.ts';
import {
  actOfKey,
  applyAct,
  firstView,
  greysAreChanged,
  type ViewAct,
  type ViewActEvent,
  type ViewChangeEvent,
  type ViewState,
} from './view-state.ts';
import { xrayViewerStyles } from './xray-viewer.styles.ts';
import './box-tools.ts';
import './ratio-tools.ts';
import './xray-tools.ts';
import './xray-view.ts';

/** Where the lines of the ratio are now; `undefined`: where they were measured. */
export type RatioEditEvent = CustomEvent<{ readonly lines: RatioLines | undefined }>;

export class XrayViewer extends LitElement {
  static override properties: PropertyDeclarations = {
    result: { attribute: false },
    name: { type: String },
    finding: { attribute: false },
    explanation: { attribute: false },
    withMaps: { type: Boolean },
    view: { attribute: false },
    ask: { attribute: false },
    history: { state: true },
    editingBoxes: { state: true },
    outlined: { state: true },
    toolsOpen: { state: true },
  };
  static override styles = [sharedStyles, chosenStyles, mapLegendStyles, xrayViewerStyles];

  declare result: Result | undefined;
  declare name: string;
  declare finding: string | undefined;
  declare explanation: Explanation | undefined;
  declare withMaps: boolean;
  declare view: ViewState;
  declare ask: AskForLook | undefined;
  declare private history: BoxHistory;
  declare private editingBoxes: boolean;

  private readonly looks = new PictureLooks(this);
  /** Not from the start: an outline hides what lies along the border of a lung. */
  declare outlined: boolean;
  /** On a narrow screen the tools wait until they are asked for: what was found comes first. */
  declare private toolsOpen: boolean;

  /** Earlier places of the ratio's lines, latest last; `undefined`: as measured. */
  private ratioPast: readonly (RatioLines | undefined)[] = [];
  private place: MapPlace | undefined;
  private drawn: { readonly explanation: Explanation; readonly map: FindingMap } | undefined;

  constructor() {
    super();
    updateWhenLocaleChanges(this);
    this.name = '';
    this.withMaps = false;
    this.view = firstView;
    this.history = { boxes: [] };
    this.editingBoxes = false;
    this.outlined = false;
    this.toolsOpen = false;
  }

  get boxes(): readonly PictureBox[] {
    return this.history.boxes;
  }

  override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('result') && this.result !== undefined) {
      const { analysis, display, textBoxes = [] } = this.result;
      this.history = boxHistoryOf(display, textBoxes);
      const before = changed.get('result')?.analysis.id;
      if (this.place === undefined || before !== analysis.id) this.place = mapPlace(analysis);
      if (before !== undefined && before !== analysis.id) {
        this.view = firstView;
        this.looks.forget();
        this.ratioPast = [];
      }
    }
    // There it says that the greys are only looked at, and how to get them back.
    if (changed.has('view') && greysAreChanged(this.view)) this.toolsOpen = true;
    if (changed.has('finding') && this.finding === heartFinding) this.outlined = true;
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

  get seen(): SeenPicture | undefined {
    return this.looks.seen;
  }

  override render(): TemplateResult | typeof nothing {
    const { result, name, view, explanation, seen } = this;
    if (result === undefined) return nothing;
    const { dicom: read, inverted = false } = result.analysis.image.source;
    // Maps and outlines belong to the frame that was read.
    const isOther = seen !== undefined && seen.source.dicom?.frame !== read?.frame;
    const finding = isOther ? undefined : this.finding;
    const outlined = this.outlined && this.withMaps && !isOther;
    const shown = view.mapHidden ? undefined : finding;
    const label =
      shown === undefined ? msg(str`Chest X-ray ${name}`) : pictureLabel(name, shown, explanation?.kind ?? 'map');
    return html`<div
      class="parts"
      @view-change=${this.onChange}
      @view-act=${(event: ViewActEvent) => this.act(event.detail)}
      @boxes-change=${(event: BoxesChangeEvent) => this.keep(changeBoxes(this.history, event.detail))}
      @box-act=${(event: BoxActEvent) => void this.actOnBoxes(event.detail)}
      @keydown=${this.onKeyDown}
      @ratio-move=${(event: RatioMoveEvent) => this.moveRatio(event.detail)}
    >
      <xray-view
        .display=${seen?.display ?? result.display}
        .place=${this.place}
        .map=${this.shownMap(result, shown)}
        .anatomy=${outlined ? result.analysis.anatomy : undefined}
        .view=${view}
        .label=${label}
        .boxes=${this.boxes}
        .editingBoxes=${this.editingBoxes}
      ></xray-view>
      ${shown === undefined ? nothing : mapLegend(explanation?.kind ?? 'map')} ${this.choice()}
      <div class="under">
        <button
          type="button"
          class="drawer"
          aria-expanded=${this.toolsOpen ? 'true' : 'false'}
          aria-controls="tools"
          @click=${() => (this.toolsOpen = !this.toolsOpen)}
        >
          ${contrastIcon()} ${msg('Tools')}
        </button>
        <slot></slot>
      </div>
      <div id="tools" class="tools ${this.toolsOpen ? 'open' : ''}">
        <xray-tools .view=${view} .finding=${finding} .withMaps=${this.withMaps} .readInverted=${inverted}></xray-tools>
        <box-tools
          .count=${this.boxes.length}
          .canUndo=${this.history.before !== undefined}
          .editing=${this.editingBoxes}
        ></box-tools>
        ${this.withMaps ? this.ratioTools(result) : nothing}
      </div>
    </div>`;
  }

  private choice(): TemplateResult | typeof nothing {
    const read = this.result?.analysis.image.source.dicom;
    const seen = this.seen?.source.dicom ?? read;
    if (read === undefined || seen === undefined || !offersChoice(read, seen)) return nothing;
    return html`<picture-choice
      .read=${read}
      .seen=${seen}
      .wanted=${this.looks.wanted}
      .busy=${this.looks.busy}
      .error=${this.looks.error}
      @picture-look=${this.onLook}
    ></picture-choice>`;
  }

  private readonly onLook = ({ detail }: PictureLookEvent): void => {
    const { dicom: read, inverted = false } = this.result?.analysis.image.source ?? {};
    const frame = detail.frame ?? read?.frame ?? 1;
    if (frame === read?.frame && (detail.voi ?? 0) === 0) this.looks.forget();
    else if (this.ask !== undefined) void this.looks.choose({ ...detail, frame, inverted }, this.ask);
  };

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

  private keep(history: BoxHistory): void {
    this.history = history;
    if (this.result !== undefined) keepBoxHistory(this.result.display, history);
  }

  private async actOnBoxes(act: BoxAct): Promise<void> {
    const { history } = this;
    switch (act) {
      case 'edit':
        this.editingBoxes = !this.editingBoxes;
        break;
      case 'add': {
        this.keep(changeBoxes(history, addBox(history.boxes)));
        await this.updateComplete;
        const view = this.renderRoot.querySelector('xray-view');
        await view?.updateComplete;
        view?.focusLastBox();
        break;
      }
      case 'remove-all':
        this.keep(changeBoxes(history, []));
        break;
      case 'undo':
        this.keep(undoBoxes(history));
        break;
    }
  }

  /** Brings the picture into view, and the keys to it. */
  showPicture(): void {
    const calm = matchMedia('(prefers-reduced-motion: reduce)').matches;
    this.scrollIntoView({ block: 'start', behavior: calm ? 'auto' : 'smooth' });
    this.renderRoot.querySelector('xray-view')?.focusStage();
  }

  private act(act: ViewAct): void {
    switch (act) {
      case 'zoom-in':
      case 'zoom-out':
      case 'fit':
      case 'actual-size':
      case 'pan-left':
      case 'pan-right':
      case 'pan-up':
      case 'pan-down':
        this.renderRoot.querySelector('xray-view')?.act(act);
        break;
      default:
        this.view = applyAct(this.view, act);
        if (this.view.mode === 'window') this.toolsOpen = true;
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
