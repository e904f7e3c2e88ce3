/**
 * `<queue-list>`: the X-rays of this session, newest first.
 *
 * Property: `items` (QueueItem[], newest last).
 * Events, each with `detail: { id }`: `item-cancel`, `item-retry`, `item-dismiss`.
 */

import { LitElement, html, nothing, type PropertyDeclarations, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { msg, str, updateWhenLocaleChanges } from '@lit/localize';
import type { QueueItem, Result } from '../app/app-model.ts';
import { errorText } from './error-text.ts';
import { formatTime } from './format.ts';
import { queueListStyles } from './queue-list.styles.ts';
import { readingWords } from './reading-text.ts';
import { resultHash } from './router.ts';
import { stageText, workStep, workSteps } from './stage-text.ts';
import { sharedStyles } from './styles/shared.styles.ts';

export type QueueEvent = CustomEvent<{ readonly id: string }>;

export class QueueList extends LitElement {
  static override properties: PropertyDeclarations = { items: { attribute: false } };
  static override styles = [sharedStyles, queueListStyles];

  declare items: readonly QueueItem[];

  constructor() {
    super();
    updateWhenLocaleChanges(this);
    this.items = [];
  }

  override render(): TemplateResult | typeof nothing {
    if (this.items.length === 0) return nothing;
    const newestFirst = [...this.items].reverse();
    return html`<ul aria-label=${msg('X-rays of this session')}>
      ${repeat(
        newestFirst,
        (item) => item.id,
        (item) =>
          html`<li class=${item.state.kind}>
            <p class="name" translate="no">${item.label}</p>
            ${item.reading === undefined ? nothing : html`<p class="quiet-text">${readingWords(item.reading)}</p>`}
            ${this.state(item)}
          </li>`,
      )}
    </ul>`;
  }

  private state(item: QueueItem): TemplateResult {
    const { state } = item;
    switch (state.kind) {
      case 'working': {
        const step = workStep(state.stage);
        return html`<p class="quiet-text">${stageText(state.stage)}</p>
          <progress
            aria-label=${msg('Progress')}
            max=${workSteps.length}
            .value=${step === undefined ? 0 : workSteps.indexOf(step)}
          ></progress>
          <div class="actions">${this.button('item-cancel', item.id, msg('Cancel'))}</div>`;
      }
      case 'corners':
        return html`<p>${msg('A photo: say where the film is.')}</p>
          <div class="actions">
            <a class="button" href=${resultHash(item.id)}>${msg('Show the corners')}</a>
            ${this.button('item-cancel', item.id, msg('Cancel'))}
          </div>`;
      case 'done':
        return html`<p class="quiet-text">${resultSummary(state.result)}</p>
          <div class="actions">
            <a class="button" href=${resultHash(item.id)}>${msg('Show the result')}</a>
            ${this.button('item-dismiss', item.id, msg('Remove from the list'))}
          </div>`;
      case 'failed': {
        const { sentence, nextStep } = errorText(state.error.code);
        return html`<p>${sentence} <span class="quiet-text">${nextStep}</span></p>
          <div class="actions">
            ${this.button('item-retry', item.id, msg('Try again'))}
            ${this.button('item-dismiss', item.id, msg('Remove from the list'))}
          </div>`;
      }
      case 'cancelled':
        return html`<p class="quiet-text">${msg('Cancelled')}</p>
          <div class="actions">
            ${this.button('item-retry', item.id, msg('Start again'))}
            ${this.button('item-dismiss', item.id, msg('Remove from the list'))}
          </div>`;
    }
  }

  private button(event: string, id: string, words: string): TemplateResult {
    const emit = (): void => {
      this.dispatchEvent(new CustomEvent(event, { detail: { id } }));
    };
    return html`<button type="button" @click=${emit}>${words}</button>`;
  }
}

/** One line: what came out, whether it is kept, when. */
function resultSummary(result: Result): string {
  const { gate, findings, createdAt } = result.analysis;
  const kept = result.kept ? msg('kept') : msg('not kept');
  const time = formatTime(createdAt);
  if (gate.verdict === 'refuse' && gate.overridden === undefined) return msg(str`Refused: see why · ${kept} · ${time}`);
  const above = findings.filter((finding) => finding.band === 'above').length;
  if (above === 0) return msg(str`No finding above its threshold · ${kept} · ${time}`);
  return msg(str`Findings above their threshold: ${above} · ${kept} · ${time}`);
}

customElements.define('queue-list', QueueList);

declare global {
  interface HTMLElementTagNameMap {
    'queue-list': QueueList;
  }
}
