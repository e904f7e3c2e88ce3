import { expect, html } from '@open-wc/testing';
import type { ConfirmDialog } from '../../src/ui/confirm-dialog.ts';
import type { InstallCard } from '../../src/ui/install-card.ts';
import type { LazyPart } from '../../src/ui/lazy-part.ts';
import { parseRoute, resultHash } from '../../src/ui/router.ts';
import { button, click, eventually, expectAccessible, mount, words } from './support.ts';

describe('<confirm-dialog>', () => {
  const question = {
    title: 'Lose it?',
    text: 'It is not kept.',
    answers: [
      { value: 'stay', label: 'Stay', look: 'primary' },
      { value: 'lose', label: 'Lose it', look: 'danger' },
    ],
  } as const;

  it('answers with what was pressed, and focuses the harmless answer first', async () => {
    const element = await mount<ConfirmDialog>(html`<confirm-dialog></confirm-dialog>`);
    const answer = element.ask(question);
    await eventually(() => element.shadowRoot?.querySelector('dialog')?.open === true, 'the dialog');
    expect(element.shadowRoot?.activeElement?.textContent.trim()).to.equal('Stay');
    await expectAccessible(element);
    click(button(element, 'Lose it'));
    expect(await answer).to.equal('lose');
  });

  it('asks a second question right after the first', async () => {
    const element = await mount<ConfirmDialog>(html`<confirm-dialog></confirm-dialog>`);
    const first = element.ask(question);
    await eventually(() => element.shadowRoot?.querySelector('dialog')?.open === true, 'the dialog');
    click(button(element, 'Stay'));
    await first;
    const second = element.ask(question);
    // Long enough for the first one's late "close" event.
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(element.shadowRoot?.querySelector('dialog')?.open).to.equal(true);
    click(button(element, 'Lose it'));
    expect(await second).to.equal('lose');
  });

  it('takes Escape for no answer', async () => {
    const element = await mount<ConfirmDialog>(html`<confirm-dialog></confirm-dialog>`);
    const answer = element.ask(question);
    await eventually(() => element.shadowRoot?.querySelector('dialog')?.open === true, 'the dialog');
    element.shadowRoot?.querySelector('dialog')?.close();
    expect(await answer).to.equal(undefined);
  });
});

describe('<install-card>', () => {
  it('is absent where there is nothing to do', async () => {
    for (const kind of ['unavailable', 'installed'] as const) {
      const element = await mount<InstallCard>(html`<install-card .status=${{ kind }}></install-card>`);
      expect(words(element).trim()).to.equal('');
    }
  });

  it('installs where the browser offers it', async () => {
    const element = await mount<InstallCard>(html`<install-card .status=${{ kind: 'offered' }}></install-card>`);
    let asked = 0;
    element.addEventListener('install', () => (asked += 1));
    click(button(element, 'Install'));
    expect(asked).to.equal(1);
    await expectAccessible(element);
  });

  it('tells the steps on iOS in words and pictures', async () => {
    const element = await mount<InstallCard>(html`<install-card .status=${{ kind: 'by-hand-ios' }}></install-card>`);
    expect(element.shadowRoot?.querySelectorAll('li svg').length).to.equal(3);
    expect(words(element)).to.contain('Add to Home Screen');
    await expectAccessible(element);
  });
});

describe('<lazy-part>', () => {
  it('offers to try again when the code could not be brought', async () => {
    let tries = 0;
    const load = async (): Promise<void> => {
      tries += 1;
      if (tries === 1) throw new Error('404');
      return Promise.resolve();
    };
    const content = () => html`<p>here</p>`;
    const element = await mount<LazyPart>(html`<lazy-part .load=${load} .content=${content}></lazy-part>`);
    await eventually(() => words(element).includes('could not be loaded'), 'the failure');
    await expectAccessible(element);
    click(button(element, 'Try again'));
    await eventually(() => words(element).includes('here'), 'the content');
  });
});

describe('router', () => {
  it('reads every address, and takes what it does not know for home', () => {
    expect(parseRoute('#/result/a%2Fb')).to.deep.equal({ screen: 'result', id: 'a/b' });
    expect(parseRoute(resultHash('ü/1'))).to.deep.equal({ screen: 'result', id: 'ü/1' });
    expect(parseRoute('#/result/')).to.deep.equal({ screen: 'home' });
    expect(parseRoute('#/result/%E0%A4%A')).to.deep.equal({ screen: 'result', id: '%E0%A4%A' });
    expect(parseRoute('#/models')).to.deep.equal({ screen: 'models' });
    expect(parseRoute('#/help')).to.deep.equal({ screen: 'help' });
    expect(parseRoute('#main')).to.deep.equal({ screen: 'home' });
    expect(parseRoute('')).to.deep.equal({ screen: 'home' });
  });
});
