/** `<progress-steps>`: how far the work on one X-ray has come. Property: `stage` (WorkStage). */

import { LitElement, html, type PropertyDeclarations, type TemplateResult } from 'lit';
import { msg, updateWhenLocaleChanges } from '@lit/localize';
import type { WorkStage } from '../app/app-model.ts';
import { progressStepsStyles } from './progress-steps.styles.ts';
import { stageText, workStep, workSteps, workStepText } from './stage-text.ts';
import { sharedStyles } from './styles/shared.styles.ts';

export class ProgressSteps extends LitElement {
  static override properties: PropertyDeclarations = { stage: { type: String } };
  static override styles = [sharedStyles, progressStepsStyles];

  declare stage: WorkStage;

  constructor() {
    super();
    updateWhenLocaleChanges(this);
    this.stage = 'queued';
  }

  override render(): TemplateResult {
    const step = workStep(this.stage);
    const current = step === undefined ? -1 : workSteps.indexOf(step);
    return html`<div class="stack">
      <p role="status">${stageText(this.stage)}</p>
      <progress aria-label=${msg('Progress')} max=${workSteps.length} .value=${Math.max(0, current)}></progress>
      <ol>
        ${workSteps.map((name, index) => {
          const look = index < current ? 'done' : index === current ? 'now' : '';
          return html`<li class=${look} aria-current=${index === current ? 'step' : 'false'}>
            <span class="sign" aria-hidden="true">${index < current ? '✓' : index + 1}</span>
            <span>${workStepText(name)}</span>
          </li>`;
        })}
      </ol>
    </div>`;
  }
}

customElements.define('progress-steps', ProgressSteps);

declare global {
  interface HTMLElementTagNameMap {
    'progress-steps': ProgressSteps;
  }
}
