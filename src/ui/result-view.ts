/**
 * `<result-view>`: one finished analysis: the picture with a finding's map, the gate's words, the findings, its label
 * and time, and the ways to keep it.
 *
 * Properties: `app`, `item` (QueueItem), `result` (Result).
 * Events (bubbling): `new-xray` (no detail), `confirm-anyway` with `detail: { id, codes }`.
 */

import { LitElement, html, nothing, type PropertyDeclarations, type PropertyValues, type TemplateResult } from 'lit';
import { msg, updateWhenLocaleChanges } from '@lit/localize';
import type { ChesterApp, QueueItem, Result } from '../app/app-model.ts';
import type { Analysis, Explanation, PictureReading } from '../shared/analysis.ts';
import type { SeenPicture } from '../shared/messages.ts';
import type { PictureBox } from '../shared/picture-box.ts';
import { dicomLine } from './dicom-line.ts';
import { downloadFile } from './download-file.ts';
import type { LayerSelectedEvent } from './explain-panel.ts';
import type { Layer } from './explanation-text.ts';
import type { FindingSelectedEvent } from './finding-list.ts';
import { infoIcon, openIcon, printIcon, saveIcon } from './icons.ts';
import { mapPlace } from './map-drawing.ts';
import type { AnalyzeFrameEvent } from './picture-choice.ts';
import type { AskForLook } from './picture-looks.ts';
import { drawPrintSheet, printSheet, syntheticWords, versionsLine } from './print-sheet.ts';
import { printSheetStyles } from './print-sheet.styles.ts';
import { patientLine } from './patient-line.ts';
import { readingSentences } from './reading-text.ts';
import type { LabelChangedEvent } from './result-identity.ts';
import { resultViewStyles } from './result-view.styles.ts';
import { findingsSummary, originLine, photoLine } from './result-notes.ts';
import type { SaveDialog, SaveEvent } from './save-dialog.ts';
import { sharedStyles } from './styles/shared.styles.ts';
import { firstView, type ViewState } from './view-state.ts';
import type { AnalyzeInvertedEvent } from './xray-tools.ts';
import './explain-panel.ts';
import type { RatioEditEvent, XrayViewer } from './xray-viewer.ts';
import './finding-list.ts';
import './copy-dialog.ts';
import './gate-panel.ts';
import './result-identity.ts';
import './save-dialog.ts';
import './xray-viewer.ts';

export class ResultView extends LitElement {
  static override properties: PropertyDeclarations = {
    app: { attribute: false },
    item: { attribute: false },
    result: { attribute: false },
    selected: { state: true },
    layer: { state: true },
    printing: { state: true },
  };
  static override styles = [sharedStyles, resultViewStyles, printSheetStyles];

  declare app: ChesterApp | undefined;
  declare item: QueueItem | undefined;
  declare result: Result | undefined;
  declare private selected: string | undefined;
  declare private layer: Layer;
  declare private printing: boolean;

  private readonly beforePrint = (): void => {
    this.printing = true;
    // The browser takes its picture of the page right after this event: an update in a microtask may come too late.
    this.performUpdate();
  };

  private readonly afterPrint = (): void => {
    this.printing = false;
    if (this.item !== undefined) this.app?.markPrinted(this.item.id);
  };

  constructor() {
    super();
    updateWhenLocaleChanges(this);
    this.printing = false;
    this.layer = 'map';
  }

  override connectedCallback(): void {
    super.connectedCallback();
    window.addEventListener('beforeprint', this.beforePrint);
    window.addEventListener('afterprint', this.afterPrint);
  }

  override disconnectedCallback(): void {
    window.removeEventListener('beforeprint', this.beforePrint);
    window.removeEventListener('afterprint', this.afterPrint);
    super.disconnectedCallback();
  }

