import { expect } from '@open-wc/testing';
import { errorCodes } from '../../src/shared/app-error.ts';
import { reasonCodes } from '../../src/shared/analysis.ts';
import { findingIds } from '../../src/shared/finding-ids.ts';
import { errorText } from '../../src/ui/error-text.ts';
import { findingText } from '../../src/ui/finding-text.ts';
import { localeFromAddress, setLocale } from '../../src/ui/localization.ts';
import { reasonText } from '../../src/ui/reason-text.ts';
import { allScreens } from './screens.ts';
import { button, click, eventually, find, findAll, openScreen, words } from './support.ts';

/** Three plain letters in a row: the pseudo-locale has accents on every letter. */
const plainWord = /[A-Za-z]{3,}/;
const spokenAttributes = ['aria-label', 'title', 'alt', 'placeholder'];
/** Months and the like come from the browser, not from us. */
const fromTheBrowser = /\b(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\b/g;

/** Plain English below `node`; what is marked `translate="no"` is data. */
function plainEnglish(node: Node): string[] {
  if (node instanceof Text) {
    const text = node.data.replace(fromTheBrowser, '').trim();
    return plainWord.test(text) ? [text] : [];
  }
  if (node instanceof HTMLStyleElement) return [];
  if (node instanceof Element && node.getAttribute('translate') === 'no') return [];
  const attributes =
    node instanceof Element
      ? spokenAttributes.map((name) => node.getAttribute(name) ?? '').filter((text) => plainWord.test(text))
      : [];
  const children = node instanceof Element && node.shadowRoot !== null ? [node.shadowRoot] : node.childNodes;
  return [...attributes, ...[...children].flatMap((child) => plainEnglish(child))];
}

describe('the pseudo-locale', () => {
  before(async () => setLocale('en-x-pseudo'));
  after(async () => setLocale('en'));

  it('is chosen by the address, and English where the address asks for what there is not', () => {
    expect(localeFromAddress('?lang=en-x-pseudo')).to.equal('en-x-pseudo');
    expect(localeFromAddress('?lang=xx')).to.equal('en');
    expect(localeFromAddress('')).to.equal('en');
  });

  for (const screen of allScreens()) {
    it(`leaves no plain English on ${screen.name}`, async () => {
      const address = location.href;
      // The element reads the language from the address.
      history.replaceState(null, '', `?lang=en-x-pseudo`);
      const element = await openScreen(screen.app, `?lang=en-x-pseudo${screen.hash}`, screen.view);
      await eventually(() => words(element).includes('⟦'), 'the pseudo-locale');
      const found = plainEnglish(element);
      history.replaceState(null, '', address);
      expect(found).to.deep.equal([]);
    });
  }

  it('leaves none in what opens on demand', async () => {
    const screens = allScreens();
    const example = screens.find(({ name }) => name === 'result-example');
    const help = screens.find(({ name }) => name === 'help');
    if (example === undefined || help === undefined) throw new Error('screens are missing');
    const result = await openScreen(example.app, `?lang=en-x-pseudo${example.hash}`);
    for (const finding of findAll(result, 'button[data-finding]')) {
      click(finding);
      await eventually(() => finding.getAttribute('aria-pressed') !== null, 'the finding');
      expect(plainEnglish(result)).to.deep.equal([]);
    }
    window.dispatchEvent(new Event('beforeprint'));
    expect(plainEnglish(find(result, '.print-sheet'))).to.deep.equal([]);
    const helpScreen = await openScreen(help.app, `?lang=en-x-pseudo${help.hash}`);
    for (const step of findAll(helpScreen, 'help-screen nav button, nav ol button')) {
      click(step);
      await eventually(() => step.getAttribute('aria-current') === 'step', 'the help screen');
      expect(plainEnglish(helpScreen)).to.deep.equal([]);
    }
    expect(() => button(helpScreen, 'Previous')).to.throw();
  });

  it('has every error, reason and finding', () => {
    const texts: readonly string[] = [
      ...errorCodes.map(errorText).flatMap(({ sentence, nextStep }) => [sentence, nextStep]),
      ...reasonCodes.map(reasonText).flatMap(({ sentence, nextStep }) => [sentence, nextStep]),
      ...findingIds.map(findingText).flatMap(({ name, meaning }) => [name, meaning]),
    ];
    expect(texts.filter((text) => plainWord.test(text))).to.deep.equal([]);
  });
});
