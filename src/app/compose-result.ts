import type { Analysis, Gate } from '../shared/analysis.ts';
import { appVersion } from '../shared/build.ts';
import { composeAnalysis } from '../shared/compose-analysis.ts';
import type { ReadImage } from './analyze-image.ts';
import type { Result } from './app-model.ts';

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

/** The `Analysis` as it is saved; with `maps` only when asked for. */
export function composeAnnotated(read: ReadImage, notes: Annotations, options: { readonly maps: boolean }): Analysis {
  const gate =
    notes.overridden === undefined ? read.reading.gate : { ...read.reading.gate, overridden: notes.overridden };
  return composeAnalysis(
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
}

export function composeResult(read: ReadImage, notes: Annotations): Result {
  return {
    analysis: composeAnnotated(read, notes, { maps: false }),
    display: read.display,
    maps: read.reading.maps,
    pack: read.pack,
    engine: read.engine,
    ...(notes.synthetic === undefined ? {} : { synthetic: notes.synthetic }),
    kept: notes.kept,
  };
}
