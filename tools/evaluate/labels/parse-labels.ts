/** From a table of labels to what it says of each picture; where the pictures lie is another matter (`read-labels.ts`). */

import { findingIds } from '../../../src/shared/finding-ids.ts';
import { isConvex } from '../../../src/imaging/photo/film-pose.ts';
import { inputKinds, type Corners } from '../../../src/shared/analysis.ts';
import { groupColumns, parseAge, type ImageGroups, type LabelledBox, type LabelledImage } from './labelled-image.ts';
import { cellOf, parseTable, type Table } from './table.ts';

/** What a table says of one picture. */
export type ImageLabels = Omit<LabelledImage, 'path' | 'mask'> & {
  readonly mask?: { readonly file: string; readonly hasHeart: boolean };
};

export interface ParsedLabels {
  readonly images: readonly ImageLabels[];
  readonly findings: readonly string[];
  /** NIH's own table: its files lie in many folders, its boxes in another table. */
  readonly isNih: boolean;
}

const noFinding = 'No Finding';
/** NIH's list of boxes calls Infiltration so. */
const otherNames: Readonly<Record<string, string>> = { Infiltrate: 'Infiltration' };
/** Boxes of NIH ChestX-ray14 are in pixels of its PNG files. */
const nihSide = 1024;

/** A column that only NIH's own table has. */
const nihColumn = 'Image Index';

/**
 * The project's table: `file,patient,findings[,view,age,sex,source,inputKind,boxes]`, and optionally `kind`, `fold`,
 * `source_width`, `source_height` where boxes are in pixels of a picture of another size, `corners` of photographs, and `mask`,
 * `heart` where lungs (and hearts: 1) are drawn. Findings are joined by `|`; `No Finding` is none of them, an empty cell means
 * that nobody looked.
 *
 * @throws Error for a name that is no finding: a slip would turn patients with a finding into patients without
 */
export function parseLabels(text: string, name: string): ParsedLabels {
  const table = parseTable(text, name);
  if (table.columns.includes(nihColumn)) return parseNihLabels(table, name);
  for (const column of ['file', ...(table.columns.includes('findings') ? ['patient'] : [])]) {
    if (!table.columns.includes(column)) throw new Error(`${name} has no column "${column}": see docs/evaluate.md.`);
  }
  const images = table.rows.map(({ line, cells }): ImageLabels => {
    const cell = (column: string): string => cellOf(table, cells, column);
    const place = `${name}, line ${line}`;
    const [width, height] = [Number(cell('source_width')), Number(cell('source_height'))];
    if (cell('file') === '') throw new Error(`${place}: no file.`);
    if (cell('inputKind') !== '' && !inputKinds.some((kind) => kind === cell('inputKind'))) {
      throw new Error(`${place}: inputKind is one of ${inputKinds.join(', ')}, not ${cell('inputKind')}.`);
    }
    return {
      file: cell('file'),
      patient: cell('patient') === '' ? cell('file') : cell('patient'),
      ...optional('findings', parseFindings(cell('findings'), place)),
      ...optional('kind', cell('kind') || undefined),
      ...optional('fold', cell('fold') || undefined),
      ...optional('age', parseAge(cell('age'))),
      ...optional('corners', parseCorners(cell('corners'), place)),
      ...optional('mask', cell('mask') === '' ? undefined : { file: cell('mask'), hasHeart: cell('heart') === '1' }),
      groups: groupsOf(cell),
      boxes: parseBoxes(cell('boxes'), place, width > 0 && height > 0 ? { width, height } : undefined),
    };
  });
  return { images, findings: namedFindings(images), isNih: false };
}

/** `Data_Entry_2017.csv` of NIH ChestX-ray14 (Wang et al. 2017). */
function parseNihLabels(table: Table, name: string): ParsedLabels {
  const images = table.rows.map(({ line, cells }): ImageLabels => {
    const cell = (column: string): string => cellOf(table, cells, column);
    const groups: Readonly<Record<string, string>> = { sex: cell('Patient Gender'), view: cell('View Position') };
    return {
      file: cell(nihColumn),
      patient: cell('Patient ID'),
      ...optional('findings', parseFindings(cell('Finding Labels'), `${name}, line ${line}`)),
      ...optional('age', parseAge(cell('Patient Age'))),
      groups: groupsOf((column) => groups[column] ?? ''),
      boxes: [],
    };
  });
  return { images, findings: namedFindings(images), isNih: true };
}

