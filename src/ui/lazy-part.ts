/**
 * `<lazy-part>` draws `content` once `load` has brought its code; until then says so, and offers to try again where it
 * could not be brought (a deploy may have removed the file that this page knows).
 *
 * Properties: `load` (() => Promise), `content` (() => TemplateResult).
 */

import { LitElement, html, type PropertyDeclarations, type PropertyValues, type TemplateResult } from 'lit';
import { msg, updateWhenLocaleChanges } from '@lit/localize';
import { sharedStyles } from './styles/shared.styles.ts';

type Loading = 'loading' | 'loaded' | 'failed';

export class LazyPart extends LitElement {
  static override properties: PropertyDeclarations = {
    load: { attribute: false },
    content: { attribute: false },
    loading: { state: true },
  };
  static override styles = [sharedStyles];

  declare load: (() => Promise<unknown>) | undefined;
  declare content: (() => TemplateResult) | undefined;
  declare private loading: Loading;

  constructor() {
    super();
    updateWhenLocaleChanges(this);
    this.loading = 'loading';
  }

  override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('load')) void this.start();
  }

  override render(): TemplateResult {
    switch (this.loading) {
      case 'loading':
        return html`<p role="status" class="quiet-text">${msg('Loading…')}</p>`;
      case 'failed':
        return html`<section class="card danger" role="alert">
          <p>${msg('This part of the app could not be loaded.')}</p>
          <button type="button" @click=${() => void this.start()}>${msg('Try again')}</button>
          <p>${msg('If it stays so, print or save your results and reload the page.')}</p>
        </section>`;
      case 'loaded':
        return this.content?.() ?? html``;
    }
  }

  private async start(): Promise<void> {
    const { load } = this;
    this.loading = 'loading';
    try {
      await load?.();
      // Another part may have been asked for meanwhile: only the latest counts.
      if (load === this.load) this.loading = 'loaded';
    } catch {
      if (load === this.load) this.loading = 'failed';
    }
  }
}

customElements.define('lazy-part', LazyPart);

declare global {
  interface HTMLElementTagNameMap {
    'lazy-part': LazyPart;
  }
}
