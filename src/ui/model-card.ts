/** What a pack's manifest says of the model: where it comes from and how good it is at each finding. */

import { html, nothing, type TemplateResult } from 'lit';
import { msg, str } from '@lit/localize';
import type { StoredPack } from '../app/app-model.ts';
import type { FindingsManifest, PackFinding, PackManifest } from '../shared/pack.ts';
import { findingText, gradeText } from './finding-text.ts';
import { formatNumber, formatScore } from './format.ts';

const aucDigits = 2;

export function modelCard(pack: StoredPack): TemplateResult {
  const { manifest } = pack;
  return html`<article class="card">
    <h3 translate="no">${manifest?.title ?? pack.id} ${pack.version}</h3>
    ${manifest === undefined ? html`<p class="quiet-text">${msg('Its description has not arrived yet.')}</p>` : details(manifest)}
  </article>`;
}

function details(manifest: PackManifest): TemplateResult {
  return html`<p translate="no">${manifest.summary}</p>
    ${manifest.role === 'findings' ? quality(manifest) : nothing}
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
    </dl>
    <p class="links">
      <a href="models/${manifest.id}/MODEL_CARD.md" target="_blank">${msg('The full model card')}</a>
    </p>`;
}

function quality(manifest: FindingsManifest): TemplateResult {
  return html`${
      manifest.calibrated
        ? nothing
        : html`<p>${msg('Its scores are not calibrated: they are not probabilities of a disease.')}</p>`
    }
    <details>
      <summary>${msg(str`How good it is at each finding (${manifest.findings.length})`)}</summary>
      <div class="table-scroll" tabindex="0" role="region" aria-label=${msg('How good the model is at each finding')}>
        ${aucTable(manifest)}
      </div>
    </details>`;
}

function aucTable(manifest: FindingsManifest): TemplateResult {
  return html`<table>
    <thead>
      <tr>
        <th scope="col">${msg('Finding')}</th>
        <th scope="col">${msg('AUC (95 % interval)')}</th>
        <th scope="col">${msg('Threshold')}</th>
        <th scope="col">${msg('Model')}</th>
      </tr>
    </thead>
    <tbody>
      ${manifest.findings.map(
        (finding) =>
          html`<tr>
            <th scope="row">${findingText(finding.id).name}</th>
            <td>${aucWords(finding)}</td>
            <td>${formatScore(finding.operatingPoints.digital.score)}</td>
            <td>${gradeText(finding.grade)}</td>
          </tr>`,
      )}
    </tbody>
  </table>`;
}

function aucWords({ auc }: PackFinding): string {
  if (auc === undefined) return msg('not measured');
  const [low, high] = auc.interval95;
  return `${formatNumber(auc.value, aucDigits)} (${formatNumber(low, aucDigits)}–${formatNumber(high, aucDigits)})`;
}
