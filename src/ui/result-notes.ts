/** Sentences around the findings of a result. */

import { html, nothing, type TemplateResult } from 'lit';
import { msg, str } from '@lit/localize';
import type { Result } from '../app/app-model.ts';
import type { FindingScore } from '../shared/analysis.ts';
import { cautionIcon } from './icons.ts';
import { doubtfulOrigin } from './origin-text.ts';
import { photoWords } from './photo-cost.ts';

/** How many findings are above their threshold, in doubt and below. */
export function findingsSummary(findings: readonly FindingScore[]): TemplateResult {
  const count = (band: string): number => findings.filter((finding) => finding.band === band).length;
  const above = count('above');
  return html`<h2 class="summary">
      ${above === 0 ? msg('No finding above its threshold') : msg(str`Findings above their threshold: ${above}`)}
    </h2>
    <p class="quiet-text">
      ${msg(str`Can’t tell: ${count('unsure')} · below their threshold: ${count('below')}.`)}
      ${above === 0 ? msg('That does not rule anything out.') : msg('Tap a finding to see its map.')}
      <a href="#/help">${msg('What does this mean?')}</a>
    </p>`;
}

/** What a photograph costs cannot be seen in its scores. */
export function photoLine(result: Result): TemplateResult | typeof nothing {
  if (result.analysis.image.source.kind !== 'photo') return nothing;
  return html`<p class="card caution photo">
    <strong class="title-row">${cautionIcon()} <span>${photoWords(result)}</span></strong>
  </p>`;
}

/** Scores of a model that nobody could verify never stand without saying so. */
export function originLine({ pack }: Result): TemplateResult | typeof nothing {
  const doubt = doubtfulOrigin(pack);
  if (doubt === undefined) return nothing;
  return html`<p class="card caution origin">
    <strong class="title-row">${cautionIcon()} <span>${doubt.label}</span></strong>
    <span translate="no">${pack.title} ${pack.version}</span>
  </p>`;
}
