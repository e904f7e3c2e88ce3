import { parseRecord } from '../../read/csv.ts';

/** A CSV file with a header, cell by name. */
export interface Table {
  readonly columns: readonly string[];
  /** Rows with the number of their line in the file, for messages. */
  readonly rows: readonly { readonly line: number; readonly cells: readonly string[] }[];
}

/**
 * CSV after RFC 4180, with or without a byte order mark.
 *
 * @param name for messages
 * @throws Error with the line that cannot be read
 */
export function parseTable(text: string, name: string): Table {
  const rows: { line: number; cells: string[] }[] = [];
  let line = 1;
  for (const record of splitRecords(text.replace(/^\uFEFF/u, ''))) {
    if (record.trim() !== '') {
      const cells = parseRecord(record);
      if (cells === undefined) throw new Error(`${name}, line ${line}: the quotes do not match.`);
      rows.push({ line, cells });
    }
    line += record.split('\n').length;
  }
  const [header, ...rest] = rows;
  if (header === undefined) throw new Error(`${name} is empty.`);
  if (header.cells.length === 1 && header.cells[0]!.includes(';')) {
    throw new Error(`${name} is separated by semicolons: save it with commas (CSV UTF-8).`);
  }
  return { columns: header.cells.map((cell) => cell.trim()), rows: rest };
}

/** Cell of a row by its column's name; '' where there is none. */
export function cellOf(table: Table, cells: readonly string[], column: string): string {
  return cells[table.columns.indexOf(column)]?.trim() ?? '';
}

/** Records at line breaks that are not within quotes. */
function* splitRecords(text: string): Generator<string> {
  let start = 0;
  let inQuotes = false;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at];
    if (character === '"') inQuotes = !inQuotes;
    if (character !== '\n' || inQuotes) continue;
    yield text.slice(start, text[at - 1] === '\r' ? at - 1 : at);
    start = at + 1;
  }
  if (start < text.length) yield text.slice(start).replace(/\r$/u, '');
}
