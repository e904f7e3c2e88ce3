/** What a pack's manifest says of the model: how good it is at each finding, where it comes from, what to cite. */

import { html, nothing, type TemplateResult } from 'lit';
import { msg, str } from '@lit/localize';
import type {
  FindingsManifest,
  GateManifest,
  LungsManifest,
  PackFinding,
  PackManifest,
  Parity,
} from '../shared/pack.ts';
import { findingText, gradeText, publishedSource } from './finding-text.ts';
import { formatNumber, formatPercent, formatScore, formatSmall } from './format.ts';
import { isOfUnknownOrigin } from './origin-text.ts';

const aucDigits = 2;
const ratioDigits = 3;
const cardFile = 'MODEL_CARD.md';

/** `figuresOpen` where the facts as a whole are opened on demand already. */
export function modelFacts(manifest: PackManifest, figuresOpen = false): TemplateResult {
  return html`${measured(manifest, figuresOpen)}
    <dl>
      <dt>${msg('Licence')}</dt>
      <dd translate="no">${manifest.licence}</dd>
      <dt>${msg('Sources')}</dt>
      <dd class="links" translate="no">
        ${manifest.sources.map(
          (source) =>
            html`<p><a href=${source.url} rel="noreferrer" target="_blank">${source.title}</a> (${source.licence})</p>`,
        )}
      </dd>
      <dt>${msg('To be cited')}</dt>
      <dd translate="no">${manifest.citations.map((citation) => html`<p>${citation}</p>`)}</dd>
      ${
        manifest.origin?.parity === undefined
          ? nothing
          : html`<dt>${msg('Same answers as the original')}</dt>
              <dd>${parityWords(manifest.origin.parity)}</dd>`
      }
      <dt>${msg('Identifier')}</dt>
      <dd translate="no">${manifest.id} ${manifest.version}</dd>
    </dl>
    ${cardLink(manifest)}`;
}

function measured(manifest: PackManifest, figuresOpen: boolean): TemplateResult {
  switch (manifest.role) {
    case 'findings':
      return quality(manifest, figuresOpen);
    case 'gate':
      return gateLimits(manifest);
    case 'lungs':
      return ratioError(manifest);
    case 'second-opinion':
      return similarityLimit(manifest.refuseAtSimilarity);
  }
}

/** Only the site has the card of a pack; one of unknown origin is not on it. */
function cardLink({ id, files }: PackManifest): TemplateResult | typeof nothing {
  if (isOfUnknownOrigin(id) || !files.some(({ path }) => path === cardFile)) return nothing;
  return html`<p class="links">
    <a href="models/${id}/${cardFile}" target="_blank">${msg('The full model card')}</a>
  </p>`;
}

function parityWords({ against, inputs, logit, probability, relative }: Parity): TemplateResult {
  const differences = [
    ...(logit === undefined ? [] : [msg(str`${formatSmall(logit)} in the logit`)]),
    ...(probability === undefined ? [] : [msg(str`${formatSmall(probability)} in the score`)]),
    ...(relative === undefined ? [] : [msg(str`${formatSmall(relative)} of the range of a pixel`)]),
  ].join(', ');
  return html`<p>${msg(str`Differs from the original by at most ${differences}, on ${inputs} pictures.`)}</p>
    <p class="small quiet-text" translate="no">${against}</p>`;
}

function gateLimits({ limits: { refuseKind, warnKind } }: GateManifest): TemplateResult {
  const [refuse, warn] = [refuseKind, warnKind].map((value) => formatPercent(value));
  return html`<p class="numbers">
    ${msg(
      str`It refuses a picture that is with more than ${refuse} no frontal chest X-ray, and warns above ${warn}. How often it is wrong stands in its card.`,
    )}
  </p>`;
}

function ratioError({ ratioError: { meanAbsolute, percentile90, patients, testSet } }: LungsManifest): TemplateResult {
  const [mean, most] = [meanAbsolute, percentile90].map((value) => formatNumber(value, ratioDigits));
  return html`<p class="numbers">
      ${msg(
        str`It outlines both lungs and the heart. Its cardiothoracic ratio was off by ${mean} on average, and by at most ${most} in nine of ten of ${patients} patients.`,
      )}
    </p>
    <p class="quiet-text" translate="no">${testSet}</p>`;
}

function similarityLimit(limit: number): TemplateResult {
  return html`<p>
    ${msg(
      str`It redraws a picture from little: chest X-rays come out similar, other pictures do not. It accepts a similarity above ${formatNumber(limit, aucDigits)}.`,
    )}
  </p>`;
}

function quality(manifest: FindingsManifest, open: boolean): TemplateResult {
  return html`${
      manifest.calibrated
        ? nothing
        : html`<p>${msg('Its scores are not calibrated: they are not probabilities of a disease.')}</p>`
    }
    <details ?open=${open}>
      <summary>${msg(str`How good it is at each finding (${manifest.findings.length})`)}</summary>
      <div class="table-scroll" tabindex="0" role="group" aria-label=${msg('How good the model is at each finding')}>
        ${aucTable(manifest.findings)}
      </div>
    </details>`;
}

/** Each figure with its test set; what nobody measured here with the published figure, told apart. */
function aucTable(findings: readonly PackFinding[]): TemplateResult {
  const sources = [...new Set(findings.flatMap(figureSources))];
  return html`<table>
      <thead>
        <tr>
          <th scope="col">${msg('Finding')}</th>
          <th scope="col">${msg('AUC (95 % interval)')}</th>
          <th scope="col">${msg('Threshold')}</th>
        </tr>
      </thead>
      <tbody>
        ${findings.map(
          (finding) =>
            html`<tr>
              <th scope="row">${findingText(finding.id).name}<br /><span class="what">${gradeWords(finding)}</span></th>
              <td class="figures">${figure(finding, sources)}</td>
              <td>${formatScore(finding.operatingPoints.digital.score)}</td>
            </tr>`,
        )}
      </tbody>
    </table>
    ${
      sources.length === 0
        ? nothing
        : html`<ol class="figure-sources small quiet-text" translate="no">
            ${sources.map((source) => html`<li>${source}</li>`)}
          </ol>`
    }`;
}

function figureSources({ auc, publishedAuc }: PackFinding): readonly string[] {
  if (auc !== undefined) return [auc.testSet];
  return publishedAuc === undefined ? [] : [publishedSource(publishedAuc)];
}

function gradeWords({ grade, auc }: PackFinding): string {
  return auc === undefined ? msg('not measured here') : gradeText(grade);
}

/** In parts that do not break, so that narrow columns do not tear a number from its mark. */
function figure(finding: PackFinding, sources: readonly string[]): TemplateResult {
  const { auc, publishedAuc } = finding;
  const mark = figureSources(finding).map((source) => html`<sup>${sources.indexOf(source) + 1}</sup>`);
  if (auc !== undefined) {
    const [low, high] = auc.interval95.map((end) => formatNumber(end, aucDigits));
    return html`<span>${formatNumber(auc.value, aucDigits)}</span> <span>${`(${low}–${high})`}${mark}</span>`;
  }
  if (publishedAuc === undefined) return html`<span>–</span>`;
  return html`<span>${msg('published:')}</span> <span>${formatNumber(publishedAuc.value, aucDigits)}${mark}</span>`;
}
