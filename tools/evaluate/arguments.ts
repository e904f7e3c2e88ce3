import { parseArgs } from 'node:util';
import type { BootstrapOptions } from './statistics/bootstrap.ts';

export const usage = `Usage: npm run evaluate -- [FOLDER] [--labels CSV] [--pack PACK]… [--out DIR]
       npm run evaluate -- [FOLDER] --folds [--pack DIR]
       npm run evaluate -- --calibrate DIR [--photographs DIR]
       npm run evaluate -- --card --pack DIR [--out DIR]

Measures what ships: runs a pack over a folder of X-rays with labels, as the app would, and writes report.json, report.md with
drawings, and scores.csv. A run that was cut short goes on where it stopped. Nothing leaves this computer. docs/evaluate.md tells
it step by step.

  FOLDER           the pictures; without it the data folder's nih/
  --labels CSV     their table (without it labels.csv or NIH's Data_Entry_2017.csv in FOLDER): file, patient, findings and,
                   where known, view, age, sex, source, inputKind, boxes, kind. Without any table sub-folders are kinds, and
                   only the gate is measured
  --pack PACK      an id in models/, a folder or a .chesterpack file; several are compared. Without it the app's own one
  --folds          cross-validation: the packs in training/folds/ (or --pack DIR), each on the fold that it is named after
  --out DIR        where results are written and a run is taken up again (default: evaluation)
  --fold K         only pictures whose column "fold" says so: those that a network was not trained with
  --limit N        only N pictures, spread over the table: to try
  --name TEXT      what the pictures are called in the report
  --bootstraps N   resamples of the patients (default 1000); --seed N for others (default 1)

  --calibrate DIR  from DIR/scores.csv: thresholds, calibration, AUCs and grades of each finding in DIR/calibration.json, in the
                   form that a pack takes
  --photographs DIR
                   with --calibrate: another evaluation by the same networks, of photographs (inputKind film or monitor), for
                   thresholds and calibration of these kinds
  --card           writes MODEL_CARD.md of the pack from its manifest and DIR/report.json, and lists it anew in the catalogue
`;

export type EvaluateOptions =
  | { readonly command: 'help' }
  | {
      readonly command: 'calibrate';
      readonly folder: string;
      readonly bootstrap: BootstrapOptions;
      readonly photographs?: string;
    }
  | { readonly command: 'card'; readonly pack: string; readonly out: string }
  | MeasureOptions;

export interface MeasureOptions {
  readonly command: 'measure';
  readonly folder?: string;
  readonly labels?: string;
  readonly packs: readonly string[];
  readonly folds: boolean;
  readonly out: string;
  readonly fold?: string;
  readonly limit?: number;
  readonly name?: string;
  readonly bootstrap: BootstrapOptions;
}

/** Wrong words on the command line. */
export class UsageError extends Error {}

const defaultOut = 'evaluation';
const defaultBootstraps = 1000;
const fewestBootstraps = 100;

/**
 * @param argv the words after the program's name
 * @throws UsageError
 */
export function parseArguments(argv: readonly string[]): EvaluateOptions {
  const { values, positionals } = parse(argv);
  if (values.help) return { command: 'help' };
  const bootstrap = {
    replicates: wholeNumber('--bootstraps', values.bootstraps, fewestBootstraps) ?? defaultBootstraps,
    seed: wholeNumber('--seed', values.seed, 0) ?? 1,
  };
  const out = values.out ?? defaultOut;
  const packs = values.pack ?? [];
  if (values.calibrate !== undefined) {
    if (positionals.length > 0 || values.card || values.folds) throw new UsageError('--calibrate stands alone');
    const { photographs } = values;
    return {
      command: 'calibrate',
      folder: values.calibrate,
      bootstrap,
      ...(photographs === undefined ? {} : { photographs }),
    };
  }
  if (values.photographs !== undefined) throw new UsageError('--photographs needs --calibrate');
  if (values.card) {
    const [pack] = packs;
    if (pack === undefined || packs.length > 1) throw new UsageError('--card needs the folder of one pack: --pack DIR');
    return { command: 'card', pack, out };
  }
  if (positionals.length > 1) throw new UsageError('one folder at a time');
  if (values.folds && packs.length > 1) throw new UsageError('--folds takes one folder of packs');
  if (values.folds && values.fold !== undefined) throw new UsageError('--folds takes every fold');
  const [folder] = positionals;
  const limit = wholeNumber('--limit', values.limit, 1);
  return {
    command: 'measure',
    packs,
    folds: values.folds,
    out,
    bootstrap,
    ...(folder === undefined ? {} : { folder }),
    ...(values.labels === undefined ? {} : { labels: values.labels }),
    ...(values.fold === undefined ? {} : { fold: values.fold }),
    ...(limit === undefined ? {} : { limit }),
    ...(values.name === undefined ? {} : { name: values.name }),
  };
}

function wholeNumber(option: string, text: string | undefined, least: number): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (!Number.isInteger(value) || value < least)
    throw new UsageError(`${option} needs a whole number from ${least}, not ${text}`);
  return value;
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        labels: { type: 'string' },
        pack: { type: 'string', multiple: true },
        folds: { type: 'boolean', default: false },
        out: { type: 'string' },
        fold: { type: 'string' },
        limit: { type: 'string' },
        name: { type: 'string' },
        bootstraps: { type: 'string' },
        seed: { type: 'string' },
        calibrate: { type: 'string' },
        photographs: { type: 'string' },
        card: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
  } catch (thrown) {
    throw new UsageError(thrown instanceof Error ? thrown.message : String(thrown));
  }
}
