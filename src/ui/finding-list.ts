/**
 * `<finding-list>`: findings in the order that they come in, each with its score, bar, band and grade. Pressing one
 * shows its map and how good the model is at it.
 *
 * Properties: `findings` (FindingScore[]), `pack` (FindingsManifest), `anatomy` (Anatomy or undefined), `selected` (finding id or
 * undefined); `display` (DisplayImage), `maps` (FindingMap by finding id) and `place` (MapPlace), which a narrow screen draws small.
 * Event: `finding-selected` with `detail: { id }`, `id` undefined when the pressed one is pressed again; that of `<map-thumbnail>`.
 */

import { LitElement, html, nothing, type PropertyDeclarations, type TemplateResult } from 'lit';
import { msg, str, updateWhenLocaleChanges } from '@lit/localize';
import type { DisplayImage, FindingMap, FindingScore } from '../shared/analysis.ts';
import type { Anatomy } from '../shared/anatomy.ts';
import type { FindingsManifest, PackFinding } from '../shared/pack.ts';
import { findingListStyles } from './finding-list.styles.ts';
import { bandText, findingText, gradeMeaning, gradeText, publishedSource } from './finding-text.ts';
import { formatNumber, formatPercent, formatScore } from './format.ts';
import { bandIcon, cautionIcon } from './icons.ts';
import type { MapPlace } from './map-drawing.ts';
import { modelsHash } from './router.ts';
import { heartFinding, ratioMeaning, ratioText } from './ratio-text.ts';
import { scoreBar } from './score-bar.ts';
import { sharedStyles } from './styles/shared.styles.ts';
import './map-thumbnail.ts';

export type FindingSelectedEvent = CustomEvent<{ readonly id: string | undefined }>;

const patientsInFrequency = 100;
const aucDigits = 2;
const smallIcon = 18;

export class FindingList extends LitElement {
  static override properties: PropertyDeclarations = {
    findings: { attribute: false },
    pack: { attribute: false },
    anatomy: { attribute: false },
    selected: { type: String },
    display: { attribute: false },
    maps: { attribute: false },
    place: { attribute: false },
  };
  static override styles = [sharedStyles, findingListStyles];

  declare findings: readonly FindingScore[];
  declare pack: FindingsManifest | undefined;
  declare anatomy: Anatomy | undefined;
  declare selected: string | undefined;
  declare display: DisplayImage | undefined;
  declare maps: Readonly<Record<string, FindingMap>>;
  declare place: MapPlace | undefined;

  constructor() {
    super();
    updateWhenLocaleChanges(this);
    this.findings = [];
    this.maps = {};
  }

  override render(): TemplateResult {
    return html`<ul>
      ${this.findings.map((finding) => this.row(finding))}
    </ul>`;
  }

  private row(finding: FindingScore): TemplateResult {
    const pressed = finding.id === this.selected;
    const ratio = finding.id === heartFinding ? this.anatomy?.ratio : undefined;
    const select = (): void => {
      const id = pressed ? undefined : finding.id;
      this.dispatchEvent(new CustomEvent('finding-selected', { detail: { id } }));
    };
    return html`<li class="${finding.band} ${finding.grade} ${pressed ? 'pressed' : ''}">
      <button type="button" aria-pressed=${pressed ? 'true' : 'false'} data-finding=${finding.id} @click=${select}>
        <span class="name">${findingText(finding.id).name}</span>
        <span class="score numbers">${scoreWords(finding)}</span>
        ${scoreBar(finding)}
        <span class="band">
          <span class="band-words">${bandIcon(finding.band)} ${bandText(finding.band)}</span>
          <span class="numbers"> ${thresholdWords(finding)} </span>
        </span>
        ${
          finding.grade === 'weak'
            ? html`<span class="weak-words">${cautionIcon(smallIcon)} ${msg('Weak: give it little weight')}</span>`
            : nothing
        }
        ${ratio === undefined ? nothing : html`<span class="ratio numbers">${ratioText(ratio)}</span>`}
      </button>
      ${pressed ? this.more(finding) : nothing}
    </li>`;
  }

