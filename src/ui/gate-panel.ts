/**
 * `<gate-panel>`: whether the model knows such pictures, each reason with what to do.
 *
 * With it what an autoencoder says, where one is used: a second opinion, by its name.
 *
 * Property: `gate` (Gate). Event: `analyze-anyway` (no detail) on a refusal that was not overridden.
 */

import { LitElement, html, nothing, type PropertyDeclarations, type TemplateResult } from 'lit';
import { msg, str, updateWhenLocaleChanges } from '@lit/localize';
import type { Gate, Reason } from '../shared/analysis.ts';
import { formatNumber } from './format.ts';
import { gatePanelStyles } from './gate-panel.styles.ts';
import { cautionIcon, checkIcon, infoIcon, refuseIcon } from './icons.ts';
import { reasonText } from './reason-text.ts';
import { opinionName, secondOpinionText } from './second-opinion-text.ts';
import { sharedStyles } from './styles/shared.styles.ts';

const valueDigits = 2;

export class GatePanel extends LitElement {
  static override properties: PropertyDeclarations = { gate: { attribute: false } };
  static override styles = [sharedStyles, gatePanelStyles];

  declare gate: Gate | undefined;

  constructor() {
    super();
    updateWhenLocaleChanges(this);
  }

  override render(): TemplateResult | typeof nothing {
    const { gate } = this;
    if (gate === undefined) return nothing;
    const reasons = html`<ul>
      ${gate.reasons.map((reason) => reasonRow(reason, gate.secondOpinion?.pack))}
    </ul>`;
    switch (gate.verdict) {
      case 'pass':
        return html`<p class="pass">${checkIcon()}<span>${msg('The model knows such pictures.')}</span></p>
          ${gate.reasons.length === 0 ? nothing : html`<div class="card">${reasons}</div>`} ${secondOpinion(gate)}`;
      case 'warn':
        return html`<section class="card caution" aria-labelledby="title">
          <h2 id="title">${msg('Trust the scores less')}</h2>
          ${reasons} ${secondOpinion(gate)}
        </section>`;
      case 'refuse':
        return html`<section class="card danger" aria-labelledby="title">
          <h2 id="title">
            ${gate.overridden === undefined ? msg('Scores hidden: they would mislead') : msg('Analysed all the same')}
          </h2>
          ${
            gate.overridden === undefined
              ? nothing
              : html`<p>
                  ${msg('You asked for the scores in spite of a refusal. The result says so wherever it goes.')}
                </p>`
          }
          ${reasons} ${secondOpinion(gate)}
          ${
            gate.overridden === undefined
              ? html`<button type="button" @click=${() => this.dispatchEvent(new CustomEvent('analyze-anyway'))}>
                  ${msg('Analyse anyway')}
                </button>`
              : nothing
          }
        </section>`;
    }
  }
}

function secondOpinion({ secondOpinion: opinion }: Gate): TemplateResult | typeof nothing {
  if (opinion === undefined) return nothing;
  return html`<p class="opinion small quiet-text numbers">
    ${secondOpinionText(opinion)} <span translate="no">${opinion.pack}</span>
  </p>`;
}

function reasonRow(reason: Reason, opinion: string | undefined): TemplateResult {
  const { sentence, nextStep } = reasonText(reason.code);
  const icon = { refuse: refuseIcon, warn: cautionIcon, info: infoIcon }[reason.severity];
  return html`<li class="title-row">
    ${icon()}
    <div>
      <p><strong>${sentence}</strong></p>
      <p>${nextStep}</p>
      ${
        reason.source === undefined
          ? nothing
          : html`<p class="small quiet-text">
              ${
                reason.source === opinion
                  ? msg(str`Says the second opinion: ${opinionName(reason.source)}.`)
                  : msg(str`Says the model ${opinionName(reason.source)}.`)
              }
            </p>`
      }
      ${
        reason.value === undefined || reason.threshold === undefined
          ? nothing
          : html`<p class="small quiet-text numbers" translate="no">
              ${reason.code}: ${formatNumber(reason.value, valueDigits)} /
              ${formatNumber(reason.threshold, valueDigits)}
            </p>`
      }
    </div>
  </li>`;
}

customElements.define('gate-panel', GatePanel);

declare global {
  interface HTMLElementTagNameMap {
    'gate-panel': GatePanel;
  }
}
