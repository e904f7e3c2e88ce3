import type { Analysis, Gate, Reading } from '../shared/analysis.ts';
import { ratioOf, type RatioLines } from '../shared/anatomy.ts';
import { appVersion } from '../shared/build.ts';
import { composeAnalysis } from '../shared/compose-analysis.ts';
import type { ReadImage } from './analyze-image.ts';
import type { Result } from './app-model.ts';
import type { ExportOptions } from './export-json.ts';

/** What a person added to a reading. */
export interface Annotations {
  readonly id: string;
  /** The file's name, cleaned. */
  readonly name: string;
  readonly label: string;
  readonly overridden?: NonNullable<Gate['overridden']>;
  /** Where the lines of the cardiothoracic ratio were moved to, and when (ISO 8601). */
  readonly ratio?: { readonly lines: RatioLines; readonly at: string } | undefined;
  readonly synthetic?: { readonly drawnFindings: readonly string[] };
  readonly kept: boolean;
}

/** The `Analysis` as it is saved; with `maps` and `patient` only when asked for. */
export function composeAnnotated(read: ReadImage, notes: Annotations, options: ExportOptions): Analysis {
  const gate =
    notes.overridden === undefined ? read.reading.gate : { ...read.reading.gate, overridden: notes.overridden };
  const analysis = composeAnalysis(
    { ...read.reading, ...editedAnatomy(read.reading, notes.ratio), gate },
    {
      id: notes.id,
      createdAt: read.createdAt,
      label: notes.label,
      image: { name: notes.name, ...read.image },
      appVersion,
    },
    options,
  );
  return options.patient === true && read.patient !== undefined ? { ...analysis, patient: read.patient } : analysis;
}

/** The network's ratio stays beside the person's; there is none to edit where none was measured. */
function editedAnatomy({ anatomy }: Reading, edit: Annotations['ratio']): Pick<Reading, 'anatomy'> {
  if (anatomy?.ratio === undefined || edit === undefined) return {};
  const { value: measured, interval } = anatomy.ratio;
  const { lines, at } = edit;
  return { anatomy: { ...anatomy, ratio: { ...lines, value: ratioOf(lines), interval, edited: { measured, at } } } };
}

export function composeResult(read: ReadImage, notes: Annotations): Result {
  return {
    analysis: composeAnnotated(read, notes, { maps: false }),
    display: read.display,
    maps: read.reading.maps,
    ...(read.reading.textBoxes === undefined ? {} : { textBoxes: read.reading.textBoxes }),
    ...(read.patient === undefined ? {} : { patient: read.patient }),
    pack: read.pack,
    engine: read.engine,
    ...(notes.synthetic === undefined ? {} : { synthetic: notes.synthetic }),
    kept: notes.kept,
  };
}
