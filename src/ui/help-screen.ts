/** `<help-screen>`: five short screens. The text is `help-content.ts`, and the same in docs/user-guide.md. */

import { LitElement, html, nothing, type PropertyDeclarations, type PropertyValues, type TemplateResult } from 'lit';
import { msg, updateWhenLocaleChanges } from '@lit/localize';
import { helpPages } from './help-content.ts';
import { helpDrawing } from './help-drawings.ts';
import { helpScreenStyles } from './help-screen.styles.ts';
import { sharedStyles } from './styles/shared.styles.ts';

export class HelpScreen extends LitElement {
  static override properties: PropertyDeclarations = { current: { state: true } };
  static override styles = [sharedStyles, helpScreenStyles];

  declare private current: number;

  constructor() {
    super();
    updateWhenLocaleChanges(this);
    this.current = 0;
  }

  override updated(changed: PropertyValues): void {
    if (changed.get('current') !== undefined) this.renderRoot.querySelector('h1')?.focus();
  }

  override render(): TemplateResult | typeof nothing {
    const pages = helpPages();
    const page = pages[this.current];
    if (page === undefined) return nothing;
    const last = pages.length - 1;
    return html`<div class="stack">
      <nav aria-label=${msg('Help screens')}>
        <ol>
          ${pages.map(
            (other, index) =>
              html`<li>
                <button
                  type="button"
                  aria-label=${`${index + 1}: ${other.title}`}
                  aria-current=${index === this.current ? 'step' : 'false'}
                  @click=${() => this.show(index)}
                >
                  ${index + 1}
                </button>
              </li>`,
          )}
        </ol>
      </nav>
      <article class="page">
        <h1 tabindex="-1">${page.title}</h1>
        ${helpDrawing(page.topic)}
        <div class="stack">${page.paragraphs.map((paragraph) => html`<p>${paragraph}</p>`)}</div>
        <div class="steps">
          <button type="button" ?disabled=${this.current === 0} @click=${() => this.show(this.current - 1)}>
            ${msg('Previous')}
          </button>
          <button
            type="button"
            class="primary"
            ?hidden=${this.current === last}
            @click=${() => this.show(this.current + 1)}
          >
            ${msg('Next')}
          </button>
          ${this.current === last ? html`<a class="button primary" href="#/">${msg('To the start')}</a>` : nothing}
        </div>
      </article>
    </div>`;
  }

  private show(index: number): void {
    this.current = index;
  }
}

customElements.define('help-screen', HelpScreen);

declare global {
  interface HTMLElementTagNameMap {
    'help-screen': HelpScreen;
  }
}
