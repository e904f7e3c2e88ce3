import { parseArgs } from 'node:util';
import { isConvex } from '../../src/imaging/photo/film-pose.ts';
import type { Corners, PhotoChoice, PictureLook } from '../../src/shared/analysis.ts';
import { AppError } from '../../src/shared/app-error.ts';
import { parseShard, type Shard } from './shard.ts';

export const usage = `Usage: chester-read FILE|FOLDER… [--json | --csv] [--pack PACK] [--maps DIR] [--features]
                    [--logits] [--frame N] [--window N] [--invert] [--shard i/n] [--resume OUT]
       chester-read --photo FILE… [--film | --monitor] [--corners x1,y1,…,x4,y4] [--rectified DIR] [the options above]
       chester-read --stored-values --json FILE|FOLDER…

Reads chest X-rays and writes one line a file. Not for medical use.

  --json         JSON Lines (the default): {"file", "analysis"} or {"file", "error": {"code", "message"}}
  --csv          a table: file, verdict, reasons, score and band of each finding, pack, versions, error
  --pack PACK    another findings pack: its id in models/, a folder, or a .chesterpack file
  --second-opinion PACK
                 also ask this autoencoder whether the picture is a chest X-ray
  --maps DIR     also write each file's maps to DIR, as JSON under the file's own path
  --features     with --json: also each file's pooled features, as "features"
  --logits       with --json: also the network's raw outputs, as "logits" of the analysis, in the pack's order
  --frame N      read the N-th picture of each DICOM file (1 = the first)
  --window N     read DICOM files in the N-th of the windows and tables that their headers offer (1 = the first, in
                 which the app always reads; "voiOffered" of an analysis lists them)
  --invert       swap black and white before anything else sees the picture, as "Analyse inverted" of the app
  --photo        the files are photographs of films or monitors: the corners are found, the picture is rectified
                 and checked (DICOM files among them are read as they are)
  --film, --monitor
                 with --photo: what was photographed; guessed where neither is given
  --corners x1,y1,…,x4,y4
                 with --photo: the corners in pixels of the photograph (upright, its long side at most 2,048),
                 clockwise from the film's top left, for all files
  --rectified DIR
                 with --photo: also write the rectified pictures to DIR, as PNG under each file's own path
  --stored-values
                 read nothing: print minimum, maximum, mean and SHA-256 of the first frame's stored values of each
                 DICOM file (little-endian int32, row order, before rescale and window)
  --shard i/n    read only part i of n of the sorted list (1 ≤ i ≤ n)
  --resume OUT   append to OUT instead of standard output, and skip every file that has a line there
  --help         this text

Exit code: 0 when every file has its line, 1 when cut short, 2 for wrong usage. Progress goes to standard error.
More in docs/archives.md.
`;

/** How photographs are read. */
export interface PhotoOptions {
  /** Guessed where it is absent. */
  readonly inputKind?: PhotoChoice['inputKind'];
  /** Found where they are absent. */
  readonly corners?: Corners;
  readonly rectifiedFolder?: string;
}

export type OutputFormat = 'json' | 'csv';

export interface ReadOptions {
  readonly paths: readonly string[];
  readonly format: OutputFormat;
  readonly mapsFolder?: string;
  readonly features: boolean;
  readonly logits: boolean;
  readonly storedValues: boolean;
  readonly pack?: string;
  readonly secondOpinion?: string;
  /** Which picture of each file, and how. */
  readonly look: PictureLook;
  /** Present where the files are photographs. */
  readonly photo?: PhotoOptions;
  readonly shard: Shard;
  readonly resume?: string;
}

const namesWithValue = [
  'maps',
  'resume',
  'shard',
  'pack',
  'second-opinion',
  'corners',
  'rectified',
  'frame',
  'window',
] as const;

/** It reads the first frame as it is stored, with no network. */
const excludedByStoredValues = [
  'features',
  'logits',
  'maps',
  'pack',
  'second-opinion',
  'photo',
  'frame',
  'window',
  'invert',
  'resume',
] as const;

/**
 * @param argv the words after the program's name
 * @returns `help` where it was asked for
 * @throws AppError `wrong-usage` with `reason` in its details
 */
