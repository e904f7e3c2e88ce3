import type { InputKind } from '../../../src/shared/analysis.ts';

/** One labelled picture with its network's answer. */
export interface SampleRow {
  readonly file: string;
  readonly patient: string;
  readonly fold?: string;
  readonly inputKind: InputKind;
  /** What results are told apart by: attribute → level. */
  readonly groups: Readonly<Record<string, string>>;
}

/** Labels and answers for one finding; arrays have one entry a row of the sample. */
export interface FindingColumn {
  readonly id: string;
  readonly labels: Uint8Array;
  readonly logits: Float64Array;
}

export interface Sample {
  readonly rows: readonly SampleRow[];
  /** Index of each row's patient, 0..n−1. */
  readonly patients: Int32Array;
  readonly columns: readonly FindingColumn[];
}

/** @param columns one label and one logit a row, for each finding */
export function createSample(rows: readonly SampleRow[], columns: readonly FindingColumn[]): Sample {
  const indices = new Map<string, number>();
  const patients = Int32Array.from(rows, ({ patient }) => {
    const index = indices.get(patient) ?? indices.size;
    indices.set(patient, index);
    return index;
  });
  return { rows, patients, columns };
}

/** The rows that `keeps` names. */
export function filterSample({ rows, columns }: Sample, keeps: (row: SampleRow) => boolean): Sample {
  const kept = rows.flatMap((row, index) => (keeps(row) ? [index] : []));
  return createSample(
    kept.map((index) => rows[index]!),
    columns.map(({ id, labels, logits }) => ({
      id,
      labels: Uint8Array.from(kept, (index) => labels[index]!),
      logits: Float64Array.from(kept, (index) => logits[index]!),
    })),
  );
}

export function patientCount({ patients }: Pick<Sample, 'patients'>): number {
  return patients.reduce((most, patient) => Math.max(most, patient + 1), 0);
}
