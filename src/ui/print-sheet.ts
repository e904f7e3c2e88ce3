/**
 * The printed result: picture, map, findings, label, time, versions and the warning. A template, not an element, so
 * that `<result-view>` can draw it at once when the browser is about to print.
 */

import { html, nothing, type TemplateResult } from 'lit';
import { msg, str } from '@lit/localize';
import type { Result } from '../app/app-model.ts';
import type { SeenPicture } from '../shared/messages.ts';
import type { PictureBox } from '../shared/picture-box.ts';
import { drawBoxes } from './draw-boxes.ts';
import { anatomyShapes, drawingSize } from './anatomy-shapes.ts';
import { bandText, findingText, gradeText } from './finding-text.ts';
import { formatPercent, formatScore, formatTime } from './format.ts';
import { bandIcon } from './icons.ts';
import { greyTable } from './grey-window.ts';
import { drawMap, drawPicture, mapPlace } from './map-drawing.ts';
import { doubtfulOrigin } from './origin-text.ts';
import { photoWords } from './photo-cost.ts';
import { readingSentences, windowName } from './reading-text.ts';
import { ratioText } from './ratio-text.ts';
import { reasonText } from './reason-text.ts';
import { opinionName, secondOpinionText } from './second-opinion-text.ts';
import { greysAreChanged, type ViewState } from './view-state.ts';

const printedIcon = 12;

export interface PrintSheetInput {
  readonly label: string;
  readonly result: Result;
  readonly selected: string | undefined;
  /** False while a refusal hides the findings. */
  readonly showFindings: boolean;
  /** Paper shows the whole picture, in the greys of the screen. */
  readonly view: ViewState;
  /** The picture in another of the file's windows, where that is on the screen and is printed. */
  readonly seen: SeenPicture | undefined;
  /** Black on paper. */
  readonly boxes: readonly PictureBox[];
  /** Outlines of lungs and heart are printed where they were seen. */
  readonly outlined: boolean;
}

export function printSheet(input: PrintSheetInput): TemplateResult {
  const { label, result, selected, showFindings, view, seen, boxes, outlined } = input;
  const { analysis } = result;
  const doubt = doubtfulOrigin(result.pack);
  return html`<article class="print-sheet">
    <p class="warning">
      ${msg('Not for medical use. Computed by a model under evaluation; it makes mistakes in both directions.')}
    </p>
    <header>
      <h1 translate="no">${label}</h1>
      <p>${msg(str`Chester, chest X-ray read on the device, ${formatTime(analysis.createdAt)}`)}</p>
      ${analysis.image.source.kind === 'photo' ? html`<p><strong>${photoWords(result)}</strong></p>` : nothing}
      ${result.synthetic === undefined ? nothing : html`<p><strong>${syntheticWords(result.synthetic.drawnFindings)}</strong></p>`}
      ${readingSentences(analysis.image.source).map((sentence) => html`<p><strong>${sentence}</strong></p>`)}
      ${
        doubt === undefined
          ? nothing
          : html`<p class="origin">
              <strong>${doubt.label}: <span translate="no">${result.pack.title}</span></strong>
            </p>`
      }
    </header>
    <div class="pictures">
      <figure>
        <div class="film"><canvas></canvas>${outlined && showFindings ? printedOutlines(result) : nothing}</div>
        <figcaption>${msg('The picture')}</figcaption>
      </figure>
      ${
        selected === undefined
          ? nothing
          : html`<figure>
              <div class="film"><canvas></canvas><canvas></canvas></div>
              <figcaption>
                ${msg(str`Where the score of “${findingText(selected).name}” comes from. Not where a disease is.`)}
              </figcaption>
            </figure>`
      }
    </div>
    ${changedWindow(result, seen)}
    ${boxes.length > 0 ? html`<p>${msg(str`Black boxes that cover writing: ${boxes.length}.`)}</p>` : nothing}
    ${greysAreChanged(view) ? html`<p>${changedGreys(view)}</p>` : nothing} ${printedGate(result)}
    ${showFindings ? html`${findingsTable(result)} ${printedRatio(result)}` : nothing}
    <footer>
      <p translate="no">${versionsLine(result)}</p>
      <p translate="no">${analysis.image.name} · SHA-256 ${analysis.image.sha256}</p>
    </footer>
  </article>`;
}

/** The app, the packs, whose thresholds, and how it was computed: names and numbers, the same in every language. */
export function versionsLine({ analysis: { versions }, engine }: Result): string {
  const packs = Object.entries(versions.packs).map(([id, version]) => `${id} ${version}`);
  return [`Chester ${versions.app}`, packs.join(', '), versions.thresholds, engine.mode].join(' · ');
}

export function syntheticWords(drawnFindings: readonly string[]): string {
  const names = drawnFindings.map((id) => findingText(id).name).join(', ');
  return msg(str`This X-ray is synthetic: nobody’s. Drawn in: ${names}. The rest is what a weak model says.`);
}

