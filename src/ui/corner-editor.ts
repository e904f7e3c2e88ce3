/**
 * `<corner-editor>`: a photograph, and a person who says where the film is. The corners that were found can be dragged,
 * moved by arrow keys and by buttons, exchanged for another proposal, and each step undone.
 *
 * Properties: `photo` (PhotoImage), `proposals` (CornerProposals), `recognised` (the app took it for a photograph, nobody said
 * so).
 * Events: `corners-placed` with `detail: PhotoChoice`; `no-photo` (the picture is a digital original); `corners-cancel`.
 */

import { LitElement, html, nothing, type PropertyDeclarations, type PropertyValues, type TemplateResult } from 'lit';
import { msg, str, updateWhenLocaleChanges } from '@lit/localize';
import { isConvex } from '../imaging/photo/film-pose.ts';
import { wholePicture } from '../imaging/photo/find-corners.ts';
import type { CornerProposals, Corners, PhotoChoice, PhotoImage, PhotoPoint } from '../shared/analysis.ts';
import { cornerName, cornerOutline, drawCross } from './corner-drawing.ts';
import { cornerEditorStyles } from './corner-editor.styles.ts';
import { cornerCount, isWhole, moveCorner, sameCorners } from './corner-places.ts';
import { drawLoupe, loupeFactor } from './loupe.ts';
import { photoKindChoice } from './photo-kind-choice.ts';
import { sharedStyles } from './styles/shared.styles.ts';

export type CornersPlacedEvent = CustomEvent<PhotoChoice>;

/** A press of a key or button moves by this share of the long side: a fifth of what the networks can tell. */
const nudgeShare = 0.002;
/** With Shift held. */
const largeNudge = 10;
const percent = 100;
/** Chosen where nothing tells: more films are photographed than monitors. */
const likelierKind = 'film';

const arrows: Readonly<Record<string, PhotoPoint>> = {
  ArrowLeft: { x: -1, y: 0 },
  ArrowUp: { x: 0, y: -1 },
  ArrowDown: { x: 0, y: 1 },
  ArrowRight: { x: 1, y: 0 },
};

export class CornerEditor extends LitElement {
  static override properties: PropertyDeclarations = {
    photo: { attribute: false },
    proposals: { attribute: false },
    recognised: { type: Boolean },
    corners: { state: true },
    chosen: { state: true },
    answered: { state: true },
    showLoupe: { state: true },
  };
  static override styles = [sharedStyles, cornerEditorStyles];

  declare photo: PhotoImage | undefined;
  declare proposals: CornerProposals | undefined;
  declare recognised: boolean;
  declare private corners: Corners | undefined;
  /** The corner that buttons move. */
  declare private chosen: number;
  /** What the person said was photographed. */
  declare private answered: PhotoChoice['inputKind'] | undefined;
  declare private showLoupe: boolean;

  private history: Corners[] = [];
  private dragging: AbortController | undefined;

  constructor() {
    super();
    updateWhenLocaleChanges(this);
    this.recognised = false;
    this.chosen = 0;
    this.answered = undefined;
    this.showLoupe = false;
  }

  override disconnectedCallback(): void {
    this.dragging?.abort();
    super.disconnectedCallback();
  }

