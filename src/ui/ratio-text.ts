/** The cardiothoracic ratio in words. */

import { msg, str } from '@lit/localize';
import type { CardiothoracicRatio } from '../shared/anatomy.ts';
import { formatNumber } from './format.ts';
import type { LineEnd } from './ratio-lines.ts';

/** The finding beside which the ratio is told. */
export const heartFinding = 'Cardiomegaly';

const digits = 2;

/** One line: the value, and what it may as well be, or that a person measured it. */
export function ratioText({ value, interval, edited }: CardiothoracicRatio): string {
  const shown = formatNumber(value, digits);
  if (edited !== undefined) {
    return msg(str`heart to thorax ${shown}, edited by hand (measured ${formatNumber(edited.measured, digits)})`);
  }
  const [low, high] = interval.map((end) => formatNumber(end, digits));
  return msg(str`heart to thorax ${shown} (${low} to ${high})`);
}

/** What the figure means, and for whom. */
export function ratioMeaning(): string {
  return msg(
    'The width of the heart over the widest inner width of the chest. In adults who stand and breathe in deeply it is usually below 0.50; lying down, in small children or with little breath it is larger.',
  );
}

export function lineEndName(end: LineEnd): string {
  switch (end) {
    case 'heart-left':
      return msg('Heart, left end');
    case 'heart-right':
      return msg('Heart, right end');
    case 'thorax-left':
      return msg('Thorax, left end');
    case 'thorax-right':
      return msg('Thorax, right end');
  }
}