export function parseArguments(argv: readonly string[]): ReadOptions | 'help' {
  const { values, positionals } = parse(argv);
  if (values.help) return 'help';
  if (positionals.length === 0) throw wrongUsage('no file or folder is named');
  if (values.json && values.csv) throw wrongUsage('--json and --csv exclude each other');
  if (values.features && values.csv) throw wrongUsage('--features needs --json: a table has no room for them');
  if (values.logits && values.csv) throw wrongUsage('--logits needs --json: a table has no room for them');
  if (values['stored-values']) {
    if (values.csv) throw wrongUsage('--stored-values needs --json');
    const other = excludedByStoredValues.find((name) => values[name] !== undefined && values[name] !== false);
    if (other !== undefined) throw wrongUsage(`--stored-values and --${other} exclude each other`);
  }
  for (const name of namesWithValue) {
    if (values[name] === '') throw wrongUsage(`--${name} needs a value`);
  }
  if (values.film && values.monitor) throw wrongUsage('--film and --monitor exclude each other');
  for (const name of ['film', 'monitor', 'corners', 'rectified'] as const) {
    const isGiven = values[name] !== undefined && values[name] !== false;
    if (isGiven && !values.photo) throw wrongUsage(`--${name} needs --photo`);
  }
  return {
    paths: positionals,
    format: values.csv ? 'csv' : 'json',
    features: values.features,
    logits: values.logits,
    storedValues: values['stored-values'],
    look: pictureLook(values),
    shard: values.shard === undefined ? { index: 1, count: 1 } : parseShard(values.shard),
    ...(values.maps === undefined ? {} : { mapsFolder: values.maps }),
    ...(values.pack === undefined ? {} : { pack: values.pack }),
    ...(values['second-opinion'] === undefined ? {} : { secondOpinion: values['second-opinion'] }),
    ...(values.photo ? { photo: photoOptions(values) } : {}),
    ...(values.resume === undefined ? {} : { resume: values.resume }),
  };
}

function pictureLook({
  frame,
  window,
  invert,
}: {
  readonly frame?: string | undefined;
  readonly window?: string | undefined;
  readonly invert: boolean;
}): PictureLook {
  return {
    ...(frame === undefined ? {} : { frame: parseOrdinal('frame', frame) }),
    ...(window === undefined ? {} : { voi: parseOrdinal('window', window) - 1 }),
    ...(invert ? { inverted: true } : {}),
  };
}

/** @throws AppError `wrong-usage` where this is no whole number from 1 on */
function parseOrdinal(name: string, text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw wrongUsage(`--${name} needs a whole number from 1 on, not ${text}`);
  return Number(text);
}

function photoOptions({
  film,
  monitor,
  corners,
  rectified,
}: {
  readonly film: boolean;
  readonly monitor: boolean;
  readonly corners?: string | undefined;
  readonly rectified?: string | undefined;
}): PhotoOptions {
  return {
    ...(film ? { inputKind: 'film' } : monitor ? { inputKind: 'monitor' } : {}),
    ...(corners === undefined ? {} : { corners: parseCorners(corners) }),
    ...(rectified === undefined ? {} : { rectifiedFolder: rectified }),
  };
}

/** @throws AppError `wrong-usage` where these are not eight numbers, or not four corners clockwise */
function parseCorners(text: string): Corners {
  const numbers = text.split(',').map((part) => (part.trim() === '' ? NaN : Number(part)));
  const cornerCount = 4;
  if (numbers.length !== 2 * cornerCount || numbers.some((value) => !Number.isFinite(value))) {
    throw wrongUsage('--corners needs eight numbers: x1,y1,x2,y2,x3,y3,x4,y4');
  }
  const corners = [0, 1, 2, 3].map((index) => ({ x: numbers[2 * index]!, y: numbers[2 * index + 1]! }));
  const found = corners as unknown as Corners;
  if (!isConvex(found)) {
    throw wrongUsage('--corners must go clockwise around the film, from its top left: no three on a line, no crossing');
  }
  return found;
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        json: { type: 'boolean', default: false },
        csv: { type: 'boolean', default: false },
        maps: { type: 'string' },
        features: { type: 'boolean', default: false },
        logits: { type: 'boolean', default: false },
        'stored-values': { type: 'boolean', default: false },
        pack: { type: 'string' },
        'second-opinion': { type: 'string' },
        photo: { type: 'boolean', default: false },
        film: { type: 'boolean', default: false },
        monitor: { type: 'boolean', default: false },
        corners: { type: 'string' },
        rectified: { type: 'string' },
        frame: { type: 'string' },
        window: { type: 'string' },
        invert: { type: 'boolean', default: false },
        shard: { type: 'string' },
        resume: { type: 'string' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
  } catch (thrown) {
    throw wrongUsage(thrown instanceof Error ? thrown.message : String(thrown));
  }
}

function wrongUsage(reason: string): AppError {
  return new AppError('wrong-usage', { reason });
}
