/** What an autoencoder says beside the gate, always with its name. */

import { msg, str } from '@lit/localize';
import type { Gate } from '../shared/analysis.ts';
import { formatNumber } from './format.ts';
import { isOfUnknownOrigin, originText } from './origin-text.ts';

const digits = 2;

/** `pack` is `id@version`. */
export function opinionName(pack: string): string {
  const id = pack.split('@')[0] ?? pack;
  if (isOfUnknownOrigin(id)) return `${id}: ${originText('unknown').label}`;
  return id === 'chester-ae' ? msg('Chester’s autoencoder') : id;
}

/** The measure and its limit: similarity of the picture and what the autoencoder made of it, 1 = the same. */
export function secondOpinionText(opinion: NonNullable<Gate['secondOpinion']>): string {
  const { pack, similarity, reconstructionError, refuseAtSimilarity } = opinion;
  const name = opinionName(pack);
  const [value, limit, error] = [similarity, refuseAtSimilarity, reconstructionError].map((number) =>
    formatNumber(number, digits),
  );
  return msg(
    str`Second opinion (${name}): similarity ${value}, accepted above ${limit}; reconstruction error ${error}.`,
  );
}
