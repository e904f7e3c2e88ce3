import { html, nothing, type TemplateResult } from 'lit';
import { msg } from '@lit/localize';
import { backIcon, lungsIcon, themeIcon } from './icons.ts';
import { homeHash, modelsHash, type Route } from './router.ts';

/** What the head of the page shows and does. */
export interface HeaderContent {
  readonly screen: Route['screen'];
  readonly isDark: boolean;
  /** "Skip to the content" was chosen. */
  readonly skip: (event: Event) => void;
  readonly switchTheme: () => void;
}

/** The head of every screen: the way back, the name, the ways to other screens, the theme. */
export function appHeader({ screen, isDark, skip, switchTheme }: HeaderContent): TemplateResult {
  const link = (to: Route['screen'], words: string, look = ''): TemplateResult =>
    html`<a class=${look} href="#/${to}" aria-current=${screen === to ? 'page' : 'false'}>${words}</a>`;
  return html`<header>
    <a class="skip" href="#main" @click=${skip}>${msg('Skip to the content')}</a>
    ${screen === 'home' ? nothing : html`<a class="button back" href=${homeHash}>${backIcon()} ${msg('Back')}</a>`}
    <a class="brand ${screen === 'home' ? '' : 'wide'}" href=${homeHash} translate="no">${lungsIcon(28)} Chester</a>
    <nav aria-label=${msg('Main')}>
      ${link('help', msg('Help'))} ${link('models', msg('Models'), 'wide')} ${link('about', msg('About'), 'wide')}
      ${link('storage', msg('Storage'), 'wide')}
    </nav>
    <button
      type="button"
      aria-label=${isDark ? msg('Use the light theme') : msg('Use the dark reading-room theme')}
      @click=${switchTheme}
    >
      ${themeIcon(isDark)}
    </button>
  </header>`;
}

/** Where the head is too narrow for them, the foot has the ways to other screens. */
export function appFooter(): TemplateResult {
  return html`<footer>
    <a href=${modelsHash}>${msg('Models')}</a>
    <a href="#/about">${msg('About')}</a>
    <a href="#/storage">${msg('Storage')}</a>
    <a href="#/help">${msg('Help')}</a>
  </footer>`;
}