  override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('proposals') && !changed.has('photo')) return;
    this.corners = this.proposals?.[0].corners;
    this.history = [];
    this.chosen = 0;
    this.answered = undefined;
  }

  override updated(changed: PropertyValues<this>): void {
    if (changed.has('photo')) this.drawPhoto();
    this.placeHandles();
    if (this.showLoupe) this.drawLoupe();
  }

  override render(): TemplateResult | typeof nothing {
    const { photo, corners } = this;
    if (photo === undefined || corners === undefined) return nothing;
    const isPossible = isConvex(corners);
    const noPhoto = html`<button
      type="button"
      class="no-photo quiet"
      @click=${() => this.dispatchEvent(new CustomEvent('no-photo'))}
    >
      ${msg('It is no photo: read the picture as it is')}
    </button>`;
    return html`${
        this.recognised
          ? html`<p class="recognised">${msg('This seems to be a photo of a film or a monitor.')} ${noPhoto}</p>`
          : nothing
      }
      <p id="how">
        ${msg('Put the four corners onto the corners of the film, or of the X-ray on the monitor. Drag them, or choose one and use the arrow keys or the buttons.')}
      </p>
      <div class="stage">
        <div class="picture" role="group" aria-label=${msg('Photo with the four corners')} aria-describedby="how">
          <canvas role="img" aria-label=${msg('The photo')}></canvas>
          ${cornerOutline(photo, corners)} ${corners.map((corner, index) => this.handle(photo, corner, index))}
        </div>
        ${
          this.showLoupe
            ? html`<canvas
                class="loupe ${this.isAtLeft(photo, corners) ? 'right' : 'left'}"
                aria-hidden="true"
              ></canvas>`
            : nothing
        }
      </div>
      ${this.nudges()}
      <div class="row">
        <button type="button" class="undo" ?disabled=${this.history.length === 0} @click=${this.undo}>
          ${msg('Undo')}
        </button>
        ${this.otherProposal()}
        <button type="button" class="whole" ?disabled=${isWhole(corners, photo)} @click=${this.takeWhole}>
          ${msg('Already cropped: use the whole picture')}
        </button>
      </div>
      ${photoKindChoice({
        chosen: this.inputKind,
        isGuessed: this.answered === undefined && this.guessed !== undefined,
        choose: (kind) => {
          this.answered = kind;
        },
      })}
      <p role="status" class=${isPossible ? 'visually-hidden' : ''}>
        ${isPossible ? '' : msg('The lines cross: put the corners in order, clockwise from the top left of the film.')}
      </p>
      ${this.recognised ? nothing : noPhoto}
      <div class="actions">
        <button type="button" class="primary" ?disabled=${!isPossible} @click=${this.place}>
          ${msg('Read this X-ray')}
        </button>
        <button type="button" @click=${() => this.dispatchEvent(new CustomEvent('corners-cancel'))}>
          ${msg('Cancel')}
        </button>
      </div>`;
  }

  private handle(photo: PhotoImage, { x, y }: PhotoPoint, index: number): TemplateResult {
    const [left, top] = [(percent * x) / photo.width, (percent * y) / photo.height];
    const where = msg(
      str`${cornerName(index)}: ${Math.round(left)} % from the left, ${Math.round(top)} % from the top`,
    );
    return html`<button
      type="button"
      class="corner"
      aria-label=${where}
      aria-pressed=${this.chosen === index}
      @focus=${() => this.choose(index)}
      @blur=${this.hideLoupe}
      @keydown=${(event: KeyboardEvent) => this.onKey(event, index)}
      @pointerdown=${(event: PointerEvent) => this.beginDrag(event, index)}
    ></button>`;
  }

  /** Buttons that do what a drag does (WCAG 2.2, 2.5.7). */
  private nudges(): TemplateResult {
    const button = (key: string, sign: string, label: string): TemplateResult =>
      html`<button type="button" aria-label=${label} @click=${() => this.nudge(this.chosen, arrows[key]!, 1)}>
        ${sign}
      </button>`;
    return html`<div class="nudges" role="group" aria-label=${msg('Move the chosen corner')}>
      <p>${msg(str`Chosen: ${cornerName(this.chosen)}`)}</p>
      <button type="button" class="next" @click=${() => this.choose((this.chosen + 1) % cornerCount)}>
        ${msg('Next corner')}
      </button>
      <div class="arrows">
        ${button('ArrowLeft', '←', msg('Move left'))} ${button('ArrowUp', '↑', msg('Move up'))}
        ${button('ArrowDown', '↓', msg('Move down'))} ${button('ArrowRight', '→', msg('Move right'))}
      </div>
    </div>`;
  }

  private otherProposal(): TemplateResult | typeof nothing {
    const { proposals, corners } = this;
    if (proposals === undefined || corners === undefined || proposals.length < 2) return nothing;
    const at = proposals.findIndex((proposal) => sameCorners(proposal.corners, corners));
    const next = proposals[(at + 1) % proposals.length]!;
    return html`<button type="button" class="other" @click=${() => this.change(next.corners)}>
      ${msg('Try another place')}
    </button>`;
  }

  /** Of the proposal whose corners are taken, or were before they were moved. */
  private get guessed(): PhotoChoice['inputKind'] | undefined {
    const { proposals, corners } = this;
    if (proposals === undefined || corners === undefined) return undefined;
    const places = [...this.history, corners];
    return places.flatMap((place) => proposals.find((proposal) => sameCorners(proposal.corners, place)) ?? []).at(-1)
      ?.inputKind;
  }

  /** What is taken for photographed: as answered, as guessed, or as is likelier. */
  private get inputKind(): PhotoChoice['inputKind'] {
    return this.answered ?? this.guessed ?? likelierKind;
  }

  private choose(index: number): void {
    this.chosen = index;
    this.showLoupe = true;
  }

  private readonly hideLoupe = (): void => {
    this.showLoupe = false;
  };

  /** Moves on to `corners`, so that one Undo leads back. */
  private change(corners: Corners): void {
    if (this.corners === undefined || sameCorners(corners, this.corners)) return;
    this.history.push(this.corners);
    this.corners = corners;
  }

  private readonly undo = (): void => {
    this.corners = this.history.pop() ?? this.corners;
    this.requestUpdate();
  };

  private readonly takeWhole = (): void => {
    if (this.photo !== undefined) this.change(wholePicture(this.photo));
  };

  private onKey(event: KeyboardEvent, index: number): void {
    const arrow = arrows[event.key];
    if (arrow === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    this.nudge(index, arrow, event.shiftKey ? largeNudge : 1);
  }

  private nudge(index: number, { x, y }: PhotoPoint, times: number): void {
    const { photo, corners } = this;
    if (photo === undefined || corners === undefined) return;
    const step = times * nudgeShare * Math.max(photo.width, photo.height);
    const from = corners[index]!;
    this.change(moveCorner(corners, index, { x: from.x + step * x, y: from.y + step * y }, photo));
    this.showLoupe = true;
  }

  private beginDrag(event: PointerEvent, index: number): void {
    const { photo, corners } = this;
    const box = this.canvas?.getBoundingClientRect();
    if (photo === undefined || corners === undefined || box === undefined || box.width === 0) return;
    if (event.pointerType === 'mouse' && event.button !== 0) return;
    this.choose(index);
    const scale = photo.width / box.width;
    // The corner keeps its distance from the finger that took hold of it.
    const from = corners[index]!;
    const { clientX, clientY } = event;
    this.dragging?.abort();
    this.dragging = new AbortController();
    const { signal } = this.dragging;
    const isOurs = (other: PointerEvent): boolean => other.pointerId === event.pointerId;
    const move = (moved: PointerEvent): void => {
      if (!isOurs(moved)) return;
      const place = { x: from.x + (moved.clientX - clientX) * scale, y: from.y + (moved.clientY - clientY) * scale };
      this.corners = moveCorner(corners, index, place, photo);
    };
    const end = (ended: PointerEvent): void => {
      if (!isOurs(ended)) return;
      this.dragging?.abort();
      if (this.corners !== undefined && !sameCorners(this.corners, corners)) this.history.push(corners);
      this.requestUpdate();
    };
    window.addEventListener('pointermove', move, { signal });
    window.addEventListener('pointerup', end, { signal });
    window.addEventListener('pointercancel', end, { signal });
  }

  private readonly place = (): void => {
    const { photo, corners, proposals } = this;
    if (photo === undefined || corners === undefined || proposals === undefined) return;
    const wasFound = proposals.some((proposal) => sameCorners(proposal.corners, corners));
    const placedBy = isWhole(corners, photo) ? 'whole-picture' : wasFound ? 'app' : 'person';
    const detail: PhotoChoice = { corners, placedBy, inputKind: this.inputKind };
    this.dispatchEvent(new CustomEvent('corners-placed', { detail }));
  };

  private get canvas(): HTMLCanvasElement | null {
    return this.renderRoot.querySelector('.picture > canvas');
  }

  /** Through the object model: the Content-Security-Policy forbids style attributes. */
  private placeHandles(): void {
    const { photo, corners } = this;
    if (photo === undefined || corners === undefined) return;
    this.renderRoot.querySelectorAll<HTMLElement>('.corner').forEach((handle, index) => {
      handle.style.left = `${(percent * corners[index]!.x) / photo.width}%`;
      handle.style.top = `${(percent * corners[index]!.y) / photo.height}%`;
    });
  }

  private drawPhoto(): void {
    const { canvas, photo } = this;
    if (canvas === null || photo === undefined) return;
    canvas.width = photo.width;
    canvas.height = photo.height;
    canvas.getContext('2d')?.putImageData(new ImageData(photo.rgba, photo.width, photo.height), 0, 0);
  }

  private drawLoupe(): void {
    const { canvas, photo, corners } = this;
    const loupe = this.renderRoot.querySelector<HTMLCanvasElement>('.loupe');
    if (canvas === null || loupe === null || photo === undefined || corners === undefined) return;
    const { x, y } = corners[this.chosen]!;
    const centre = { x: x / photo.width, y: y / photo.height };
    drawLoupe(loupe, [{ canvas, opacity: 1 }], centre, loupeFactor * canvas.clientWidth, devicePixelRatio);
    drawCross(loupe);
  }

  /** The loupe lies on the other side. */
  private isAtLeft({ width }: PhotoImage, corners: Corners): boolean {
    return corners[this.chosen]!.x < width / 2;
  }
}

customElements.define('corner-editor', CornerEditor);

declare global {
  interface HTMLElementTagNameMap {
    'corner-editor': CornerEditor;
  }
}
