import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseRecord } from '../read/csv.ts';

/** Pictures of one kind in the data folder, and what is asked of the gate there. */
export interface GateSet {
  readonly name: string;
  readonly files: readonly string[];
  /** At most this share may be refused, 0..1. */
  readonly mostRefused?: number;
  /** At least this share must be refused or warned of, 0..1. */
  readonly leastQuestioned?: number;
}

/** What is asked of the first gate; where nothing is asked it is measured all the same. */
const targets: Readonly<Record<string, Pick<GateSet, 'mostRefused' | 'leastQuestioned'>>> = {
  'NIH fold 0': { mostRefused: 0.01 },
  JSRT: { mostRefused: 0.05 },
  Montgomery: { mostRefused: 0.05 },
  Shenzhen: { mostRefused: 0.05 },
  'photographs of films': { mostRefused: 0.1 },
  'synthetic examples': { mostRefused: 0 },
  'document or screenshot': { leastQuestioned: 0.95 },
  'ECG print': { leastQuestioned: 0.95 },
  'CT slice': { leastQuestioned: 0.95 },
  'chest CT slice': { leastQuestioned: 0.95 },
  photograph: { leastQuestioned: 0.95 },
};

/** Sets with many pictures of the same kind are thinned: every n-th is taken. */
const thinning: Readonly<Record<string, number>> = { 'paediatric (Kermany)': 6, 'paediatric (v7labs)': 3 };

/**
 * All sets of the data folder, in the order of their folders and lists, X-rays that must not be refused first.
 *
 * @param examples paths of the repository's own synthetic X-rays
 */
export async function gateSets(data: string, examples: readonly string[]): Promise<readonly GateSet[]> {
  const sets = new Map<string, string[]>([['synthetic examples', [...examples]]]);
  const add = (name: string, file: string): void => {
    sets.set(name, [...(sets.get(name) ?? []), join(data, file)]);
  };
  for (const { file, fold } of await readLabels(data, 'nih')) if (fold === '0') add('NIH fold 0', file);
  for (const { file, source } of await readLabels(data, 'lungs')) {
    add(source === 'v7labs-paediatric' ? 'paediatric (v7labs)' : source, file);
  }
  for (const { file } of await readLabels(data, 'film_photos')) add('photographs of films', file);
  for (const { file } of await readLabels(data, 'frontal_other')) add('frontal, teaching collections', file);
  for (const { file } of await readLabels(data, 'paediatric')) add('paediatric (Kermany)', file);
  for (const { file, kind, source } of await readLabels(data, 'other')) {
    add(source.startsWith('MedNIST') ? `${kind}, 64 px` : kind, file);
  }
  return [...sets].map(([name, files]) => {
    const every = thinning[name] ?? 1;
    return { name, files: files.filter((_, index) => index % every === 0), ...targets[name] };
  });
}

type Labels = Readonly<Record<'file' | 'fold' | 'source' | 'kind', string>>;

async function readLabels(data: string, folder: string): Promise<readonly Labels[]> {
  const text = await readFile(join(data, folder, 'labels.csv'), 'utf8');
  const [header = [], ...rows] = text
    .split(/\r?\n/u)
    .filter((line) => line !== '')
    .map((line) => parseRecord(line) ?? []);
  return rows.map((cells) => {
    const cell = (name: string): string => cells[header.indexOf(name)] ?? '';
    return { file: cell('file'), fold: cell('fold'), source: cell('source'), kind: cell('kind') };
  });
}