/** `BBox_List_2017.csv`: boxes by file name. Its header splits "Bbox [x,y,w,h]" over four cells. */
export function parseNihBoxes(text: string, name: string): ReadonlyMap<string, readonly LabelledBox[]> {
  const boxes = new Map<string, LabelledBox[]>();
  for (const { line, cells } of parseTable(text, name).rows) {
    const [file = '', finding = '', ...numbers] = cells;
    const box = boxOf([finding, ...numbers.slice(0, 4).map(Number)], `${name}, line ${line}`);
    boxes.set(file, [...(boxes.get(file) ?? []), { ...box, of: { width: nihSide, height: nihSide } }]);
  }
  return boxes;
}

function parseFindings(text: string, place: string): ReadonlySet<string> | undefined {
  if (text === '') return undefined;
  const names = text.split('|').map((part) => part.trim());
  if (names.includes(noFinding)) {
    if (names.length > 1) throw new Error(`${place}: "${text}" says that there is none, and which.`);
    return new Set();
  }
  return new Set(names.map((each) => knownFinding(each, place)));
}

function knownFinding(text: string, place: string): string {
  const known = otherNames[text] ?? text;
  if (!findingIds.some((id) => id === known)) {
    throw new Error(`${place}: "${text}" is no finding. Known are ${findingIds.join(', ')} and ${noFinding}.`);
  }
  return known;
}

function parseBoxes(text: string, place: string, of: LabelledBox['of']): readonly LabelledBox[] {
  if (text === '') return [];
  const value = parseList(text);
  if (value === undefined) throw new Error(`${place}: boxes are [["Finding", x, y, width, height], …], not ${text}.`);
  return value.map((item) => ({ ...boxOf(item, place), ...(of === undefined ? {} : { of }) }));
}

function boxOf(item: unknown, place: string): LabelledBox {
  const [finding, x, y, width, height] = Array.isArray(item) ? (item as readonly unknown[]) : [];
  const numbers = [x, y, width, height].filter((value): value is number => Number.isFinite(value));
  if (typeof finding !== 'string' || numbers.length < 4 || !(Number(width) > 0 && Number(height) > 0)) {
    throw new Error(`${place}: a box is ["Finding", x, y, width, height], not ${JSON.stringify(item)}.`);
  }
  const [left = 0, top = 0, across = 0, down = 0] = numbers;
  return { finding: knownFinding(finding, place), x: left, y: top, width: across, height: down };
}

/** `[[x, y], …]`: four points in pixels of the photograph, clockwise from the film's own top left. */
function parseCorners(text: string, place: string): Corners | undefined {
  if (text === '') return undefined;
  const points = (parseList(text) ?? []).map((point) => {
    const [x, y] = Array.isArray(point) ? (point as readonly unknown[]) : [];
    return { x: Number(x), y: Number(y) };
  });
  const corners = points as unknown as Corners;
  const areFinite = points.every(({ x, y }) => Number.isFinite(x) && Number.isFinite(y));
  if (points.length === 4 && areFinite && isConvex(corners)) return corners;
  throw new Error(`${place}: corners are [[x, y], [x, y], [x, y], [x, y]], clockwise, not ${text}.`);
}

function parseList(text: string): readonly unknown[] | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** The table's own words, which were checked where they may be but a few. */
function groupsOf(cell: (column: string) => string): ImageGroups {
  return Object.fromEntries(
    groupColumns.flatMap((column) => (cell(column) === '' ? [] : [[column, cell(column)] as const])),
  );
}

function namedFindings(images: readonly ImageLabels[]): readonly string[] {
  const named = new Set(images.flatMap(({ findings }) => [...(findings ?? [])]));
  return findingIds.filter((id) => named.has(id));
}

/** A field that is absent where its value is. */
function optional<Name extends string, Value>(name: Name, value: Value | undefined): Partial<Record<Name, Value>> {
  return value === undefined ? {} : ({ [name]: value } as Record<Name, Value>);
}
