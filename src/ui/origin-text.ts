/** Whose weights a model has, in words: on its card, and with every result of one that nobody could verify. */

import { msg } from '@lit/localize';
import type { ModelOrigin } from '../app/model-library.ts';
import type { PackManifest } from '../shared/pack.ts';

export interface OriginText {
  readonly label: string;
  /** What that means for whoever relies on it. */
  readonly meaning: string;
}

/** Packs that came in a file which neither the app nor the site knows. */
const unknownPrefix = 'local/';

export function originText(origin: ModelOrigin): OriginText {
  switch (origin) {
    case 'embedded':
      return {
        label: msg('Comes with this app'),
        meaning: msg('Its files are the ones that this app was published with.'),
      };
    case 'published':
      return {
        label: msg('Published model, verified'),
        meaning: msg('It was made of exactly the files that its authors published.'),
      };
    case 'unverified':
      return {
        label: msg('Not the published model: origin not verified'),
        meaning: msg(
          'This site offers it, but nobody could check whose weights these are, nor how good they are. Ask whoever runs this site before you rely on it. Each of its results says so.',
        ),
      };
    case 'unknown':
      return {
        label: msg('Model of unknown origin'),
        meaning: msg(
          'It came in a file that neither this app nor this site knows. Whoever made that file could give it any name and any figures. Use it only if you trust the person it came from. Each of its results says so.',
        ),
      };
  }
}

/** Of a pack that nobody could verify, what must stand with whatever it says; `undefined` for any other. */
export function doubtfulOrigin({ id, origin }: Pick<PackManifest, 'id' | 'origin'>): OriginText | undefined {
  if (isOfUnknownOrigin(id)) return originText('unknown');
  return origin?.status === 'unverified' ? originText('unverified') : undefined;
}

/** Takes an id, or `id@version`. */
export function isOfUnknownOrigin(pack: string): boolean {
  return pack.startsWith(unknownPrefix);
}
