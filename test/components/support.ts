/** What every component test needs: the tokens, both themes, and a look into shadow roots. */

import { expect, fixture, fixtureCleanup } from '@open-wc/testing';
import type { TemplateResult } from 'lit';
import type { LitElement } from 'lit';
import '../../src/ui/chester-app.ts';
import type { ChesterAppElement } from '../../src/ui/chester-app.ts';
import { findAll } from './deep-find.ts';
import type { FakeApp } from './fake-app.ts';
import { lookAs } from './screens.ts';
import type { ViewState } from '../../src/ui/view-state.ts';

export { find, findAll } from './deep-find.ts';

export const themes = ['light', 'dark'] as const;

/** Colours must be those of the app, or contrast could not be measured. */
async function loadTokens(): Promise<void> {
  if (document.querySelector('link[data-tokens]') !== null) return;
  // A theme that is just fading in has the contrast of neither.
  document.documentElement.style.setProperty('--quick', '0s');
  for (const name of ['tokens', 'global']) {
    const link = document.createElement('link');
    link.rel = 'stylesheet';
    link.href = `/src/ui/styles/${name}.css`;
    link.dataset['tokens'] = name;
    const loaded = new Promise((resolve, reject) => {
      link.addEventListener('load', resolve);
      link.addEventListener('error', reject);
    });
    document.head.append(link);
    await loaded;
  }
}

export async function mount<T extends Element>(template: TemplateResult): Promise<T> {
  await loadTokens();
  return fixture<T>(template);
}

/** Axe finds nothing in `element`, in either theme. */
export async function expectAccessible(element: Element): Promise<void> {
  for (const theme of themes) {
    document.documentElement.dataset['theme'] = theme;
    await expect(element).to.be.accessible();
  }
  delete document.documentElement.dataset['theme'];
}

/** The first button or link whose words contain `words`. */
export function button(root: ParentNode, words: string): HTMLElement {
  const found = findAll(root, 'button, a.button').find((element) => element.textContent.includes(words));
  if (found === undefined) throw new Error(`no button says ${words}`);
  return found;
}

/** What the buttons below `root` say, in order. */
export function labels(element: ParentNode): readonly string[] {
  return findAll(element, 'button').map((item) => item.textContent.trim());
}

/** All words that are seen, through shadow roots; hidden parts left out. */
export function words(root: Node): string {
  if (root instanceof Text) return root.data;
  if (root instanceof HTMLStyleElement || root instanceof HTMLScriptElement) return '';
  if (root instanceof HTMLElement && (root.hidden || getComputedStyle(root).display === 'none')) return '';
  const children = root instanceof Element && root.shadowRoot !== null ? root.shadowRoot.childNodes : root.childNodes;
  return [...children].map(words).join(' ').replace(/\s+/g, ' ');
}

/** What has the focus, through shadow roots. */
export function focused(): Element | null {
  let active = document.activeElement;
  for (let deeper = active; deeper !== null; deeper = deeper.shadowRoot?.activeElement ?? null) active = deeper;
  return active;
}

/** Waits until `check` holds; says what it waited for when it never does. */
export async function eventually(check: () => boolean, what: string): Promise<void> {
  const end = Date.now() + 20_000;
  while (!check()) {
    if (Date.now() > end) throw new Error(`waited in vain for: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** Until every part below `element` has drawn itself and nothing is being loaded. */
async function settled(element: LitElement): Promise<void> {
  await element.updateComplete;
  const below = (): readonly LitElement[] =>
    findAll<LitElement>(element, '*').filter((part) => 'updateComplete' in part);
  for (let count = -1; count !== below().length;) {
    count = below().length;
    await Promise.all(below().map((part) => part.updateComplete));
    await new Promise((resolve) => requestAnimationFrame(resolve));
    await eventually(
      () => findAll(element, 'lazy-part').every((part) => part.shadowRoot?.querySelector('p[role]') === null),
      'code',
    );
  }
}

/** What build.mjs writes beside index.html; `undefined` stands for a server that has not got it. */
let licences: readonly object[] | undefined = [{ name: 'lit', version: '3.3.3', licence: 'BSD-3-Clause' }];

export function setLicences(next: readonly object[] | undefined): void {
  licences = next;
}

const realFetch = window.fetch.bind(window);
window.fetch = async (input, init) => {
  const address = input instanceof Request ? input.url : input.toString();
  if (!address.endsWith('licences.json')) return realFetch(input, init);
  return licences === undefined ? new Response('', { status: 404 }) : Response.json(licences);
};

/** The whole app at an address within the page; a result's picture is looked at as `view` says. */
export async function openScreen(app: FakeApp, hash: string, view?: Partial<ViewState>): Promise<ChesterAppElement> {
  await loadTokens();
  fixtureCleanup();
  history.replaceState(null, '', hash);
  const wrapper = document.createElement('div');
  document.body.append(wrapper);
  const element = document.createElement('chester-app');
  element.app = app;
  wrapper.append(element);
  mounted.push(wrapper);
  await settled(element);
  if (view !== undefined) {
    lookAs(element, view);
    await settled(element);
  }
  return element;
}

const mounted: Element[] = [];

afterEach(() => {
  for (const element of mounted.splice(0)) element.remove();
  history.replaceState(null, '', '#/');
  localStorage.removeItem('chester:theme');
  delete document.documentElement.dataset['theme'];
});

export function click(element: HTMLElement): void {
  element.click();
}
