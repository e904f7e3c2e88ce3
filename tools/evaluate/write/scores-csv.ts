import { decodeText, encodeText } from '../../read/csv.ts';
import { createSample, type Sample, type SampleRow } from '../measure/sample.ts';
import { inputKinds } from '../../../src/shared/analysis.ts';
import { cellOf, parseTable } from '../labels/table.ts';

const labelEnd = '_label';
const logitEnd = '_logit';

/** One line a labelled picture: file, patient, fold, inputKind, then label and logit of each finding. */
export function scoresCsv({ rows, columns }: Sample): string {
  const header = [
    'file',
    'patient',
    'fold',
    'inputKind',
    ...columns.flatMap(({ id }) => [`${id}${labelEnd}`, `${id}${logitEnd}`]),
  ];
  const lines = rows.map(({ file, patient, fold = '', inputKind }, row) =>
    [
      ...[file, patient, fold, inputKind].map(encodeText),
      ...columns.flatMap(({ labels, logits }) => [String(labels[row]), String(logits[row])]),
    ].join(','),
  );
  return `${[header.map(encodeText).join(','), ...lines].join('\n')}\n`;
}

/**
 * The same back again, without groups.
 *
 * @throws Error where it is not such a table
 */
export function parseScoresCsv(text: string, name: string): Sample {
  const table = parseTable(text, name);
  const ids = table.columns.flatMap((column) => (column.endsWith(logitEnd) ? [column.slice(0, -logitEnd.length)] : []));
  if (ids.length === 0 || table.rows.length === 0)
    throw new Error(`${name} holds no scores: run the evaluation first.`);
  const rows = table.rows.map(({ cells }): SampleRow => {
    const cell = (column: string): string => decodeText(cellOf(table, cells, column));
    const fold = cell('fold');
    return {
      file: cell('file'),
      patient: cell('patient'),
      inputKind: inputKinds.find((kind) => kind === cell('inputKind')) ?? 'digital',
      groups: {},
      ...(fold === '' ? {} : { fold }),
    };
  });
  const numbers = (column: string): number[] =>
    table.rows.map(({ line, cells }) => {
      const text = cellOf(table, cells, column);
      const value = Number(text);
      if (text === '' || !Number.isFinite(value)) throw new Error(`${name}, line ${line}: ${column} is no number.`);
      return value;
    });
  return createSample(
    rows,
    ids.map((id) => ({
      id,
      labels: Uint8Array.from(numbers(`${id}${labelEnd}`)),
      logits: Float64Array.from(numbers(`${id}${logitEnd}`)),
    })),
  );
}
