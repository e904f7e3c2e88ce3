/**
 * `<prevalence-table>`: how common each finding is among a site's own patients, beside the share that the model goes by
 * otherwise. What is typed holds at once; an empty field is the model's share again.
 *
 * Properties: `pack` (FindingsManifest), `stated` (SitePrevalences).
 * Event: `prevalences-stated` with `detail: { prevalences }`, all that is stated now.
 */

import { LitElement, html, nothing, type PropertyDeclarations, type TemplateResult } from 'lit';
import { msg, str, updateWhenLocaleChanges } from '@lit/localize';
import type { FindingsManifest, PackFinding } from '../shared/pack.ts';
import { isPrevalence, mostPrevalence, leastPrevalence, type SitePrevalences } from '../shared/site-prevalences.ts';
import { findingText } from './finding-text.ts';
import { formatPercent } from './format.ts';
import { prevalenceTableStyles } from './prevalence-table.styles.ts';
import { sharedStyles } from './styles/shared.styles.ts';
import { tableStyles } from './styles/tables.styles.ts';

export type PrevalencesStatedEvent = CustomEvent<{ readonly prevalences: SitePrevalences }>;

const percent = 100;
/** Percents as typed: more digits than anybody knows. */
const typedDigits = 6;

/** Findings whose probability depends on how common they are. */
export function findingsWithPrevalence({ findings }: FindingsManifest): readonly PackFinding[] {
  return findings.filter(({ calibration }) => calibration !== undefined && Object.keys(calibration).length > 0);
}

export class PrevalenceTable extends LitElement {
  static override properties: PropertyDeclarations = {
    pack: { attribute: false },
    stated: { attribute: false },
    wrong: { state: true },
  };
  static override styles = [sharedStyles, tableStyles, prevalenceTableStyles];

  declare pack: FindingsManifest | undefined;
  declare stated: SitePrevalences;
  /** The finding whose field holds no share. */
  declare private wrong: string | undefined;

  constructor() {
    super();
    updateWhenLocaleChanges(this);
    this.stated = {};
  }

  override render(): TemplateResult | typeof nothing {
    if (this.pack === undefined) return nothing;
    const findings = findingsWithPrevalence(this.pack);
    if (findings.length === 0) return nothing;
    const own = findings.filter(({ id }) => this.stated[id] !== undefined).length;
    return html`<div class="stack">
      <p>
        ${msg(
          'A probability depends on how common the finding is among your patients. If you know it for those who are X-rayed here, state it; it holds from the next X-ray on. Thresholds do not change.',
        )}
      </p>
      <div
        class="table-scroll"
        tabindex="0"
        role="group"
        aria-label=${msg('How common each finding is among your patients')}
      >
        <table>
          <thead>
            <tr>
              <th scope="col">${msg('Finding')}</th>
              <th scope="col">${msg('The model goes by')}</th>
              <th scope="col">${msg('Of 100 of your patients')}</th>
            </tr>
          </thead>
          <tbody>
            ${findings.map((finding) => this.row(finding))}
          </tbody>
        </table>
      </div>
      <p role="status" class="small quiet-text numbers">
        ${own === 0 ? msg('Nothing is stated: the model’s shares hold.') : msg(str`Stated by you: ${own}.`)}
      </p>
      <button type="button" ?disabled=${own === 0 && this.wrong === undefined} @click=${() => this.reset()}>
        ${msg('Use the model’s shares for all')}
      </button>
    </div>`;
  }

  private row({ id, referencePrevalence, calibration }: PackFinding): TemplateResult {
    const stated = this.stated[id];
    const { name } = findingText(id);
    const reference = referencePrevalence?.value ?? Object.values(calibration ?? {})[0]?.samplePrevalence;
    const isWrong = this.wrong === id;
    return html`<tr class=${stated === undefined ? '' : 'stated'}>
      <th scope="row">${name}</th>
      <td>
        ${reference === undefined ? nothing : formatPercent(reference)}
        ${
          referencePrevalence === undefined
            ? nothing
            : html`<div class="small quiet-text" translate="no">${referencePrevalence.source}</div>`
        }
      </td>
      <td>
        <input
          type="number"
          inputmode="decimal"
          step="0.01"
          min=${leastPrevalence * percent}
          max=${mostPrevalence * percent}
          data-finding=${id}
          aria-label=${msg(str`${name}: how many of 100 of your patients have it`)}
          aria-invalid=${isWrong ? 'true' : 'false'}
          aria-describedby=${isWrong ? 'wrong' : nothing}
          .value=${stated === undefined ? '' : String(Number((stated * percent).toFixed(typedDigits)))}
          @change=${(event: Event) => this.change(id, event.target as HTMLInputElement)}
        />
        ${isWrong ? html`<p id="wrong" class="wrong small" role="alert">${this.limits()}</p>` : nothing}
      </td>
    </tr>`;
  }

  private limits(): string {
    return msg(
      str`Type a number from ${leastPrevalence * percent} to ${mostPrevalence * percent}, or nothing. What was stated before holds.`,
    );
  }

  private change(id: string, input: HTMLInputElement): void {
    // A browser gives '' for what is no number at all, too.
    const isEmpty = input.value === '' && !input.validity.badInput;
    const share = Number(input.value) / percent;
    if (!isEmpty && (input.value === '' || !isPrevalence(share))) {
      this.wrong = id;
      return;
    }
    if (this.wrong === id) this.wrong = undefined;
    const others = Object.entries(this.stated).filter(([finding]) => finding !== id);
    this.state(Object.fromEntries(isEmpty ? others : [...others, [id, share]]));
  }

  private reset(): void {
    this.wrong = undefined;
    // A field that held no number has no value to be set back from.
    for (const input of this.renderRoot.querySelectorAll('input')) input.value = '';
    const ids = new Set((this.pack?.findings ?? []).map(({ id }) => id));
    this.state(Object.fromEntries(Object.entries(this.stated).filter(([id]) => !ids.has(id))));
  }

  private state(prevalences: SitePrevalences): void {
    this.dispatchEvent(new CustomEvent('prevalences-stated', { detail: { prevalences } }));
  }
}

customElements.define('prevalence-table', PrevalenceTable);

declare global {
  interface HTMLElementTagNameMap {
    'prevalence-table': PrevalenceTable;
  }
}