function changedWindow({ analysis }: Result, seen: SeenPicture | undefined): TemplateResult | typeof nothing {
  const shown = seen?.source.dicom?.voi;
  const read = analysis.image.source.dicom?.voi;
  if (shown === undefined || read === undefined) return nothing;
  return html`<p>
    ${msg(str`The picture is printed by “${windowName(shown)}”. The model read it by “${windowName(read)}”.`)}
  </p>`;
}

function changedGreys({ greyWindow: { level, width }, inverted }: ViewState): string {
  return inverted
    ? msg(
        str`The greys are printed as they were looked at: level ${level}, width ${width}, black and white swapped. The model read the picture as it was.`,
      )
    : msg(
        str`The greys are printed as they were looked at: level ${level}, width ${width}. The model read the picture as it was.`,
      );
}

function printedGate(result: Result): TemplateResult | typeof nothing {
  const { gate } = result.analysis;
  const opinion = gate.secondOpinion;
  if (gate.reasons.length === 0 && opinion === undefined) return nothing;
  return html`<section>
    ${
      gate.overridden === undefined
        ? nothing
        : html`<p>
            <strong>${msg('The picture was refused, and the scores were asked for all the same:')}</strong>
          </p>`
    }
    <ul>
      ${gate.reasons.map(({ code, source }) => html`<li>${reasonText(code).sentence}${source === undefined ? nothing : ` (${opinionName(source)})`}</li>`)}
    </ul>
    ${opinion === undefined ? nothing : html`<p>${secondOpinionText(opinion)}</p>`}
  </section>`;
}

function printedOutlines({ analysis: { anatomy } }: Result): TemplateResult | typeof nothing {
  if (anatomy === undefined) return nothing;
  return html`<svg
    class="outlines"
    viewBox="0 0 ${drawingSize} ${drawingSize}"
    preserveAspectRatio="none"
    aria-hidden="true"
  >
    ${anatomyShapes(anatomy)}
  </svg>`;
}

function printedRatio({ analysis: { anatomy } }: Result): TemplateResult | typeof nothing {
  if (anatomy?.ratio === undefined) return nothing;
  return html`<p>
    ${msg(str`Cardiothoracic ratio: ${ratioText(anatomy.ratio)}.`)} <span translate="no">${anatomy.pack}</span>
  </p>`;
}

function findingsTable(result: Result): TemplateResult {
  const { findings } = result.analysis;
  const calibrated = findings.some((finding) => finding.calibrated);
  return html`${
      calibrated
        ? nothing
        : html`<p>${msg('The scores are not calibrated: they are not probabilities of a disease.')}</p>`
    }
    <table>
      <thead>
        <tr>
          <th scope="col">${msg('Finding')}</th>
          ${
            calibrated
              ? html`<th scope="col">${msg('Probability')}</th>
                  <th scope="col">${msg('where so many of all patients have it')}</th>`
              : nothing
          }
          <th scope="col">${msg('Score')}</th>
          <th scope="col">${msg('Threshold')}</th>
          <th scope="col">${msg('Band')}</th>
          <th scope="col">${msg('Model')}</th>
        </tr>
      </thead>
      <tbody>
        ${findings.map(
          (finding) =>
            html`<tr>
              <th scope="row">${findingText(finding.id).name}</th>
              ${
                calibrated
                  ? html`<td>${finding.calibrated ? formatPercent(finding.probability) : '–'}</td>
                      <td>${finding.prevalence === undefined ? '–' : formatPercent(finding.prevalence)}</td>`
                  : nothing
              }
              <td>${formatScore(finding.score)}</td>
              <td>${formatScore(finding.operatingPoint)}</td>
              <td>${bandIcon(finding.band, printedIcon)} ${bandText(finding.band)}</td>
              <td>${gradeText(finding.grade)}</td>
            </tr>`,
        )}
      </tbody>
    </table>`;
}

/** Fills the sheet's canvases: first the picture, then the picture and its map. */
export function drawPrintSheet(
  root: ParentNode,
  result: Result,
  selected: string | undefined,
  view: ViewState,
  boxes: readonly PictureBox[],
): void {
  const [plain, under, over] = root.querySelectorAll<HTMLCanvasElement>('.print-sheet canvas');
  const table = greyTable(view.greyWindow, view.inverted);
  const draw = (canvas: HTMLCanvasElement): void => {
    drawPicture(canvas, result.display, table);
    drawBoxes(canvas, boxes);
  };
  if (plain !== undefined) draw(plain);
  if (under === undefined || over === undefined || selected === undefined) return;
  draw(under);
  over.width = under.width;
  over.height = under.height;
  drawMap(over, result.maps[selected], mapPlace(result.analysis));
}
