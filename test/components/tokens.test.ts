import { expect, html } from '@open-wc/testing';
import { mount, themes } from './support.ts';

/** WCAG 2.2, relative luminance. */
function luminance(colour: string): number {
  const channels = (/\d+/g[Symbol.match](colour) ?? []).slice(0, 3).map((value) => {
    const share = Number(value) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  const [red = 0, green = 0, blue = 0] = channels;
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: string, other: string): number {
  const [low = 0, high = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}

const textContrast = 4.5;
const edgeContrast = 3;
const pairs: readonly (readonly [front: string, ground: string, least: number])[] = [
  ...['text', 'text-quiet', 'accent', 'danger', 'good', 'band-above', 'band-unsure', 'band-below'].flatMap((front) =>
    ['ground', 'surface'].map((ground) => [front, ground, textContrast] as const),
  ),
  ['text', 'surface-raised', textContrast],
  ['on-accent', 'accent', textContrast],
  ['accent', 'accent-soft', textContrast],
  ['text', 'accent-soft', textContrast],
  ['caution', 'caution-soft', textContrast],
  ['text', 'caution-soft', textContrast],
  ['text', 'danger-soft', textContrast],
  ['film-text', 'film', textContrast],
  ['film-quiet', 'film', textContrast],
  ['edge', 'ground', edgeContrast],
  ['edge', 'surface', edgeContrast],
  ['edge', 'surface-raised', edgeContrast],
];

describe('tokens', () => {
  for (const theme of themes) {
    it(`keeps the contrasts in the ${theme} theme`, async () => {
      const probe = await mount<HTMLElement>(html`<div></div>`);
      document.documentElement.dataset['theme'] = theme;
      const colour = (name: string): string => {
        probe.style.color = `var(--${name})`;
        return getComputedStyle(probe).color;
      };
      for (const [front, ground, least] of pairs) {
        expect(contrast(colour(front), colour(ground)), `${front} on ${ground}`).to.be.at.least(least);
      }
    });
  }

  it('has the same dark colours by choice and by system', async () => {
    const css = await (await fetch('/src/ui/styles/tokens.css')).text();
    const darkBlocks = [...css.matchAll(/color-scheme: dark;([^}]*)}/g)].map((match) => match[1]?.replace(/\s+/g, ' '));
    expect(darkBlocks.length).to.equal(2);
    expect(darkBlocks[0]).to.equal(darkBlocks[1]);
  });
});