  private more(finding: FindingScore): TemplateResult {
    const { meaning } = findingText(finding.id);
    const measured = this.pack?.findings.find(({ id }) => id === finding.id);
    const inside = this.anatomy?.insideLungs[finding.id];
    const hasRatio = finding.id === heartFinding && this.anatomy?.ratio !== undefined;
    const map = this.maps[finding.id];
    return html`<div class="more">
      ${
        map === undefined
          ? nothing
          : html`<map-thumbnail .display=${this.display} .map=${map} .place=${this.place}></map-thumbnail>`
      }
      ${meaning === '' ? nothing : html`<p>${meaning}</p>`} ${hasRatio ? html`<p>${ratioMeaning()}</p>` : nothing}
      <p>${gradeMeaning(finding.grade)}</p>
      ${measured === undefined ? nothing : figureWords(measured)} ${probabilityWords(finding, measured)}
      ${
        inside === undefined
          ? nothing
          : html`<p class="quiet-text numbers">
              ${msg(str`${formatPercent(inside)} of the map’s evidence lies inside the outlines of the lungs.`)}
            </p>`
      }
      <p class="quiet-text numbers">
        ${msg(
          str`“Can’t tell” lies between ${formatScore(finding.unsureRange[0])} and ${formatScore(finding.unsureRange[1])}.`,
        )}
      </p>
    </div>`;
  }
}

/** The measured AUC; else the published one, which says nothing of this pack on this site's patients. */
function figureWords({ auc, publishedAuc }: PackFinding): TemplateResult | typeof nothing {
  if (auc !== undefined) {
    return html`<p class="numbers">
        ${msg(
          str`Measured AUC ${formatNumber(auc.value, aucDigits)} (95 % interval ${formatNumber(auc.interval95[0], aucDigits)} to ${formatNumber(auc.interval95[1], aucDigits)}; 0.5 is guessing, 1 is perfect), ${auc.positives} patients with it.`,
        )}
      </p>
      <p class="quiet-text" translate="no">${auc.testSet}</p>`;
  }
  if (publishedAuc === undefined) return nothing;
  return html`<p class="numbers">
      ${msg(
        str`Published AUC ${formatNumber(publishedAuc.value, aucDigits)} (0.5 is guessing, 1 is perfect), as its authors state it for other patients:`,
      )}
    </p>
    <p class="quiet-text" translate="no">${publishedSource(publishedAuc)}</p>`;
}

/** A calibrated value is a probability; an uncalibrated one is called a score and nothing else. */
function scoreWords(finding: FindingScore): string {
  return finding.calibrated
    ? msg(str`probability ${formatPercent(finding.probability)}`)
    : msg(str`score ${formatScore(finding.score)}`);
}

/** A threshold is one of the score: where a probability is shown, the score stands beside it. */
function thresholdWords(finding: FindingScore): string {
  const threshold = formatScore(finding.operatingPoint);
  const grade = gradeText(finding.grade);
  return finding.calibrated
    ? msg(str`score ${formatScore(finding.score)}, threshold ${threshold} · model: ${grade}`)
    : msg(str`threshold ${threshold} · model: ${grade}`);
}

function probabilityWords(finding: FindingScore, measured: PackFinding | undefined): TemplateResult {
  if (!finding.calibrated || finding.prevalence === undefined) {
    return html`<p>${msg('The score is not calibrated: it is not the probability of a disease.')}</p>`;
  }
  const { probability, prevalence, interval } = finding;
  const of100 = (share: number): string => formatNumber(share * patientsInFrequency, 0);
  const all = formatPercent(prevalence);
  const reference = measured?.referencePrevalence;
  return html`<p class="numbers">
      ${
        probability * patientsInFrequency < 1
          ? msg(str`Fewer than 1 of 100 such patients have it, where ${all} of all patients do.`)
          : msg(str`About ${of100(probability)} of 100 such patients have it, where ${all} of all patients do.`)
      }
      ${
        interval === undefined
          ? nothing
          : msg(str`The calibration allows ${of100(interval[0])} to ${of100(interval[1])} (95 % interval).`)
      }
    </p>
    <p class="quiet-text">
      ${
        reference?.value === prevalence
          ? html`<span translate="no">${reference.source}.</span>
              <a href=${modelsHash}>${msg('State how common it is here')}</a>`
          : html`${msg('How common it is was stated on this device.')} <a href=${modelsHash}>${msg('Change')}</a>`
      }
    </p>`;
}

customElements.define('finding-list', FindingList);

declare global {
  interface HTMLElementTagNameMap {
    'finding-list': FindingList;
  }
}