  override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('result') || this.result === undefined) return;
    const { analysis } = this.result;
    if (changed.get('result')?.analysis.id === analysis.id) return;
    this.selected = firstShown(this.result);
    this.layer = 'map';
  }

  override updated(): void {
    if (this.printing && this.result !== undefined) {
      const { result, view } = this;
      const display = this.seen(result)?.display ?? result.display;
      drawPrintSheet(this.renderRoot, { ...result, display }, this.shownFinding(result), view, this.boxes);
    }
  }

  override render(): TemplateResult | typeof nothing {
    const { item, result } = this;
    if (item === undefined || result === undefined) return nothing;
    const showFindings = findingsAreShown(result.analysis);
    const { dicom } = result.analysis.image.source;
    return html`<div class="screen stack">
        <h1 class="visually-hidden" tabindex="-1">${msg('Result')}</h1>
        <div class="layout">
          <section class="picture" aria-label=${msg('Picture')}>
            <xray-viewer
              .result=${result}
              .name=${item.label}
              .finding=${this.shownFinding(result)}
              .explanation=${this.shownExplanation(item)}
              .withMaps=${showFindings}
              .ask=${this.askForLook}
              @analyze-frame=${(event: AnalyzeFrameEvent) => this.analyzeAs(event.detail)}
              @analyze-inverted=${(event: AnalyzeInvertedEvent) => this.analyzeAs(event.detail)}
              @ratio-edit=${(event: RatioEditEvent) => this.app?.setRatioLines(item.id, event.detail.lines)}
            >
              <explain-panel
                .finding=${this.shownFinding(result)}
                .entries=${item.explanations ?? []}
                .layer=${this.layer}
                @layer-selected=${(event: LayerSelectedEvent) => this.show(item, event.detail.layer)}
                @explanation-cancelled=${() => {
                  this.app?.cancelExplanation(item.id);
                  this.layer = 'map';
                }}
              ></explain-panel>
            </xray-viewer>
          </section>
          <section class="words" aria-label=${msg('What the model says')}>
            <div>
              <p class="whose" translate="no">${item.label}</p>
              ${patientLine(result.patient)}
            </div>
            ${readingSentences(result.analysis.image.source).map((sentence) => html`<p class="read-as">${sentence}</p>`)}
            ${
              result.synthetic === undefined
                ? nothing
                : html`<div class="card synthetic title-row">
                    ${infoIcon()}
                    <p>${syntheticWords(result.synthetic.drawnFindings)}</p>
                  </div>`
            }
            <gate-panel
              .gate=${result.analysis.gate}
              @analyze-anyway=${() => this.askAnyway(item, result)}
            ></gate-panel>
            ${photoLine(result)} ${originLine(result)} ${showFindings ? this.findings(result) : nothing}
            ${this.photoButton(item, result)}
            <result-identity
              .label=${item.label}
              .result=${result}
              @label-changed=${(event: LabelChangedEvent) => this.app?.setLabel(item.id, event.detail.label)}
            ></result-identity>
            ${dicom === undefined ? nothing : html`<p class="small quiet-text dicom">${dicomLine(dicom)}</p>`}
            <p class="small quiet-text" translate="no">${versionsLine(result)}</p>
          </section>
        </div>
        ${this.actions()}
      </div>
      <save-dialog
        .patient=${result.patient !== undefined}
        .dicom=${dicom !== undefined}
        @save=${(event: SaveEvent) => this.save(event.detail)}
        @copy=${() => void this.renderRoot.querySelector('copy-dialog')?.open(item.id, this.boxes)}
      ></save-dialog>
      <copy-dialog .app=${this.app}></copy-dialog>
      ${
        this.printing
          ? printSheet({
              label: item.label,
              result,
              selected: this.shownFinding(result),
              showFindings,
              view: this.view,
              seen: this.seen(result),
              boxes: this.boxes,
              outlined: this.viewer?.outlined ?? false,
            })
          : nothing
      }`;
  }

  private shownFinding(result: Result): string | undefined {
    return findingsAreShown(result.analysis) ? this.selected : undefined;
  }

  /** What the chosen layer shows; `undefined` while that is the map, or not computed yet. */
  private shownExplanation({ explanations = [] }: QueueItem): Explanation | undefined {
    const entry = explanations.find(({ finding, kind }) => finding === this.selected && kind === this.layer);
    return entry?.state.kind === 'done' ? entry.state.explanation : undefined;
  }

  private show(item: QueueItem, layer: Layer): void {
    this.layer = layer;
    if (layer !== 'map' && this.selected !== undefined) this.app?.explain(item.id, this.selected, layer);
  }

  private findings(result: Result): TemplateResult {
    const { findings } = result.analysis;
    return html`${findingsSummary(findings)}
      <finding-list
        .findings=${findings}
        .pack=${result.pack}
        .anatomy=${result.analysis.anatomy}
        .display=${result.display}
        .maps=${result.maps}
        .place=${mapPlace(result.analysis)}
        .selected=${this.selected}
        @finding-selected=${(event: FindingSelectedEvent) => {
          this.selected = event.detail.id;
          this.layer = 'map';
        }}
        @show-picture=${() => this.viewer?.showPicture()}
      ></finding-list>`;
  }

  /** A photograph from the gallery comes as any picture does; a person who sees it knows. */
  private photoButton(item: QueueItem, result: Result): TemplateResult | typeof nothing {
    const { kind } = result.analysis.image.source;
    if (kind === 'dicom' || result.synthetic !== undefined) return nothing;
    return html`<button type="button" class="as-photo quiet" @click=${() => this.app?.treatAsPhoto(item.id)}>
      ${kind === 'photo' ? msg('Place the corners anew') : msg('This is a photo of a film or a monitor')}
    </button>`;
  }

  private actions(): TemplateResult {
    return html`<div class="actions">
      <button type="button" class="primary" @click=${() => this.emit('new-xray')}>
        ${openIcon()} ${msg('New X-ray')}
      </button>
      <button type="button" @click=${() => window.print()}>${printIcon()} ${msg('Print')}</button>
      <button type="button" @click=${() => this.saveDialog?.open()}>${saveIcon()} ${msg('Save')}</button>
    </div>`;
  }

  private get viewer(): XrayViewer | null {
    return this.renderRoot.querySelector('xray-viewer');
  }

  /** How the picture is being looked at. */
  private get view(): ViewState {
    return this.viewer?.view ?? firstView;
  }

  /** The picture in another of its windows, while that is on the screen; paper never shows another frame than was read. */
  private seen(result: Result): SeenPicture | undefined {
    const seen = this.viewer?.seen;
    return seen?.source.dicom?.frame === result.analysis.image.source.dicom?.frame ? seen : undefined;
  }

  private readonly askForLook: AskForLook = (look) => {
    const { app, item } = this;
    if (app === undefined || item === undefined) throw new Error('there is no X-ray to look at');
    return app.lookAt(item.id, look);
  };

  /** What is not named stays as it was in this result. */
  private analyzeAs(change: PictureReading): void {
    const { item, result } = this;
    if (item === undefined || result === undefined) return;
    const { dicom, inverted } = result.analysis.image.source;
    const next = { frame: dicom?.frame, inverted: inverted ?? false, ...change };
    this.app?.analyzeAs(item.id, {
      ...(next.frame === undefined || dicom?.frames === 1 ? {} : { frame: next.frame }),
      ...(next.inverted ? { inverted: true } : {}),
    });
  }

  /** What is black in print and in a copy. */
  private get boxes(): readonly PictureBox[] {
    return this.viewer?.boxes ?? [];
  }

  private get saveDialog(): SaveDialog | null {
    return this.renderRoot.querySelector('save-dialog');
  }

  private save({ maps, patient }: SaveEvent['detail']): void {
    if (this.item === undefined) return;
    const exported = this.app?.exportJson(this.item.id, patient ? { maps, patient } : { maps });
    if (exported === undefined) return;
    downloadFile(exported.fileName, new Blob([exported.json], { type: 'application/json' }));
  }

  private askAnyway(item: QueueItem, result: Result): void {
    const codes = result.analysis.gate.reasons
      .filter((reason) => reason.severity === 'refuse')
      .map((reason) => reason.code);
    this.emit('confirm-anyway', { id: item.id, codes });
  }

  private emit(name: string, detail?: object): void {
    this.dispatchEvent(new CustomEvent(name, { bubbles: true, composed: true, detail }));
  }
}

/** A refusal hides the findings until a person insists. */
function findingsAreShown(analysis: Analysis): boolean {
  return analysis.gate.verdict !== 'refuse' || analysis.gate.overridden !== undefined;
}

/** The finding whose map is seen first: the first above its threshold, of the example what was drawn in. */
function firstShown({ analysis, synthetic }: Result): string | undefined {
  const above = analysis.findings.filter(({ band }) => band === 'above');
  return (above.find(({ id }) => synthetic?.drawnFindings.includes(id)) ?? above[0])?.id;
}

customElements.define('result-view', ResultView);

declare global {
  interface HTMLElementTagNameMap {
    'result-view': ResultView;
  }
}
