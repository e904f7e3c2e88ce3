import type { Corners, InputKind } from '../../../src/shared/analysis.ts';

/** A radiologist's box, in pixels of a picture of `of` (or of the file itself, where that is absent). */
export interface LabelledBox {
  readonly finding: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly of?: { readonly width: number; readonly height: number };
}

/** One picture of a folder, and what its labels say. */
export interface LabelledImage {
  /** As the table names it: what results are listed by. */
  readonly file: string;
  /** Where it lies. */
  readonly path: string;
  /** Intervals are by patient; without one the file stands for itself. */
  readonly patient: string;
  /** Findings that it has; absent where nobody labelled it, and then only the gate is measured. */
  readonly findings?: ReadonlySet<string>;
  /** What it shows, for measuring the gate: `frontal`, `hand`, … */
  readonly kind?: string;
  /** Which network of a cross-validation has not seen this patient. */
  readonly fold?: string;
  /** Other columns that results are told apart by. */
  readonly groups: ImageGroups;
  /** Of a photograph, where somebody placed them; else the app finds them. */
  readonly corners?: Corners;
  /** The picture of drawn lungs, and whether the heart is drawn in it, too. */
  readonly mask?: { readonly path: string; readonly hasHeart: boolean };
  /** Years. */
  readonly age?: number;
  readonly boxes: readonly LabelledBox[];
}

export const groupColumns = ['sex', 'view', 'source', 'inputKind'] as const;

/** Attributes by column; how the picture reached us decides how it is read, too. */
export type ImageGroups = Readonly<
  Partial<Record<Exclude<(typeof groupColumns)[number], 'inputKind'>, string>> & { inputKind?: InputKind }
>;

/** All pictures of one table. */
export interface LabelTable {
  readonly images: readonly LabelledImage[];
  /** Findings that the table labels; one that is never named there is taken as not labelled, and is not measured. */
  readonly findings: readonly string[];
  /** Lines whose picture does not lie in the folder. */
  readonly missing: number;
}

/** Older than anybody: typing errors, of which NIH's table has some. */
const oldest = 120;

/** `58`, `058Y` → years; `undefined` for what cannot be one. */
export function parseAge(text: string): number | undefined {
  const match = /^0*(\d{1,3})Y?$/i.exec(text.trim());
  const years = Number(match?.[1]);
  return match === null || years > oldest ? undefined : years;
}
