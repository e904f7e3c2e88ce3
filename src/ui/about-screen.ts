/**
 * `<about-screen>`: versions, model cards, how to cite, licences of what is inside, and every request that was made.
 *
 * Properties: `app` (ChesterApp), `version`.
 */

import { LitElement, html, nothing, type PropertyDeclarations, type PropertyValues, type TemplateResult } from 'lit';
import { msg, str, updateWhenLocaleChanges } from '@lit/localize';
import type { ChesterApp, LedgerEntry, StorageReport, StoredPack } from '../app/app-model.ts';
import { aboutScreenStyles } from './about-screen.styles.ts';
import { citations, type Citation } from './citations.ts';
import { formatTime } from './format.ts';
import { cautionIcon } from './icons.ts';
import { failure, settled, waiting, type Loaded } from './loaded.ts';
import { modelFacts } from './model-facts.ts';
import { doubtfulOrigin } from './origin-text.ts';
import { modelsHash } from './router.ts';
import { factsStyles } from './styles/facts.styles.ts';
import { sharedStyles } from './styles/shared.styles.ts';
import { tableStyles } from './styles/tables.styles.ts';

interface Licence {
  readonly name: string;
  readonly version: string;
  readonly licence: string;
}

export class AboutScreen extends LitElement {
  static override properties: PropertyDeclarations = {
    app: { attribute: false },
    version: { type: String },
    report: { state: true },
    ledger: { state: true },
    licences: { state: true },
  };
  static override styles = [sharedStyles, tableStyles, factsStyles, aboutScreenStyles];

  declare app: ChesterApp | undefined;
  declare version: string;
  declare private report: Loaded<StorageReport>;
  declare private ledger: Loaded<readonly LedgerEntry[]>;
  declare private licences: Loaded<readonly Licence[]>;

  constructor() {
    super();
    updateWhenLocaleChanges(this);
    this.version = '';
    this.report = waiting;
    this.ledger = waiting;
    this.licences = waiting;
  }

  override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('app') && this.app !== undefined) void this.load(this.app);
  }

  override render(): TemplateResult {
    return html`<div class="sections">
      <h1 tabindex="-1">${msg('About Chester')}</h1>
      <section class="stack">
        <p>
          ${msg(
            'Chester reads chest X-rays wholly on the device. It succeeds the Chester web tool; its code is new and free (Apache-2.0).',
          )}
        </p>
        <p><strong>${msg('It is being evaluated, and is not for medical use.')}</strong></p>
        <p>${msg('Version of the app:')} <span translate="no">${this.version}</span></p>
      </section>
      <section class="stack">
        <h2>${msg('Models')}</h2>
        ${settled(this.report, (report) => modelCards(report))}
        <p><a class="button" href=${modelsHash}>${msg('Choose, add or remove models')}</a></p>
      </section>
      <section class="stack">
        <h2>${msg('What left this device')}</h2>
        ${settled(this.ledger, (entries) => ledgerTable(entries))}
      </section>
      <section class="stack">
        <h2>${msg('How to cite')}</h2>
        <p>${msg('The app and its networks:')}</p>
        ${citationList(citations.app)}
        <p>${msg('The pictures that the models and the synthetic example were made from:')}</p>
        ${citationList(citations.data)}
      </section>
      <section class="stack">
        <h2>${msg('Licences of what is inside')}</h2>
        ${settled(this.licences, (licences) => licenceTable(licences))}
      </section>
    </div>`;
  }

  private async load(app: ChesterApp): Promise<void> {
    await Promise.all([
      app.storageReport().then(
        (value) => (this.report = { kind: 'loaded', value }),
        () => (this.report = failure),
      ),
      app.ledger().then(
        (value) => (this.ledger = { kind: 'loaded', value }),
        () => (this.ledger = failure),
      ),
      readLicences().then(
        (value) => (this.licences = { kind: 'loaded', value }),
        () => (this.licences = failure),
      ),
    ]);
  }
}

/** Written by build.mjs beside index.html, and precached. */
async function readLicences(): Promise<readonly Licence[]> {
  const response = await fetch(new URL('licences.json', document.baseURI));
  if (!response.ok) throw new Error(`licences.json: ${response.status}`);
  return (await response.json()) as readonly Licence[];
}

function modelCards(report: StorageReport): TemplateResult {
  if (report.packs.length === 0) return html`<p class="card">${msg('No model is on this device yet.')}</p>`;
  return html`${report.packs.map((pack) => modelCard(pack))}`;
}

function modelCard({ id, version, manifest }: StoredPack): TemplateResult {
  const doubt = manifest === undefined ? undefined : doubtfulOrigin(manifest);
  return html`<article class="card">
    <h3 translate="no">${manifest?.title ?? id} ${version}</h3>
    ${doubt === undefined ? nothing : html`<p class="title-row">${cautionIcon()} <span>${doubt.label}</span></p>`}
    ${
      manifest === undefined
        ? html`<p class="quiet-text">${msg('Its description has not arrived yet.')}</p>`
        : html`<p translate="no">${manifest.summary}</p>
            ${modelFacts(manifest)}`
    }
  </article>`;
}

function ledgerTable(entries: readonly LedgerEntry[]): TemplateResult {
  const foreign = entries.filter((entry) => !entry.sameOrigin).length;
  return html`<p>
      <strong>
        ${
          foreign === 0
            ? msg('Nothing. No picture and no result was sent anywhere.')
            : msg(str`Requests to other sites were seen, which should never be: ${foreign}`)
        }
      </strong>
      ${msg('These are all the requests that the app made to fetch itself and its model:')}
    </p>
    ${
      entries.length === 0
        ? html`<p class="quiet-text">${msg('None yet.')}</p>`
        : html`<details>
            <summary>${msg(str`Show all requests (${entries.length})`)}</summary>
            <div class="table-scroll" tabindex="0" role="region" aria-label=${msg('Requests')}>
              <table>
                <thead>
                  <tr>
                    <th scope="col">${msg('Address')}</th>
                    <th scope="col">${msg('Times')}</th>
                    <th scope="col">${msg('Last')}</th>
                  </tr>
                </thead>
                <tbody translate="no">
                  ${entries.map(
                    (entry) =>
                      html`<tr>
                        <td class="address">${entry.method} ${entry.address}</td>
                        <td>${entry.count}</td>
                        <td>${formatTime(entry.lastAt)}</td>
                      </tr>`,
                  )}
                </tbody>
              </table>
            </div>
          </details>`
    }`;
}

function citationList(list: readonly Citation[]): TemplateResult {
  return html`<ul class="citations" translate="no">
    ${list.map(
      (citation) =>
        html`<li>
          ${citation.text}<br /><a href=${citation.address} rel="noreferrer" target="_blank">${citation.address}</a>
        </li>`,
    )}
  </ul>`;
}

function licenceTable(licences: readonly Licence[]): TemplateResult {
  return html`<details>
    <summary>${msg(str`Show all parts (${licences.length})`)}</summary>
    <div class="table-scroll" tabindex="0" role="region" aria-label=${msg('Parts and licences')}>
      <table>
        <thead>
          <tr>
            <th scope="col">${msg('Part')}</th>
            <th scope="col">${msg('Version')}</th>
            <th scope="col">${msg('Licence')}</th>
          </tr>
        </thead>
        <tbody translate="no">
          ${licences.map(
            (part) =>
              html`<tr>
                <th scope="row">${part.name}</th>
                <td>${part.version}</td>
                <td>${part.licence}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
  </details>`;
}

customElements.define('about-screen', AboutScreen);

declare global {
  interface HTMLElementTagNameMap {
    'about-screen': AboutScreen;
  }
}
