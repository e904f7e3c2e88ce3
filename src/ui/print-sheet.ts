/**
 * The printed result: picture, map, findings, label, time, versions and the warning. A template, not an element, so
 * that `<result-view>` can draw it at once when the browser is about to print.
 */

import { html, nothing, type TemplateResult } from 'lit';
import { msg, str } from '@lit/localize';
import type { Result } from '../app/app-model.ts';
import { bandText, findingText, gradeText } from './finding-text.ts';
import { formatPercent, formatScore, formatTime } from './format.ts';
import { bandIcon } from './icons.ts';
import { greyTable } from './grey-window.ts';
import { drawMap, drawPicture, mapPlace } from './map-drawing.ts';
import { doubtfulOrigin } from './origin-text.ts';
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
}

export function printSheet({ label, result, selected, showFindings, view }: PrintSheetInput): TemplateResult {
  const { analysis } = result;
  const doubt = doubtfulOrigin(result.pack);
  return html`<article class="print-sheet">
    <p class="warning">
      ${msg('Not for medical use. Computed by a model under evaluation; it makes mistakes in both directions.')}
    </p>
    <header>
      <h1 translate="no">${label}</h1>
      <p>${msg(str`Chester, chest X-ray read on the device, ${formatTime(analysis.createdAt)}`)}</p>
      ${analysis.image.source.kind === 'photo' ? html`<p><strong>${photoWords()}</strong></p>` : nothing}
      ${result.synthetic === undefined ? nothing : html`<p><strong>${syntheticWords(result.synthetic.drawnFinding)}</strong></p>`}
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
        <div class="film"><canvas></canvas></div>
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
    ${greysAreChanged(view) ? html`<p>${changedGreys(view)}</p>` : nothing} ${printedGate(result)}
    ${showFindings ? findingsTable(result) : nothing}
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

export function photoWords(): string {
  return msg('From a photograph: less reliable. The model was measured on digital originals.');
}

export function syntheticWords(drawnFinding: string): string {
  return msg(
    str`This X-ray is synthetic: nobody’s. One finding was drawn in: ${findingText(drawnFinding).name}. The rest is what a weak model says.`,
  );
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

function findingsTable(result: Result): TemplateResult {
  const { calibrated } = result.pack;
  return html`${
      calibrated
        ? nothing
        : html`<p>${msg('The scores are not calibrated: they are not probabilities of a disease.')}</p>`
    }
    <table>
      <thead>
        <tr>
          <th scope="col">${msg('Finding')}</th>
          <th scope="col">${calibrated ? msg('Probability') : msg('Score')}</th>
          <th scope="col">${msg('Threshold')}</th>
          <th scope="col">${msg('Band')}</th>
          <th scope="col">${msg('Model')}</th>
        </tr>
      </thead>
      <tbody>
        ${result.analysis.findings.map(
          (finding) =>
            html`<tr>
              <th scope="row">${findingText(finding.id).name}</th>
              <td>${finding.calibrated ? formatPercent(finding.probability) : formatScore(finding.score)}</td>
              <td>${formatScore(finding.operatingPoint)}</td>
              <td>${bandIcon(finding.band, printedIcon)} ${bandText(finding.band)}</td>
              <td>${gradeText(finding.grade)}</td>
            </tr>`,
        )}
      </tbody>
    </table>`;
}

/** Fills the sheet's canvases: first the picture, then the picture and its map. */
export function drawPrintSheet(root: ParentNode, result: Result, selected: string | undefined, view: ViewState): void {
  const [plain, under, over] = root.querySelectorAll<HTMLCanvasElement>('.print-sheet canvas');
  const table = greyTable(view.greyWindow, view.inverted);
  if (plain !== undefined) drawPicture(plain, result.display, table);
  if (under === undefined || over === undefined || selected === undefined) return;
  drawPicture(under, result.display, table);
  over.width = under.width;
  over.height = under.height;
  drawMap(over, result.maps[selected], mapPlace(result.analysis));
}
