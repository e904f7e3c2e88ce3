/** `<unsupported-screen>`: one sentence for what this browser lacks, and what to open instead. Property: `what`. */

import { LitElement, html, type PropertyDeclarations, type TemplateResult } from 'lit';
import { msg, updateWhenLocaleChanges } from '@lit/localize';
import type { MissingCapability } from '../app/app-model.ts';
import { cautionIcon } from './icons.ts';
import { missingText } from './missing-text.ts';
import { unsupportedScreenStyles } from './unsupported-screen.styles.ts';
import { sharedStyles } from './styles/shared.styles.ts';

const largeIcon = 40;

export class UnsupportedScreen extends LitElement {
  static override properties: PropertyDeclarations = { what: { type: String } };
  static override styles = [sharedStyles, unsupportedScreenStyles];

  declare what: MissingCapability;

  constructor() {
    super();
    updateWhenLocaleChanges(this);
    this.what = 'webassembly';
  }

  override render(): TemplateResult {
    const { sentence, instead } = missingText(this.what);
    // The address without its fragment: this is what must be opened elsewhere.
    const address = location.href.replace(/#.*$/, '');
    return html`<section class="card caution">
      ${cautionIcon(largeIcon)}
      <h1 tabindex="-1">${msg('This browser cannot run Chester')}</h1>
      <p>${sentence}</p>
      <p><strong>${instead}</strong></p>
      <p class="address" translate="no">${address}</p>
    </section>`;
  }
}

customElements.define('unsupported-screen', UnsupportedScreen);

declare global {
  interface HTMLElementTagNameMap {
    'unsupported-screen': UnsupportedScreen;
  }
}
