/**
 * `<install-card>` puts the app on the home screen: with the browser's own dialog where it offers one, else, on iOS,
 * in words and drawn pictures. Draws nothing where there is nothing to do.
 *
 * Property: `status` (InstallStatus). Event: `install` (no detail).
 */

import { LitElement, html, nothing, svg, type PropertyDeclarations, type TemplateResult } from 'lit';
import { msg, updateWhenLocaleChanges } from '@lit/localize';
import type { InstallStatus } from '../app/app-model.ts';
import { addToHomeIcon } from './icons.ts';
import { installCardStyles } from './install-card.styles.ts';
import { sharedStyles } from './styles/shared.styles.ts';

export class InstallCard extends LitElement {
  static override properties: PropertyDeclarations = { status: { attribute: false } };
  static override styles = [sharedStyles, installCardStyles];

  declare status: InstallStatus;

  constructor() {
    super();
    updateWhenLocaleChanges(this);
    this.status = { kind: 'unavailable' };
  }

  override render(): TemplateResult | typeof nothing {
    switch (this.status.kind) {
      case 'unavailable':
      case 'installed':
        return nothing;
      case 'offered':
        return html`<section class="card" aria-labelledby="title">
          <h2 id="title">${msg('Keep Chester on this device')}</h2>
          <p>${msg('Installed, it opens from the home screen and starts without internet.')}</p>
          <button type="button" @click=${() => this.dispatchEvent(new CustomEvent('install'))}>
            ${addToHomeIcon()} ${msg('Install')}
          </button>
        </section>`;
      case 'by-hand-ios':
        return html`<section class="card" aria-labelledby="title">
          <h2 id="title">${msg('Keep Chester on this device')}</h2>
          <p>${msg('On an iPhone or iPad you add it by hand; it then opens from the home screen, offline too.')}</p>
          <ol>
            <li>${picture(barWithShare)}<span>${msg('1. Tap the share sign in Safari’s bar.')}</span></li>
            <li>${picture(listWithAdd)}<span>${msg('2. Scroll down and tap “Add to Home Screen”.')}</span></li>
            <li>${picture(homeScreen)}<span>${msg('3. Tap “Add”, then open Chester from its new icon.')}</span></li>
          </ol>
        </section>`;
    }
  }
}

function picture(content: TemplateResult): TemplateResult {
  return html`<svg
    class="picture"
    viewBox="0 0 88 60"
    fill="none"
    stroke="currentColor"
    stroke-width="2"
    stroke-linecap="round"
    stroke-linejoin="round"
    aria-hidden="true"
  >
    ${content}
  </svg>`;
}

/** A phone's lower edge with a bar of five signs, the middle one is "share". */
const barWithShare = svg`<path d="M8 6v40a6 6 0 0 0 6 6h60a6 6 0 0 0 6-6V6" /><path d="M8 30h72" />
  <path d="M40 40h-3v9h14v-9h-3" /><path d="M44 44V33m0 0-3.5 3.500M44 33l3.5 3.5" />
  <path d="m20 38-4 4 4 4m48-8 4 4-4 4" opacity=".45" />`;
/** A list whose second line is "add to home screen". */
const listWithAdd = svg`<rect x="8" y="6" width="72" height="48" rx="6" /><path d="M16 16h34" opacity=".45" />
  <rect x="8" y="23" width="72" height="15" fill="currentColor" stroke="none" opacity=".15" /><path d="M16 30.500h34m14-4v8m-4-4h8" />
  <path d="M16 46h26" opacity=".45" />`;
/** Icons of a home screen, one of them ours. */
const homeScreen = svg`<path d="M14 54V12a6 6 0 0 1 6-6h48a6 6 0 0 1 6 6v42" /><rect x="22" y="14" width="12" height="12" rx="3" opacity=".45" />
  <rect x="38" y="14" width="12" height="12" rx="3" opacity=".45" /><rect x="54" y="14" width="12" height="12" rx="3" opacity=".45" />
  <rect x="22" y="32" width="16" height="16" rx="4" fill="currentColor" /><path d="M54 32v14m-7-7h14" />`;

customElements.define('install-card', InstallCard);

declare global {
  interface HTMLElementTagNameMap {
    'install-card': InstallCard;
  }
}
