/** Known answers that training wrote down beside its weights. */

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SourceNetwork } from './golden.ts';

/**
 * `golden.json` of a folder that `python3 -m chester_training … export` wrote.
 *
 * @param note what the numbers are, where they are not simply the outputs
 */
export async function knownLogits(folder: string, note = ''): Promise<SourceNetwork> {
  const { origin, answers } = JSON.parse(await readFile(join(folder, 'golden.json'), 'utf8')) as {
    readonly origin: string;
    readonly answers: readonly { readonly image: string; readonly logits: readonly number[] }[];
  };
  return {
    origin: `${origin}${note}`,
    answer: (name) => {
      const known = answers.find(({ image }) => image === name);
      if (known === undefined) throw new Error(`golden.json has no answer for ${name}: export the network again.`);
      return known.logits;
    },
  };
}
