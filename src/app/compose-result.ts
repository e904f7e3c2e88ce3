import type { Analysis, Gate } from '../shared/analysis.ts';
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
  readonly synthetic?: { readonly drawnFinding: string };
  readonly kept: boolean;
}

/** The `Analysis` as it is saved; with `maps` and `patient` only when asked for. */
export function composeAnnotated(read: ReadImage, notes: Annotations, options: ExportOptions): Analysis {
  const gate =
    notes.overridden === undefined ? read.reading.gate : { ...read.reading.gate, overridden: notes.overridden };
  const analysis = composeAnalysis(
    { ...read.reading, gate },
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
